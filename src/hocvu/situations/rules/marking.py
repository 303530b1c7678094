"""Two markers blind to each other, and a third where they differ too much."""

from collections.abc import Mapping, Sequence
from enum import Enum
from fractions import Fraction
from itertools import pairwise

from hocvu.situations.rules.cases import Rubric

MARKERS = 2
MARKERS_AT_MOST = 3
STEP = Fraction(1, 4)  # the finest points a marker gives


class MarkFlaw(Enum):
    UNKNOWN_CRITERION = "unknown_criterion"
    MISSING_CRITERION = "missing_criterion"
    OUT_OF_RANGE = "out_of_range"
    TOO_FINE = "too_fine"


def flaw_in(rubric: Rubric, points: Mapping[str, Fraction]) -> MarkFlaw | None:
    """Why these points cannot be given by this rubric."""
    most = {criterion.id: criterion.points for criterion in rubric.criteria}
    if set(points) - set(most):
        return MarkFlaw.UNKNOWN_CRITERION
    if set(most) - set(points):
        return MarkFlaw.MISSING_CRITERION
    if any(not 0 <= given <= most[name] for name, given in points.items()):
        return MarkFlaw.OUT_OF_RANGE
    if any(given % STEP for given in points.values()):
        return MarkFlaw.TOO_FINE
    return None


def agree(rubric: Rubric, one: Fraction, other: Fraction) -> bool:
    """Whether two totals lie no further apart than the rubric allows, compared exactly."""
    return abs(one - other) <= rubric.largest_difference * rubric.out_of


def needs_another_mark(rubric: Rubric, totals: Sequence[Fraction]) -> bool:
    if len(totals) < MARKERS:
        return True
    return len(totals) == MARKERS and not agree(rubric, *totals)


def settled_share(rubric: Rubric, totals: Sequence[Fraction]) -> Fraction | None:
    """The share of all points a disposition earned; none while another mark is needed.

    Two marks that agree: their mean. Three: the mean of the two that lie nearest to each other;
    where the middle one lies as far from both, the middle one itself.
    """
    if needs_another_mark(rubric, totals):
        return None
    ordered = sorted(totals)
    gaps = [high - low for low, high in pairwise(ordered)]
    if len(ordered) == MARKERS:
        points = sum(ordered, Fraction(0)) / 2
    elif gaps[0] == gaps[1]:
        points = ordered[1]
    else:
        low = gaps.index(min(gaps))
        points = (ordered[low] + ordered[low + 1]) / 2
    return points / rubric.out_of
