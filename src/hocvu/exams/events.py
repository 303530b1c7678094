"""Facts this room announces."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class AttemptsMarked:
    attempt_ids: tuple[int, ...]
    at: datetime
