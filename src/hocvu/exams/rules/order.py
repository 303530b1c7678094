"""The order in which an attempt shows things."""

import hashlib
from collections.abc import Iterable
from typing import TypeVar

Thing = TypeVar("Thing")


def shuffled(things: Iterable[Thing], names: Iterable[object], *, seed: int) -> list[Thing]:
    """The order an attempt shows things in, fixed by its seed and the things' names.

    Sorting by a hash gives the same order on every machine and in every version of Python.
    """

    def place(pair: tuple[Thing, object]) -> bytes:
        return hashlib.sha256(f"{seed}/{pair[1]}".encode()).digest()

    return [thing for thing, _ in sorted(zip(things, names, strict=True), key=place)]
