"""Points that fit a rubric, and the share a disposition earns from its marks."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from hocvu.items import double_marking
from hocvu.items.double_marking import STEP, MarkFlaw
from hocvu.situations.rules.cases import Rubric


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
    return not needs_another_mark(rubric, [one, other])


def needs_another_mark(rubric: Rubric, totals: Sequence[Fraction]) -> bool:
    return double_marking.needs_another_mark(_shares(rubric, totals), rubric.largest_difference)


def settled_share(rubric: Rubric, totals: Sequence[Fraction]) -> Fraction | None:
    """The share of all points a disposition earned; none while another mark is needed."""
    return double_marking.settled_share(_shares(rubric, totals), rubric.largest_difference)


def _shares(rubric: Rubric, totals: Sequence[Fraction]) -> list[Fraction]:
    return [total / rubric.out_of for total in totals]
