"""What every step of the rehearsal works with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from hocvu.config.rehearsal import cast
from hocvu.config.rehearsal.fiction import Fiction
from hocvu.kernel.time import VIETNAM
from hocvu.people.models import Person

Progress = Callable[[str, int, int], None]  # what is going on, how much is done, of how much


@dataclass(frozen=True)
class Stage:
    at: datetime
    today: date
    fiction: Fiction
    chance: Random
    progress: Progress

    @property
    def earlier_today(self) -> datetime:
        """When the scale got its parameters and lines, so that tests taken since have levels."""
        midnight = datetime.combine(self.today, time.min, VIETNAM)
        return max(midnight, self.at - timedelta(hours=1))


def officer() -> Person:
    """Who runs the classes of the rehearsal."""
    return cast.player("daotao.quocgia")
