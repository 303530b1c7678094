"""The lines of an answer, and why something cannot be an answer to a question."""

import re
from collections.abc import Collection, Iterator, Sequence
from enum import Enum

from hocvu.items.content import CHOICES, Item, Kind, Part, PartKind
from hocvu.items.typed import numbers_meant

VALUE, TEXT, FILE = "value", "text", "file"  # the one part of a number, a text and a file
TRUE, FALSE = "true", "false"

LONGEST_SHORT_TEXT = 500  # characters
LONGEST_ESSAY = 60_000  # characters
_SHA_256 = re.compile(r"[0-9a-f]{64}")
_UNFIT_FOR_TEXT = re.compile("[\x00\ud800-\udfff]")


class AnswerFlaw(Enum):
    UNKNOWN_OPTION = "unknown_option"
    TOO_MANY_OPTIONS = "too_many_options"
    UNKNOWN_PART = "unknown_part"
    PART_TWICE = "part_twice"
    NOT_A_NUMBER = "not_a_number"
    NOT_A_PLACE = "not_a_place"
    PLACE_TWICE = "place_twice"
    TOO_LONG = "too_long"
    NOT_TEXT = "not_text"  # characters that no text has
    NOT_A_FILE = "not_a_file"


def put_into_parts(lines: Collection[str]) -> dict[str, str]:
    """What was put into each part. A part named twice holds nothing: which one was meant?"""
    put: dict[str, str] = {}
    for part, given in map(_split, lines):
        put[part] = "" if part in put else given
    return put


def _split(line: str) -> tuple[str, str]:
    part, _, given = line.partition("=")
    return part, given if given and not given.isspace() else ""


def is_no_answer(item: Item, lines: Collection[str]) -> bool:
    """Whether nothing was chosen and nothing written."""
    if takes_options(item):
        return not lines
    return not any(given for _, given in map(_split, lines))


def takes_options(item: Item) -> bool:
    """Whether the lines of its answers are options and not parts."""
    return item.kind in CHOICES


def flaw_in(item: Item, lines: Collection[str]) -> AnswerFlaw | None:
    """Why this cannot be an answer to this question; no lines at all take an answer back.

    Too many or too few words are no flaw: what is written so far must be kept.
    """
    if any(_UNFIT_FOR_TEXT.search(line) for line in lines):
        return AnswerFlaw.NOT_TEXT
    if takes_options(item):
        return _flaw_in_options(item, list(lines))
    return next(_flaws_in_parts(item, [_split(line) for line in lines]), None)


def _flaw_in_options(item: Item, chosen: Sequence[str]) -> AnswerFlaw | None:
    if not set(chosen) <= {option.id for option in item.options} or len(set(chosen)) < len(chosen):
        return AnswerFlaw.UNKNOWN_OPTION
    if len(chosen) > 1 and item.kind is not Kind.MULTIPLE:
        return AnswerFlaw.TOO_MANY_OPTIONS
    return None


def _flaws_in_parts(item: Item, put: Sequence[tuple[str, str]]) -> Iterator[AnswerFlaw]:
    parts = {part.id: part for part in parts_of(item)}
    if not {part for part, _ in put} <= parts.keys():
        yield AnswerFlaw.UNKNOWN_PART
        return
    if len({part for part, _ in put}) < len(put):
        yield AnswerFlaw.PART_TWICE
    for part, given in put:
        if given and (flaw := _flaw_in_part(item, parts[part], given)):
            yield flaw
    places = [given for _, given in put if given]
    if item.kind is Kind.ORDERING and len(set(places)) < len(places):
        yield AnswerFlaw.PLACE_TWICE


def parts_of(item: Item) -> Sequence[Part]:
    """The parts an answer can name: those written down, or the ones its kind always has."""
    if item.kind is Kind.ORDERING:
        return [Part(option.id) for option in item.options]
    if item.kind is Kind.ESSAY:
        return [Part(TEXT, PartKind.TEXT)]
    if item.kind is Kind.FILE:
        return [Part(FILE, PartKind.TEXT)]
    return item.parts


def _flaw_in_part(item: Item, part: Part, given: str) -> AnswerFlaw | None:
    if item.kind is Kind.FILE:
        return None if _SHA_256.fullmatch(given) else AnswerFlaw.NOT_A_FILE
    if item.kind is Kind.ORDERING:
        return None if given in _places(item) else AnswerFlaw.NOT_A_PLACE
    if part.kind is PartKind.CHOICE:
        return None if given in choices_of(item, part) else AnswerFlaw.UNKNOWN_OPTION
    if len(given) > (LONGEST_ESSAY if item.kind is Kind.ESSAY else LONGEST_SHORT_TEXT):
        return AnswerFlaw.TOO_LONG
    if part.kind is PartKind.NUMBER and not numbers_meant(given):
        return AnswerFlaw.NOT_A_NUMBER
    return None


def _places(item: Item) -> frozenset[str]:
    return frozenset(map(str, range(1, len(item.options) + 1)))


def choices_of(item: Item, part: Part) -> frozenset[str]:
    """What can be put into a part that takes a choice."""
    if item.kind is Kind.TRUE_FALSE:
        return frozenset({TRUE, FALSE})
    return frozenset(option.id for option in part.options or item.options)
