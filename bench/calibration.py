"""Measures of skill: calibrating a question bank, what of the truth it finds, the next question.

Needs no database: `calibration_measurements` may stand in any measurement's list.
"""

from collections.abc import Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from bench.measuring import Measurement, expect, milliseconds, seconds
from hocvu.psychometrics.ability import eap
from hocvu.psychometrics.adaptive import AdaptiveRules, ItemPool, Quota, next_item
from hocvu.psychometrics.calibration import Calibration, Model, calibrate
from hocvu.psychometrics.curves import NOT_PRESENTED, Answers, Floats, ItemCurves

_ITEMS, _PEOPLE = 300, 50_000
_ASKED = 50  # of the 300, in a test drawn from the bank
_POOL, _AREAS = 10_000, 24
_STEPS = 40
_WORD = f"{_ITEMS} items × {_PEOPLE:,} people"


def measure() -> list[Measurement]:
    return calibration_measurements()


def calibration_measurements() -> list[Measurement]:
    return [
        *_calibrations("2pl", asked=_ITEMS),
        *_calibrations("2pl", asked=_ASKED),
        *_calibrations("3pl", asked=_ASKED),
        *_adaptive(),
    ]


def _calibrations(model: Model, *, asked: int) -> list[Measurement]:
    true = _items(_ITEMS, c=0.2 if model == "3pl" else 0.0)
    answers = _answers(true, asked)
    found: list[Calibration] = []
    took = seconds(lambda: found.append(calibrate(answers, model=model)))
    expect("converged", found[0].converged, wanted=True)
    expect("items calibrated", len(found[0].items), _ITEMS)
    each = "all answered" if asked == _ITEMS else f"{asked} answered by each"
    what = f"{model.upper()}, {_WORD}, {each}"
    return [
        Measurement(f"calibrating {_WORD} ({model.upper()}, {each})", (took,), against=300),
        *_recovered(what, found[0].curves, true, model),
    ]


def _recovered(
    what: str, found: ItemCurves, true: ItemCurves, model: Model
) -> Iterator[Measurement]:
    """Correlation with the truth and root mean square error, of each parameter."""
    pairs = {"slope a": (found.a, true.a), "difficulty b": (found.b, true.b)}
    for name, (own, truth) in pairs.items():
        correlation = float(np.corrcoef(own, truth)[0, 1])
        yield Measurement(f"{name}: correlation with truth ({what})", (correlation,), unit="")
        yield Measurement(f"{name}: RMSE ({what})", (_apart(own, truth),), unit="")
    if model == "3pl":
        yield Measurement(f"guessing c: RMSE ({what})", (_apart(found.c, true.c),), unit="")


def _adaptive() -> list[Measurement]:
    """One adaptive test: the estimate after each answer, and the choice of the next question."""
    rng = np.random.default_rng(3)
    curves = _items(_POOL, c=0.2)
    pool = ItemPool.of(
        curves,
        content=rng.integers(0, _AREAS, _POOL),
        exposure=0.3 * rng.random(_POOL),
        enemies={item: frozenset({item + 1}) for item in range(0, 1_000, 2)},
    )
    rules = AdaptiveRules(
        max_items=_STEPS,
        quotas={area: Quota(1, 3) for area in range(_AREAS)},
        max_exposure=0.25,
        randomesque=5,
    )
    asked: list[int] = []
    given: list[int] = []
    took = milliseconds(partial(_step, pool, rules, asked, given, rng) for _ in range(_STEPS))
    expect("different questions", len(set(asked)), _STEPS)
    return [
        Measurement(
            f"next adaptive question of {_POOL:,}, with the estimate before it",
            took,
            unit="ms",
            against=30,
        )
    ]


def _step(
    pool: ItemPool,
    rules: AdaptiveRules,
    asked: list[int],
    given: list[int],
    rng: np.random.Generator,
) -> None:
    so_far = np.array([given], dtype=np.int8)
    theta = float(eap(so_far, pool.curves.take(asked)).theta[0]) if asked else 0.0
    choice = next_item(pool, asked, theta, rules, rng)
    asked.append(choice.item)
    chance = float(pool.curves.take([choice.item]).probability(0.7)[0])
    given.append(int(rng.random() < chance))


def _items(count: int, *, c: float) -> ItemCurves:
    rng = np.random.default_rng(1)
    slopes = np.exp(rng.normal(0.0, 0.3, count))
    return ItemCurves(slopes, rng.normal(0.0, 1.0, count), np.full(count, c))


def _answers(curves: ItemCurves, asked: int) -> Answers:
    """Of people N(0, 1), everybody asked so many items drawn by lot; made in pieces."""
    rng = np.random.default_rng(2)
    return np.concatenate(
        [_some_answers(curves, asked, 5_000, rng) for _ in range(_PEOPLE // 5_000)]
    )


def _some_answers(curves: ItemCurves, asked: int, people: int, rng: np.random.Generator) -> Answers:
    theta: NDArray[np.float64] = rng.normal(size=people)
    right = rng.random((people, len(curves))) < curves.probability(theta)
    table = right.astype(np.int8)
    if asked < len(curves):
        table[np.argsort(rng.random(table.shape), axis=1) >= asked] = NOT_PRESENTED
    return table


def _apart(found: Floats, true: Floats) -> float:
    return float(np.sqrt(np.mean((found - true) ** 2)))
