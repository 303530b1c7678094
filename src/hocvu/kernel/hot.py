"""What the edge and a context's hot path say to each other: one request in, one reply out.

A delivery by POST gets a reply; a question by GET gets a page that Django made before.
"""

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


@dataclass(frozen=True, slots=True)
class HotQuestion:
    """A page asked for by GET, by somebody who is not signed in.

    `subject` is the name in its address, `network` where the question comes from.
    """

    subject: str
    network: str
    language: str
    carries_cookies: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class HotPage:
    """A whole answer, as Django gives it."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class HotLook:
    """The page, where it is remembered; else what Django's answer may be remembered as."""

    page: HotPage | None = None
    sight: object = None
