"""Questions in a spreadsheet, one row each: .xlsx, .xls, .ods, .csv; and one to fill in."""

from typing import Final

from hocvu.kernel.vietnamese import fold
from hocvu.question_files.findings import FileProblem, Reading
from hocvu.question_files.gathering.gathered import (
    Gathered,
    LeftOut,
    Notes,
    finished,
    legacy_font,
)
from hocvu.question_files.tables.columns import Column, find_header
from hocvu.question_files.tables.rows import read_row
from hocvu.question_files.tables.sheet import Sheet
from hocvu.question_files.tables.template import write_template
from hocvu.spreadsheets import Grid, SpreadsheetIsUnreadable, UnreadableReason, read_grids

_NO_QUESTIONS: Final = frozenset(
    {"huong dan", "vi du", "instructions", "examples", "help", "readme"}
)
_PROBLEMS: Final = {
    UnreadableReason.TOO_LARGE: FileProblem.TOO_LARGE,
    UnreadableReason.EXPANDS_TOO_MUCH: FileProblem.TOO_LARGE,
    UnreadableReason.TOO_MANY_ROWS: FileProblem.TOO_LARGE,
    UnreadableReason.TOO_MANY_COLUMNS: FileProblem.TOO_LARGE,
    UnreadableReason.DAMAGED: FileProblem.BAD_ARCHIVE,
    UnreadableReason.PASSWORD_PROTECTED: FileProblem.BAD_ARCHIVE,
    UnreadableReason.EMPTY: FileProblem.EMPTY,
}


def read_xlsx(content: bytes) -> Reading:
    """Reads every sheet with a header it knows. `line` is the row of the sheet, counted from 1."""
    try:
        grids = read_grids("questions", content)
    except SpreadsheetIsUnreadable as refused:
        problem = _PROBLEMS.get(refused.reason, FileProblem.UNKNOWN_FORMAT)
        return Reading(problem=problem, detail=refused.reason.value)
    if kind := legacy_font(cell.text for grid in grids for row in grid.rows for cell in row):
        return Reading(problem=FileProblem.LEGACY_ENCODING, encoding=kind)
    gathered, found = Gathered(), False
    for grid in grids:
        header = None if _is_aside(grid) else find_header(grid)
        if header is not None:
            found = True
            _read_sheet(Sheet(grid, header), gathered)
    if not found:
        return Reading(problem=FileProblem.UNKNOWN_FORMAT, detail="header")
    return gathered.reading({})


def template() -> bytes:
    """An .xlsx to fill in: a sheet with the header, one with instructions, one with examples."""
    return write_template()


def _is_aside(grid: Grid) -> bool:
    return grid.hidden or fold(grid.name) in _NO_QUESTIONS


def _read_sheet(sheet: Sheet, gathered: Gathered) -> None:
    for number, row in sheet.rows():
        notes = Notes()
        try:
            sheet.check(number, notes)
            item = finished(read_row(row, notes), notes)
        except LeftOut as reason:
            about = reason.about or row.get(Column.STEM)
            gathered.leave_out(LeftOut(reason.problem, about), notes, line=number + 1)
        else:
            gathered.take(item, notes, line=number + 1)
