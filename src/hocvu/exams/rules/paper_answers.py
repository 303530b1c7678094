"""What is written on an answer sheet, read as the lines of an answer.

Options have the letters under which the booklet prints them (A, B, C …), parts and gaps their
numbers. Capitals, spaces and commas never matter.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum

from hocvu.exams.rules.order import letter_of, mixed
from hocvu.items.answers import FALSE, TEXT, TRUE, VALUE, AnswerFlaw, flaw_in, takes_options
from hocvu.items.content import Item, Kind, Option, Part, PartKind

NOTHING_WRITTEN = frozenset("-–—")  # what stands for "left blank" on a sheet that was handed in

_GAPS_BETWEEN = re.compile(r"[\s,;.+/&]+")
_NUMBERED = re.compile(r"(\d+)[.:)=-]*([^\W\d_]+|[-–—])")
_GAP = re.compile(r"\s*(\d+)\s*[:=]\s*(.*)", re.DOTALL)
_LETTERS = 26
_MOST_DIGITS = 4
_TRUE = frozenset({"Đ", "D", "T", "ĐÚNG", "DUNG", "TRUE"})
_FALSE = frozenset({"S", "F", "SAI", "FALSE"})


class AnswerTrouble(StrEnum):
    """Why what stands in a cell is no answer to its question."""

    UNKNOWN_LETTER = "unknown_letter"
    ONE_LETTER = "one_letter"
    LETTER_TWICE = "letter_twice"
    NOT_NUMBERED = "not_numbered"
    UNKNOWN_NUMBER = "unknown_number"
    NUMBER_TWICE = "number_twice"
    NOT_A_NUMBER = "not_a_number"
    TOO_LONG = "too_long"
    NOT_TEXT = "not_text"
    NOT_ON_PAPER = "not_on_paper"


class AnswerIsUnreadable(Exception):
    """`about` is the letter, number or word that was meant."""

    def __init__(self, trouble: AnswerTrouble, about: str = "") -> None:
        super().__init__(trouble.value)
        self.trouble = trouble
        self.about = about


def lines_written(item: Item, question_id: int, text: str) -> tuple[str, ...]:
    """The lines of the answer a cell holds; none where it says that nothing was written.

    Raises AnswerIsUnreadable.
    """
    written = unicodedata.normalize("NFC", text).strip()
    if not written or written in NOTHING_WRITTEN:
        return ()
    if item.kind is Kind.FILE:
        raise AnswerIsUnreadable(AnswerTrouble.NOT_ON_PAPER)
    if takes_options(item):
        lines = _options_chosen(item, written)
    else:
        lines = tuple(_READERS[item.kind](item, question_id, written))
    if flaw := flaw_in(item, lines):
        raise AnswerIsUnreadable(_TROUBLES.get(flaw, AnswerTrouble.UNKNOWN_LETTER), written[:40])
    return lines


def takes_paper(item: Item) -> bool:
    """Whether it can be answered on paper at all: a file cannot."""
    return item.kind is not Kind.FILE


def things_to_order(item: Item, question_id: int) -> list[Option]:
    """What is to be put in order, as the booklet prints it: never in the right order."""
    return mixed(item.options, question_id, seed=None)


# --- Letters -----------------------------------------------------------------------------------


def _options_chosen(item: Item, written: str) -> tuple[str, ...]:
    letters = _letters_in(written, len(item.options))
    if item.kind is not Kind.MULTIPLE and len(letters) > 1:
        raise AnswerIsUnreadable(AnswerTrouble.ONE_LETTER, written[:40])
    return tuple(_by_letter(item.options, letter).id for letter in _each_once(letters))


def _letters_in(written: str, among: int) -> list[str]:
    """`AC`, `A, C` and `a c` are two letters. Beyond Z, letters have to stand apart."""
    upper = written.upper()
    if among > _LETTERS:
        return [each for each in _GAPS_BETWEEN.split(upper) if each]
    return list(_GAPS_BETWEEN.sub("", upper))


def _each_once(letters: Sequence[str]) -> Sequence[str]:
    for letter in letters:
        if letters.count(letter) > 1:
            raise AnswerIsUnreadable(AnswerTrouble.LETTER_TWICE, letter)
    return letters


def _by_letter(options: Sequence[Option], letter: str) -> Option:
    for at, option in enumerate(options):
        if letter_of(at) == letter:
            return option
    raise AnswerIsUnreadable(AnswerTrouble.UNKNOWN_LETTER, letter[:40])


def _in_order(item: Item, question_id: int, written: str) -> Iterator[str]:
    """`C A B`: first to last; a dash keeps a place free."""
    things = things_to_order(item, question_id)
    letters = [
        "-" if letter in NOTHING_WRITTEN else letter
        for letter in _letters_in(written, len(item.options))
    ]
    _each_once([letter for letter in letters if letter != "-"])
    if len(letters) > len(things):
        raise AnswerIsUnreadable(AnswerTrouble.UNKNOWN_LETTER, written[:40])
    for place, letter in enumerate(letters, start=1):
        if letter != "-":
            yield f"{_by_letter(things, letter).id}={place}"


# --- Numbered parts ----------------------------------------------------------------------------


def _choices_of_parts(item: Item, _question_id: int, written: str) -> Iterator[str]:
    """`1B 2A`, or `BA` with a letter for every part."""
    for part, given in _numbered(item.parts, written):
        if given not in NOTHING_WRITTEN:
            yield f"{part.id}={_choice(item, part, given)}"


def _numbered(parts: Sequence[Part], written: str) -> list[tuple[Part, str]]:
    compact = _GAPS_BETWEEN.sub("", written.upper())
    if len(compact) == len(parts) and not any(sign.isdigit() for sign in compact):
        return list(zip(parts, compact, strict=True))
    found = _NUMBERED.findall(compact)
    if not found or _NUMBERED.sub("", compact):
        raise AnswerIsUnreadable(AnswerTrouble.NOT_NUMBERED, written[:40])
    return _each_part_once([(_part(parts, number), given) for number, given in found], parts)


def _part(parts: Sequence[Part], number: str) -> Part:
    at = int(number) if len(number) <= _MOST_DIGITS else 0
    if not 1 <= at <= len(parts):
        raise AnswerIsUnreadable(AnswerTrouble.UNKNOWN_NUMBER, number[:9])
    return parts[at - 1]


def _each_part_once(found: list[tuple[Part, str]], parts: Sequence[Part]) -> list[tuple[Part, str]]:
    for part, _given in found:
        if sum(other is part for other, _ in found) > 1:
            number = next(at for at, each in enumerate(parts, start=1) if each is part)
            raise AnswerIsUnreadable(AnswerTrouble.NUMBER_TWICE, str(number))
    return found


def _choice(item: Item, part: Part, given: str) -> str:
    if item.kind is Kind.TRUE_FALSE:
        if given in _TRUE:
            return TRUE
        if given in _FALSE:
            return FALSE
        raise AnswerIsUnreadable(AnswerTrouble.UNKNOWN_LETTER, given[:40])
    return _by_letter(part.options or item.options, given).id


def _gaps(item: Item, _question_id: int, written: str) -> Iterator[str]:
    """`1: Hà Nội; 2: B`. Where there is one gap, what stands in it is enough."""
    pieces = [piece for piece in re.split(r"[;\n]", written) if piece.strip()]
    found = [_GAP.fullmatch(piece) for piece in pieces]
    if len(item.parts) == 1 and not all(found):
        given = [(item.parts[0], written)]
    else:
        numbered = [(each[1], each[2].strip()) for each in found if each]
        if len(numbered) < len(pieces):
            raise AnswerIsUnreadable(AnswerTrouble.NOT_NUMBERED, written[:40])
        given = _each_part_once(
            [(_part(item.parts, n), value) for n, value in numbered], item.parts
        )
    for part, value in given:
        if value and value not in NOTHING_WRITTEN:
            chosen = part.kind is PartKind.CHOICE
            yield f"{part.id}={_choice(item, part, value.upper()) if chosen else value}"


# --- Numbers and words -------------------------------------------------------------------------


def _number(_item: Item, _question_id: int, written: str) -> Iterator[str]:
    yield f"{VALUE}={written}"


def _words(_item: Item, _question_id: int, written: str) -> Iterator[str]:
    yield f"{TEXT}={written}"


_READERS: Mapping[Kind, Callable[[Item, int, str], Iterator[str]]] = {
    Kind.TRUE_FALSE: _choices_of_parts,
    Kind.MATCHING: _choices_of_parts,
    Kind.STATEMENTS: _choices_of_parts,
    Kind.ORDERING: _in_order,
    Kind.CLOZE: _gaps,
    Kind.NUMERIC: _number,
    Kind.SHORT_TEXT: _words,
    Kind.ESSAY: _words,
}
_TROUBLES = {
    AnswerFlaw.NOT_A_NUMBER: AnswerTrouble.NOT_A_NUMBER,
    AnswerFlaw.TOO_LONG: AnswerTrouble.TOO_LONG,
    AnswerFlaw.NOT_TEXT: AnswerTrouble.NOT_TEXT,
}
