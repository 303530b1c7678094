"""Drift: has a question become easier (it leaked) or harder (the world changed)?

Difficulties of two calibrations on one scale, their difference divided by its standard error
(Lord 1980, ch. 14; Donoghue & Isham 1998). With many people everything is significant, so an item
has drifted only when the difference is also large enough to matter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import hypot, isfinite

from hocvu.psychometrics.errors import ParametersAreImpossible
from hocvu.psychometrics.linking import Link

_SAME = Link(1.0, 0.0)


class Drift(StrEnum):
    NONE = "none"
    EASIER = "easier"
    HARDER = "harder"


@dataclass(frozen=True, slots=True)
class Difficulty:
    """b of one item and its standard error, on the scale of its calibration."""

    b: float
    error: float

    def __post_init__(self) -> None:
        if not (isfinite(self.b) and isfinite(self.error) and self.error >= 0):
            raise ParametersAreImpossible("a difficulty or its error is not a number")


@dataclass(frozen=True, slots=True)
class ItemDrift:
    """One item: new minus old difficulty on the old scale, and that in standard errors."""

    difference: float
    z: float
    drift: Drift


def drift(
    old: Sequence[Difficulty],
    new: Sequence[Difficulty],
    *,
    link: Link = _SAME,
    significant: float = 2.58,
    matters: float = 0.3,
) -> tuple[ItemDrift, ...]:
    """Of common items in the same order.

    link          from the new scale to the old (`linking`); the same scale when left out
    significant   |z| from which a difference is no accident (2.58: one in a hundred)
    matters       |difference| in units of θ from which it counts
    """
    if len(old) != len(new):
        raise ParametersAreImpossible("the two calibrations are not of the same items")
    return tuple(
        _drift(before, after, link, significant, matters)
        for before, after in zip(old, new, strict=True)
    )


def _drift(
    old: Difficulty, new: Difficulty, link: Link, significant: float, matters: float
) -> ItemDrift:
    difference = link.slope * new.b + link.shift - old.b
    error = hypot(old.error, link.slope * new.error)
    z = difference / max(error, 1e-12)
    if abs(z) < significant or abs(difference) < matters:
        return ItemDrift(difference, z, Drift.NONE)
    return ItemDrift(difference, z, Drift.HARDER if difference > 0 else Drift.EASIER)
