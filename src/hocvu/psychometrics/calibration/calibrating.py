"""Calibration: from answers to item parameters (Bock & Aitkin 1981; Mislevy 1986; Kim 2006).

Marginal maximum likelihood with priors: ability is summed over, not estimated, so people may have
answered few items and different ones. Which items somebody was given may depend on earlier
answers in the same table (an adaptive test), not on anything else.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from hocvu.psychometrics.calibration.ascent import Summit, climb
from hocvu.psychometrics.calibration.information import Errors, errors_at
from hocvu.psychometrics.calibration.outcome import (
    CalibratedItem,
    Calibration,
    ItemFit,
    ParameterErrors,
    Population,
)
from hocvu.psychometrics.calibration.problem import Problem
from hocvu.psychometrics.calibration.settings import Model, Priors, Settings
from hocvu.psychometrics.curves import Floats, ItemParameters, checked_answers

_LEAST_CROWD = 1e-6


def calibrate(
    answers: ArrayLike,
    *,
    model: Model = "2pl",
    anchors: Mapping[int, ItemParameters] | None = None,
    priors: Priors | None = None,
    settings: Settings | None = None,
) -> Calibration:
    """Item parameters, their errors and fit, from a table of answers.

    answers   [people, items] whole numbers: 1 right, 0 wrong, -1 not presented
    anchors   by column: items that keep these parameters. The scale is then theirs (Kim 2006):
              the mean and spread of these people are estimated, and every other item comes out
              on the scale of the anchors. Without anchors the people are N(0, 1).

    An item that cannot be calibrated is refused by itself, with its reason; `NothingToCalibrate`
    is raised when fewer than three items remain. `AnswersAreMalformed`, `ParametersAreImpossible`
    for input of the wrong shape. Memory beyond the answers: 4 bytes per person and grid point,
    and a block of `settings.rows` people.
    """
    problem, refused = Problem.posed(
        checked_answers(answers), model, anchors or {}, priors or Priors(), settings or Settings()
    )
    summit = climb(problem)
    errors = errors_at(problem, summit)
    return Calibration(
        model=model,
        items=_items(problem, summit, errors, anchors or {}),
        refused=refused,
        population=_population(problem, summit, errors),
        log_likelihood=summit.expected.log_likelihood,
        iterations=summit.iterations,
        converged=summit.converged,
        people=problem.people,
        patterns=len(problem.patterns),
        reliability=summit.expected.spread / (summit.expected.spread + summit.expected.error),
    )


def _items(
    problem: Problem, summit: Summit, errors: Errors, anchors: Mapping[int, ItemParameters]
) -> tuple[CalibratedItem, ...]:
    curves, fits = summit.state.curves, _fits(summit)
    asked = summit.expected.asked.sum(axis=1)
    shares = summit.expected.right.sum(axis=1) / asked
    return tuple(
        CalibratedItem(
            item=column,
            parameters=anchors.get(column, curves[place]),
            errors=_errors(curves[place], errors.items[place]),
            answers=round(asked[place]),
            share_right=float(shares[place]),
            fit=fits[place],
            anchored=column in anchors,
        )
        for place, column in enumerate(problem.columns.tolist())
    )


def _errors(item: ItemParameters, spread: Floats) -> ParameterErrors:
    """From log a and logit c to a and c, by the delta method."""
    return ParameterErrors(
        a=float(spread[0] * item.a),
        b=float(spread[1]),
        c=float(spread[2] * item.c * (1 - item.c)),
    )


def _population(problem: Problem, summit: Summit, errors: Errors) -> Population:
    if not problem.linked:
        return Population()
    state = summit.state
    return Population(state.mean, state.sd, errors.mean, errors.log_sd * state.sd)


def _fits(summit: Summit) -> list[ItemFit]:
    expected = summit.expected
    chance = summit.state.curves.probability(expected.nodes).T
    spread = chance * (1 - chance)
    squared = expected.right * (1 - chance) ** 2 + (expected.asked - expected.right) * chance**2
    infit = squared.sum(axis=1) / (expected.asked * spread).sum(axis=1)
    outfit = (squared / spread).sum(axis=1) / expected.asked.sum(axis=1)
    seen = np.maximum(expected.asked, _LEAST_CROWD)
    crowd = expected.asked / expected.asked.sum(axis=1, keepdims=True)
    rmsd = np.sqrt((crowd * (expected.right / seen - chance) ** 2).sum(axis=1))
    return [
        ItemFit(float(one), float(two), float(three))
        for one, two, three in zip(infit, outfit, rmsd, strict=True)
    ]
