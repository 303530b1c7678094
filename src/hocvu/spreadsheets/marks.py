"""What the reading library does not tell about cells of .xlsx and .ods: formulas, errors, formats.

The sheet's XML is scanned with patterns, not parsed: a hundred thousand cells take a moment,
nothing is expanded, and the worst a strange file can do is to hide a mark.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from hocvu.spreadsheets.refusals import (
    MOST_COLUMNS,
    MOST_ROWS,
    SpreadsheetIsUnreadable,
    UnreadableReason,
)

Position = tuple[int, int]


@dataclass(frozen=True, slots=True)
class SheetMarks:
    """Positions are (row, column) from 0."""

    formulas: frozenset[Position] = frozenset()
    errors: dict[Position, str] = field(default_factory=dict)
    padded: dict[Position, int] = field(default_factory=dict)  # shown with leading zeros, this wide
    date_shapes: dict[Position, str] = field(default_factory=dict)  # strftime of a shortened date
    hidden_rows: frozenset[int] = frozenset()


_TAG: Final = rb"<(?:[\w.-]+:)?"
_ATTRIBUTE: Final = re.compile(rb"""([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_SHEET: Final = re.compile(_TAG + rb"sheet\s[^>]*>")
_RELATION: Final = re.compile(_TAG + rb"Relationship\s[^>]*>")
_CELL: Final = re.compile(
    _TAG + rb"c\s([^>]*[^/>])>\s*(" + _TAG + rb"f\b)?(?:(?!</(?:[\w.-]+:)?c>).)*?"
    rb"(?:" + _TAG + rb"v>([^<]*)<|</(?:[\w.-]+:)?c>)",
    re.DOTALL,
)
_FAR_ROW: Final = re.compile(rb"""\sr\s*=\s*["'][A-Z]{1,3}0*(\d{6,})["'][^>]*(?<!/)>(?!</)""")
_FAR_COLUMN: Final = re.compile(
    rb"""\sr\s*=\s*["']([A-Z]{3,}|[H-Z][A-Z]|G[S-Z])\d+["'][^>]*(?<!/)>(?!</)"""
)
_FAR_ROW_UNNAMED: Final = re.compile(
    rb"""row\s[^>]*\br\s*=\s*["']0*(\d{6,})["'][^>]*>\s*"""
    + _TAG
    + rb"""c(?:\s+[st]\s*=\s*["'][^"']*["'])*\s*>"""
)


def _attributes(tag: bytes) -> dict[bytes, bytes]:
    return {name: first or second for name, first, second in _ATTRIBUTE.findall(tag)}


def column_letters_to_index(letters: bytes) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + letter - 64
    return index - 1


def _position(reference: bytes) -> Position | None:
    match = re.fullmatch(rb"([A-Z]{1,3})(\d{1,7})", reference)
    return (int(match[2]) - 1, column_letters_to_index(match[1])) if match else None


class XlsxMarks:
    """Reads marks of sheets by name. Call `refuse_far_cells` before the file is opened for reading:

    one cell at the far corner makes a reader reserve seventeen thousand million cells.
    """

    def __init__(self, content: bytes) -> None:
        self._archive = zipfile.ZipFile(io.BytesIO(content))
        self._members = {name.lower(): name for name in self._archive.namelist()}
        self._padded, self._date_shapes = _styles(self._read("xl/styles.xml"))

    def _read(self, name: str) -> bytes:
        stored = self._members.get(name.lower())
        return self._archive.read(stored) if stored else b""

    def refuse_far_cells(self) -> None:
        for name in self._members:
            if name.startswith("xl/") and "sheet" in name and name.endswith(".xml"):
                _refuse_far_cells(self._read(name))

    def marks_by_sheet(self) -> Iterator[SheetMarks]:
        """Marks in workbook order."""
        relations = {
            attributes.get(b"Id", b""): attributes.get(b"Target", b"").decode("utf-8", "replace")
            for attributes in map(
                _attributes, _RELATION.findall(self._read("xl/_rels/workbook.xml.rels"))
            )
        }
        for tag in _SHEET.findall(self._read("xl/workbook.xml")):
            attributes = _attributes(tag)
            link = next((v for k, v in attributes.items() if k.endswith(b":id")), b"")
            target = relations.get(link, "")
            path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            yield self._marks(self._read(path))

    def _marks(self, xml: bytes) -> SheetMarks:
        has_formats = bool(self._padded or self._date_shapes)
        marks = SheetMarks(hidden_rows=_hidden_rows(xml))
        if not (has_formats or b"<f" in xml or b":f" in xml or b't="e"' in xml):
            return marks
        formulas = set()
        for attributes_text, formula, value in _CELL.findall(xml):
            if not formula and not has_formats and b'"e"' not in attributes_text:
                continue
            attributes = _attributes(attributes_text)
            position = _position(attributes.get(b"r", b""))
            if position is None:
                continue
            style = attributes.get(b"s", b"")
            if attributes.get(b"t") == b"e":
                marks.errors[position] = value.decode("utf-8", "replace")
            if formula:
                formulas.add(position)
            if style in self._padded:
                marks.padded[position] = self._padded[style]
            if style in self._date_shapes:
                marks.date_shapes[position] = self._date_shapes[style]
        return replace(marks, formulas=frozenset(formulas))


_HIDDEN_ROW: Final = re.compile(_TAG + rb"""row\s[^>]*\bhidden\s*=\s*["'](?:1|true)["'][^>]*>""")


def _hidden_rows(xml: bytes) -> frozenset[int]:
    numbers = (_attributes(tag).get(b"r", b"") for tag in _HIDDEN_ROW.findall(xml))
    return frozenset(int(number) - 1 for number in numbers if number.isdigit())


def _refuse_far_cells(xml: bytes) -> None:
    if _FAR_COLUMN.search(xml):
        raise SpreadsheetIsUnreadable(UnreadableReason.TOO_MANY_COLUMNS, limit=MOST_COLUMNS)
    for pattern in (_FAR_ROW, _FAR_ROW_UNNAMED):
        if any(int(far[1]) > MOST_ROWS for far in pattern.finditer(xml)):
            raise SpreadsheetIsUnreadable(UnreadableReason.TOO_MANY_ROWS, limit=MOST_ROWS)


_NUMBER_FORMAT: Final = re.compile(_TAG + rb"numFmt\s[^>]*>")
_CELL_FORMATS: Final = re.compile(_TAG + rb"cellXfs\b.*?</(?:[\w.-]+:)?cellXfs>", re.DOTALL)
_CELL_FORMAT: Final = re.compile(_TAG + rb"xf\s[^>]*>")
_PADDING: Final = re.compile(r"#*(0[0#]*)")
_DECORATION: Final = re.compile(r'\[[^\]]*\]|\\(.)|"([^"]*)"|_.|\*.')


def _styles(xml: bytes) -> tuple[dict[bytes, int], dict[bytes, str]]:
    """Style numbers whose numbers show leading zeros, and whose dates show less than a day."""
    codes = {}
    for tag in _NUMBER_FORMAT.findall(xml):
        attributes = _attributes(tag)
        code = attributes.get(b"formatCode", b"").decode("utf-8", "replace")
        codes[attributes.get(b"numFmtId", b"")] = code.replace("&quot;", '"')
    padded, shapes = {}, {}
    formats = _CELL_FORMATS.search(xml)
    for number, tag in enumerate(_CELL_FORMAT.findall(formats[0] if formats else b"")):
        code = codes.get(_attributes(tag).get(b"numFmtId", b""), "")
        plain = _DECORATION.sub(r"\1\2", code.split(";")[0]).strip().lower()
        style = str(number).encode()
        if (padding := _PADDING.fullmatch(plain)) and len(padding[1]) > 1:
            padded[style] = len(padding[1])
        elif plain in {"yyyy", "yy"}:
            shapes[style] = "%Y"
        elif re.fullmatch(r"mm?[/. -]y{2,4}", plain):
            shapes[style] = "%m/%Y"
    return padded, shapes


_ODS_TAG: Final = re.compile(
    rb"<(/?)table:(table|table-row|table-cell|covered-table-cell)((?:\s[^>]*)?)>"
)


def ods_marks(content: bytes) -> list[SheetMarks]:
    """Formula cells and hidden rows, sheet by sheet."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        xml = archive.read("content.xml")
    sheets: list[SheetMarks] = []
    if b"table:formula" not in xml and b"table:visibility" not in xml:
        return sheets
    walk = _OdsWalk()
    for closing, kind, text in _ODS_TAG.findall(xml):
        if kind == b"table" and not closing:
            walk = _OdsWalk()
        elif kind == b"table":
            sheets.append(SheetMarks(frozenset(walk.formulas), hidden_rows=frozenset(walk.hidden)))
        elif kind == b"table-row":
            walk.row_tag(text, closing=bool(closing))
        elif not closing:
            walk.cell_tag(text)
    return sheets


@dataclass
class _OdsWalk:
    """Where we are in one sheet; repeated rows and columns count."""

    formulas: set[Position] = field(default_factory=set)
    hidden: set[int] = field(default_factory=set)
    row: int = 0
    column: int = 0
    repeated: int = 1

    def row_tag(self, text: bytes, *, closing: bool) -> None:
        if not closing:
            attributes = _attributes(text)
            self.column = 0
            self.repeated = int(attributes.get(b"table:number-rows-repeated", b"1"))
            if attributes.get(b"table:visibility") in {b"collapse", b"filter"}:
                self.hidden.update(range(self.row, self.row + min(self.repeated, MOST_ROWS)))
        if closing or text.endswith(b"/"):
            self.row += self.repeated

    def cell_tag(self, text: bytes) -> None:
        attributes = _attributes(text)
        if b"table:formula" in attributes:
            self.formulas.add((self.row, self.column))
        self.column += int(attributes.get(b"table:number-columns-repeated", b"1"))
