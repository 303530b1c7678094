"""Until when a result can be appealed, and which appeals lead to what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path

from hocvu.kernel.dated import in_force, rules_in
from hocvu.kernel.time import day_of

LONGEST_APPEAL = 4_000  # characters, of an answer too
TERMS = Path(__file__).with_suffix(".toml")


class Remedy(StrEnum):
    """What an answered appeal leads to."""

    NONE = "none"
    FRESH_MARKING = "fresh_marking"  # others mark the written answer from the beginning
    KEY_CORRECTION = "key_correction"  # the key is to be corrected, for everybody


@dataclass(frozen=True)
class Ruling:
    """How an appeal is answered."""

    upheld: bool
    answer: str
    remedy: Remedy = Remedy.NONE


@dataclass(frozen=True)
class AppealTerm:
    """Days counted after the day a result was made known; the last one counts as a whole."""

    effective_from: date
    days_to_appeal: int
    days_to_answer: int


@cache
def terms() -> tuple[AppealTerm, ...]:
    """The packaged rules."""
    return tuple(AppealTerm(**each) for each in rules_in(TERMS, "term"))


def term_in_force(on: date, known: Sequence[AppealTerm] | None = None) -> AppealTerm:
    """The rule of a day; before the first rule, the first one."""
    return in_force(terms() if known is None else known, on)


def last_day_to_appeal(known_at: datetime) -> date:
    """The last day, in Viet Nam, on which a result made known then can be appealed."""
    known_on = day_of(known_at)
    return known_on + timedelta(days=term_in_force(known_on).days_to_appeal)


def answer_is_due(known_at: datetime, raised_at: datetime) -> date:
    """The last day on which an appeal is to be answered."""
    return day_of(raised_at) + timedelta(days=term_in_force(day_of(known_at)).days_to_answer)
