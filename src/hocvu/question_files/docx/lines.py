"""A Word document as lines of characters with their look, and tables of such lines."""

import posixpath
import re
import unicodedata
from collections.abc import Iterator
from html import escape
from typing import Final

from hocvu.question_files.docx.formulas import latex_of_word
from hocvu.question_files.docx.numbering import Numbering
from hocvu.question_files.docx.parts import (
    WordFile,
    attribute,
    child,
    looking,
    named,
)
from hocvu.question_files.findings import Problem
from hocvu.question_files.gathering.pictures import Pictures
from hocvu.question_files.opening.xml_tree import Element, local
from hocvu.question_files.typed.lines import OBJECT, PLAIN, Block, Line, Look, Piece, Table
from hocvu.question_files.typed.questions import Lost
from hocvu.question_files.wording import latex

_HEADING: Final = re.compile(r"(?:heading|title|u)\s?\d?", re.IGNORECASE)  # u1: Đầu đề 1
_PASSED: Final = frozenset(
    {"hyperlink", "ins", "smartTag", "sdt", "sdtContent", "fldSimple", "dir", "bdo"}
)


class Lines:
    """Reads the blocks of a document once, in their order."""

    def __init__(self, file: WordFile, pictures: Pictures) -> None:
        self._file, self._pictures = file, pictures
        self.numbering = Numbering(file)
        self.number = 0  # of the paragraph that is being read
        self.lost: list[Lost] = []
        self._boxes: list[Element] = []

    def blocks(self) -> Iterator[Block]:
        if self._file.body is not None:
            yield from self._inside(self._file.body)

    def _inside(self, element: Element) -> Iterator[Block]:
        for each in element:
            name = local(each) if isinstance(each.tag, str) else ""
            if name == "p":
                yield from self._paragraph(each)
            elif name == "tbl":
                self.number += 1
                yield Table(self.number, tuple(self._rows(each)))
            elif name in _PASSED:
                yield from self._inside(each)

    def _say(self, problem: Problem, about: str) -> None:
        self.lost.append(Lost(self.number, problem, about))

    def _rows(self, table: Element) -> Iterator[tuple[tuple[Line, ...], ...]]:
        for row in table:
            if isinstance(row.tag, str) and local(row) == "tr":
                cells = [each for each in row if isinstance(each.tag, str) and local(each) == "tc"]
                yield tuple(tuple(_lines(self._inside(cell))) for cell in cells)

    def _paragraph(self, paragraph: Element) -> Iterator[Block]:
        self.number += 1
        properties = child(paragraph, "pPr")
        style = attribute(child(properties, "pStyle"), "val")
        look = self._file.look_of_style(style, PLAIN)
        label, label_look = self.numbering.label(paragraph, style, look)
        pieces = [Piece(f"{label} ", label_look)] if label else []
        pieces += self._runs(paragraph, look)
        heading = bool(_HEADING.fullmatch(style)) or child(properties, "outlineLvl") is not None
        yield from _split_at_breaks(Line(self.number, tuple(pieces), heading))
        boxes, self._boxes = self._boxes, []
        for box in boxes:
            yield from self._inside(box)

    def _runs(self, element: Element, look: Look) -> Iterator[Piece]:
        for each in element:
            name = local(each) if isinstance(each.tag, str) else ""
            if name == "r":
                yield from self._run(each, look)
            elif name == "oMath":
                yield self._formula(each, alone=False)
            elif name == "oMathPara":
                for formula in named(each, "oMath"):
                    yield self._formula(formula, alone=True)
            elif name == "AlternateContent":
                yield from self._runs(_chosen(each), look)
            elif name in _PASSED:
                yield from self._runs(each, look)

    def _run(self, run: Element, look: Look) -> Iterator[Piece]:
        properties = child(run, "rPr")
        look = self._file.look_of_style(attribute(child(properties, "rStyle"), "val"), look)
        look = looking(look, properties)
        if look.hidden:
            return
        for each in run:
            name = local(each) if isinstance(each.tag, str) else ""
            if name == "t":
                yield Piece(_composed(each.text or ""), look)
            elif name in _SIGNS:
                yield Piece(_SIGNS[name], look)
            elif name == "sym":
                yield Piece(_symbol(attribute(each, "char")), look)
            elif name in {"drawing", "pict", "object"}:
                yield from self._drawing(each)
            elif name == "AlternateContent":
                for drawn in _chosen(each):
                    yield from self._drawing(drawn)

    def _drawing(self, drawing: Element) -> Iterator[Piece]:
        """Pictures in their place; the text of a box stands below the paragraph."""
        boxes = list(named(drawing, "txbxContent"))
        self._boxes += boxes
        inside = {each for box in boxes for each in box.iter()}
        shown = next((each for each in named(drawing, "docPr")), None)
        alt = attribute(shown, "descr") or attribute(shown, "title")
        for name in ("blip", "imagedata"):
            for each in named(drawing, name):
                if each not in inside:
                    yield from self._picture(attribute(each, "embed") or attribute(each, "id"), alt)

    def _picture(self, relation: str, alt: str) -> Iterator[Piece]:
        found = self._file.picture(relation)
        if found is None:
            self._say(Problem.MEDIA_MISSING, alt)
            return
        path, content = found
        name = self._pictures.add(path, content)
        if name is None:
            self._say(Problem.MEDIA_UNFIT, posixpath.basename(path))
            return
        alt = " ".join(alt.split())
        yield Piece(OBJECT, html=f'<img src="media:{name}" alt="{escape(alt)}">')

    def _formula(self, math: Element, *, alone: bool) -> Piece:
        written, complete = latex_of_word(math)
        if not complete:
            self._say(Problem.FEATURE_LOST, "formula")
        return Piece(OBJECT, html=escape(latex.in_text(written, on_its_own=alone), quote=False))


def _composed(text: str) -> str:
    """Composed letters without the signs that nobody sees, spaces as they are."""
    return unicodedata.normalize("NFC", text.translate(_UNSEEN)).replace("\u00a0", " ")


_UNSEEN: Final = dict.fromkeys((0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))


def _chosen(alternatives: Element) -> Element:
    choice = child(alternatives, "Choice")
    fallback = child(alternatives, "Fallback")
    return choice if choice is not None else fallback if fallback is not None else alternatives


_SIGNS: Final = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "ptab": "\t"}


def _symbol(code: str) -> str:
    """A sign of a symbol font; Word keeps most of them in a private area."""
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    return _SYMBOLS.get(number & 0xFF, "") if number >= 0xF000 else chr(number)  # noqa: PLR2004


_SYMBOLS: Final = {
    0x61: "α", 0x62: "β", 0x64: "δ", 0x65: "ε", 0x67: "γ", 0x6C: "λ", 0x6D: "μ", 0x70: "π",
    0x71: "θ", 0x72: "ρ", 0x73: "σ", 0x77: "ω", 0x57: "Ω", 0x44: "Δ", 0xA3: "≤", 0xB3: "≥",
    0xB1: "±", 0xB4: "×", 0xB8: "÷", 0xB9: "≠", 0xAE: "→", 0xDE: "⇒", 0xDB: "⇔", 0xB0: "°",
    0xA5: "∞", 0xCE: "∈", 0xC7: "∩", 0xC8: "∪", 0xFC: "✓", 0xFE: "☑", 0xA8: "☐",
}  # fmt: skip


def _lines(blocks: Iterator[Block]) -> Iterator[Line]:
    """The lines of a cell, with those of tables in it."""
    for block in blocks:
        if isinstance(block, Line):
            yield block
        else:
            yield from (line for row in block.rows for cell in row for line in cell)


def _split_at_breaks(line: Line) -> Iterator[Line]:
    start = 0
    text = line.text
    for at, sign in enumerate(text):
        if sign == "\n":
            yield line.cut(start, at)
            start = at + 1
    yield line.cut(start)
