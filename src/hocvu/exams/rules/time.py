"""Time as a test counts it: only the server's clock."""

from datetime import datetime, timedelta
from enum import Enum

# Answers already on the way when time ran out still count for this long.
GRACE = timedelta(seconds=20)


def started_at(at: datetime, last_ended_at: datetime | None) -> datetime:
    """Attempts of a person follow one another, even when the server's clock was set back."""
    return max(at, last_ended_at) if last_ended_at else at


def must_end_at(
    started_at: datetime, minutes: int, closes_at: datetime, *, extra: int = 0
) -> datetime:
    """Extra minutes always count in full: they run on after the closing time too."""
    return min(started_at + timedelta(minutes=minutes), closes_at) + timedelta(minutes=extra)


def handed_in_at(started_at: datetime, must_end_at: datetime, at: datetime) -> datetime:
    """Within the attempt, whatever became of the clock meanwhile."""
    return min(max(at, started_at), must_end_at)


def is_too_late(end: datetime, at: datetime) -> bool:
    """Whether an answer that arrives now no longer counts."""
    return at > end + GRACE


def time_left(end: datetime, at: datetime) -> timedelta:
    return max(end - at, timedelta(0))


class Untimely(Enum):
    """Why what was written on paper cannot have been written in the test."""

    BEFORE_IT_OPENED = "before_it_opened"
    AFTER_IT_CLOSED = "after_it_closed"
    HANDED_IN_FIRST = "handed_in_first"
    TOO_LATE = "too_late"
    IN_THE_FUTURE = "in_the_future"


def why_untimely(
    started_at: datetime, handed_in_at: datetime, end: datetime, *, opens_at: datetime,
    closes_at: datetime, at: datetime,
) -> Untimely | None:  # fmt: skip
    """`end` is when such an attempt must end. A written time has no seconds."""
    reasons = (
        (started_at < opens_at, Untimely.BEFORE_IT_OPENED),
        (started_at >= closes_at, Untimely.AFTER_IT_CLOSED),
        (handed_in_at < started_at, Untimely.HANDED_IN_FIRST),
        (handed_in_at > at, Untimely.IN_THE_FUTURE),
        (is_too_late(end, handed_in_at), Untimely.TOO_LATE),
    )
    return next((why for holds, why in reasons if holds), None)
