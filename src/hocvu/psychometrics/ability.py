"""Ability from answers: EAP (Bock & Mislevy 1982), weighted likelihood (Warm 1989), and levels.

The expected a posteriori mean leans towards the prior mean, the more so the fewer the answers: it
has the least mean squared error and always exists. Warm's estimate leans hardly at all: use it
where means of groups, or differences between two tests, are to be believed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf

import numpy as np
from numpy.typing import ArrayLike

from hocvu.psychometrics.curves import Floats, ItemCurves, checked_answers
from hocvu.psychometrics.distributions import NORMAL, two_sided_z
from hocvu.psychometrics.errors import ParametersAreImpossible
from hocvu.psychometrics.quadrature import Block, blocks, normal_grid, posterior

_POINTS = 161
_REACH = 6.0
_FURTHEST = 8.0  # where a weighted likelihood estimate stops
_HALVINGS = 44
_ROWS = 2048
_LEAST = 1e-12  # information is never quite nothing


@dataclass(frozen=True, eq=False)
class Abilities:
    """Of people: `theta` and its standard error, both [people], on the scale of the items."""

    theta: Floats
    error: Floats


@dataclass(frozen=True, slots=True)
class Level:
    """Where an ability stands among cut scores.

    level         how many cuts it reaches: 0 below all of them
    low, high     the confidence interval of θ
    lowest, highest    the levels of its two ends
    chances       of each level, from lowest to highest; they sum to 1
    """

    level: int
    low: float
    high: float
    lowest: int
    highest: int
    chances: tuple[float, ...]

    @property
    def is_certain(self) -> bool:
        """Whether the whole interval lies in one level."""
        return self.lowest == self.highest


def eap(answers: ArrayLike, items: ItemCurves, *, mean: float = 0.0, sd: float = 1.0) -> Abilities:
    """Mean and standard deviation of the posterior, of everybody.

    answers   [people, items], -1 where not presented; somebody without answers gets the prior
    mean, sd  the prior: normal, on the scale of the items
    """
    if sd <= 0:
        raise ParametersAreImpossible("a prior needs a positive spread")
    table = checked_answers(answers, items=len(items))
    grid = normal_grid(mean, sd, points=_POINTS, reach=_REACH)
    theta, variance = np.full(len(table), mean), np.full(len(table), sd**2)
    for block in blocks(table, complete=False, rows=_ROWS):
        shares, _ = posterior(block, items, grid)
        theta[block.rows] = shares @ grid.nodes
        away = grid.nodes - theta[block.rows, np.newaxis]
        variance[block.rows] = (shares * away**2).sum(axis=1)
    return Abilities(theta, np.sqrt(variance))


def wle(answers: ArrayLike, items: ItemCurves) -> Abilities:
    """Warm's weighted likelihood estimate and 1 / √information there, of everybody.

    Needs no prior; somebody all right or all wrong has an estimate too. Somebody without answers:
    θ is NaN and its error infinite. Found by halving between -8 and 8.
    """
    table = checked_answers(answers, items=len(items))
    theta, error = np.full(len(table), np.nan), np.full(len(table), inf)
    for block in blocks(table, complete=False, rows=_ROWS):
        presented = _presented(block)
        asked, root = presented.any(axis=1), _warm(block, items)
        information = np.maximum((presented * items.information(root)).sum(axis=1), _LEAST)
        theta[block.rows] = np.where(asked, root, np.nan)
        error[block.rows] = np.where(asked, 1 / np.sqrt(information), inf)
    return Abilities(theta, error)


def level_of(
    theta: float, error: float, cuts: Sequence[float], *, confidence: float = 0.95
) -> Level:
    """The level of one ability, with its interval; cuts ascending, a cut reached is passed."""
    if any(high <= low for low, high in pairwise(cuts)):
        raise ParametersAreImpossible("cut scores do not ascend")
    if not (np.isfinite(theta) and error >= 0 and 0 < confidence < 1):
        raise ParametersAreImpossible("an ability, its error or the confidence is not a number")
    reach = two_sided_z(confidence) * error
    below = [0.0, *(_share_below(cut, theta, error) for cut in cuts), 1.0]
    return Level(
        level=_reached(theta, cuts),
        low=theta - reach,
        high=theta + reach,
        lowest=_reached(theta - reach, cuts),
        highest=_reached(theta + reach, cuts),
        chances=tuple(high - low for low, high in pairwise(below)),
    )


def standard_error(items: ItemCurves, theta: float) -> float:
    """1 / √information of these items at θ: how well they can measure there."""
    return float(1 / np.sqrt(max(float(items.information(theta).sum()), _LEAST)))


def _reached(theta: float, cuts: Sequence[float]) -> int:
    return sum(cut <= theta for cut in cuts)


def _share_below(cut: float, theta: float, error: float) -> float:
    if error == 0:
        return float(theta < cut)
    return NORMAL.cdf((cut - theta) / error)


def _presented(block: Block) -> Floats:
    if block.presented is not None:
        return block.presented
    return np.ones(block.right.shape, dtype=np.float64)


def _warm(block: Block, items: ItemCurves) -> Floats:
    """Where the score of the likelihood plus J / 2I crosses zero, J = Σ P′ P″ / (P Q)."""
    low: Floats = np.full(len(block.right), -_FURTHEST)
    high: Floats = -low
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        rising = _pull(block, items, middle) > 0
        low, high = np.where(rising, middle, low), np.where(rising, high, middle)
    found: Floats = (low + high) / 2
    return found


def _pull(block: Block, items: ItemCurves, theta: Floats) -> Floats:
    presented = _presented(block)
    part, chance = items.slope_part(theta), items.probability(theta)
    first = items.a * (1 - items.c) * part * (1 - part)
    second = items.a * first * (1 - 2 * part)
    spread = chance * (1 - chance)
    score = (presented * (block.right - chance) * first / spread).sum(axis=1)
    bias = (presented * first * second / spread).sum(axis=1)
    information = (presented * first**2 / spread).sum(axis=1)
    pull: Floats = score + bias / (2 * np.maximum(information, _LEAST))
    return pull
