"""A grid of cells, each as text plus what the file says it is."""

import enum
from dataclasses import dataclass


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

    `merged` stays empty for .ods and .csv, which do not tell.
    """

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    merged: tuple[MergedRange, ...] = ()
    hidden: bool = False
