"""From a model timetable to real days and hours."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count, islice
from typing import Final

from hocvu.kernel.time import VIETNAM

_HOURS: Final = {
    "morning": (time(8), time(11, 30)),
    "afternoon": (time(14), time(17)),
}
_SATURDAY: Final = 5


@dataclass(frozen=True)
class HalfDay:
    starts_at: datetime
    ends_at: datetime


def held_on(starts_on: date, day: int) -> date:
    """The date of the n-th day of a class: working days, unless it begins at a weekend."""
    if starts_on.weekday() >= _SATURDAY:
        return starts_on + timedelta(day - 1)
    working_days = (
        candidate
        for offset in count()
        if (candidate := starts_on + timedelta(offset)).weekday() < _SATURDAY
    )
    return next(islice(working_days, day - 1, None))


def hours_of(day: date, half: str) -> HalfDay:
    """When a half day begins and ends, in Viet Nam."""
    begins, ends = _HOURS[half]
    return HalfDay(datetime.combine(day, begins, VIETNAM), datetime.combine(day, ends, VIETNAM))
