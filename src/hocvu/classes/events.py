"""Facts this room announces."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ClassOpened:
    class_id: int
    at: datetime


@dataclass(frozen=True)
class LearnersEnrolled:
    class_id: int
    person_ids: tuple[int, ...]
    at: datetime


@dataclass(frozen=True)
class RollClosed:
    roll_id: int
    at: datetime


@dataclass(frozen=True)
class ClassClosed:
    class_id: int
    at: datetime
