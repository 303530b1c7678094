"""How people write keys: `B`, `A và C`, `1.A 2.B`, `a) Đ b) S`, `12,5`, `PHẦN II`."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Final

from hocvu.items.content import Accepted
from hocvu.items.typed import numbers_meant
from hocvu.kernel.vietnamese import fold

LETTERS: Final = "ABCDEFGHIJ"
_AND: Final = r"(?:\s*(?:[,;/&+.]|và|and)\s*|\s+)"
_KEY: Final = re.compile(rf"\(?([A-J])\)?(?:{_AND}\(?([A-J])\)?)*\s*[.)]?", re.IGNORECASE)
_RUN_TOGETHER: Final = re.compile(r"[A-J]{2,10}")
_LETTER: Final = re.compile(r"(?<![A-Za-zÀ-ỹ])([A-J])(?![A-Za-zÀ-ỹ])", re.IGNORECASE)
_FIRST: Final = re.compile(r"\(?([A-J])\)?\s*(?:[.):,–—-]|$)\s*")
_JUDGED: Final = r"(đúng|sai|đ|s|true|false|t|f)"
_NAMED_JUDGEMENT: Final = re.compile(
    rf"(?<!\w)([a-j])\s*[).:\-–]?\s*{_JUDGED}(?!\w)", re.IGNORECASE
)
_JUDGEMENTS: Final = re.compile(rf"(?:{_JUDGED}[\s,;./\-–]*)+", re.IGNORECASE)
_RUN_OF_JUDGEMENTS: Final = re.compile(r"[ĐSđsTFtf]{2,10}")
_ONE_JUDGEMENT: Final = re.compile(_JUDGED, re.IGNORECASE)
_PAIR: Final = re.compile(r"(?:Câu\s*)?(\d{1,3})\s*[.\-:–)=]?\s*([A-J])(?![\wÀ-ỹ])", re.IGNORECASE)
_PAIRS: Final = re.compile(
    r"(?:(?:Câu\s*)?\d{1,3}\s*[.\-:–)=]?\s*[A-J](?![\wÀ-ỹ])[\s,;|.]*)+", re.IGNORECASE
)
_ALTERNATIVES: Final = re.compile(r"\s*(?:;|\||\bhoặc\b|\bor\b)\s*", re.IGNORECASE)
_OPTION: Final = re.compile(r"(?:^|(?<=\s))(\*?)\s*([A-Ja-j])\s*[.):/]\s*")
_AMBIGUOUS: Final = 2
_LEAST_OPTIONS: Final = 2


def key_letters(text: str) -> frozenset[int] | None:
    """The places of the options a key names, counted from 0; none if it names none."""
    plain = " ".join(text.split()).strip(" .")
    if _RUN_TOGETHER.fullmatch(plain) and list(plain) == sorted(set(plain)):
        return frozenset(LETTERS.index(letter) for letter in plain)
    if not _KEY.fullmatch(plain):
        return None
    return frozenset(LETTERS.index(found[1].upper()) for found in _LETTER.finditer(plain))


def leading_letter(text: str) -> tuple[int, str] | None:
    """A key at the start of a longer text, `B. Vì …`, and the rest of it."""
    found = _FIRST.match(text.strip())
    if not found:
        return None
    return LETTERS.index(found[1].upper()), text.strip()[found.end() :]


def judgements(text: str, count: int) -> tuple[bool, ...] | None:
    """For each of `count` statements whether it is true; none if the text does not say so."""
    plain = " ".join(text.split()).strip(" .")
    if named := _NAMED_JUDGEMENT.findall(plain):
        said = {letter.lower(): _is_true(word) for letter, word in named}
        wanted = [letter.lower() for letter in LETTERS[:count]]
        return tuple(said[each] for each in wanted) if set(wanted) == set(said) else None
    if _RUN_OF_JUDGEMENTS.fullmatch(plain.replace(" ", "")):
        words: Sequence[str] = plain.replace(" ", "")
    elif _JUDGEMENTS.fullmatch(plain):
        words = _ONE_JUDGEMENT.findall(plain)
    else:
        return None
    return tuple(map(_is_true, words)) if len(words) == count else None


def judgement(text: str) -> bool | None:
    """`Đúng`, `S`, `True`: one of them alone."""
    plain = text.strip().strip("().[] ")
    return _is_true(plain) if _ONE_JUDGEMENT.fullmatch(plain) else None


def _is_true(word: str) -> bool:
    return fold(word)[0] in "dt"


def numbered_letters(text: str) -> list[tuple[int, str]]:
    """`1.A 2-B  Câu 3: C`, if the text holds nothing else."""
    plain = " ".join(text.split())
    if not _PAIRS.fullmatch(plain):
        return []
    return [(int(number), letter.upper()) for number, letter in _PAIR.findall(plain)]


def numbered_in_table(rows: Sequence[Sequence[str]]) -> list[tuple[int, str]]:
    """The keys in a table: numbers above letters, numbers beside letters, or both in one cell."""
    filled = [[" ".join(cell.split()) for cell in row] for row in rows]
    cells = [cell for row in filled for cell in row if cell]
    if cells and all(_PAIR.fullmatch(cell) for cell in cells):
        return [pair for cell in cells for pair in numbered_letters(cell)]
    return list(_across(filled)) or list(_down(filled))


def _across(rows: Sequence[Sequence[str]]) -> Iterator[tuple[int, str]]:
    """A row of numbers, and below it a row of keys."""
    for above, below in pairwise(rows):
        numbers = [_number(cell) for cell in above]
        keys = list(zip(numbers, below, strict=False))
        found = [(number, key) for number, key in keys if number is not None and key]
        whole = all(number is not None for number in numbers[1:])
        certain = _says_answers(below[0]) or not any(_number(key) for _, key in found)
        if whole and len(numbers) > 1 and found and certain:
            yield from found


def _down(rows: Sequence[Sequence[str]]) -> Iterator[tuple[int, str]]:
    """Columns by twos: a number and its key."""
    if not rows or not any(_says_answers(cell) for cell in rows[0]):
        return
    pairs = [at for at, cell in enumerate(rows[0][:-1]) if _says_answers(rows[0][at + 1])]
    for at in pairs:
        for row in rows[1:]:
            number = _number(row[at]) if at < len(row) else None
            if number is not None and at + 1 < len(row) and row[at + 1]:
                yield number, row[at + 1]


def _number(cell: str) -> int | None:
    found = re.fullmatch(r"(?:Câu\s*)?(\d{1,3})\s*[.:)]?", cell, re.IGNORECASE)
    return int(found[1]) if found else None


def _says_answers(cell: str) -> bool:
    return fold(cell).strip(" .:") in {"dap an", "da", "answer", "key", "tra loi", "dap an dung"}


def options_in(text: str) -> list[tuple[str, bool]]:
    """The options in one cell, `A. … B. …` or line by line, and whether a star marks them."""
    marks: list[re.Match[str]] = []
    for mark in _OPTION.finditer(text):
        if LETTERS[len(marks) : len(marks) + 1] == mark[2].upper():
            marks.append(mark)
    if len(marks) < _LEAST_OPTIONS:
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        return [(line.lstrip("*").strip(), line.startswith("*")) for line in lines]
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    texts = [text[mark.end() : end].strip() for mark, end in zip(marks, ends, strict=True)]
    if all(each.endswith(";") for each in texts[:-1]):  # A. một; B. hai; C. ba
        texts = [each.removesuffix(";").rstrip() for each in texts]
    return [(each, bool(mark[1])) for each, mark in zip(texts, marks, strict=True)]


def accepted_of(text: str) -> tuple[tuple[Accepted, ...], bool, bool]:
    """The answers a key accepts, whether all are numbers, and whether one of them was guessed."""
    values = [
        each.strip().rstrip(".") for each in _ALTERNATIVES.split(text.strip()) if each.strip()
    ]
    numbers = [_meant(value) for value in values]
    if values and all(number is not None for number in numbers):
        guessed = any(len(numbers_meant(value)) >= _AMBIGUOUS for value in values)
        accepted = tuple(Accepted(number) for number in numbers if number is not None)
        return accepted, True, guessed
    written = (Accepted(value.replace("*", r"\*")) for value in values)
    return tuple(written), False, False


def _meant(value: str) -> str | None:
    """The number as keys state it. `1.234` is taken the Vietnamese way: a thousand and more."""
    meant = numbers_meant(value)
    if not meant or "%" in value:
        return None
    best = max(meant) if len(meant) > 1 and max(meant) > 0 else meant[0]
    if best.denominator == 1:
        return str(best.numerator)
    exact = Decimal(best.numerator) / Decimal(best.denominator)
    return f"{exact:f}" if len(f"{exact:f}") < 20 else None  # noqa: PLR2004 — a third has no end
