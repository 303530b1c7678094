"""Reading a programme of the catalogue (TOML): its shape, and what it must not say."""

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any


class CatalogueIsWrong(Exception):
    """A programme file contradicts itself; the message names the place."""


@dataclass(frozen=True)
class TopicText:
    code: str
    title: str
    title_en: str
    kind: str
    periods: int


@dataclass(frozen=True)
class Slot:
    """A half day of the model timetable: the topic it opens with, and those that follow."""

    day: int
    half: str
    topic: str
    also: tuple[str, ...] = ()

    @property
    def topics(self) -> tuple[str, ...]:
        return (self.topic, *self.also)


@dataclass(frozen=True)
class ProgrammeText:
    """A whole programme, as one version of its file tells it."""

    code: str
    version: int
    name: str
    name_en: str
    mode: str
    target_group: str
    days: int
    valid_from: date
    legal_basis: tuple[tuple[str, str], ...]  # citation, the ISO date from which it counts
    min_attendance: str
    paper_code: str
    topics: tuple[TopicText, ...]
    timetable: tuple[Slot, ...]

    @property
    def basis_in_force(self) -> list[dict[str, str]]:
        return [{"citation_vi": citation, "from": since} for citation, since in self.legal_basis]


_MODES = frozenset({"in_person", "online", "blended"})
_KINDS = frozenset({"lecture", "field_study", "practice", "self_study", "assessment"})
_HALVES = frozenset({"morning", "afternoon"})


def read_programme(text: str) -> ProgrammeText:
    """The programme told by one file, or `CatalogueIsWrong`."""
    told = tomllib.loads(text)
    try:
        programme = _programme_of(told)
    except (KeyError, TypeError, ValueError) as missing:
        raise CatalogueIsWrong(f"{told.get('code', 'a programme')}: {missing!r}") from missing
    for claim, holds in _claims(programme):
        if not holds:
            raise CatalogueIsWrong(f"{programme.code}: {claim}")
    return programme


def _programme_of(told: dict[str, Any]) -> ProgrammeText:
    completion = told.get("completion", {})
    return ProgrammeText(
        code=told["code"],
        version=told["version"],
        name=told["name_vi"],
        name_en=told["name_en"],
        mode=told["mode"],
        target_group=told.get("target_group_vi", told["target_group"]),
        days=told["days"],
        valid_from=date.fromisoformat(str(told["valid_from"])),
        legal_basis=tuple(
            (basis["citation_vi"], str(basis["from"])) for basis in told.get("legal_basis", [])
        ),
        min_attendance=str(Fraction(str(completion.get("min_attendance", "0")))),
        paper_code=completion.get("paper", ""),
        topics=tuple(
            TopicText(
                topic["code"], topic["title_vi"], topic["title_en"], topic["kind"], topic["periods"]
            )
            for topic in told["topics"]
        ),
        timetable=tuple(
            sorted(
                (
                    Slot(slot["day"], slot["half"], slot["topic"], tuple(slot.get("also", ())))
                    for slot in told.get("sessions", [])
                ),
                key=lambda slot: (slot.day, slot.half == "afternoon"),
            )
        ),
    )


def without_further_topics(programme: ProgrammeText) -> ProgrammeText:
    """The programme as it was kept while a half day held one topic."""
    return replace(
        programme, timetable=tuple(replace(slot, also=()) for slot in programme.timetable)
    )


def _place_in(codes: Sequence[str]) -> Callable[[str], int]:
    places = {code: place for place, code in enumerate(codes)}
    return lambda code: places.get(code, len(places))


def _claims(programme: ProgrammeText) -> list[tuple[str, bool]]:
    codes = [topic.code for topic in programme.topics]
    half_days = [(slot.day, slot.half) for slot in programme.timetable]
    return [
        ("its mode is one of the three of the decree", programme.mode in _MODES),
        ("each topic has its own code", len(set(codes)) == len(codes)),
        ("every topic is of a known kind", {t.kind for t in programme.topics} <= _KINDS),
        (
            "the timetable names its own topics",
            {code for slot in programme.timetable for code in slot.topics} <= set(codes),
        ),
        (
            "a half day names a topic once",
            all(len(set(slot.topics)) == len(slot.topics) for slot in programme.timetable),
        ),
        (
            "further topics stand in the order of the programme",
            all(list(s.also) == sorted(s.also, key=_place_in(codes)) for s in programme.timetable),
        ),
        ("the timetable has a half day once", len(set(half_days)) == len(half_days)),
        ("halves are mornings and afternoons", {s.half for s in programme.timetable} <= _HALVES),
        (
            "the timetable keeps within its days",
            all(1 <= slot.day <= programme.days for slot in programme.timetable),
        ),
        ("attendance is a share", 0 <= Fraction(programme.min_attendance) <= 1),
    ]
