"""Item response curves: the three-parameter logistic model (Birnbaum 1968, in Lord & Novick).

    P(θ) = c + (1 − c) / (1 + exp(−a (θ − b)))        I(θ) = a² · (Q / P) · ((P − c) / (1 − c))²

θ is ability and b difficulty on one scale, in standard deviations of the people first calibrated
(mean 0); a is the slope at b, per unit of θ, in the logistic metric (no constant 1.7); c is the
chance that somebody of very low ability answers right. c = 0 gives the two-parameter model.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hocvu.psychometrics.errors import AnswersAreMalformed, ParametersAreImpossible

Floats: TypeAlias = NDArray[np.float64]
Answers: TypeAlias = NDArray[np.int8]  # [people, items]: 1 right, 0 wrong, -1 not presented

NOT_PRESENTED = -1
_LEAST = 1e-12  # a probability never quite reaches 0 or 1, so that its logarithm exists
_TINY = 1e-300


@dataclass(frozen=True, slots=True)
class ItemParameters:
    """One item: slope a > 0, difficulty b, lower asymptote 0 ≤ c < 1."""

    a: float
    b: float
    c: float = 0.0

    def __post_init__(self) -> None:
        _check(np.asarray(self.a), np.asarray(self.b), np.asarray(self.c))


@dataclass(frozen=True, eq=False)
class ItemCurves:
    """Many items at once: a, b and c of shape [items], in the order of the columns of answers."""

    a: Floats
    b: Floats
    c: Floats

    def __post_init__(self) -> None:
        for name in ("a", "b", "c"):
            object.__setattr__(self, name, np.asarray(getattr(self, name), dtype=np.float64))
        if not self.a.shape == self.b.shape == self.c.shape or self.a.ndim != 1:
            raise ParametersAreImpossible("a, b and c are not three lists of one length")
        _check(self.a, self.b, self.c)

    @classmethod
    def of(cls, items: Iterable[ItemParameters]) -> Self:
        listed = list(items)
        return cls(
            np.array([each.a for each in listed], dtype=np.float64),
            np.array([each.b for each in listed], dtype=np.float64),
            np.array([each.c for each in listed], dtype=np.float64),
        )

    def __len__(self) -> int:
        return len(self.a)

    def __getitem__(self, item: int) -> ItemParameters:
        return ItemParameters(float(self.a[item]), float(self.b[item]), float(self.c[item]))

    def take(self, items: Sequence[int] | NDArray[np.intp]) -> "ItemCurves":
        chosen = np.asarray(items, dtype=np.intp)
        return ItemCurves(self.a[chosen], self.b[chosen], self.c[chosen])

    def slope_part(self, theta: ArrayLike) -> Floats:
        """1 / (1 + exp(−a (θ − b))), shape [*theta, items]."""
        distance = np.asarray(theta, dtype=np.float64)[..., np.newaxis] - self.b
        return logistic(self.a * distance)

    def probability(self, theta: ArrayLike) -> Floats:
        """Chance of a right answer, shape [*theta, items]."""
        right = self.c + (1 - self.c) * self.slope_part(theta)
        return np.clip(right, _LEAST, 1 - _LEAST)

    def information(self, theta: ArrayLike) -> Floats:
        """Fisher information about θ in one answer, shape [*theta, items]; per unit of θ squared.

        The formula above with (P − c) / (1 − c) written as the slope part L:
        a² (1 − c)(1 − L) L² / P.
        """
        part = self.slope_part(theta)
        right = np.maximum(self.c + (1 - self.c) * part, _TINY)
        return self.a**2 * (1 - self.c) * (1 - part) * part * (part / right)

    def expected_score(self, theta: ArrayLike) -> Floats:
        """Right answers expected out of all items (the test characteristic curve), [*theta]."""
        total: Floats = self.probability(theta).sum(axis=-1)
        return total


def logistic(z: Floats) -> Floats:
    """1 / (1 + exp(−z)), without overflow at either end."""
    return 0.5 * (1 + np.tanh(0.5 * z))


def checked_answers(answers: ArrayLike, *, items: int | None = None) -> Answers:
    """The table as int8 [people, items], or `AnswersAreMalformed`."""
    table = np.asarray(answers)
    if table.ndim != 2:  # noqa: PLR2004 - people and items
        raise AnswersAreMalformed(f"answers have {table.ndim} dimensions, not people and items")
    if items is not None and table.shape[1] != items:
        raise AnswersAreMalformed(f"answers to {table.shape[1]} items, parameters of {items}")
    if not np.issubdtype(table.dtype, np.integer) and table.dtype != np.bool_:
        raise AnswersAreMalformed(f"answers are {table.dtype}, not whole numbers")
    if table.size and (table.min() < NOT_PRESENTED or table.max() > 1):
        raise AnswersAreMalformed("answers hold something other than -1, 0 and 1")
    return table.astype(np.int8, copy=False)


def _check(a: Floats, b: Floats, c: Floats) -> None:
    if not (np.isfinite(a).all() and (a > 0).all()):
        raise ParametersAreImpossible("a slope is not a positive number")
    if not np.isfinite(b).all():
        raise ParametersAreImpossible("a difficulty is not a number")
    if not ((c >= 0) & (c < 1)).all():
        raise ParametersAreImpossible("a lower asymptote is not in [0, 1)")
