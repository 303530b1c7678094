"""What every step of the rehearsal works with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from random import Random

from hocvu.config.rehearsal import cast
from hocvu.config.rehearsal.fiction import Fiction
from hocvu.people.models import Person

Progress = Callable[[str, int, int], None]  # what is going on, how much is done, of how much


@dataclass(frozen=True)
class Stage:
    at: datetime
    today: date
    fiction: Fiction
    chance: Random
    progress: Progress


def officer() -> Person:
    """Who runs the classes of the rehearsal."""
    return cast.player("daotao.quocgia")
