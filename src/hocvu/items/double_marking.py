"""Two markers blind to each other, and a third where they differ too much."""

from collections.abc import Sequence
from enum import Enum
from fractions import Fraction
from itertools import pairwise

MARKERS = 2
MARKERS_AT_MOST = 3
STEP = Fraction(1, 4)  # the finest points a marker gives


class MarkFlaw(Enum):
    """Why points cannot be given by a rubric."""

    UNKNOWN_CRITERION = "unknown_criterion"
    MISSING_CRITERION = "missing_criterion"
    OUT_OF_RANGE = "out_of_range"
    TOO_FINE = "too_fine"


def needs_another_mark(shares: Sequence[Fraction], largest_difference: Fraction) -> bool:
    """Whether these shares of all points settle nothing yet, compared exactly."""
    if len(shares) < MARKERS:
        return True
    return len(shares) == MARKERS and abs(shares[0] - shares[1]) > largest_difference


def settled_share(shares: Sequence[Fraction], largest_difference: Fraction) -> Fraction | None:
    """The share of its points an answer earned; none while another mark is needed.

    Two marks that agree: their mean. Three: the mean of the two that lie nearest to each other;
    where the middle one lies as far from both, the middle one itself.
    """
    if needs_another_mark(shares, largest_difference):
        return None
    ordered = sorted(shares)
    gaps = [high - low for low, high in pairwise(ordered)]
    if len(ordered) == MARKERS:
        return sum(ordered, Fraction(0)) / 2
    if gaps[0] == gaps[1]:
        return ordered[1]
    low = gaps.index(min(gaps))
    return (ordered[low] + ordered[low + 1]) / 2
