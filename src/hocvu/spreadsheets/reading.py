"""From bytes to grids."""

import datetime as dt
import io
from collections.abc import Iterable
from typing import Final

from python_calamine import (
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from hocvu.spreadsheets import delimited
from hocvu.spreadsheets.apart import answer_with, read_apart
from hocvu.spreadsheets.biff import xls_marks
from hocvu.spreadsheets.cells import (
    NOTHING,
    Cell,
    CellKind,
    Grid,
    MergedRange,
    moment_text,
    number_text,
    without_empty_end,
)
from hocvu.spreadsheets.containers import FileFormat, format_of
from hocvu.spreadsheets.marks import SheetMarks, XlsxMarks, ods_marks
from hocvu.spreadsheets.markup import grids_of_markup
from hocvu.spreadsheets.refusals import (
    SpreadsheetIsUnreadable,
    UnreadableReason,
    refuse_too_big,
)

Native = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta
_NO_MARKS: Final = SheetMarks()


def read_grids(name: str, content: bytes) -> list[Grid]:
    """Every sheet that holds something, in workbook order, hidden sheets last.

    `name` only names the single grid of a .csv. Raises SpreadsheetIsUnreadable with its reason;
    at most 20 MB, 100,000 rows and 200 columns.
    """
    file_format = format_of(content)
    if file_format is FileFormat.TEXT:
        grids = [_grid_of_text(name, content)]
    else:
        grids = read_apart(file_format.value, content)
    filled = [grid for grid in grids if grid.rows]
    if not filled:
        raise SpreadsheetIsUnreadable(UnreadableReason.EMPTY)
    return sorted(filled, key=lambda grid: grid.hidden)


def answer() -> None:
    """Read one workbook for another process: see `apart`."""
    answer_with(lambda named, content: _grids_apart(FileFormat(named), content))


def _grids_apart(file_format: FileFormat, content: bytes) -> list[Grid]:
    if file_format is FileFormat.MARKUP:
        return grids_of_markup(content)
    return _grids_of_workbook(file_format, content)


def _grid_of_text(name: str, content: bytes) -> Grid:
    texts = delimited.read_rows(content)
    for row in texts:
        while row and not row[-1].strip():
            row.pop()
    width = max(map(len, texts), default=0)
    refuse_too_big(len(texts), width)
    rows = [
        tuple(Cell(text, CellKind.TEXT) if text.strip() else NOTHING for text in row)
        + (NOTHING,) * (width - len(row))
        for row in texts
    ]
    return Grid(name=name, rows=without_empty_end(rows))


def _grids_of_workbook(file_format: FileFormat, content: bytes) -> list[Grid]:
    try:
        marks = _marks_by_sheet(file_format, content)
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            grids = []
            for at, metadata in enumerate(workbook.sheets_metadata):
                if metadata.typ is not SheetTypeEnum.WorkSheet:
                    continue
                sheet = workbook.get_sheet_by_index(at)
                sheet_marks = marks[at] if at < len(marks) else _NO_MARKS
                hidden = metadata.visible is not SheetVisibleEnum.Visible
                grids.append(_grid_of_sheet(sheet, sheet_marks, hidden=hidden))
            return grids
    except PasswordError as locked:
        raise SpreadsheetIsUnreadable(UnreadableReason.PASSWORD_PROTECTED) from locked
    except (SpreadsheetIsUnreadable, KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as damage:  # a malformed file may panic inside the library
        raise SpreadsheetIsUnreadable(UnreadableReason.DAMAGED) from damage


def _marks_by_sheet(file_format: FileFormat, content: bytes) -> list[SheetMarks]:
    if file_format is FileFormat.XLSX:
        marks = XlsxMarks(content)
        marks.refuse_far_cells()
        return list(marks.marks_by_sheet())
    if file_format is FileFormat.ODS:
        return ods_marks(content)
    return xls_marks(content)


def _grid_of_sheet(sheet: CalamineSheet, marks: SheetMarks, *, hidden: bool) -> Grid:
    if sheet.end is None:
        return Grid(name=sheet.name, rows=(), hidden=hidden)
    refuse_too_big(sheet.end[0] + 1, sheet.end[1] + 1)
    rows: list[tuple[Cell, ...]] = [
        tuple(map(_cell, values)) for values in sheet.to_python(skip_empty_area=False)
    ]
    merged = tuple(
        MergedRange(first[0], first[1], last[0], last[1])
        for first, last in sheet.merged_cell_ranges or ()
    )
    kept = without_empty_end(_marked(rows, marks))
    return Grid(sheet.name, kept, merged, hidden, marks.hidden_rows)


def _cell(value: Native) -> Cell:
    if isinstance(value, str):
        return Cell(value, CellKind.TEXT) if value.strip() else NOTHING
    if isinstance(value, bool):
        return Cell("TRUE" if value else "FALSE", CellKind.BOOLEAN)
    if isinstance(value, int):
        return Cell(str(value), CellKind.NUMBER)
    if isinstance(value, float):
        return Cell(number_text(value), CellKind.NUMBER)
    return Cell(moment_text(value), CellKind.DATE)


def _marked(rows: list[tuple[Cell, ...]], marks: SheetMarks) -> list[tuple[Cell, ...]]:
    changed: dict[int, list[Cell]] = {}

    def replace(positions: Iterable[tuple[int, int]], kind: CellKind | None = None) -> None:
        for row, column in positions:
            if row >= len(rows) or column >= len(rows[row]):
                continue
            cells = changed.setdefault(row, list(rows[row]))
            cell = cells[column]
            text = _shown(cell, (row, column), marks)
            cells[column] = Cell(text, kind or cell.kind)

    replace(marks.padded)
    replace(marks.date_shapes)
    replace(marks.formulas, CellKind.FORMULA)
    replace(marks.errors, CellKind.ERROR)
    for row, cells in changed.items():
        rows[row] = tuple(cells)
    return rows


def _shown(cell: Cell, position: tuple[int, int], marks: SheetMarks) -> str:
    if position in marks.errors:
        return marks.errors[position]
    if position in marks.padded and cell.kind is CellKind.NUMBER and cell.text.isdecimal():
        return cell.text.zfill(marks.padded[position])
    if position in marks.date_shapes and cell.kind is CellKind.DATE:
        day = dt.datetime.strptime(cell.text[:10], "%d/%m/%Y").replace(tzinfo=dt.UTC)
        return day.strftime(marks.date_shapes[position])
    return cell.text
