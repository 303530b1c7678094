"""Standard errors from the observed information (Louis 1982).

What the answers tell about the parameters is what they would tell if ability were known, less
what is lost because it is not:  I = E[−∂²ℓ] − Σ E[s sᵀ] + Σ E[s] E[s]ᵀ,  s a person's score with
ability known, expectations over the posterior of that ability. To it comes the curvature of the
priors. Items are taken together in groups of `Settings.items_at_once`: within a group the errors
account for each other and for the population's; between groups they do not.
"""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from hocvu.psychometrics.calibration.ascent import Summit
from hocvu.psychometrics.calibration.problem import LOG_A, LOGIT_C, B, Problem
from hocvu.psychometrics.calibration.steps import derivatives
from hocvu.psychometrics.curves import NOT_PRESENTED, Answers, Floats, ItemCurves
from hocvu.psychometrics.quadrature import blocks, normal_grid, posterior

Singles: TypeAlias = NDArray[np.float32]  # sums of squares need no more than seven digits

_NEGLIGIBLE = 1e-6  # a person with less than this share of a point is not at that point


@dataclass(frozen=True, eq=False)
class Errors:
    """Standard errors of log a, b, logit c [items, 3], and of the population's mean and log sd."""

    items: Floats
    mean: float
    log_sd: float


@dataclass(frozen=True, eq=False)
class _Group:
    """Some of the items at the summit: score of an answer = slope · (answer − chance)."""

    items: NDArray[np.intp]
    chance: Floats  # [items, points]
    slope: Floats  # [3, items, points]
    population: Floats  # [2 or 0, points]: scores of the mean and of the log sd

    @property
    def size(self) -> int:
        return 3 * len(self.items) + len(self.population)


def errors_at(problem: Problem, summit: Summit) -> Errors:
    """Zero for what was held; NaN for a group whose information is not positive definite."""
    moving = np.flatnonzero(problem.moving)
    found = np.zeros((len(problem.free), 3))
    population = np.zeros(2)
    parts = max(1, -(-len(moving) // problem.settings.items_at_once))
    shares = _posteriors(problem, summit)
    for items in np.array_split(moving, parts):
        spread = _spread(problem, summit, items, shares)
        found[items] = spread[: 3 * len(items)].reshape(3, -1).T
        if problem.linked:
            population = spread[3 * len(items) :]
    return Errors(found, float(population[0]), float(population[1]))


def _posteriors(problem: Problem, summit: Summit) -> Singles:
    """Of everybody [patterns, points]; the one thing here that grows with the people."""
    settings, state = problem.settings, summit.state
    grid = normal_grid(state.mean, state.sd, points=settings.points, reach=settings.reach)
    found = np.empty((len(problem.patterns), settings.points), dtype=np.float32)
    complete = problem.complete
    for block in blocks(problem.patterns, complete=complete, rows=settings.rows):
        found[block.rows] = posterior(block, state.curves, grid)[0]
    return found


def _spread(problem: Problem, summit: Summit, items: NDArray[np.intp], shares: Singles) -> Floats:
    """Standard errors of one group, by log a of all items, b of all, logit c of all, population."""
    group = _grouped(problem, summit, items)
    information = _known(problem, summit, group)
    information -= _scores_squared(problem, group, shares)
    information += _mean_scores_squared(problem, group, shares)
    free = np.concatenate(
        [problem.free[items].T.ravel(), np.ones(len(group.population), dtype=np.bool_)]
    )
    errors = np.zeros(group.size)
    wanted = information[np.ix_(free, free)]
    try:
        np.linalg.cholesky(wanted)
    except np.linalg.LinAlgError:  # not a maximum in every direction: nothing can be said
        errors[free] = np.nan
        return errors
    errors[free] = np.sqrt(np.diag(np.linalg.inv(wanted)))
    return errors


def _grouped(problem: Problem, summit: Summit, items: NDArray[np.intp]) -> _Group:
    state, nodes = summit.state, summit.expected.nodes
    curves = state.curves.take(items)
    chance = curves.probability(nodes).T
    slope = derivatives(curves, nodes) / (chance * (1 - chance))
    z = (nodes - state.mean) / state.sd
    population = np.stack([z / state.sd, z**2 - 1]) if problem.linked else np.empty((0, len(z)))
    return _Group(items, chance, slope, population)


def _known(problem: Problem, summit: Summit, group: _Group) -> Floats:
    """Information if every ability were known, plus the curvature of the priors."""
    found = np.zeros((group.size, group.size))
    count = len(group.items)
    curves = summit.state.curves.take(group.items)
    asked, right = summit.expected.asked[group.items], summit.expected.right[group.items]
    second = _second_derivatives(curves, summit.expected.nodes)
    gap = (right - asked * group.chance) / (group.chance * (1 - group.chance))
    seen = right * (1 - group.chance) ** 2 + (asked - right) * group.chance**2
    prior = problem.priors.curvature(curves.c)
    place = np.arange(count)
    for k in range(3):
        for other in range(3):
            value = (seen * group.slope[k] * group.slope[other] - gap * second[k, other]).sum(1)
            value += prior[:, k] if k == other else 0.0
            found[k * count + place, other * count + place] = value
    if problem.linked:
        z = (summit.expected.nodes - summit.state.mean) / summit.state.sd
        crossed = float(2 * summit.expected.crowd @ z / summit.state.sd)
        people = float(problem.people)
        found[-2:, -2:] = [
            [people / summit.state.sd**2, crossed],
            [crossed, float(2 * summit.expected.crowd @ z**2)],
        ]
    return found


def _scores_squared(problem: Problem, group: _Group, shares: Singles) -> Floats:
    """Σ E[s sᵀ]: point by point, over the people who may be there."""
    count, found = len(group.items), np.zeros((group.size, group.size))
    answers = problem.patterns[:, group.items]
    for point in range(shares.shape[1]):
        people = np.flatnonzero(shares[:, point] > _NEGLIGIBLE)
        cross, alone, total = np.zeros((count, count)), np.zeros(count), 0.0
        for start in range(0, len(people), problem.settings.rows):
            some = people[start : start + problem.settings.rows]
            root = np.sqrt(problem.weights[some] * shares[some, point]).astype(np.float32)
            rest = _rest(answers[some], group.chance[:, point])
            rest *= root[:, np.newaxis]
            cross += rest.T @ rest
            alone += rest.T @ root
            total += float(root @ root)
        _add(found, group, point, cross=cross, alone=alone, total=total)
    return found


def _rest(answers: Answers, chance: Floats) -> Singles:
    """Answer minus chance where presented, otherwise 0; [people, items]."""
    rest: Singles = (answers == 1).astype(np.float32)
    rest -= (answers != NOT_PRESENTED) * chance.astype(np.float32)
    return rest


def _add(
    found: Floats, group: _Group, point: int, *, cross: Floats, alone: Floats, total: float
) -> None:
    count = len(group.items)
    slope, population = group.slope[:, :, point], group.population[:, point]
    for k in range(3):
        rows = slice(k * count, (k + 1) * count)
        for other in range(3):
            columns = slice(other * count, (other + 1) * count)
            found[rows, columns] += slope[k][:, np.newaxis] * slope[other] * cross
        if len(population):
            beside = np.outer(slope[k] * alone, population)
            found[rows, 3 * count :] += beside
            found[3 * count :, rows] += beside.T
    found[3 * count :, 3 * count :] += total * np.outer(population, population)


def _mean_scores_squared(problem: Problem, group: _Group, shares: Singles) -> Floats:
    """Σ E[s] E[s]ᵀ, person by person."""
    found = np.zeros((group.size, group.size))
    rows = problem.settings.rows
    for start in range(0, len(shares), rows):
        there = shares[start : start + rows].astype(np.float64)
        answers = problem.patterns[start : start + rows][:, group.items]
        right, presented = answers == 1, answers >= 0
        mean = [
            right * (there @ slope.T) - presented * (there @ (slope * group.chance).T)
            for slope in group.slope
        ]
        score = np.concatenate([*mean, there @ group.population.T], axis=1)
        score *= np.sqrt(problem.weights[start : start + rows, np.newaxis])
        found += score.T @ score
    return found


def _second_derivatives(curves: ItemCurves, nodes: Floats) -> Floats:
    """Of the probability by log a, b, logit c; [3, 3, items, points]."""
    part = curves.slope_part(nodes).T
    a, b, c = (each[:, np.newaxis] for each in (curves.a, curves.b, curves.c))
    z = a * (nodes - b)
    first = part * (1 - part)
    twice = first * (1 - 2 * part)
    turn = c * (1 - c)
    by = np.empty((3, 3, *part.shape))
    by[LOG_A, LOG_A] = (1 - c) * (twice * z**2 + first * z)
    by[LOG_A, B] = by[B, LOG_A] = -(1 - c) * a * (twice * z + first)
    by[B, B] = (1 - c) * twice * a**2
    by[LOGIT_C, LOGIT_C] = turn * (1 - 2 * c) * (1 - part)
    by[LOG_A, LOGIT_C] = by[LOGIT_C, LOG_A] = -turn * first * z
    by[B, LOGIT_C] = by[LOGIT_C, B] = turn * first * a
    return by
