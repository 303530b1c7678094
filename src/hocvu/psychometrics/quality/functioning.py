"""Differential functioning: is a question harder for a group than for equally able others?

Mantel & Haenszel (1959) as Holland & Thayer (1988) apply it: people are matched on a score, and
the odds of being right compared within each score. Variance of the log odds ratio: Robins, Breslow
& Greenland (1986) in the form of Phillips & Holland (1987). Delta and the classes A, B, C: ETS
(Zieky 1993). Standardised difference: Dorans & Kulick (1986). A difference that changes sign along
the scale escapes all of these; `logistic_difference` (Swaminathan & Rogers 1990) sees it, and
judges its size by Jodoin & Gierl (2001).
"""

from dataclasses import dataclass
from enum import StrEnum
from math import exp, log, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hocvu.psychometrics.curves import Floats, checked_answers
from hocvu.psychometrics.distributions import NORMAL, chi_square_tail
from hocvu.psychometrics.errors import AnswersAreMalformed, NotMeasurable, TooFewPeople

DELTA = -2.35  # one unit of ETS delta per unit of log odds ratio
LEAST_PEOPLE = 100
_MATTERS, _LARGE = 1.0, 1.5
_SIGNIFICANCE = 0.05
_ITERATIONS = 50


class DifferenceIsUndefined(NotMeasurable):
    """No score at which both groups answered and some were right and some wrong."""


class EtsClass(StrEnum):
    """A: negligible; B: moderate; C: large, the question should not be used before a review."""

    A = "A"
    B = "B"
    C = "C"


@dataclass(frozen=True, slots=True)
class MantelHaenszel:
    """One item.

    odds_ratio     of being right, reference to focal group, at equal score
    delta, error   −2.35 ln(odds ratio); negative: harder for the focal group
    chi_square, p_value    with continuity correction, one degree of freedom
    standardised   difference of shares right, focal − reference, over the focal group's scores
    """

    odds_ratio: float
    delta: float
    error: float
    chi_square: float
    p_value: float
    standardised: float
    ets_class: EtsClass
    focal: int
    reference: int


@dataclass(frozen=True, slots=True)
class LogisticDifference:
    """One item: chi-square of the group alone, and of its interplay with ability; 1 degree each.

    effect      gain in Nagelkerke R² by both; `ets_class` by Jodoin & Gierl: C from 0.07, B from
                0.035, A when not significant
    """

    uniform: float
    uniform_p: float
    crossing: float
    crossing_p: float
    effect: float
    ets_class: EtsClass


def strata(score: ArrayLike, *, most: int = 20) -> NDArray[np.int64]:
    """Scores as strata [people] to match by: each score its own, or `most` classes of equal size.

    For a test all took, give the number right; for an adaptive test, θ.
    """
    scores = np.asarray(score, dtype=np.float64)
    if scores.ndim != 1 or not np.isfinite(scores).all():
        raise AnswersAreMalformed("scores are not a list of numbers")
    values = np.unique(scores)
    if len(values) > most:
        values = np.unique(np.quantile(scores, np.linspace(0, 1, most + 1)[:-1]))
    return np.searchsorted(values, scores, side="right").astype(np.int64)


def mantel_haenszel(
    answers: ArrayLike, strata: ArrayLike, focal: ArrayLike, *, least: int = LEAST_PEOPLE
) -> MantelHaenszel:
    """One item.

    answers   [people] 1, 0, -1 not presented (left out)
    strata    [people] who is matched with whom: see `strata`
    focal     [people] True for the group asked about, False for the others
    least     smallest number of answers of either group; below it `TooFewPeople`
    """
    right, level, group = _matched(answers, strata, focal, least)
    table = _tables(right, level, group)  # [strata, 4]
    a, b, c, d = table.T  # reference right, reference wrong, focal right, focal wrong
    total = table.sum(axis=1)
    agree, against = a * d / total, b * c / total
    if agree.sum() == 0 or against.sum() == 0:
        raise DifferenceIsUndefined("no score tells the two groups apart")
    odds = float(agree.sum() / against.sum())
    spread = (agree + against * odds) * (a + d + odds * (b + c)) / total
    error = abs(DELTA) * sqrt(float(spread.sum()) / (2 * float(agree.sum()) ** 2))
    chi_square = _chi_square(a, b, c, d)
    p_value, delta = chi_square_tail(chi_square, 1), DELTA * log(odds)
    focal_people, gap = c + d, c / (c + d) - a / (a + b)
    return MantelHaenszel(
        odds_ratio=odds,
        delta=delta,
        error=error,
        chi_square=chi_square,
        p_value=p_value,
        standardised=float((focal_people * gap).sum() / focal_people.sum()),
        ets_class=_ets_class(delta, error, p_value),
        focal=int(group.sum()),
        reference=int((~group).sum()),
    )


def logistic_difference(
    answers: ArrayLike, score: ArrayLike, focal: ArrayLike, *, least: int = LEAST_PEOPLE
) -> LogisticDifference:
    """One item, by three nested logistic regressions: score; + group; + score × group.

    score   [people] continuous: number right or θ; otherwise as `mantel_haenszel`
    """
    right, level, group = _known(answers, score, focal, least)
    spread = float(level.std())
    if spread == 0 or np.ptp(right) == 0:
        raise DifferenceIsUndefined("everybody has the same score, or the same answer")
    z, belongs = (level - level.mean()) / spread, group.astype(np.float64)
    columns = np.stack([np.ones_like(z), z, belongs, z * belongs], axis=1)
    ability, uniform, crossing = (_deviance(columns[:, :k], right) for k in (2, 3, 4))
    nothing = _deviance(columns[:, :1], right)
    effect = _nagelkerke(crossing, nothing, len(right)) - _nagelkerke(ability, nothing, len(right))
    return LogisticDifference(
        uniform=ability - uniform,
        uniform_p=chi_square_tail(ability - uniform, 1),
        crossing=uniform - crossing,
        crossing_p=chi_square_tail(uniform - crossing, 1),
        effect=effect,
        ets_class=_by_effect(effect, chi_square_tail(ability - crossing, 2)),
    )


def _known(
    answers: ArrayLike, score: ArrayLike, focal: ArrayLike, least: int
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    given = checked_answers(np.atleast_2d(np.asarray(answers)).T)[:, 0]
    level, group = np.asarray(score, dtype=np.float64), np.asarray(focal)
    if level.shape != given.shape or group.shape != given.shape or group.dtype != np.bool_:
        raise AnswersAreMalformed("there is not one score and one group for each answer")
    if not np.isfinite(level).all():
        raise AnswersAreMalformed("a score is not a number")
    asked = given >= 0
    group = group[asked]
    smaller = int(min(group.sum(), (~group).sum()))
    if smaller < least:
        raise TooFewPeople(smaller, least)
    return given[asked].astype(np.float64), level[asked], group


def _matched(
    answers: ArrayLike, strata: ArrayLike, focal: ArrayLike, least: int
) -> tuple[NDArray[np.bool_], NDArray[np.intp], NDArray[np.bool_]]:
    right, level, group = _known(answers, strata, focal, least)
    _, place = np.unique(level, return_inverse=True)
    return right == 1, place, group


def _tables(right: NDArray[np.bool_], level: NDArray[np.intp], group: NDArray[np.bool_]) -> Floats:
    """Two by two per score, of scores at which both groups are; [scores, 4]."""
    cell = level * 4 + group * 2 + ~right
    table = np.bincount(cell, minlength=4 * (int(level.max()) + 1)).reshape(-1, 4)
    both = (table[:, :2].sum(axis=1) > 0) & (table[:, 2:].sum(axis=1) > 0)
    if not both.any():
        raise DifferenceIsUndefined("at no score did both groups answer")
    found: Floats = table[both].astype(np.float64)
    return found


def _chi_square(a: Floats, b: Floats, c: Floats, d: Floats) -> float:
    total, right, wrong = a + b + c + d, a + c, b + d
    expected = (a + b) * right / total
    variance = (a + b) * (c + d) * right * wrong / (total**2 * np.maximum(total - 1, 1))
    spread = float(variance.sum())
    if spread == 0:
        raise DifferenceIsUndefined("at every score all were right, or all wrong")
    return max(abs(float((a - expected).sum())) - 0.5, 0.0) ** 2 / spread


def _ets_class(delta: float, error: float, p_value: float) -> EtsClass:
    if abs(delta) < _MATTERS or p_value >= _SIGNIFICANCE:
        return EtsClass.A
    beyond = abs(delta) - _MATTERS > NORMAL.inv_cdf(1 - _SIGNIFICANCE) * error
    return EtsClass.C if abs(delta) >= _LARGE and beyond else EtsClass.B


def _deviance(columns: Floats, right: Floats) -> float:
    """−2 log-likelihood at the maximum, by iteratively reweighted least squares."""
    weights = np.zeros(columns.shape[1])
    before = np.inf
    for _ in range(_ITERATIONS):
        chance = np.clip(0.5 * (1 + np.tanh(0.5 * columns @ weights)), 1e-10, 1 - 1e-10)
        deviance = -2 * float((right * np.log(chance) + (1 - right) * np.log1p(-chance)).sum())
        if before - deviance < 1e-10 * abs(deviance):
            return deviance
        before = deviance
        curvature = (columns * (chance * (1 - chance))[:, np.newaxis]).T @ columns
        curvature += 1e-9 * np.eye(len(weights))
        weights = weights + np.linalg.solve(curvature, columns.T @ (right - chance))
    return before


def _nagelkerke(deviance: float, nothing: float, people: int) -> float:
    return (1 - exp((deviance - nothing) / people)) / (1 - exp(-nothing / people))


def _by_effect(effect: float, p_value: float) -> EtsClass:
    moderate, large = 0.035, 0.07
    if p_value >= _SIGNIFICANCE or effect < moderate:
        return EtsClass.A
    return EtsClass.C if effect >= large else EtsClass.B
