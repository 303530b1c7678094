"""Which item next, and when to stop: a computerised adaptive test that can be explained.

Maximum information (Lord 1980), with content balancing (Kingsbury & Zara 1989), items closed once
too many tests have shown them (the restriction of Revuelta & Ponsoda 1998, a plain stand-in for
Sympson & Hetter 1985), and a draw among the best few (*randomesque*, Kingsbury & Zara 1989).
Everything that led to a choice is in the `Choice`; the same arguments and the same state of the
random generator give the same choice, years later.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

import numpy as np
from numpy.typing import NDArray

from hocvu.psychometrics.curves import Floats, ItemCurves
from hocvu.psychometrics.errors import NotMeasurable, ParametersAreImpossible


class QuotasDoNotFit(NotMeasurable):
    """What the content areas ask for cannot be met by this length or this pool."""


class NothingLeftToAsk(NotMeasurable):
    """Every item is used up, or shut out by an enemy or a quota: the test has to stop."""


class Because(StrEnum):
    """Why the choice fell as it did."""

    MOST_INFORMATIVE = "most informative of those open"
    CONTENT_DUE = "its content area is furthest behind its quota"
    DRAWN_AMONG_BEST = "drawn among the best few"
    CONTENT_CLOSED = "some areas have had all they may"
    ENEMIES_CLOSED = "enemies of items already asked were left out"
    EXPOSURE_CLOSED = "some items have been shown too often"
    EXPOSURE_RELAXED = "only items shown too often were left"


class StopReason(StrEnum):
    LENGTH = "the greatest number of items is reached"
    PRECISION = "the ability is known well enough"
    POOL_EXHAUSTED = "no item is left to ask"


@dataclass(frozen=True, slots=True)
class Quota:
    """How many items of one content area a test holds; no upper bound when `at_most` is None."""

    at_least: int = 0
    at_most: int | None = None

    def __post_init__(self) -> None:
        if self.at_least < 0 or (self.at_most is not None and self.at_most < self.at_least):
            raise QuotasDoNotFit(f"at least {self.at_least}, at most {self.at_most}")


@dataclass(frozen=True)
class AdaptiveRules:
    """How a test is put together.

    target_se      stop when the standard error of θ is at or below this (and `min_items` and every
                   `at_least` are reached); None: always `max_items`
    quotas         by content code; an area that is not named is open without bound
    max_exposure   items shown in more than this share of tests are closed; 1 closes none
    randomesque    draw among so many of the best; 1 always takes the best
    """

    max_items: int
    min_items: int = 1
    target_se: float | None = None
    quotas: Mapping[int, Quota] = field(default_factory=dict)
    max_exposure: float = 1.0
    randomesque: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.min_items <= self.max_items or self.randomesque < 1:
            raise ParametersAreImpossible("a test needs 1 ≤ min_items ≤ max_items, randomesque ≥ 1")
        if not 0 < self.max_exposure <= 1 or (self.target_se is not None and self.target_se <= 0):
            raise ParametersAreImpossible("max_exposure lies in (0, 1], target_se above 0")
        needed = sum(quota.at_least for quota in self.quotas.values())
        if needed > self.max_items:
            raise QuotasDoNotFit(f"quotas ask for {needed} items of at most {self.max_items}")


@dataclass(frozen=True, eq=False)
class ItemPool:
    """The items a test may draw from, all in one order.

    curves     parameters, [items]
    content    [items] code of the content area; all 0 when left out
    exposure   [items] share of tests that showed the item so far; all 0 when left out
    enemies    by item: items that give its answer away or repeat it; holds in both directions
    """

    curves: ItemCurves
    content: NDArray[np.int64]
    exposure: Floats
    enemies: Mapping[int, frozenset[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        count = len(self.curves)
        if self.content.shape != (count,) or self.exposure.shape != (count,):
            raise ParametersAreImpossible("content and exposure are not of the items' number")
        if not ((self.exposure >= 0) & (self.exposure <= 1)).all():
            raise ParametersAreImpossible("an exposure is not a share")
        mutual: dict[int, set[int]] = {}
        for item, others in self.enemies.items():
            for other in others:
                if not (0 <= item < count and 0 <= other < count) or item == other:
                    raise ParametersAreImpossible(f"{item} and {other} cannot be enemies")
                mutual.setdefault(item, set()).add(other)
                mutual.setdefault(other, set()).add(item)
        object.__setattr__(self, "enemies", {key: frozenset(of) for key, of in mutual.items()})

    @classmethod
    def of(
        cls,
        curves: ItemCurves,
        *,
        content: NDArray[np.int64] | None = None,
        exposure: Floats | None = None,
        enemies: Mapping[int, frozenset[int]] | None = None,
    ) -> Self:
        count = len(curves)
        return cls(
            curves,
            np.zeros(count, dtype=np.int64) if content is None else content,
            np.zeros(count) if exposure is None else exposure,
            enemies or {},
        )

    def __len__(self) -> int:
        return len(self.curves)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that was among the best, and its information at θ."""

    item: int
    information: float


@dataclass(frozen=True, slots=True)
class Choice:
    """The next item and everything that led to it.

    candidates   the best few it was drawn from, most informative first
    open_items   how many items could have been chosen at all
    """

    item: int
    information: float
    theta: float
    content: int
    candidates: tuple[Candidate, ...]
    open_items: int
    reasons: tuple[Because, ...]


def next_item(
    pool: ItemPool,
    administered: Collection[int],
    theta: float,
    rules: AdaptiveRules,
    rng: np.random.Generator,
) -> Choice:
    """Choose for the ability estimated so far; draws from `rng` only when `randomesque` > 1.

    Exposure gives way when it would leave nothing; quotas and enemies never do:
    `NothingLeftToAsk`.
    """
    if not np.isfinite(theta):
        raise ParametersAreImpossible("the ability is not a number")
    asked = _asked(pool, administered)
    opened, reasons = _open(pool, asked, rules)
    if not opened.any():
        raise NothingLeftToAsk("no item is open")
    places = np.flatnonzero(opened)
    information = pool.curves.take(places).information(theta)
    best = np.lexsort((places, -information))[: rules.randomesque]
    candidates = tuple(Candidate(int(places[k]), float(information[k])) for k in best)
    drawn = candidates[0] if len(candidates) == 1 else candidates[rng.integers(len(candidates))]
    reasons.append(Because.MOST_INFORMATIVE if len(candidates) == 1 else Because.DRAWN_AMONG_BEST)
    return Choice(
        item=drawn.item,
        information=drawn.information,
        theta=float(theta),
        content=int(pool.content[drawn.item]),
        candidates=candidates,
        open_items=len(places),
        reasons=tuple(reasons),
    )


def should_stop(
    pool: ItemPool, administered: Collection[int], error: float, rules: AdaptiveRules
) -> StopReason | None:
    """Whether the test is over, given the standard error of θ so far; None: go on."""
    asked = _asked(pool, administered)
    if len(asked) >= rules.max_items:
        return StopReason.LENGTH
    if not _open(pool, asked, rules)[0].any():
        return StopReason.POOL_EXHAUSTED
    if rules.target_se is None or len(asked) < rules.min_items or not error <= rules.target_se:
        return None
    given = _given(pool, asked, rules)
    owed = any(given[code] < quota.at_least for code, quota in rules.quotas.items())
    return None if owed else StopReason.PRECISION


def reasons_quotas_fail(pool: ItemPool, rules: AdaptiveRules) -> tuple[int, ...]:
    """Content codes of which the pool holds fewer items than `at_least`; empty when all can be."""
    return tuple(
        code
        for code, quota in rules.quotas.items()
        if int((pool.content == code).sum()) < quota.at_least
    )


def _asked(pool: ItemPool, administered: Collection[int]) -> NDArray[np.intp]:
    asked = np.unique(np.fromiter(administered, dtype=np.intp))
    if len(asked) != len(administered) or (
        len(asked) and not 0 <= asked[0] <= asked[-1] < len(pool)
    ):
        raise ParametersAreImpossible("an item was asked twice, or is not of this pool")
    return asked


def _given(pool: ItemPool, asked: NDArray[np.intp], rules: AdaptiveRules) -> dict[int, int]:
    areas = pool.content[asked]
    return {code: int((areas == code).sum()) for code in rules.quotas}


def _open(
    pool: ItemPool, asked: NDArray[np.intp], rules: AdaptiveRules
) -> tuple[NDArray[np.bool_], list[Because]]:
    """Which items may come next, and what narrowed them down."""
    reasons: list[Because] = []
    opened = np.ones(len(pool), dtype=np.bool_)
    opened[asked] = False
    shut = {enemy for item in asked.tolist() for enemy in pool.enemies.get(item, ())}
    if shut:
        opened[list(shut)] = False
        reasons.append(Because.ENEMIES_CLOSED)
    given = _given(pool, asked, rules)
    full = [
        code
        for code, quota in rules.quotas.items()
        if quota.at_most is not None and given[code] >= quota.at_most
    ]
    if full:
        opened &= ~np.isin(pool.content, full)
        reasons.append(Because.CONTENT_CLOSED)
    opened = _due(pool, opened, given, rules, reasons)
    return _seldom_shown(pool, opened, rules, reasons), reasons


def _due(
    pool: ItemPool,
    opened: NDArray[np.bool_],
    given: Mapping[int, int],
    rules: AdaptiveRules,
    reasons: list[Because],
) -> NDArray[np.bool_]:
    """Only the areas furthest behind, relative to what they ask for, while any is behind."""
    behind: dict[int, float] = {}
    for code, quota in rules.quotas.items():
        if given[code] < quota.at_least and (opened & (pool.content == code)).any():
            behind[code] = 1 - given[code] / quota.at_least
    if not behind:
        return opened
    furthest = max(behind.values())
    reasons.append(Because.CONTENT_DUE)
    return opened & np.isin(pool.content, [code for code, by in behind.items() if by == furthest])


def _seldom_shown(
    pool: ItemPool, opened: NDArray[np.bool_], rules: AdaptiveRules, reasons: list[Because]
) -> NDArray[np.bool_]:
    often = opened & (pool.exposure > rules.max_exposure)
    if not often.any():
        return opened
    if (often == opened).all():
        reasons.append(Because.EXPOSURE_RELAXED)
        return opened
    reasons.append(Because.EXPOSURE_CLOSED)
    return opened & ~often
