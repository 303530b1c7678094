"""How panels of judges draw a line: who is enough, which questions, what their figures look like.

The arithmetic of the modified Angoff method is `hocvu.psychometrics.angoff`.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isnan

import numpy as np

from hocvu.psychometrics import angoff
from hocvu.psychometrics.curves import Floats, ItemCurves
from hocvu.psychometrics.errors import NotMeasurable

LEAST_JUDGES = 3  # with two, nobody can be said to stand apart
LEAST_QUESTIONS = 10  # fewer, and one misjudged question moves the line
MOST_QUESTIONS = 100  # more than a day of judging, two rounds
ROUNDS = (1, 2)


@dataclass(frozen=True, eq=False)
class Ratings:
    """What the judges who count said in each round: [judges, questions] in [0, 1], all filled.

    judge_ids   the rows. Only judges who rated every question in the first round count; where
                one did not rate a question again, the first rating stands.
    """

    judge_ids: tuple[int, ...]
    rounds: tuple[Floats, ...]

    def without(self, left_out: Collection[int]) -> "Ratings":
        kept = [at for at, judge_id in enumerate(self.judge_ids) if judge_id not in left_out]
        return Ratings(
            tuple(self.judge_ids[at] for at in kept), tuple(each[kept] for each in self.rounds)
        )


def ratings(
    judge_ids: Sequence[int],
    question_ids: Sequence[int],
    given: Mapping[tuple[int, int, int], int],
    *,
    rounds: int,
) -> Ratings:
    """`given`: per cent by (judge, question, round)."""
    counted = tuple(
        judge_id
        for judge_id in judge_ids
        if all((judge_id, question_id, 1) in given for question_id in question_ids)
    )

    def said(judge_id: int, question_id: int, at: int) -> float:
        held = (given.get((judge_id, question_id, each)) for each in range(at, 0, -1))
        return next(percent for percent in held if percent is not None) / 100

    tables = tuple(
        np.array(
            [[said(judge, each, at) for each in question_ids] for judge in counted],
            dtype=np.float64,
        ).reshape(len(counted), len(question_ids))
        for at in range(1, rounds + 1)
    )
    return Ratings(counted, tables)


def cut_of(found: Ratings, curves: ItemCurves) -> angoff.CutScore | None:
    """What the ratings mean; none where they lead to no ability, or too few judges count."""
    if len(found.judge_ids) < LEAST_JUDGES:
        return None
    try:
        return angoff.set_cut(found.rounds, curves)
    except NotMeasurable:
        return None


def spread_evenly(difficulties: Sequence[float], wanted: int) -> list[int]:
    """Places of so many questions, from the easiest to the hardest at even distances of rank."""
    order = sorted(range(len(difficulties)), key=lambda at: difficulties[at])
    if wanted >= len(order):
        return order
    if wanted == 1:
        return [order[len(order) // 2]]
    return [order[round(at * (len(order) - 1) / (wanted - 1))] for at in range(wanted)]


class Agreement(StrEnum):
    """How much the judges agree (Koo & Li 2016, of intraclass correlations)."""

    POOR = "poor"
    MODERATE = "moderate"
    GOOD = "good"
    EXCELLENT = "excellent"


def agreement(correlation: float) -> Agreement | None:
    """None where it is not defined: all ratings are equal."""
    if isnan(correlation):
        return None
    return tuple(Agreement)[bisect_left((0.5, 0.75, 0.9), correlation)]


def between_neighbours(
    level: str, theta: float, cuts: Mapping[str, float], upwards: Sequence[str]
) -> bool:
    """Whether the levels still follow each other when this one begins here."""
    place = upwards.index(level)
    below = [cuts[each] for each in upwards[:place] if each in cuts]
    above = [cuts[each] for each in upwards[place + 1 :] if each in cuts]
    return all(each < theta for each in below) and all(theta < each for each in above)


# --- The picture between the rounds ------------------------------------------------------------

_LEFT, _SPAN, _BASE, _DOT = 20, 600, 96, 16


@dataclass(frozen=True)
class Dot:
    x: int
    y: int


@dataclass(frozen=True)
class DotStrip:
    """What everybody said of one question, without names, and one's own."""

    dots: tuple[Dot, ...]
    mean: int
    own: int | None
    ticks: tuple[tuple[int, str], ...]


def dot_strip(percents: Sequence[int], own: int | None) -> DotStrip:
    """Equal ratings stand on top of each other."""
    seen: Counter[int] = Counter()
    dots = []
    for percent in sorted(percents):
        dots.append(Dot(_along(percent), _BASE - 10 - _DOT * seen[percent]))
        seen[percent] += 1
    return DotStrip(
        dots=tuple(dots),
        mean=_along(sum(percents) / len(percents)),
        own=None if own is None else _along(own),
        ticks=tuple((_along(each), f"{each} %") for each in range(0, 101, 25)),
    )


def _along(percent: float) -> int:
    return _LEFT + round(percent / 100 * _SPAN)
