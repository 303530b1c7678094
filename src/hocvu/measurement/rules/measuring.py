"""From answers to an ability, its level, and what somebody of that ability can be expected to do.

The arithmetic is `hocvu.psychometrics`; here is which of it counts, and when.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from hocvu.psychometrics import ability
from hocvu.psychometrics.curves import ItemCurves, ItemParameters

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was answered: its parameters, and whether it earned full points."""

    item: ItemParameters
    right: bool


@dataclass(frozen=True, slots=True)
class Estimate:
    """An ability on the scale, and its standard error."""

    theta: float
    se: float


NOTHING_KNOWN = Estimate(0.0, 1.0)  # the people of the first calibration: mean 0, deviation 1


def estimate(asked: Sequence[Asked]) -> Estimate:
    """Expected ability after these answers, in any order; nothing known before the first."""
    if not asked:
        return NOTHING_KNOWN
    found = ability.eap(_answers(asked), _curves(asked))
    return Estimate(float(found.theta[0]), float(found.error[0]))


def plain_estimate(asked: Sequence[Asked]) -> Estimate | None:
    """Warm's estimate, which does not lean towards the mean; none without answers."""
    if not asked:
        return None
    found = ability.wle(_answers(asked), _curves(asked))
    return Estimate(float(found.theta[0]), float(found.error[0]))


def _curves(asked: Iterable[Asked]) -> ItemCurves:
    return ItemCurves.of(each.item for each in asked)


def _answers(asked: Sequence[Asked]) -> "np.typing.NDArray[np.int8]":
    return np.array([[each.right for each in asked]], dtype=np.int8)


# --- Levels ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cut:
    """From this ability on somebody has reached this level."""

    level: str
    theta: float


@dataclass(frozen=True)
class Standing:
    """Where an ability stands: its 95 % interval, and the level it has reached.

    level             empty below every level, and where no usable cut scores are set
    lowest, highest   the levels of the two ends of the interval
    """

    low: float
    high: float
    level: str
    lowest: str
    highest: str

    @property
    def is_certain(self) -> bool:
        return self.lowest == self.highest


def in_order(newest: Mapping[str, float], upwards: Sequence[str]) -> tuple[Cut, ...]:
    """The cut scores of the levels that have one, from the lowest level of the framework up."""
    return tuple(Cut(level, newest[level]) for level in upwards if level in newest)


def contradict(cuts: Sequence[Cut]) -> bool:
    """Whether a level would begin below one that stands under it: then no level can be said."""
    return any(higher.theta <= lower.theta for lower, higher in pairwise(cuts))


def standing(known: Estimate, cuts: Sequence[Cut]) -> Standing:
    """Cut scores that contradict each other are as none."""
    usable = () if contradict(cuts) else tuple(cuts)
    found = ability.level_of(
        known.theta, known.se, [cut.theta for cut in usable], confidence=CONFIDENCE
    )
    names = ["", *(cut.level for cut in usable)]
    return Standing(
        found.low, found.high, names[found.level], names[found.lowest], names[found.highest]
    )


# --- What can be expected ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Expected:
    """Questions somebody can be expected to answer right, out of so many."""

    right: float
    questions: int


def expected_by_component(
    theta: float, curves: ItemCurves, components: Sequence[str]
) -> dict[str, Expected]:
    """Domain scores (Bock, Thissen & Zimowski 1997): over all calibrated questions of a component.

    In an adaptive test everybody gets about half of their questions right: what was answered says
    little by itself, the ability it led to says what to expect of the questions not asked.
    """
    chances = curves.probability(theta)
    found: dict[str, Expected] = {}
    for chance, component in zip(chances.tolist(), components, strict=True):
        before = found.get(component, Expected(0.0, 0))
        found[component] = Expected(before.right + chance, before.questions + 1)
    return found
