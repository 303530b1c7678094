"""When a message goes out, when it is tried again, and when silence is alarming."""

import tomllib
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Final

from hocvu.kernel.time import VIETNAM

_FILE: Final = Path(__file__).parents[1] / "pace" / "vietnam.toml"


@dataclass(frozen=True)
class Pace:
    """The packaged customs; `quiet_from` is later in the day than `quiet_until`."""

    quiet_from: time
    quiet_until: time
    ordinary_wait: timedelta
    urgent_wait: timedelta
    again_after: tuple[timedelta, ...]
    held_for: timedelta
    alarm_after: timedelta

    def is_quiet(self, moment: datetime) -> bool:
        """From `quiet_from` on, until before `quiet_until`, on a clock in Viet Nam."""
        clock = moment.astimezone(VIETNAM).time()
        return clock >= self.quiet_from or clock < self.quiet_until

    def out_of_quiet_hours(self, moment: datetime) -> datetime:
        """The moment itself, or the end of the quiet hours it falls into."""
        if not self.is_quiet(moment):
            return moment
        here = moment.astimezone(VIETNAM)
        day = here.date() + timedelta(days=1 if here.time() >= self.quiet_from else 0)
        return datetime.combine(day, self.quiet_until, VIETNAM)

    def due_at(self, told_at: datetime, *, is_urgent: bool) -> datetime:
        """When what is told now is to go out."""
        if is_urgent:
            return told_at + self.urgent_wait
        return self.out_of_quiet_hours(told_at + self.ordinary_wait)

    def next_try(self, tries: int, at: datetime, *, is_urgent: bool) -> datetime | None:
        """When to try again after so many tries; nothing when it is time to give up."""
        if tries > len(self.again_after):
            return None
        again = at + self.again_after[max(tries, 1) - 1]
        return again if is_urgent else self.out_of_quiet_hours(again)


@cache
def pace() -> Pace:
    said = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return Pace(
        quiet_from=said["quiet_hours"]["from"],
        quiet_until=said["quiet_hours"]["until"],
        ordinary_wait=timedelta(minutes=said["gathering"]["ordinary_minutes"]),
        urgent_wait=timedelta(minutes=said["gathering"]["urgent_minutes"]),
        again_after=tuple(timedelta(minutes=n) for n in said["trying"]["again_after_minutes"]),
        held_for=timedelta(minutes=said["trying"]["held_for_minutes"]),
        alarm_after=timedelta(minutes=said["silence"]["alarm_after_minutes"]),
    )
