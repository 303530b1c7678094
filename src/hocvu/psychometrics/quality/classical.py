"""Classical item analysis (Lord & Novick 1968; Crocker & Algina 1986, ch. 14).

What share was right, whether those who were right did better elsewhere, and what the wrong options
drew. Needs no model, so it speaks from the first hundred answers on.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hocvu.psychometrics.curves import Floats, checked_answers
from hocvu.psychometrics.errors import AnswersAreMalformed, ParametersAreImpossible

_NO_OPTION = -1


class Concern(StrEnum):
    """Something about a question that a person should look at."""

    TOO_EASY = "too easy"
    TOO_HARD = "too hard"
    HARDLY_DISCRIMINATES = "hardly tells the strong from the weak"
    WORKS_BACKWARDS = "the weak are right more often than the strong"
    OPTION_UNUSED = "hardly anybody takes an option"
    OPTION_DRAWS_THE_STRONG = "a wrong option draws the strong"


@dataclass(frozen=True)
class Limits:
    """From where on a figure is a concern; point-biserials below `people` answers say nothing."""

    easiest: float = 0.95
    hardest: float = 0.10
    least_discrimination: float = 0.15
    least_share: float = 0.02
    people: int = 30

    def __post_init__(self) -> None:
        if not 0 <= self.hardest < self.easiest <= 1 or self.people < 1:
            raise ParametersAreImpossible("limits of difficulty lie in [0, 1], hardest first")


@dataclass(frozen=True, slots=True)
class ItemStatistics:
    """One item (column).

    share_right       of those asked (the classical "difficulty"); NaN when nobody was
    discrimination    point-biserial with the score in the *other* items; NaN when either is flat
    """

    item: int
    answers: int
    share_right: float
    discrimination: float


@dataclass(frozen=True, slots=True)
class OptionStatistics:
    """One option of a question: who took it, and how they did in the rest of the test.

    share              of the people who were asked (leaving it empty counts among them)
    mean_score         of those who took it; NaN when nobody did
    discrimination     point-biserial of taking it with the score; NaN when either is flat
    """

    option: int
    people: int
    share: float
    mean_score: float
    discrimination: float
    is_right: bool


def item_statistics(
    answers: ArrayLike, *, score: ArrayLike | None = None
) -> tuple[ItemStatistics, ...]:
    """Of every column of answers [people, items] (-1 not presented).

    score   [people] something to hold items against (θ of an adaptive test). Left out: the share
            right of the other items each person was asked, which is only fair when everybody was
            asked items of about the same difficulty.
    """
    table = checked_answers(answers)
    asked, right = table >= 0, table == 1
    outside = None if score is None else _scores(score, len(table))
    found = []
    for item in range(table.shape[1]):
        rest = rest_scores(asked, right, item) if outside is None else outside
        people = asked[:, item]
        solved = right[people, item]
        found.append(
            ItemStatistics(
                item=item,
                answers=int(people.sum()),
                share_right=float(solved.mean()) if len(solved) else float("nan"),
                discrimination=_correlation(solved.astype(np.float64), rest[people]),
            )
        )
    return tuple(found)


def option_statistics(
    chosen: ArrayLike, score: ArrayLike, *, options: int, right: int
) -> tuple[OptionStatistics, ...]:
    """Of the options 0 to options − 1 of one question.

    chosen   [people] option taken, -1 for none; only people who were asked
    score    [people] in the rest of the test, or θ
    right    the option of the key
    """
    taken = np.asarray(chosen)
    scores = _scores(score, len(taken))
    if taken.ndim != 1 or not np.issubdtype(taken.dtype, np.integer):
        raise AnswersAreMalformed("options taken are not a list of whole numbers")
    if len(taken) and (taken.min() < _NO_OPTION or taken.max() >= options):
        raise AnswersAreMalformed("an option was taken that the question does not have")
    if not 0 <= right < options:
        raise AnswersAreMalformed("the key names no option of the question")
    return tuple(
        _option(taken == option, scores, option, is_right=option == right)
        for option in range(options)
    )


def concerns_about(
    item: ItemStatistics,
    options: tuple[OptionStatistics, ...] = (),
    limits: Limits | None = None,
) -> tuple[Concern, ...]:
    """What a person should look at; nothing while too few have answered."""
    held = limits or Limits()
    if item.answers < held.people:
        return ()
    found = {
        Concern.TOO_EASY: item.share_right > held.easiest,
        Concern.TOO_HARD: item.share_right < held.hardest,
        Concern.HARDLY_DISCRIMINATES: 0 <= item.discrimination < held.least_discrimination,
        Concern.WORKS_BACKWARDS: item.discrimination < 0,
        Concern.OPTION_UNUSED: any(each.share < held.least_share for each in options),
        Concern.OPTION_DRAWS_THE_STRONG: any(
            not each.is_right
            and each.people >= held.people
            and each.discrimination > held.least_discrimination
            for each in options
        ),
    }
    return tuple(concern for concern, is_one in found.items() if is_one)


def rest_scores(asked: NDArray[np.bool_], right: NDArray[np.bool_], item: int) -> Floats:
    """Share right in all other items each person was asked [people]; NaN when there is none."""
    others = asked.sum(axis=1) - asked[:, item]
    solved = right.sum(axis=1) - right[:, item]
    rest = np.full(len(asked), np.nan)
    np.divide(solved, others, out=rest, where=others > 0)
    return rest


def _option(
    took: NDArray[np.bool_], scores: Floats, option: int, *, is_right: bool
) -> OptionStatistics:
    people = int(took.sum())
    return OptionStatistics(
        option=option,
        people=people,
        share=people / len(took) if len(took) else float("nan"),
        mean_score=float(scores[took].mean()) if people else float("nan"),
        discrimination=_correlation(took.astype(np.float64), scores),
        is_right=is_right,
    )


def _scores(score: ArrayLike, people: int) -> Floats:
    scores = np.asarray(score, dtype=np.float64)
    if scores.shape != (people,):
        raise AnswersAreMalformed("there is not one score for each person")
    return scores


def _correlation(one: Floats, other: Floats) -> float:
    known = np.isfinite(other)
    one, other = one[known], other[known]
    if not len(one) or np.ptp(one) == 0 or np.ptp(other) == 0:
        return float("nan")
    one, other = one - one.mean(), other - other.mean()
    return float(one @ other / np.sqrt((one @ one) * (other @ other)))
