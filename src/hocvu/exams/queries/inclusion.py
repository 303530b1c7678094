"""How the seal of one attempt leads to the root of its day, step by step (RFC 9162, §2.1.3).

`hocvu.register.merkle` decides whether a proof holds; this says what happens on the way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from hocvu.register.merkle import node_hash


class Side(StrEnum):
    BEFORE = "before"  # the other attempts were handed in earlier
    AFTER = "after"


@dataclass(frozen=True)
class Joined:
    """A step upwards: what was reached is hashed together with the hash of other attempts."""

    side: Side
    attempts: int  # how many other attempts that hash stands for
    other: bytes
    result: bytes


def way_up(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> list[Joined]:
    """From a leaf at `index` of `size` towards the root. A proof of another length is cut short."""
    reached, steps = leaf, []
    for (side, attempts), other in zip(_neighbours(index, size), proof, strict=False):
        pair = (other, reached) if side is Side.BEFORE else (reached, other)
        reached = node_hash(*pair)
        steps.append(Joined(side, attempts, other, reached))
    return steps


def _neighbours(index: int, size: int) -> list[tuple[Side, int]]:
    """Beside which subtrees the way passes, from the leaf to the root."""
    start, end, met = 0, size, []
    while end - start > 1:
        middle = start + (1 << (end - start - 1).bit_length() - 1)
        if index < middle:
            met.append((Side.AFTER, end - middle))
            end = middle
        else:
            met.append((Side.BEFORE, middle - start))
            start = middle
    return met[::-1]
