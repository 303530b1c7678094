"""Two markers blind to each other, and a third where they differ too much.

A fifth of the points is what two careful people may lie apart: on a rubric of five lines, one line
seen altogether differently. The same share calls for a third marker of a disposition in the
situation exercises. Beyond it the mean of two would hide that one of them is wrong.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from itertools import pairwise

from hocvu.items.content import Criterion, Item

MARKERS = 2
MARKERS_AT_MOST = 3
STEP = Fraction(1, 4)  # the finest points a marker gives
LARGEST_DIFFERENCE = Fraction(1, 5)  # of all points; at most this is agreement
WHOLE = "whole"  # the one line where a question has no rubric


class MarkFlaw(Enum):
    UNKNOWN_CRITERION = "unknown_criterion"
    MISSING_CRITERION = "missing_criterion"
    OUT_OF_RANGE = "out_of_range"
    TOO_FINE = "too_fine"


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


def agree(one: Fraction, other: Fraction) -> bool:
    """Whether two shares of the points lie no further apart than is allowed; exact."""
    return abs(one - other) <= LARGEST_DIFFERENCE


def needs_another_mark(shares: Sequence[Fraction]) -> bool:
    if len(shares) < MARKERS:
        return True
    return len(shares) == MARKERS and not agree(*shares)


def settled_share(shares: Sequence[Fraction]) -> Fraction | None:
    """The share of its points an answer earned; none while another mark is needed.

    Two marks that agree: their mean. Three: the mean of the two that lie nearest to each other;
    where the middle one lies as far from both, the middle one itself.
    """
    if needs_another_mark(shares):
        return None
    ordered = sorted(shares)
    gaps = [high - low for low, high in pairwise(ordered)]
    if len(ordered) == MARKERS:
        return sum(ordered, Fraction(0)) / 2
    if gaps[0] == gaps[1]:
        return ordered[1]
    low = gaps.index(min(gaps))
    return (ordered[low] + ordered[low + 1]) / 2


def written(points: Mapping[str, Fraction]) -> dict[str, str]:
    """Points by criterion as they are kept."""
    return {name: str(_as_decimal(given)) for name, given in sorted(points.items())}


def total_of(points: Mapping[str, Fraction]) -> Decimal:
    return _as_decimal(sum(points.values(), Fraction(0)))


def _as_decimal(points: Fraction) -> Decimal:
    """Exact: points are quarters, or those the rubric itself states in hundredths."""
    return (Decimal(points.numerator) / Decimal(points.denominator)).quantize(Decimal("0.01"))
