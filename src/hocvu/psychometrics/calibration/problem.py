"""What is to be calibrated: which items can be, which parameters are free, which answers differ.

People whose answers are the same in every item are counted once with their number (Bock & Aitkin
1981): with few items, thousands of people are a few hundred patterns.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self, get_args

import numpy as np
from numpy.typing import NDArray

from hocvu.psychometrics.calibration.outcome import (
    NothingToCalibrate,
    RefusalReason,
    RefusedItem,
)
from hocvu.psychometrics.calibration.settings import Model, Priors, Settings
from hocvu.psychometrics.curves import NOT_PRESENTED, Answers, Floats, ItemCurves, ItemParameters
from hocvu.psychometrics.errors import ParametersAreImpossible

_WORTH_A_SAMPLE = 3
_LEAST_ITEMS = 3  # two curves and a population cannot be told apart
LOG_A, B, LOGIT_C = range(3)


@dataclass(frozen=True, eq=False)
class State:
    """A point in the search: items [items, 3] as (log a, b, logit c), and the population."""

    items: Floats
    mean: float
    sd: float

    @property
    def asymptotes(self) -> Floats:
        return logistic_of(self.items[:, LOGIT_C])

    @property
    def curves(self) -> ItemCurves:
        return ItemCurves(np.exp(self.items[:, LOG_A]), self.items[:, B], self.asymptotes)


@dataclass(frozen=True, eq=False)
class Problem:
    """The answers to items that can be calibrated, and what is free to move.

    columns    [items] where each item stood in the table that was given
    patterns   [patterns, items] distinct rows; `weights` [patterns] says how many people each is
    free       [items, 3] which of log a, b, logit c is estimated
    linked     whether anchors hold the scale, so that the population is estimated too
    """

    columns: NDArray[np.intp]
    patterns: Answers
    weights: Floats
    start: State
    free: NDArray[np.bool_]
    linked: bool
    priors: Priors
    settings: Settings

    @classmethod
    def posed(
        cls,
        answers: Answers,
        model: Model,
        anchors: Mapping[int, ItemParameters],
        priors: Priors,
        settings: Settings,
    ) -> tuple[Self, tuple[RefusedItem, ...]]:
        """The problem, and the items that had to be left out of it."""
        if model not in get_args(Model):
            raise ParametersAreImpossible(f"there is no model {model}")
        for item in anchors:
            if not 0 <= item < answers.shape[1]:
                raise ParametersAreImpossible(f"item {item} is anchored, but has no column")
        refused = _refused(answers, anchors, settings.least_answers)
        columns = np.setdiff1d(np.arange(answers.shape[1]), [each.item for each in refused])
        used = answers if len(columns) == answers.shape[1] else answers[:, columns]
        used = used[(used != NOT_PRESENTED).any(axis=1)]
        if len(columns) < _LEAST_ITEMS or not len(used):
            raise NothingToCalibrate(refused)
        patterns, weights = _distinct(used)
        items, free = _beginning(used, columns, model, anchors, priors)
        problem = cls(
            columns=columns,
            patterns=patterns,
            weights=weights,
            start=State(items, 0.0, 1.0),
            free=free,
            linked=bool(anchors),
            priors=priors,
            settings=settings,
        )
        return problem, refused

    @property
    def complete(self) -> bool:
        """Whether everybody was presented every item."""
        return bool((self.patterns != NOT_PRESENTED).all())

    @property
    def moving(self) -> NDArray[np.bool_]:
        """Items of which something is estimated."""
        return np.array(self.free.any(axis=1), dtype=np.bool_)

    @property
    def people(self) -> int:
        return int(self.weights.sum())

    @property
    def sample(self) -> Self | None:
        """Every so-manieth pattern, sought less exactly; None where there are few anyway.

        Patterns stand sorted, so such a sample is a fair one.
        """
        every = len(self.patterns) // self.settings.sample
        if every < _WORTH_A_SAMPLE:
            return None
        settings = replace(self.settings, tolerance=10 * self.settings.tolerance)
        return replace(
            self,
            patterns=self.patterns[::every],
            weights=self.weights[::every],
            settings=settings,
        )

    def vector(self, state: State) -> Floats:
        """Everything that moves, in one row."""
        population = [state.mean, np.log(state.sd)] if self.linked else []
        return np.concatenate([state.items[self.free], population])

    def state(self, vector: Floats) -> State:
        items = self.start.items.copy()
        count = int(self.free.sum())
        items[self.free] = vector[:count]
        if not self.linked:
            return State(items, 0.0, 1.0)
        return State(items, float(vector[-2]), float(np.exp(vector[-1])))

    def log_prior(self, state: State) -> float:
        density = self.priors.log_density(
            state.items[:, LOG_A], state.items[:, B], state.asymptotes
        )
        return float(density[self.moving].sum())


def logistic_of(logit: Floats) -> Floats:
    """The share with this logit; minus infinity is 0."""
    return 0.5 * (1 + np.tanh(0.5 * logit))


def _refused(
    answers: Answers, anchors: Mapping[int, ItemParameters], least: int
) -> tuple[RefusedItem, ...]:
    presented = (answers != NOT_PRESENTED).sum(axis=0)
    right = (answers == 1).sum(axis=0)
    found = []
    for item, (asked, solved) in enumerate(zip(presented.tolist(), right.tolist(), strict=True)):
        reason = _why_not(asked, solved, 1 if item in anchors else least, item in anchors)
        if reason is not None:
            found.append(RefusedItem(item, reason, asked))
    return tuple(found)


def _why_not(asked: int, solved: int, least: int, anchored: bool) -> RefusalReason | None:  # noqa: FBT001
    if asked == 0:
        return RefusalReason.NEVER_PRESENTED
    if asked < least:
        return RefusalReason.TOO_FEW_ANSWERS
    if anchored or 0 < solved < asked:
        return None
    return RefusalReason.EVERYBODY_RIGHT if solved else RefusalReason.EVERYBODY_WRONG


def _distinct(answers: Answers) -> tuple[Answers, Floats]:
    rows = np.ascontiguousarray(answers)
    keys = rows.view(np.dtype((np.void, rows.shape[1]))).ravel()
    _, first, counts = np.unique(keys, return_index=True, return_counts=True)
    return rows[first], counts.astype(np.float64)


def _beginning(
    answers: Answers,
    columns: NDArray[np.intp],
    model: Model,
    anchors: Mapping[int, ItemParameters],
    priors: Priors,
) -> tuple[Floats, NDArray[np.bool_]]:
    """Where the search starts [items, 3], and what it may move: anchors stand where they are."""
    asked = (answers != NOT_PRESENTED).sum(axis=0)
    share = ((answers == 1).sum(axis=0) + 0.5) / (asked + 1)
    items = np.empty((len(columns), 3))
    items[:, LOG_A] = priors.log_a_mean
    items[:, B] = -np.log(share / (1 - share))
    items[:, LOGIT_C] = _logit(priors.likely_c if model == "3pl" else 0.0)
    free = np.ones((len(columns), 3), dtype=np.bool_)
    free[:, LOGIT_C] = model == "3pl"
    for place, column in enumerate(columns.tolist()):
        if column in anchors:
            held = anchors[column]
            items[place] = np.log(held.a), held.b, _logit(held.c)
            free[place] = False
    return items, free


def _logit(share: float) -> float:
    return float(np.log(share / (1 - share))) if share > 0 else -np.inf
