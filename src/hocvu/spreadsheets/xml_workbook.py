"""Workbooks of Excel 2003 in XML ("SpreadsheetML"), which web systems still write as `.xls`.

Read with expat from the root element on: what stands before it, a document type and its entities
included, is cut off, so nothing can be expanded.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from hocvu.spreadsheets.cells import (
    NOTHING,
    Cell,
    CellKind,
    Draft,
    Grid,
    moment_text,
    number_text,
)
from hocvu.spreadsheets.refusals import (
    MOST_COLUMNS,
    MOST_ROWS,
    SpreadsheetIsUnreadable,
    UnreadableReason,
    refuse_too_big,
)

_ROOT: Final = re.compile(r"<(?:[\w.-]+:)?Workbook[\s>]")
_PADDING: Final = re.compile(r"0{2,}")

Attributes = dict[str, str]


def is_xml_workbook(text: str) -> bool:
    return "urn:schemas-microsoft-com:office:spreadsheet" in text[:4096] and bool(
        _ROOT.search(text[:4096])
    )


def grids_of_xml(text: str) -> list[Grid]:
    """Its sheets. Raises SpreadsheetIsUnreadable for broken XML and for cells too far away."""
    root = _ROOT.search(text)
    try:
        return list(_Reading().read(text[root.start() :] if root else text))
    except (expat.ExpatError, ValueError, OverflowError) as damage:
        raise SpreadsheetIsUnreadable(UnreadableReason.DAMAGED) from damage


@dataclass
class _Reading:
    sheets: list[Draft] = field(default_factory=list)
    _row: int = -1
    _column: int = -1
    _cell: Attributes = field(default_factory=dict)
    _type: str = ""
    _texts: list[str] | None = None
    _in_comment: bool = False
    _style: str = ""
    _padded: dict[str, int] = field(default_factory=dict)

    def read(self, text: str) -> Iterator[Grid]:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.Parse(text.encode(), True)
        return (sheet.grid() for sheet in self.sheets)

    def _start(self, tag: str, named: Attributes) -> None:
        attributes = {name.rpartition(":")[2]: value for name, value in named.items()}
        match tag.rpartition(":")[2]:
            case "Style":
                self._style = attributes.get("ID", "")
            case "NumberFormat" if _PADDING.fullmatch(attributes.get("Format", "")):
                self._padded[self._style] = len(attributes["Format"])
            case "Worksheet":
                self.sheets.append(Draft(attributes.get("Name", "")))
                self._row = -1
            case "Row" if self.sheets:
                self._start_row(attributes)
            case "Cell" if self.sheets:
                self._start_cell(attributes)
            case "Comment":
                self._in_comment = True
            case "Data" if self.sheets and not self._in_comment:
                self._type, self._texts = attributes.get("Type", "String"), []
            case "Visible":
                self._texts = []

    def _start_row(self, attributes: Attributes) -> None:
        self._row = int(attributes.get("Index", self._row + 2)) - 1
        self._column = -1
        refuse_too_big(self._row + 1, 0)
        if attributes.get("Hidden") == "1":
            self.sheets[-1].hidden_rows.add(self._row)

    def _start_cell(self, attributes: Attributes) -> None:
        self._cell = attributes
        self._column = int(attributes.get("Index", self._column + 2)) - 1
        if attributes.get("Formula"):
            self._put(Cell("", CellKind.FORMULA))
        elif "MergeAcross" in attributes or "MergeDown" in attributes:
            self._put(NOTHING)

    def _characters(self, text: str) -> None:
        if self._texts is not None:
            self._texts.append(text)

    def _end(self, tag: str) -> None:
        match tag.rpartition(":")[2]:
            case "Comment":
                self._in_comment = False
            case "Cell":
                self._column += min(int(self._cell.get("MergeAcross", 0)), MOST_COLUMNS)
            case "Data" if self._texts is not None:
                self._put(self._value("".join(self._texts)))
                self._texts = None
            case "Visible" if self._texts is not None and self.sheets:
                self.sheets[-1].hidden = "".join(self._texts).strip() != "SheetVisible"
                self._texts = None

    def _put(self, cell: Cell) -> None:
        down = min(int(self._cell.get("MergeDown", 0)), MOST_ROWS) + 1
        across = min(int(self._cell.get("MergeAcross", 0)), MOST_COLUMNS) + 1
        if cell.kind is CellKind.FORMULA or cell.text == "":
            down = across = 1
        self.sheets[-1].put(self._row, self._column, cell, down=down, across=across)

    def _value(self, text: str) -> Cell:
        kind = CellKind.FORMULA if self._cell.get("Formula") else None
        match self._type:
            case "Number" if text.strip():
                shown = number_text(float(text))
                width = self._padded.get(self._cell.get("StyleID", ""), 0)
                return Cell(shown.zfill(width), kind or CellKind.NUMBER)
            case "DateTime" if text.strip():
                moment = dt.datetime.fromisoformat(text.strip())
                return Cell(moment_text(moment), kind or CellKind.DATE)
            case "Boolean":
                return Cell("TRUE" if text.strip() == "1" else "FALSE", kind or CellKind.BOOLEAN)
            case "Error":
                return Cell(text, CellKind.ERROR)
        return Cell(text, kind or CellKind.TEXT) if text.strip() else NOTHING
