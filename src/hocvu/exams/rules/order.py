"""The order in which an attempt shows things."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import TypeVar

from hocvu.items.content import Option

Thing = TypeVar("Thing")


def shuffled(things: Iterable[Thing], names: Iterable[object], *, seed: int) -> list[Thing]:
    """The order an attempt shows things in, fixed by its seed and the things' names.

    Sorting by a hash gives the same order on every machine and in every version of Python.
    """

    def place(pair: tuple[Thing, object]) -> bytes:
        return hashlib.sha256(f"{seed}/{pair[1]}".encode()).digest()

    return [thing for thing, _ in sorted(zip(things, names, strict=True), key=place)]


def mixed(options: Sequence[Option], question_id: int, *, seed: int | None) -> list[Option]:
    """What is to be put in order, never in its written order: that is the right one."""
    names = [f"{question_id}/{option.id}" for option in options]
    found = shuffled(options, names, seed=seed or question_id)
    return found[1:] + found[:1] if found == list(options) else found


def letter_of(at: int) -> str:
    """A, B, … Z, AA, AB, …; counted from 0."""
    rest, last = divmod(at, 26)
    return (letter_of(rest - 1) if rest else "") + chr(ord("A") + last)
