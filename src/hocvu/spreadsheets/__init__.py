"""Spreadsheets as people send and receive them: .xlsx, .xls, .ods, .csv and tables of web pages
in, .xlsx out.

Reading gives grids of text cells with their native kind; what a file *is* is decided by its
content, never by its name, and its true size is measured before anything opens it.

*Speaks to*: nobody. *Announces*: nothing. No Django inside.
"""

from hocvu.spreadsheets.cells import Cell, CellKind, Grid, MergedRange
from hocvu.spreadsheets.reading import read_grids
from hocvu.spreadsheets.refusals import SpreadsheetIsUnreadable, UnreadableReason
from hocvu.spreadsheets.writing import Explanation, write_table

__all__ = [
    "Cell",
    "CellKind",
    "Explanation",
    "Grid",
    "MergedRange",
    "SpreadsheetIsUnreadable",
    "UnreadableReason",
    "read_grids",
    "write_table",
]
