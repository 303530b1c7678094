"""What the edge and a context's hot path say to each other: one request in, one reply out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class HotRequest:
    """A delivery by POST that is known to come from this site's own pages.

    `subject` is the number in its address; `at` is when the server had all of it.
    """

    subject: int
    cookies: Mapping[str, str]
    session: str
    language: str
    body: bytes
    at: datetime


@dataclass(frozen=True, slots=True)
class HotReply:
    """JSON. `retry_after` in seconds: come again then; 0 where there is nothing to repeat."""

    status: int
    body: bytes
    retry_after: int = 0
