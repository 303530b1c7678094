"""Tables of a web page as one sheet, the way a spreadsheet program opens it: one below the other.

Many information systems export such a page under the name `.xls`. Nothing of it is run or fetched;
text between tables gets a row of its own, and cells that span several keep their place.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

from hocvu.spreadsheets.cells import NOTHING, Cell, CellKind, Draft, number_text
from hocvu.spreadsheets.refusals import MOST_COLUMNS, MOST_ROWS

_UNSEEN: Final = frozenset({"script", "style", "title", "template", "comment", "xml", "head"})
_BREAKS: Final = frozenset({"br", "p", "div", "li", "h1", "h2", "h3", "h4", "hr", "option"})
_HIDDEN: Final = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_SHORTENED: Final = re.compile(r"\d+(?:[.,]\d+)?[eE]\+?\d+|#+")
_WHITE: Final = re.compile(r"[ \t\r\n\f]+")

Attributes = dict[str, str]


@dataclass
class _OpenCell:
    attributes: Attributes
    texts: list[str] = field(default_factory=list)
    tables: list["_OpenTable"] = field(default_factory=list)

    def cell(self) -> Cell:
        text = _WHITE.sub(" ", "".join(self.texts)).strip()
        value = self.attributes.get("x:num") or self.attributes.get("sdval") or ""
        if value and _SHORTENED.fullmatch(text):  # the page shows less than it knows
            text = _number(value) or text
        return Cell(text, CellKind.TEXT) if text.strip() else NOTHING


@dataclass
class _OpenRow:
    hidden: bool
    cells: list[_OpenCell] = field(default_factory=list)


@dataclass
class _OpenTable:
    rows: list[_OpenRow] = field(default_factory=list)
    cell: _OpenCell | None = None


class TablesOfAPage(HTMLParser):
    """Feed it the page, then ask for the `draft`; `has_tables` is false for a page of text."""

    def __init__(self, name: str) -> None:
        super().__init__(convert_charrefs=True)
        self.draft = Draft(name)
        self.has_tables = False
        self._open: list[_OpenTable] = []
        self._unseen = 0
        self._between: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == "body":
            self._unseen = 0
        elif tag == "table":
            self._end_text()
            self._open.append(_OpenTable())
        elif tag == "tr" and self._open:
            table = self._open[-1]
            table.cell = None
            table.rows.append(_OpenRow(_is_hidden(attributes)))
        elif tag in {"td", "th"} and self._open:
            self._start_cell(self._open[-1], attributes)
        elif tag in _BREAKS:
            self._break()

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag in {"td", "th", "tr"} and self._open:
            self._open[-1].cell = None
        elif tag == "table" and self._open:
            self._end_table(self._open.pop())
        elif tag in _BREAKS:
            self._break()

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        if not self._open:
            self._between.append(data)
        elif (cell := self._open[-1].cell) is not None:
            cell.texts.append(data)

    def close(self) -> None:
        super().close()
        while self._open:  # a page cut off, or one that never closes what it opens
            self._end_table(self._open.pop())
        self._end_text()

    def _start_cell(self, table: _OpenTable, attributes: Attributes) -> None:
        if not table.rows:
            table.rows.append(_OpenRow(hidden=False))
        table.cell = _OpenCell(attributes)
        table.rows[-1].cells.append(table.cell)

    def _break(self) -> None:
        if not self._open:
            self._end_text()
        elif (cell := self._open[-1].cell) is not None:
            cell.texts.append("\n")

    def _end_text(self) -> None:
        text = _WHITE.sub(" ", "".join(self._between)).strip()
        self._between.clear()
        if text and not self._open:
            self.draft.put(self.draft.height, 0, Cell(text, CellKind.TEXT))

    def _end_table(self, table: _OpenTable) -> None:
        self.has_tables = True
        outer = self._open[-1].cell if self._open else None
        if outer is not None:
            outer.tables.append(table)
        else:
            self._place(table)

    def _place(self, table: _OpenTable) -> None:
        """Rows as they stand; what a cell holds inside follows below its row."""
        taken: set[tuple[int, int]] = set()
        for line in table.rows:
            row = self.draft.height
            at = 0
            for open_cell in line.cells:
                while (row, at) in taken:
                    at += 1
                down = _span(open_cell.attributes, "rowspan", MOST_ROWS)
                across = _span(open_cell.attributes, "colspan", MOST_COLUMNS)
                self.draft.put(row, at, open_cell.cell(), down=down, across=across)
                last = min(row + down, row + len(table.rows))
                taken.update((r, c) for r in range(row, last) for c in range(at, at + across))
                at += across
            if not line.cells:
                self.draft.put(row, 0, NOTHING)
            if line.hidden:
                self.draft.hidden_rows.add(row)
            for inner in (table for cell in line.cells for table in cell.tables):
                self._place(inner)


def _is_hidden(attributes: Attributes) -> bool:
    return "hidden" in attributes or bool(_HIDDEN.search(attributes.get("style", "")))


def _span(attributes: Attributes, name: str, most: int) -> int:
    text = attributes.get(name, "").strip()
    return max(1, min(int(text), most)) if text.isascii() and text.isdecimal() else 1


def _number(text: str) -> str:
    try:
        return number_text(float(text))
    except (ValueError, OverflowError):
        return ""
