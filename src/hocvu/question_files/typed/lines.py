"""Lines of characters with their look, and tables of such lines."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Final

OBJECT: Final = "\ufffc"  # one character that stands for a picture, a formula or a table


@dataclass(frozen=True)
class Look:
    """How characters look. Colours are empty when they are the usual ones."""

    bold: bool = False
    italic: bool = False
    underline: bool = False
    color: str = ""
    highlight: str = ""
    place: str = ""  # "sub", "sup"
    hidden: bool = False


PLAIN: Final = Look()


@dataclass(frozen=True)
class Piece:
    """Characters of one look; an object is one character with its own HTML."""

    text: str
    look: Look = PLAIN
    html: str = ""


@dataclass(frozen=True)
class Line:
    """`number` counts the paragraphs of the document from 1."""

    number: int
    pieces: tuple[Piece, ...]
    heading: bool = False

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)

    def cut(self, start: int, end: int | None = None) -> "Line":
        """The characters from `start` to `end`."""
        kept, at = [], 0
        last = len(self.text) if end is None else end
        for piece in self.pieces:
            first, after = max(start - at, 0), min(last - at, len(piece.text))
            if first < after:
                kept.append(replace(piece, text=piece.text[first:after]))
            at += len(piece.text)
        return replace(self, pieces=tuple(kept))


@dataclass(frozen=True)
class Table:
    number: int
    rows: tuple[tuple[tuple[Line, ...], ...], ...]


Block = Line | Table


# --- As HTML -----------------------------------------------------------------------------------


def html_of(pieces: Sequence[Piece], *, emphasis: bool) -> str:
    """The HTML of some characters. `emphasis` keeps bold and underlined words.

    Options are written without: what is bold in them is usually the key.
    """
    written = []
    for piece in pieces:
        if piece.html:
            written.append(piece.html)
            continue
        text = escape(piece.text.replace("\t", " "), quote=False)
        wanted = [("sub", piece.look.place == "sub"), ("sup", piece.look.place == "sup")]
        if emphasis:
            wanted += [
                ("b", piece.look.bold),
                ("u", piece.look.underline),
                ("i", piece.look.italic),
            ]
        for tag, on in wanted:
            if on and text.strip():
                text = f"<{tag}>{text}</{tag}>"
        written.append(text)
    html = "".join(written)
    for tag in ("b", "u", "i", "sub", "sup"):
        html = html.replace(f"</{tag}><{tag}>", "")
    return html


def table_html(table: Table) -> str:
    rows = []
    for row in table.rows:
        cells = (
            "<br>".join(html_of(line.pieces, emphasis=False).strip() for line in cell)
            for cell in row
        )
        rows.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    return f"<table><tbody>{''.join(rows)}</tbody></table>"
