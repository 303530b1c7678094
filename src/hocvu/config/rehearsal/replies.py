"""Lines with which a fictional person answers a question of any kind, rightly or not."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from random import Random

from hocvu.items.answers import TEXT
from hocvu.items.content import CHOICES, Item, Kind, PartKind

_SENTENCES = tomllib.loads((Path(__file__).parent / "written.toml").read_text(encoding="utf-8"))
_ESSAYS: list[str] = _SENTENCES["essays"]
REPORTS: list[str] = _SENTENCES["reports"]


def right_lines(item: Item) -> tuple[str, ...]:
    """What earns full points; of an essay, one that is worth reading."""
    if item.kind in CHOICES:
        return tuple(option.id for option in item.options if option.right)
    if item.kind is Kind.ORDERING:
        return tuple(f"{option.id}={place}" for place, option in enumerate(item.options, 1))
    if item.kind is Kind.ESSAY:
        return (f"{TEXT}={_ESSAYS[0]}",)
    return tuple(
        f"{part.id}={part.right if part.kind is PartKind.CHOICE else part.accepted[0].value}"
        for part in item.parts
    )


def reply_lines(item: Item, *, known: float, chance: Random) -> Sequence[str]:
    """The lines of somebody who knows each thing that is asked with probability `known`."""
    if item.kind is Kind.ESSAY:
        return (f"{TEXT}={chance.choice(_ESSAYS)}",)
    right = right_lines(item)
    if item.kind in CHOICES:
        wrong = [option.id for option in item.options if not option.right]
        return right if chance.random() < known or not wrong else (chance.choice(wrong),)
    if item.kind is Kind.ORDERING and chance.random() > known:
        places = [line.partition("=")[2] for line in right]
        chance.shuffle(places)
        return tuple(
            f"{option.id}={place}" for option, place in zip(item.options, places, strict=True)
        )
    return tuple(line for line in right if chance.random() < known)
