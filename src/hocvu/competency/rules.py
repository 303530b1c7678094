"""What an assessment is worth for a component, and which of several assessments stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True)
class Share:
    """Points reached out of the points there were; compared exactly, never rounded."""

    points: Decimal
    out_of: Decimal

    @property
    def ratio(self) -> Fraction:
        return Fraction(self.points) / Fraction(self.out_of)


@dataclass(frozen=True)
class Shown:
    """What one assessment showed about one component."""

    component_id: int
    share: Share
    level: str
    assessed_at: datetime
    valid_until: date | None
    evidence: str


def best_shown(shown: Iterable[Shown], *, on: date) -> dict[int, Shown]:
    """For each component the best that is still valid on this day; of equals the latest.

    A later, weaker test does not take away what a person has shown before.
    """
    best: dict[int, Shown] = {}
    for each in shown:
        if each.valid_until is not None and each.valid_until < on:
            continue
        standing = best.get(each.component_id)
        if standing is None or _rank(each) > _rank(standing):
            best[each.component_id] = each
    return best


def _rank(shown: Shown) -> tuple[Fraction, datetime]:
    return shown.share.ratio, shown.assessed_at
