"""Two markers blind to each other, and a third where they differ too much.

A fifth of the points is what two careful people may lie apart: on a rubric of five lines, one line
seen altogether differently. The same share calls for a third marker of a disposition in the
situation exercises. Beyond it the mean of two would hide that one of them is wrong.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from hocvu.items import double_marking
from hocvu.items.content import Criterion, Item
from hocvu.items.double_marking import MARKERS, MARKERS_AT_MOST, STEP, MarkFlaw

__all__ = [
    "LARGEST_DIFFERENCE",
    "MARKERS",
    "MARKERS_AT_MOST",
    "WHOLE",
    "MarkFlaw",
    "flaw_in_points",
    "needs_another_mark",
    "rubric_of",
    "settled_share",
    "total_of",
    "written",
]

LARGEST_DIFFERENCE = Fraction(1, 5)  # of all points; at most this is agreement
WHOLE = "whole"  # the one line where a question has no rubric


def rubric_of(item: Item) -> tuple[Criterion, ...]:
    """The lines points are given for; without a rubric, the answer as a whole is one."""
    return item.rubric or (Criterion(WHOLE, "", item.points),)


def flaw_in_points(item: Item, points: Mapping[str, Fraction]) -> MarkFlaw | None:
    """Why these points cannot be given for an answer to this question."""
    most = {criterion.id: Fraction(criterion.points) for criterion in rubric_of(item)}
    if set(points) - set(most):
        return MarkFlaw.UNKNOWN_CRITERION
    if set(most) - set(points):
        return MarkFlaw.MISSING_CRITERION
    if any(not 0 <= given <= most[name] for name, given in points.items()):
        return MarkFlaw.OUT_OF_RANGE
    if any(given % STEP and given != most[name] for name, given in points.items()):
        return MarkFlaw.TOO_FINE
    return None


def needs_another_mark(shares: Sequence[Fraction]) -> bool:
    return double_marking.needs_another_mark(shares, LARGEST_DIFFERENCE)


def settled_share(shares: Sequence[Fraction]) -> Fraction | None:
    """The share of its points an answer earned; none while another mark is needed."""
    return double_marking.settled_share(shares, LARGEST_DIFFERENCE)


def written(points: Mapping[str, Fraction]) -> dict[str, str]:
    """Points by criterion as they are kept."""
    return {name: str(_as_decimal(given)) for name, given in sorted(points.items())}


def total_of(points: Mapping[str, Fraction]) -> Decimal:
    return _as_decimal(sum(points.values(), Fraction(0)))


def _as_decimal(points: Fraction) -> Decimal:
    """Exact: points are quarters, or those the rubric itself states in hundredths."""
    return (Decimal(points.numerator) / Decimal(points.denominator)).quantize(Decimal("0.01"))
