"""Until when the certificates of a decision have to be issued."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from hocvu.kernel.dated import in_force, rules_in

_DEADLINES = Path(__file__).with_suffix(".toml")


@dataclass(frozen=True)
class Deadline:
    """Days counted after the day of the decision; the last one counts as a whole."""

    kind: str
    effective_from: date
    days: int
    basis: str


@cache
def deadlines() -> tuple[Deadline, ...]:
    """The packaged deadlines of every kind of certificate."""
    return tuple(Deadline(**each) for each in rules_in(_DEADLINES, "deadline"))


def deadline_for(kind: str, decided_on: date) -> Deadline:
    """The rule for certificates of this kind whose decision is of this day."""
    return in_force([each for each in deadlines() if each.kind == kind], decided_on)


def last_day_to_issue(kind: str, decided_on: date) -> date:
    """The last day, in Viet Nam, on which a certificate of this decision is in time."""
    return decided_on + timedelta(days=deadline_for(kind, decided_on).days)
