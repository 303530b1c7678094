"""Identifiers of options that say nothing about the key.

An identifier travels to the learner's page. `a, b, c` in the order in which an author wrote them
would give away every ordering, and every choice whose right option is usually written first.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Final

from hocvu.items.content import Item, Option, Part

_DIGITS: Final = 6
_TRUE_OR_FALSE: Final = frozenset({"true", "false"})


def telling_nothing(item: Item) -> Item:
    """The same question with identifiers made from the options' words; doing it twice is once."""
    if {option.id for option in item.options} <= _TRUE_OR_FALSE:
        names = {option.id: option.id for option in item.options}
    else:
        names = _names_of(item.options)
    return replace(
        item,
        options=_renamed(item.options, names),
        parts=tuple(_part(part, names) for part in item.parts),
    )


def _part(part: Part, names: Mapping[str, str]) -> Part:
    own = _names_of(part.options)
    return replace(
        part,
        options=_renamed(part.options, own),
        right=own.get(part.right) or names.get(part.right, part.right),
    )


def _renamed(options: Sequence[Option], names: Mapping[str, str]) -> tuple[Option, ...]:
    return tuple(replace(option, id=names[option.id]) for option in options)


def _names_of(options: Sequence[Option]) -> dict[str, str]:
    """A name for each identifier; options with the same words are told apart by their number."""
    seen: Counter[str] = Counter()
    names = {}
    for option in options:
        words = f"{option.text}\n{option.text_en}"
        seen[words] += 1
        digest = sha256(f"{words}\n{seen[words]}".encode()).hexdigest()
        names[option.id] = f"o{digest[:_DIGITS]}"
    if len(set(names.values())) < len(names):  # one in millions of questions
        return {option.id: f"o{at}" for at, option in enumerate(options, 1)}
    return names
