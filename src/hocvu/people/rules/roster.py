"""A roster as an agency sends it, read into people and everything that is wrong with it.

Pure: the sheet goes in, rows and problems come out, all of them at once. Units stay text; whoever
knows the tree of units resolves them.
"""

import datetime as dt
import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from hocvu.kernel.vietnamese import (
    looks_like_tcvn3,
    looks_like_vni,
    read_legacy_font,
)
from hocvu.people.rules.roster_dates import with_swapped_dates_told
from hocvu.people.rules.roster_header import Column, Header, column_letter, find_header
from hocvu.people.rules.roster_headings import BIRTHS, Field
from hocvu.people.rules.roster_lines import names_a_unit
from hocvu.people.rules.roster_problems import Problem, ProblemKind, Severity
from hocvu.people.rules.roster_reading import RosterReading
from hocvu.people.rules.roster_repetitions import with_same_people_told, without_repetitions
from hocvu.people.rules.roster_row import RosterRow
from hocvu.people.rules.viqr import looks_like_viqr, read_viqr
from hocvu.spreadsheets import Grid

__all__ = [
    "Column",
    "Field",
    "Problem",
    "ProblemKind",
    "Roster",
    "RosterRow",
    "Severity",
    "SheetRead",
    "read_roster",
]

ERROR: Final = Severity.ERROR
WARNING: Final = Severity.WARNING

_HEADER_WITHIN: Final = 100
_ROWS_SEARCHED_FOR_LEGACY_TEXT: Final = 400
_FORMULAS_TOLD_ONE_BY_ONE: Final = 20
_ROWS_NAMED: Final = 10


@dataclass(frozen=True, slots=True)
class SheetRead:
    """A sheet that gave people. Its row 1 counts as row `before` + 1 of the roster."""

    name: str
    before: int = 0


@dataclass(frozen=True, slots=True)
class Roster:
    """`problems` concern the sheets; those of a row are in it. Rows count through all sheets."""

    rows: tuple[RosterRow, ...] = ()
    problems: tuple[Problem, ...] = ()
    columns: tuple[Column, ...] = ()
    header_row: int | None = None
    sheets: tuple[SheetRead, ...] = ()

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

    def sheet_of(self, row: int) -> SheetRead:
        return self.sheets[bisect(self.sheets, row - 1, key=lambda sheet: sheet.before) - 1]

    def place_of(self, row: int) -> str:
        """The row as its own sheet counts it, and the sheet; nothing where there is only one."""
        if len(self.sheets) < 2 or not row:  # noqa: PLR2004
            return ""
        sheet = self.sheet_of(row)
        return f"{row - sheet.before} ({sheet.name})"


def read_roster(*grids: Grid, reading_on: dt.date) -> Roster:
    """Finds the tables, reads every person of every sheet, tells every problem.

    Hidden sheets are read only where no other holds people.
    """
    read = [(grid, _read_sheet(grid, reading_on)) for grid in grids]
    with_people = [(grid, roster) for grid, roster in read if roster.rows]
    taken = [each for each in with_people if not each[0].hidden] or with_people
    if not taken:
        return next((roster for _, roster in read if roster.columns), read[0][1])
    names = [grid.name for grid, _ in taken]
    hidden = [grid.name for grid, _ in with_people if grid.name not in names]
    without = [grid.name for grid, roster in read if not (roster.rows or grid.hidden)]
    told = [
        Problem(kind, WARNING, found=", ".join(sheets))
        for kind, sheets in (
            (ProblemKind.HIDDEN_SHEETS_LEFT_OUT, hidden),
            (ProblemKind.SHEETS_WITHOUT_LIST, without),
        )
        if sheets
    ]
    return _together(taken, told)


def _together(taken: Sequence[tuple[Grid, Roster]], told: Sequence[Problem]) -> Roster:
    """One roster of several sheets; who stands in two of them is one person."""
    before, sheets = 0, []
    rows: list[RosterRow] = []
    problems: list[Problem] = []
    for grid, roster in taken:
        sheets.append(SheetRead(grid.name, before))
        several = roster if len(taken) == 1 else _in_sheet(roster, grid.name, before)
        rows += several.rows
        problems += several.problems
        before += len(grid.rows)
    first = taken[0][1]
    whole = Roster((), (*problems, *told), first.columns, first.header_row, tuple(sheets))
    apart = without_repetitions(rows, first.columns)
    same = with_same_people_told(apart, lambda row: whole.sheet_of(row).name)
    return replace(whole, rows=tuple(same))


def _in_sheet(roster: Roster, name: str, before: int) -> Roster:
    """The sheet's rows, counted on from those before; its name is the unit where none is said."""
    is_unit = names_a_unit(name) and not any(row.unit_text for row in roster.rows)
    rows = [_moved(row, before, name if is_unit else "") for row in roster.rows]
    problems = [
        _moved_problem(problem, before)
        for problem in roster.problems
        if not (is_unit and problem.proposed == Field.UNIT.value)
    ]
    return replace(roster, rows=tuple(rows), problems=tuple(problems))


def _moved(row: RosterRow, before: int, unit: str) -> RosterRow:
    number = row.row_number + before
    problems = [_moved_problem(problem, before) for problem in row.problems]
    if unit and not row.commune_text:
        told = ProblemKind.UNIT_TAKEN_FROM_SHEET
        problems.append(Problem(told, WARNING, number, proposed=unit))
        row = replace(row, unit_text=unit)
    return replace(row, row_number=number, problems=tuple(problems))


def _moved_problem(problem: Problem, before: int) -> Problem:
    return replace(problem, row=problem.row + before if problem.row else 0)


def _read_sheet(grid: Grid, reading_on: dt.date) -> Roster:
    header = _first_header(grid)
    if legacy := _legacy_text(grid, header):
        return Roster(problems=(legacy,))
    if header is None:
        return Roster(problems=tuple(_needed_columns(grid)))
    reading = RosterReading(grid, header, reading_on)
    reading.read()
    return Roster(
        rows=tuple(with_swapped_dates_told(reading.rows, grid, header)),
        problems=tuple(_sheet_problems(grid, header, reading)),
        columns=header.columns,
        header_row=header.first_row + 1,
    )


def _sheet_problems(grid: Grid, header: Header, reading: RosterReading) -> Iterator[Problem]:
    yield from _missing_columns(header, reading)
    yield from _formula_columns(reading)
    yield from reading.left_out
    yield from _unread_columns(grid, header)
    hidden = [row.row_number for row in reading.rows if row.row_number - 1 in grid.hidden_rows]
    if hidden:
        named = ", ".join(map(str, hidden[:_ROWS_NAMED]))
        named += " …" if len(hidden) > _ROWS_NAMED else ""
        yield Problem(ProblemKind.HIDDEN_ROWS_READ, WARNING, found=str(len(hidden)), proposed=named)
    if not reading.rows:
        yield Problem(ProblemKind.NO_PEOPLE, ERROR)
    elif reading.stated is not None and reading.stated[1] != len(reading.rows):
        row, count = reading.stated
        read = str(len(reading.rows))
        yield Problem(ProblemKind.COUNT_DIFFERS, WARNING, row, "", str(count), read)


def _unread_columns(grid: Grid, header: Header) -> Iterator[Problem]:
    below = grid.rows[header.last_row + 1 :]
    left_out = [
        f"{column_letter(at)} ({heading})"
        for at, heading in header.unread
        if any(row[at].text.strip() for row in below)
    ]
    if left_out:
        found = ", ".join(left_out)
        place = header.first_row + 1
        yield Problem(ProblemKind.COLUMNS_LEFT_OUT, WARNING, place, found=found)


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


_MAY_BE_LEGACY: Final = re.compile(
    r"[¡-¿Ç-Ñ×ØÞßäåæçëîïñö÷øûþÆ]|[aeouyAEOUYôöÔÖ][à-üÀ-Ü]|[aeouAEOU][(+^]"
)


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
            if not _MAY_BE_LEGACY.search(text):
                continue
            if text not in known:
                known[text] = _is_legacy(text)
            if known[text]:
                meant = read_viqr(text) if text.isascii() else read_legacy_font(text)
                letter = column_letter(at)
                return Problem(ProblemKind.LEGACY_FONT, ERROR, number + 1, letter, text, meant)
    return None


def _is_legacy(text: str) -> bool:
    return looks_like_viqr(text) or looks_like_tcvn3(text) or looks_like_vni(text)


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
