"""The workbook in which answers given on paper are entered, read row by row.

A row is one learner's sheet. What stands in it is read here; whether it fits the sitting, its
learners and what was brought in before is judged later, because that changes.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, Self

from hocvu.exams.rules.paper_answers import AnswerIsUnreadable, lines_written
from hocvu.items.content import Item
from hocvu.kernel.time import VIETNAM
from hocvu.kernel.vietnamese import fold
from hocvu.spreadsheets import Cell, Grid

_CHECK_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ"
_SHEET_CODE = re.compile(r"\bPTL(\d{1,12})([A-Z]{2})\b")
_LEARNER_CODE = re.compile(r"HV(\d{1,12})([A-Z]{2})")
_HEADINGS_WITHIN = 30  # rows from the top
_QUESTION = re.compile(r"(?:cau|question) (\d{1,4})\b.*")
_LEARNER, _NAME, _STARTED, _HANDED_IN = "learner", "name", "started", "handed in"
_HEADINGS = {
    "ma hoc vien": _LEARNER, "learner code": _LEARNER,
    "ho va ten": _NAME, "full name": _NAME,
    "bat dau": _STARTED, "started": _STARTED,
    "da nop luc": _HANDED_IN, "handed in": _HANDED_IN,
}  # fmt: skip
_MOMENT = re.compile(
    r"(?:(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})"
    r"|(?P<year2>\d{4})-(?P<month2>\d{1,2})-(?P<day2>\d{1,2}))?[\s,T]*"
    r"(?P<hour>\d{1,2})\s*(?:[:hg]|gio)\s*(?P<minute>\d{2})?(?::\d{2}(?:\.0+)?)?",
    re.IGNORECASE,
)


# --- Codes -------------------------------------------------------------------------------------


def sheet_code(sitting_id: int, question_ids: Sequence[int]) -> str:
    """Names the sitting and the questions in their order: `PTL12KX`, on booklet and workbook."""
    return f"PTL{sitting_id}{_check(f'{sitting_id}/{list(question_ids)}')}"


def learner_code(enrolment_id: int) -> str:
    """Names a learner's place in a class; nothing about the person can be read off it."""
    return f"HV{enrolment_id}{_check(f'learner {enrolment_id}')}"


def enrolment_meant(code: str) -> int | None:
    """None where a sign was lost or mistyped."""
    found = _LEARNER_CODE.fullmatch("".join(code.split()).upper())
    if found is None or learner_code(int(found[1])) != found[0]:
        return None
    return int(found[1])


def _check(text: str) -> str:
    digest = sha256(text.encode()).digest()
    return "".join(_CHECK_LETTERS[octet % len(_CHECK_LETTERS)] for octet in digest[:2])


# --- What a row holds --------------------------------------------------------------------------


class RowTrouble(StrEnum):
    """What does not fit about one row; the troubles of single answers are in `AnswerTrouble`."""

    UNKNOWN_LEARNER = "unknown_learner"
    ANOTHER_NAME = "another_name"
    NOT_YOURS = "not_yours"
    TWICE = "twice"
    TIME_UNREADABLE = "time_unreadable"
    BEFORE_IT_OPENED = "before_it_opened"
    AFTER_IT_CLOSED = "after_it_closed"
    HANDED_IN_FIRST = "handed_in_first"
    TOO_LATE = "too_late"
    IN_THE_FUTURE = "in_the_future"
    HAS_AN_ATTEMPT = "has_an_attempt"
    OTHER_ANSWERS = "other_answers"


@dataclass(frozen=True)
class Trouble:
    """`kind` is a RowTrouble or, with the number of its question, an AnswerTrouble."""

    kind: str
    about: str = ""
    question: int = 0


@dataclass(frozen=True)
class SheetRow:
    """One learner's sheet as the file says it. `row` is counted as spreadsheets count."""

    row: int
    code: str
    name: str
    started_at: datetime | None
    handed_in_at: datetime | None
    answers: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    troubles: tuple[Trouble, ...] = ()

    @property
    def answered(self) -> int:
        return len(self.answers)

    def as_json(self) -> dict[str, Any]:
        return {
            "row": self.row,
            "code": self.code,
            "name": self.name,
            "started_at": self.started_at.isoformat() if self.started_at else None,
            "handed_in_at": self.handed_in_at.isoformat() if self.handed_in_at else None,
            "answers": {str(question): list(lines) for question, lines in self.answers.items()},
            "troubles": [[each.kind, each.about, each.question] for each in self.troubles],
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        started_at, handed_in_at = stored["started_at"], stored["handed_in_at"]
        return cls(
            row=stored["row"],
            code=stored["code"],
            name=stored["name"],
            started_at=datetime.fromisoformat(started_at) if started_at else None,
            handed_in_at=datetime.fromisoformat(handed_in_at) if handed_in_at else None,
            answers={int(pk): tuple(lines) for pk, lines in stored["answers"].items()},
            troubles=tuple(Trouble(*each) for each in stored["troubles"]),
        )


# --- Reading -----------------------------------------------------------------------------------


class FileTrouble(StrEnum):
    """Why nothing of the file can be taken in."""

    NOT_THIS_WORKBOOK = "not_this_workbook"
    LETTERS_LOST = "letters_lost"
    CODE_IS_GONE = "code_is_gone"
    ANOTHER_SITTING = "another_sitting"
    SEVERAL_SHEETS = "several_sheets"
    QUESTIONS_MISSING = "questions_missing"
    COLUMN_TWICE = "column_twice"
    COLUMN_MISSING = "column_missing"
    NOTHING_ENTERED = "nothing_entered"


class FileDoesNotFit(Exception):
    """`about`: which questions, which column."""

    def __init__(self, trouble: FileTrouble, about: str = "") -> None:
        super().__init__(trouble.value)
        self.trouble = trouble
        self.about = about


@dataclass(frozen=True)
class AskedOnPaper:
    """What the booklet asks, in its order, and the code on it."""

    code: str
    questions: Sequence[tuple[int, Item]]
    only_day: date | None  # the day of the sitting, if it opens and closes on one


@dataclass(frozen=True)
class SheetsRead:
    rows: tuple[SheetRow, ...]
    left_empty: int  # rows of learners without any answer


def read_sheets(grids: Sequence[Grid], asked: AskedOnPaper) -> SheetsRead:
    """Every row that holds an answer. Raises FileDoesNotFit."""
    grid, at, columns = _table(grids)
    _refuse_another_sitting(grid, at, asked)
    _refuse_without_columns(columns, asked)
    reading = _Reading(asked, columns)
    rows, empty = [], 0
    for number, cells in enumerate(grid.rows[at + 1 :], start=at + 2):
        texts = [cell.text for cell in cells]
        if reading.is_answered(texts):
            rows.append(reading.row(number, texts))
        elif texts[columns[_LEARNER]].strip():
            empty += 1
    if not rows:
        raise FileDoesNotFit(FileTrouble.NOTHING_ENTERED)
    return SheetsRead(tuple(rows), empty)


_Columns = dict[str | int, int]  # by meaning, or by the number of a question


def _table(grids: Sequence[Grid]) -> tuple[Grid, int, _Columns]:
    found = [each for grid in grids if (each := _headings(grid))]
    if not found:
        lost = any(_lost_letters(cell.text) for grid in grids for cell in _top_cells(grid))
        raise FileDoesNotFit(FileTrouble.LETTERS_LOST if lost else FileTrouble.NOT_THIS_WORKBOOK)
    if len(found) > 1:
        raise FileDoesNotFit(FileTrouble.SEVERAL_SHEETS, ", ".join(each[0].name for each in found))
    return found[0]


def _headings(grid: Grid) -> tuple[Grid, int, _Columns] | None:
    for at, cells in enumerate(grid.rows[:_HEADINGS_WITHIN]):
        meanings = [_meaning(cell.text) for cell in cells]
        if _LEARNER in meanings and any(isinstance(each, int) for each in meanings):
            return grid, at, _placed(meanings)
    return None


def _top_cells(grid: Grid) -> Iterator[Cell]:
    for cells in grid.rows[:_HEADINGS_WITHIN]:
        yield from cells


def _lost_letters(heading: str) -> bool:
    """A file in an old character set has question marks where Vietnamese letters were."""
    plain = fold(heading)
    return "?" in plain and any(
        len(plain) == len(known)
        and all(sign in {"?", letter} for sign, letter in zip(plain, known, strict=True))
        for known in _HEADINGS
    )


def _meaning(heading: str) -> str | int | None:
    plain = fold(heading)
    if found := _QUESTION.fullmatch(plain):
        return int(found[1])
    return _HEADINGS.get(plain)


def _placed(meanings: Sequence[str | int | None]) -> _Columns:
    columns: _Columns = {}
    for at, meaning in enumerate(meanings):
        if meaning is None:
            continue
        if meaning in columns:
            raise FileDoesNotFit(FileTrouble.COLUMN_TWICE, str(meaning))
        columns[meaning] = at
    return columns


def _refuse_another_sitting(grid: Grid, headings_at: int, asked: AskedOnPaper) -> None:
    above = " ".join(cell.text for row in grid.rows[:headings_at] for cell in row)
    codes = {found[0] for found in _SHEET_CODE.finditer(above.upper())}
    if not codes:
        raise FileDoesNotFit(FileTrouble.CODE_IS_GONE)
    if codes != {asked.code}:
        raise FileDoesNotFit(FileTrouble.ANOTHER_SITTING, min(codes - {asked.code}))


def _refuse_without_columns(columns: _Columns, asked: AskedOnPaper) -> None:
    for needed in (_STARTED, _HANDED_IN):
        if needed not in columns:
            raise FileDoesNotFit(FileTrouble.COLUMN_MISSING, needed)
    numbers = range(1, len(asked.questions) + 1)
    missing = [str(number) for number in numbers if number not in columns]
    if missing:
        raise FileDoesNotFit(FileTrouble.QUESTIONS_MISSING, ", ".join(missing))


class _Reading:
    """Reads rows. Few different answers are given, however many learners there are."""

    def __init__(self, asked: AskedOnPaper, columns: _Columns) -> None:
        self._day = asked.only_day
        self._columns = columns
        self._questions = [
            (number, columns[number], pk, item)
            for number, (pk, item) in enumerate(asked.questions, start=1)
        ]
        self._known: dict[tuple[int, str], tuple[str, ...] | Trouble] = {}
        self._moments: dict[str, datetime | None] = {}

    def is_answered(self, texts: Sequence[str]) -> bool:
        return any(texts[at].strip() for _, at, _, _ in self._questions)

    def row(self, number: int, texts: Sequence[str]) -> SheetRow:
        answers, troubles = {}, []
        for question, at, pk, item in self._questions:
            read = self._answer(question, pk, item, texts[at])
            if isinstance(read, Trouble):
                troubles.append(read)
            elif read:
                answers[pk] = read
        started_at, handed_in_at = (self._moment(texts, each) for each in (_STARTED, _HANDED_IN))
        return SheetRow(
            row=number,
            code=texts[self._columns[_LEARNER]].strip()[:40],
            name=self._text(texts, _NAME)[:200],
            started_at=started_at,
            handed_in_at=handed_in_at,
            answers=answers,
            troubles=(*self._untold(texts), *troubles),
        )

    def _answer(self, number: int, pk: int, item: Item, text: str) -> tuple[str, ...] | Trouble:
        known = self._known.get((pk, text))
        if known is None:
            try:
                known = lines_written(item, pk, text)
            except AnswerIsUnreadable as unreadable:
                known = Trouble(unreadable.trouble, unreadable.about, number)
            self._known[pk, text] = known
        return known

    def _text(self, texts: Sequence[str], meaning: str) -> str:
        return texts[self._columns[meaning]].strip() if meaning in self._columns else ""

    def _moment(self, texts: Sequence[str], meaning: str) -> datetime | None:
        text = self._text(texts, meaning)
        if text not in self._moments:
            self._moments[text] = moment_written(text, self._day)
        return self._moments[text]

    def _untold(self, texts: Sequence[str]) -> Iterator[Trouble]:
        for meaning in (_STARTED, _HANDED_IN):
            if self._moment(texts, meaning) is None:
                yield Trouble(RowTrouble.TIME_UNREADABLE, self._text(texts, meaning)[:40])


def moment_written(text: str, only_day: date | None) -> datetime | None:
    """`22/11/2026 08:05` or `2026-11-22 08:05`; `8:05` and `8h05` on the only day there is."""
    found = _MOMENT.fullmatch(text.strip())
    if found is None:
        return None
    year, month, day = (found[name] or found[f"{name}2"] for name in ("year", "month", "day"))
    try:
        on = date(int(year), int(month), int(day)) if year else only_day
        if on is None:
            return None
        return datetime(
            on.year, on.month, on.day, int(found["hour"]), int(found["minute"] or 0), tzinfo=VIETNAM
        )
    except ValueError:
        return None
