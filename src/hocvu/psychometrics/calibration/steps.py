"""One step of EM for logistic items (Bock & Aitkin 1981; Mislevy 1986 for the priors).

E: given the parameters, how many people of each ability are expected to have been asked and to
have answered right. M: the parameters that make those counts most likely, by Fisher scoring on
all items at once, each step halved until it does not lower the aim: so no step of EM ever lowers
the posterior density.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hocvu.psychometrics.calibration.problem import LOG_A, LOGIT_C, B, Problem, State
from hocvu.psychometrics.curves import Floats, ItemCurves
from hocvu.psychometrics.quadrature import blocks, normal_grid, posterior

_SCORING_STEPS = 8
_HALVINGS = 12
_ROUNDING = 1e-12  # of the aim: smaller differences are no differences
_FURTHEST = np.array([0.7, 1.5, 1.0])  # one scoring step in log a, b, logit c
_LOWEST = np.array([-4.0, -15.0, -8.0])
_HIGHEST = np.array([2.5, 15.0, 2.0])


@dataclass(frozen=True, eq=False)
class Expected:
    """What the E step counts, at the `nodes` [points] of ability.

    asked, right      [items, points] people expected there who were asked, who were right
    crowd             [points] people expected there
    log_likelihood    marginal, of all answers
    spread, error     sums over people: variance of the posterior means; posterior variances
    """

    nodes: Floats
    asked: Floats
    right: Floats
    crowd: Floats
    log_likelihood: float
    spread: float
    error: float


def expect(problem: Problem, state: State) -> Expected:
    """One pass over the answers."""
    settings, curves = problem.settings, state.curves
    grid = normal_grid(state.mean, state.sd, points=settings.points, reach=settings.reach)
    asked, right = np.zeros((2, len(curves), settings.points))
    crowd = np.zeros(settings.points)
    log_likelihood, sums = 0.0, np.zeros(3)
    complete = problem.complete
    for block in blocks(problem.patterns, complete=complete, rows=settings.rows):
        weights = problem.weights[block.rows]
        shares, log_rows = posterior(block, curves, grid)
        means = shares @ grid.nodes
        variances = shares @ grid.nodes**2 - means**2
        sums += weights @ np.stack([means, means**2, variances], axis=1)
        log_likelihood += float(weights @ log_rows)
        shares *= weights[:, np.newaxis]
        crowd += shares.sum(axis=0)
        right += block.right.T @ shares
        asked += shares.sum(axis=0) if block.presented is None else block.presented.T @ shares
    spread = sums[1] - sums[0] ** 2 / problem.people
    return Expected(grid.nodes, asked, right, crowd, log_likelihood, float(spread), float(sums[2]))


def maximise(problem: Problem, state: State, expected: Expected) -> State:
    """The M step: new items, and the new population where anchors hold the scale."""
    items = state.items.copy()
    moving = problem.moving
    if moving.any():
        items[moving] = _scored(
            problem, items[moving], problem.free[moving], _part(expected, moving)
        )
    if not problem.linked:
        return State(items, 0.0, 1.0)
    share = expected.crowd / expected.crowd.sum()
    mean = float(share @ expected.nodes)
    return State(items, mean, float(np.sqrt(share @ (expected.nodes - mean) ** 2)))


@dataclass(frozen=True, eq=False)
class _Counts:
    nodes: Floats
    asked: Floats
    right: Floats


def _part(expected: Expected, moving: NDArray[np.bool_]) -> _Counts:
    return _Counts(expected.nodes, expected.asked[moving], expected.right[moving])


def _scored(problem: Problem, items: Floats, free: NDArray[np.bool_], counts: _Counts) -> Floats:
    aim = _aim(problem, items, counts)
    for _ in range(_SCORING_STEPS):
        step = _step(problem, items, free, counts)
        step /= np.maximum((np.abs(step) / _FURTHEST).max(axis=1, keepdims=True), 1)
        trial, trial_aim = items, aim
        for _ in range(_HALVINGS):
            tried = np.where(free, np.clip(items + step, _LOWEST, _HIGHEST), items)
            tried_aim = _aim(problem, tried, counts)
            better = (tried_aim >= aim - _ROUNDING * np.abs(aim))[:, np.newaxis]
            trial = np.where(better, tried, trial)
            trial_aim = np.where(better[:, 0], tried_aim, trial_aim)
            if better.all():
                break
            step = np.where(better, step, step / 2)
        moved = float(np.abs(trial[free] - items[free]).max())
        items, aim = trial, trial_aim
        if moved < problem.settings.tolerance / 10:
            break
    return items


def _step(problem: Problem, items: Floats, free: NDArray[np.bool_], counts: _Counts) -> Floats:
    """Newton with the expected information, [items, 3]."""
    state = State(items, 0.0, 1.0)
    curves, c = state.curves, state.asymptotes
    chance = curves.probability(counts.nodes).T
    slopes = derivatives(curves, counts.nodes)
    weight = 1 / (chance * (1 - chance))
    surprise = (counts.right - counts.asked * chance) * weight
    gradient = np.einsum("kiq,iq->ik", slopes, surprise)
    gradient += problem.priors.gradient(items[:, LOG_A], items[:, B], c)
    curvature = np.einsum("kiq,liq,iq->ikl", slopes, slopes, counts.asked * weight)
    curvature += problem.priors.curvature(c)[:, :, np.newaxis] * np.eye(3)
    held = ~free
    gradient[held] = 0.0
    curvature[held[:, :, np.newaxis] | held[:, np.newaxis, :]] = 0.0
    curvature += (held[:, :, np.newaxis] + 1e-9) * np.eye(3)
    return np.linalg.solve(curvature, gradient[:, :, np.newaxis])[:, :, 0]


def _aim(problem: Problem, items: Floats, counts: _Counts) -> Floats:
    """What the M step raises, per item: expected log-likelihood plus log prior."""
    state = State(items, 0.0, 1.0)
    chance = state.curves.probability(counts.nodes).T
    wrong = counts.asked - counts.right
    likely: Floats = (counts.right * np.log(chance) + wrong * np.log1p(-chance)).sum(axis=1)
    return likely + problem.priors.log_density(items[:, LOG_A], items[:, B], state.asymptotes)


def derivatives(curves: ItemCurves, nodes: Floats) -> Floats:
    """Of the probability by log a, b and logit c; [3, items, points]."""
    part = curves.slope_part(nodes).T
    a, b, c = (each[:, np.newaxis] for each in (curves.a, curves.b, curves.c))
    slope = (1 - c) * part * (1 - part)
    by = np.empty((3, *part.shape))
    by[LOG_A] = slope * a * (nodes - b)
    by[B] = -slope * a
    by[LOGIT_C] = c * (1 - c) * (1 - part)
    return by
