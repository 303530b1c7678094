"""Where a question belongs: what it asks about, how hard, whom, and where it comes from."""

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, fields, replace
from enum import Enum
from typing import Any, Self


@dataclass(frozen=True)
class Place:
    """The classification of a question; an empty field is not known yet."""

    component_code: str = ""
    level: str = ""
    topic: str = ""
    target_group: str = ""
    source: str = ""

    def with_gaps_filled(self, other: "Place") -> "Place":
        """What is known here, and from the other place what is not."""
        mine, theirs = asdict(self), asdict(other)
        return Place(**{name: mine[name] or theirs[name] for name in mine})

    def as_json(self) -> dict[str, str]:
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        known = {each.name for each in fields(cls)}
        return cls(**{name: str(value) for name, value in stored.items() if name in known})

    @property
    def is_complete(self) -> bool:
        """Whether a paper can find the question by what it asks about."""
        return bool(self.component_code and self.level and self.source)


class TargetGroup(Enum):
    """Whom a question is for; as in the files that come with the program."""

    PUBLIC_PERSONNEL = "public_personnel"
    COMMUNE_OFFICIALS = "commune_officials"
    LEADERS = "leaders"
    COMMUNE_LEADERS = "commune_leaders"
    CITIZENS = "citizens"


def place_from_tags(
    tags: Collection[str], components: Collection[str], levels: Collection[str]
) -> Place:
    """What the tags of a foreign file say: "1.2" or "component:1.2", "CB2" or "level:CB2"."""
    place = Place()
    for name, value in (_named(tag) for tag in tags):
        if value in components and name in {"", "component"} and not place.component_code:
            place = replace(place, component_code=value)
        elif value.upper() in levels and name in {"", "level"} and not place.level:
            place = replace(place, level=value.upper())
        elif name == "topic" and not place.topic:
            place = replace(place, topic=value[:60])
        elif name == "group" and value in {each.value for each in TargetGroup}:
            place = replace(place, target_group=value)
        elif name == "source" and not place.source:
            place = replace(place, source=value[:250])
    return place


def tags_of(place: Place) -> Iterator[str]:
    """The tags under which other programs, and this one, find the place again."""
    names = ("component", "level", "topic", "group", "source")
    for name, value in zip(names, asdict(place).values(), strict=True):
        if value:
            yield f"{name}:{value}"


def _named(tag: str) -> tuple[str, str]:
    name, colon, value = tag.partition(":")
    known = {"component", "level", "topic", "group", "source"}
    return (name.strip(), value.strip()) if colon and name.strip() in known else ("", tag.strip())
