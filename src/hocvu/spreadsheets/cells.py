"""A grid of cells, each as text plus what the file says it is."""

import datetime as dt
import enum
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from hocvu.spreadsheets.refusals import refuse_too_big


class CellKind(enum.Enum):
    EMPTY = "empty"
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"
    FORMULA = "formula"  # the text is the value stored at the last calculation, perhaps nothing
    ERROR = "error"  # #DIV/0!, #N/A …


@dataclass(frozen=True, slots=True)
class Cell:
    """Text as a person sees it: dates as dd/mm/yyyy, numbers with every digit, a decimal point."""

    text: str
    kind: CellKind


NOTHING = Cell("", CellKind.EMPTY)


@dataclass(frozen=True, slots=True)
class MergedRange:
    """Rows and columns count from 0; both ends belong to the range."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet. Row 0 and column 0 are the sheet's first; every row has the same width.

    `merged` stays empty for .ods and .csv, which do not tell. `hidden_rows` are those a filter or
    a person put out of sight; their cells are read like any.
    """

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    merged: tuple[MergedRange, ...] = ()
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()


def number_text(value: float) -> str:
    """All the digits the file holds, never an exponent."""
    return str(int(value)) if value.is_integer() else f"{Decimal(repr(value)):f}"


def moment_text(value: dt.date | dt.time | dt.timedelta) -> str:
    if isinstance(value, dt.datetime):
        shape = "%d/%m/%Y %H:%M" if value.time() != dt.time() else "%d/%m/%Y"
        return value.strftime(shape)
    if isinstance(value, dt.date):
        return f"{value.day:02d}/{value.month:02d}/{value.year:04d}"
    return str(value)


def without_empty_end(rows: Sequence[tuple[Cell, ...]]) -> tuple[tuple[Cell, ...], ...]:
    last = len(rows)
    while last and all(cell.kind is CellKind.EMPTY for cell in rows[last - 1]):
        last -= 1
    return tuple(rows[:last])


@dataclass
class Draft:
    """A sheet whose cells come one by one, each with its place; grids stay small until the end."""

    name: str = ""
    hidden: bool = False
    height: int = 0
    width: int = 0
    hidden_rows: set[int] = field(default_factory=set)
    _cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    _merged: list[MergedRange] = field(default_factory=list)

    def put(self, row: int, column: int, cell: Cell, *, down: int = 1, across: int = 1) -> None:
        """Place a cell that reaches over so many rows and columns. Raises for a far one."""
        self.height = max(self.height, row + 1)
        self.width = max(self.width, column + 1)
        refuse_too_big(self.height, self.width)
        self._cells[row, column] = cell
        if down > 1 or across > 1:
            self._merged.append(MergedRange(row, column, row + down - 1, column + across - 1))

    def grid(self) -> Grid:
        rows = [
            tuple(self._cells.get((row, column), NOTHING) for column in range(self.width))
            for row in range(self.height)
        ]
        kept = without_empty_end(rows)
        return Grid(self.name, kept, tuple(self._merged), self.hidden, frozenset(self.hidden_rows))
