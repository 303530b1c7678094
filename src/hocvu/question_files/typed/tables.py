"""Tables in a document whose rows are questions, with a header that says what is where."""

from collections.abc import Iterator

from hocvu.question_files.findings import Problem
from hocvu.question_files.gathering.gathered import Notes
from hocvu.question_files.tables.columns import Column, find_header
from hocvu.question_files.tables.rows import Row
from hocvu.question_files.tables.sheet import Sheet
from hocvu.question_files.typed.lines import OBJECT, Table
from hocvu.spreadsheets import Cell, CellKind, Grid


def rows_of_questions(table: Table) -> list[tuple[int, Row, Notes]]:
    """The questions of a table with their paragraph; nothing if it is a table of another kind."""
    grid = Grid("", tuple(_cells(table)))
    header = find_header(grid)
    if header is None:
        return []
    found = []
    for at, row in Sheet(grid, header).rows():
        lines = [line for cell in table.rows[at] for line in cell]
        notes = Notes()
        if any(OBJECT in line.text for line in lines):
            notes.warn(Problem.FEATURE_LOST, "table")
        found.append((min((line.number for line in lines), default=table.number), row, notes))
    worded = [row for _, row, _ in found if any(sign.isalpha() for sign in row.get(Column.STEM))]
    return found if len(worded) * 2 > len(found) else []


def _cells(table: Table) -> Iterator[tuple[Cell, ...]]:
    width = max((len(row) for row in table.rows), default=0)
    for row in table.rows:
        texts = ["\n".join(line.text for line in cell).replace(OBJECT, "") for cell in row]
        texts += [""] * (width - len(texts))
        yield tuple(Cell(text, CellKind.TEXT if text.strip() else CellKind.EMPTY) for text in texts)
