"""Where to draw the line: the modified Angoff method (Angoff 1971; Cizek & Bunch 2007, ch. 6).

Each judge says, question by question, what share of barely competent people would be right. The sum
over the questions is that judge's cut; the panel's is the mean. Judges see each other's figures,
talk, and rate again: each round is kept. On the scale of ability the cut is where the expected
score equals the panel's (Kane 1987). Agreement: two-way intraclass correlation, Shrout & Fleiss
(1979), case 2. Outlying judges: median absolute deviation (Iglewicz & Hoaglin 1993).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from hocvu.psychometrics.curves import Floats, ItemCurves
from hocvu.psychometrics.errors import NotMeasurable

_LEAST_JUDGES = 2
_OUTLYING = 3.5
_LEAST_SPREAD = 0.02  # of all questions: judges closer together than this are never outlying
_FURTHEST = 8.0
_HALVINGS = 60


class RatingsAreMalformed(NotMeasurable):
    """Ratings are not judges × items in [0, 1], or a judge or an item has none."""


class CutIsOutOfReach(NotMeasurable):
    """No ability from -8 to 8 expects this score of these items."""


@dataclass(frozen=True, slots=True)
class JudgeRating:
    """One judge in one round.

    cut           sum over all items; items left out count as the panel's mean of them
    rated         how many items the judge rated
    deviation     from the panel's median cut, in robust standard deviations
    consistency   correlation of the ratings with what the items' curves expect at the panel's
                  cut; NaN without curves or with flat ratings
    """

    judge: int
    cut: float
    rated: int
    deviation: float
    is_outlying: bool
    consistency: float


@dataclass(frozen=True, slots=True)
class PanelRound:
    """One round of the panel.

    cut, share     mean of the judges' cuts: in questions right, and as share of all questions
    error          standard error among the judges, in questions right
    spread         mean over the items of the standard deviation among judges, in [0, 0.5]
    agreement      reliability of the panel's mean rating of an item, ICC(2, k), at most 1;
                   NaN when somebody left an item out or all ratings are equal
    """

    cut: float
    share: float
    error: float
    spread: float
    agreement: float
    items: tuple[float, ...]
    judges: tuple[JudgeRating, ...]


@dataclass(frozen=True, slots=True)
class CutScore:
    """What the last round means: in questions right, and on the scale of ability when calibrated.

    theta, theta_error   NaN when the items have no parameters
    """

    rounds: tuple[PanelRound, ...]
    raw: float
    raw_error: float
    theta: float
    theta_error: float


def set_cut(rounds: Sequence[ArrayLike], items: ItemCurves | None = None) -> CutScore:
    """From the ratings of every round, each [judges, items] in [0, 1], NaN where not rated.

    At least two judges in the last round; `RatingsAreMalformed`, `CutIsOutOfReach`.
    """
    if not rounds:
        raise RatingsAreMalformed("no round of ratings")
    held = tuple(panel_round(ratings, items) for ratings in rounds)
    last, nan = held[-1], float("nan")
    if items is None:
        return CutScore(held, last.cut, last.error, nan, nan)
    theta = theta_of_score(last.cut, items)
    return CutScore(held, last.cut, last.error, theta, last.error / _slope(items, theta))


def panel_round(ratings: ArrayLike, items: ItemCurves | None = None) -> PanelRound:
    """One round; the arguments as in `set_cut`."""
    table = _checked(ratings, items)
    mean = np.nanmean(table, axis=0)
    filled = np.where(np.isnan(table), mean, table)
    cuts = filled.sum(axis=1)
    cut = float(cuts.mean())
    deviations = _deviations(cuts, table.shape[1])
    return PanelRound(
        cut=cut,
        share=cut / table.shape[1],
        error=float(cuts.std(ddof=1) / np.sqrt(len(cuts))),
        spread=float(np.nanstd(table, axis=0).mean()),
        agreement=_agreement(table),
        items=tuple(mean.tolist()),
        judges=tuple(
            JudgeRating(
                judge=judge,
                cut=float(cuts[judge]),
                rated=int(np.isfinite(table[judge]).sum()),
                deviation=float(deviations[judge]),
                is_outlying=bool(abs(deviations[judge]) > _OUTLYING),
                consistency=_consistency(table[judge], cut, items),
            )
            for judge in range(len(table))
        ),
    )


def theta_of_score(score: float, items: ItemCurves) -> float:
    """The ability at which these items lead one to expect this many right answers."""
    low, high = -_FURTHEST, _FURTHEST
    if not items.expected_score(low) <= score <= items.expected_score(high):
        raise CutIsOutOfReach(f"no ability expects {score:g} of {len(items)} right")
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if items.expected_score(middle) < score else (low, middle)
    return (low + high) / 2


def _checked(ratings: ArrayLike, items: ItemCurves | None) -> Floats:
    table = np.asarray(ratings, dtype=np.float64)
    if table.ndim != 2 or table.shape[0] < _LEAST_JUDGES or not table.shape[1]:  # noqa: PLR2004
        raise RatingsAreMalformed("ratings are not at least two judges by at least one item")
    if items is not None and len(items) != table.shape[1]:
        raise RatingsAreMalformed(f"{table.shape[1]} items rated, parameters of {len(items)}")
    known = np.isfinite(table)
    if np.isinf(table).any() or not ((table[known] >= 0) & (table[known] <= 1)).all():
        raise RatingsAreMalformed("a rating is not a share from 0 to 1")
    if not (known.any(axis=0).all() and known.any(axis=1).all()):
        raise RatingsAreMalformed("a judge rated nothing, or an item was rated by nobody")
    return table


def _deviations(cuts: Floats, items: int) -> Floats:
    away = cuts - np.median(cuts)
    spread = 1.4826 * float(np.median(np.abs(away)))
    deviations: Floats = away / max(spread, _LEAST_SPREAD * items)
    return deviations


def _agreement(table: Floats) -> float:
    """ICC(2, k): items are what is rated, judges the raters."""
    judges, items = table.shape
    if items == 1 or np.isnan(table).any() or np.ptp(table) == 0:
        return float("nan")
    mean = table.mean()
    by_item, by_judge = table.mean(axis=0) - mean, table.mean(axis=1) - mean
    left = table - mean - by_item - by_judge[:, np.newaxis]
    between_items = judges * float(by_item @ by_item) / (items - 1)
    between_judges = items * float(by_judge @ by_judge) / (judges - 1)
    residual = float((left**2).sum()) / ((items - 1) * (judges - 1))
    scale = between_items + (between_judges - residual) / items
    return (between_items - residual) / scale if scale > 0 else float("nan")


def _consistency(ratings: Floats, cut: float, items: ItemCurves | None) -> float:
    if items is None:
        return float("nan")
    expected = items.probability(theta_of_score(cut, items))
    rated = np.isfinite(ratings)
    if np.ptp(ratings[rated]) == 0 or np.ptp(expected[rated]) == 0:
        return float("nan")
    return float(np.corrcoef(ratings[rated], expected[rated])[0, 1])


def _slope(items: ItemCurves, theta: float) -> float:
    """How fast the expected score rises at θ."""
    part = items.slope_part(theta)
    return float((items.a * (1 - items.c) * part * (1 - part)).sum())
