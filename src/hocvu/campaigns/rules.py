"""How far a unit is from its target. Exact fractions: 79.96 % is not 80 %."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil


@dataclass(frozen=True)
class Distance:
    """A unit's share of proficient people, held against a target.

    `share` is None where nobody is in scope; `missing` is how many more people must become
    proficient for the target to be reached.
    """

    share: Fraction | None
    target: Fraction
    missing: int

    @property
    def is_reached(self) -> bool:
        return self.share is not None and self.share >= self.target


def distance_to_target(proficient: int, in_scope: int, target: Fraction) -> Distance:
    """Compare unrounded; people are whole, so what is missing is rounded up."""
    if in_scope == 0:
        return Distance(None, target, 0)
    needed = ceil(target * in_scope)
    return Distance(Fraction(proficient, in_scope), target, max(0, needed - proficient))
