"""A roster as an agency sends it, read into people and everything that is wrong with it.

Pure: the sheet goes in, rows and problems come out, all of them at once. Units stay text; whoever
knows the tree of units resolves them.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hocvu.kernel.vietnamese import (
    looks_like_tcvn3,
    looks_like_vni,
    read_legacy_font,
)
from hocvu.people.rules.roster_header import (
    BIRTHS,
    Column,
    Field,
    Header,
    column_letter,
    find_header,
)
from hocvu.people.rules.roster_problems import Problem, ProblemKind, Severity
from hocvu.people.rules.roster_reading import RosterReading
from hocvu.people.rules.roster_repetitions import with_same_people_told, without_repetitions
from hocvu.people.rules.roster_row import RosterRow
from hocvu.spreadsheets import Grid

__all__ = [
    "Column",
    "Field",
    "Problem",
    "ProblemKind",
    "Roster",
    "RosterRow",
    "Severity",
    "read_roster",
]

ERROR: Final = Severity.ERROR
WARNING: Final = Severity.WARNING

_HEADER_WITHIN: Final = 100
_ROWS_SEARCHED_FOR_LEGACY_TEXT: Final = 400
_FORMULAS_TOLD_ONE_BY_ONE: Final = 20


@dataclass(frozen=True, slots=True)
class Roster:
    """`problems` concern the sheet; those of a row are in its row."""

    rows: tuple[RosterRow, ...] = ()
    problems: tuple[Problem, ...] = ()
    columns: tuple[Column, ...] = ()
    header_row: int | None = None

    @property
    def all_problems(self) -> list[Problem]:
        """By row, then column; the sheet's own first."""
        of_rows = [problem for row in self.rows for problem in row.problems]
        return [
            *self.problems,
            *sorted(of_rows, key=lambda p: (p.row, len(p.column_letter), p.column_letter)),
        ]

    @property
    def can_be_taken(self) -> bool:
        return bool(self.rows) and all(problem.severity is not ERROR for problem in self.problems)


def read_roster(grid: Grid, *, reading_on: dt.date) -> Roster:
    """Finds the table, reads every person, tells every problem."""
    header = _first_header(grid)
    if legacy := _legacy_text(grid, header):
        return Roster(problems=(legacy,))
    if header is None:
        return Roster(problems=tuple(_needed_columns(grid)))
    reading = RosterReading(grid, header, reading_on)
    reading.read()
    rows = without_repetitions(reading.rows, header)
    problems = [*_missing_columns(header, reading), *_formula_columns(reading), *reading.left_out]
    if not rows:
        problems.append(Problem(ProblemKind.NO_PEOPLE, ERROR))
    elif reading.stated is not None and reading.stated[1] != len(reading.rows):
        row, count = reading.stated
        problems.append(
            Problem(ProblemKind.COUNT_DIFFERS, WARNING, row, "", str(count), str(len(reading.rows)))
        )
    return Roster(
        rows=tuple(with_same_people_told(rows)),
        problems=tuple(problems),
        columns=header.columns,
        header_row=header.first_row + 1,
    )


def _first_header(grid: Grid) -> Header | None:
    """The first header that knows at least half the fields the fullest one knows.

    A line such as `Họ và tên: … Chức vụ: …` above the table is no header beside the true one.
    """
    rows = range(min(len(grid.rows), _HEADER_WITHIN))
    headers = [header for row in rows if (header := find_header(grid, row)) is not None]
    most = max((header.known_fields for header in headers), default=0)
    return next((header for header in headers if header.known_fields * 2 >= most), None)


def _needed_columns(grid: Grid) -> Iterator[Problem]:
    filled = next((at + 1 for at, row in enumerate(grid.rows) if any(c.text for c in row)), 0)
    yield Problem(ProblemKind.HEADER_NOT_FOUND, ERROR, filled)
    for needed in (Field.FULL_NAME, Field.BIRTH, Field.IDENTITY, Field.UNIT):
        yield Problem(ProblemKind.COLUMN_MISSING, ERROR, proposed=needed.value)


_MAY_BE_LEGACY: Final = re.compile(r"[¡-¿Ç-Ñ×ØÞßäåæçëîïñö÷øûþÆ]|[aeouyAEOUYôöÔÖ][à-üÀ-Ü]")


def _legacy_text(grid: Grid, header: Header | None) -> Problem | None:
    """One clear refusal for a sheet typed in a font of the 1990s, with what it was meant to say."""
    first = header.last_row + 1 if header else 0
    last = len(grid.rows) if header else _ROWS_SEARCHED_FOR_LEGACY_TEXT
    telling = {Field.FULL_NAME, Field.FAMILY_NAMES, Field.UNIT, Field.POST_TITLE, Field.NOTE}
    columns = [c.index for c in header.columns if c.field in telling] if header else None
    known: dict[str, bool] = {}
    for number, row in enumerate(grid.rows[first:last], start=first):
        for at in columns if columns is not None else range(len(row)):
            text = row[at].text
            if not text or text.isascii() or not _MAY_BE_LEGACY.search(text):
                continue
            if text not in known:
                known[text] = looks_like_tcvn3(text) or looks_like_vni(text)
            if known[text]:
                meant = read_legacy_font(text)
                letter = column_letter(at)
                return Problem(ProblemKind.LEGACY_FONT, ERROR, number + 1, letter, text, meant)
    return None


def _missing_columns(header: Header, reading: RosterReading) -> Iterator[Problem]:
    place = header.first_row + 1
    if not header.has(*BIRTHS):
        yield Problem(ProblemKind.COLUMN_MISSING, WARNING, place, proposed=Field.BIRTH.value)
    if not header.has(Field.IDENTITY):
        yield Problem(ProblemKind.COLUMN_MISSING, WARNING, place, proposed=Field.IDENTITY.value)
    units = (Field.UNIT, Field.POST_AND_UNIT, Field.DEPARTMENT, Field.COMMUNE)
    if not header.has(*units) and not any(row.unit_text for row in reading.rows):
        yield Problem(ProblemKind.COLUMN_MISSING, WARNING, place, proposed=Field.UNIT.value)


def _formula_columns(reading: RosterReading) -> Iterator[Problem]:
    for letter, rows in reading.formulas.items():
        if len(rows) > _FORMULAS_TOLD_ONE_BY_ONE:
            yield Problem(
                ProblemKind.FORMULA_VALUE_READ, WARNING, rows[0], letter, found=str(len(rows))
            )
            continue
        for row in rows:
            yield Problem(ProblemKind.FORMULA_VALUE_READ, WARNING, row, letter)
