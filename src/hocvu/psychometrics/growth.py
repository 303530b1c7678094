"""Before and after: has somebody, has a group, become more able?

One person: reliable change index (Jacobson & Truax 1991) with the errors of item response theory
in place of one reliability for all. A group: mean of the paired differences with its Student
interval; effect size relative to the spread before (Becker 1988), with Hedges' correction.
Both tests must be on one scale (`linking`, or anchors in `calibration`), and abilities of groups
should come from `ability.wle`: EAP shrinks growth.
"""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from hocvu.psychometrics.ability import Abilities
from hocvu.psychometrics.curves import Floats
from hocvu.psychometrics.distributions import two_sided_t, two_sided_z
from hocvu.psychometrics.errors import ParametersAreImpossible, TooFewPeople

_LEAST_PEOPLE = 3


class Direction(StrEnum):
    BETTER = "better"
    WORSE = "worse"
    NOT_PROVEN = "not proven"


@dataclass(frozen=True, slots=True)
class Change:
    """Of one person: difference of abilities, its standard error, and the two divided."""

    difference: float
    error: float
    index: float
    direction: Direction


@dataclass(frozen=True, slots=True)
class GroupGrowth:
    """Of people measured twice.

    mean, low, high   of the differences, with the confidence interval of the mean
    effect_size       mean difference in standard deviations of the abilities before; NaN when
                      everybody was equal before
    better, worse, not_proven    people by their own reliable change
    left_out          people without two finite measurements
    """

    people: int
    mean: float
    low: float
    high: float
    effect_size: float
    better: int
    worse: int
    not_proven: int
    left_out: int


def change(
    before: tuple[float, float], after: tuple[float, float], *, confidence: float = 0.95
) -> Change:
    """Two measurements of one person as (θ, standard error), on one scale."""
    if min(before[1], after[1]) <= 0 or not np.isfinite([*before, *after]).all():
        raise ParametersAreImpossible("a measurement needs an ability and a positive error")
    difference, error = after[0] - before[0], float(np.hypot(before[1], after[1]))
    index = difference / error
    return Change(difference, error, index, _direction(index, two_sided_z(confidence)))


def group_growth(before: Abilities, after: Abilities, *, confidence: float = 0.95) -> GroupGrowth:
    """The same people in the same order; who lacks one of the two is left out and counted."""
    if not before.theta.shape == after.theta.shape == before.error.shape == after.error.shape:
        raise ParametersAreImpossible("the two measurements are not of the same people")
    both = np.isfinite(before.theta + after.theta + before.error + after.error)
    people = int(both.sum())
    if people < _LEAST_PEOPLE:
        raise TooFewPeople(people, _LEAST_PEOPLE)
    differences = (after.theta - before.theta)[both]
    mean = float(differences.mean())
    reach = two_sided_t(confidence, people - 1) * float(differences.std(ddof=1) / np.sqrt(people))
    errors = np.hypot(before.error, after.error)[both]
    directions = _directions(differences, errors, two_sided_z(confidence))
    return GroupGrowth(
        people=people,
        mean=mean,
        low=mean - reach,
        high=mean + reach,
        effect_size=_effect_size(mean, before.theta[both]),
        better=directions[Direction.BETTER],
        worse=directions[Direction.WORSE],
        not_proven=directions[Direction.NOT_PROVEN],
        left_out=len(both) - people,
    )


def _directions(differences: Floats, errors: Floats, least: float) -> Counter[Direction]:
    indices = differences / np.maximum(errors, 1e-12)
    return Counter(_direction(index, least) for index in indices.tolist())


def _direction(index: float, least: float) -> Direction:
    if abs(index) < least:
        return Direction.NOT_PROVEN
    return Direction.BETTER if index > 0 else Direction.WORSE


def _effect_size(mean: float, before: Floats) -> float:
    spread, people = float(before.std(ddof=1)), len(before)
    if spread == 0:
        return float("nan")
    return (1 - 3 / (4 * (people - 1) - 1)) * mean / spread
