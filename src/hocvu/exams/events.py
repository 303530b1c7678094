"""Facts this room announces."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class AttemptsMarked:
    attempt_ids: tuple[int, ...]
    at: datetime


@dataclass(frozen=True)
class AttemptsVoided:
    """These attempts count for nothing any more."""

    attempt_ids: tuple[int, ...]
    at: datetime


@dataclass(frozen=True)
class AttemptsRemarked:
    """Attempts marked before have another result now; `cause` as in `Remarking`."""

    attempt_ids: tuple[int, ...]
    cause: str
    at: datetime


@dataclass(frozen=True)
class LateAnswersCounted:
    """Other answers than before stand for these questions of an attempt that was handed in."""

    attempt_id: int
    question_ids: tuple[int, ...]
    by_id: int  # who decided that they count
    at: datetime
