"""What is asked of a copy from the root register, and until when it has to be issued."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from hocvu.kernel.time import VIETNAM

_LATE_HOUR: Final = 15
_SATURDAY: Final = 5  # as `date.weekday` counts


@dataclass(frozen=True)
class CopyRequest:
    """Who asked for the copy, what for, and who signs it."""

    recipient: str
    purpose: str
    place: str
    capacity: str
    signer_title: str
    signer_name: str


def last_day_to_copy(asked_at: datetime) -> date:
    """The day it was asked for, or the next working day where that was after three o'clock.

    Circular 21/2019/TT-BGDĐT, regulation, article 31, clause 2b. Public holidays are not counted
    off: the day shown is never later than the one of the rule.
    """
    asked = asked_at.astimezone(VIETNAM)
    is_late = (asked.hour, asked.minute, asked.second) > (_LATE_HOUR, 0, 0)
    day = asked.date() + timedelta(days=1 if is_late else 0)
    while day.weekday() >= _SATURDAY:
        day += timedelta(days=1)
    return day
