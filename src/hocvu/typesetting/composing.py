"""Writes the texts of one certificate as operators of a PDF content stream (ISO 32000-1, 9.4).

The page itself was set once by typst; here its slots are filled by the same rule that `page.typ`
follows when it shows the whole page: words are broken at spaces, the first size that fits is
taken, and the lines stand in the middle of the slot. Nothing is ever cut: a text that does not fit
is refused. Operators are ASCII; fonts go by the names of `Compositor.fonts`.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from hocvu.typesetting.errors import CannotTypeset, TextIsMissing, TextIsTooLong, UnprintableText
from hocvu.typesetting.faces import Face, Glyph, Letter, Word, face
from hocvu.typesetting.fonts import FontResource, font_resource
from hocvu.typesetting.slots import Sheet, Slot

_AT_LEAST: Final = 0.001  # points: what rounding may differ by
_MOST_KEPT: Final = 20_000  # slots whose operators are remembered


@dataclass(frozen=True, slots=True)
class Run:
    """A word in its face, ready to be shown."""

    font: str
    face: Face
    word: Word


@dataclass(frozen=True, slots=True)
class Line:
    runs: tuple[Run, ...]
    width: float  # at size 1


class Compositor:
    """Fills the slots of one sheet again and again."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        names = sorted({name for slot in sheet.slots for name in slot.faces})
        self._fonts = {name: f"V{at}" for at, name in enumerate(names)}
        self._known: dict[tuple[str, ...], str] = {}

    @property
    def fonts(self) -> tuple[FontResource, ...]:
        """What a file must carry so that the operators can be shown."""
        return tuple(font_resource(key, name) for name, key in self._fonts.items())

    def compose(self, texts: Mapping[str, str]) -> bytes:
        """The operators that print `texts`, which may hold more than the sheet asks for.

        Raises TextIsMissing, UnprintableText, TextIsTooLong.
        """
        if missing := self.sheet.fields - texts.keys():
            raise TextIsMissing(missing)
        composed = {each: unicodedata.normalize("NFC", texts[each]) for each in self.sheet.fields}
        operators = "".join(self._written(slot, composed) for slot in self.sheet.slots)
        return f"q\n{operators}Q\n".encode("ascii") if operators else b""

    def _written(self, slot: Slot, texts: Mapping[str, str]) -> str:
        """The operators of a slot; many certificates say the same in some of them."""
        key = (slot.name, *(texts[name] for name in slot.fields))
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
            known = self._known[key] = self._filled(slot, texts)
        return known

    def troubles(self, texts: Mapping[str, str]) -> tuple[CannotTypeset, ...]:
        """What would be refused, slot by slot: asked before a batch is approved."""
        if missing := self.sheet.fields - texts.keys():
            return (TextIsMissing(missing),)
        composed = {name: unicodedata.normalize("NFC", text) for name, text in texts.items()}
        found: list[CannotTypeset] = []
        for slot in self.sheet.slots:
            try:
                self._fitted(slot, composed)
            except (UnprintableText, TextIsTooLong) as trouble:
                found.append(trouble)
        return tuple(found)

    def _filled(self, slot: Slot, texts: Mapping[str, str]) -> str:
        size, lines = self._fitted(slot, texts)
        if not lines:
            return ""
        cap_height = face(slot.face).cap_height / 1000 * size
        pitch = cap_height + slot.leading * size
        taken = cap_height + (len(lines) - 1) * pitch
        baseline = slot.box.y + (slot.box.height + taken) / 2 - cap_height
        written = ["BT\n{} {} {} rg\n".format(*map(_number, slot.colour))]
        for at, line in enumerate(lines):
            spare = slot.box.width - line.width * size
            indent = {"left": 0.0, "center": spare / 2, "right": spare}[slot.align]
            x, y = slot.box.x + indent, baseline - at * pitch
            written.append(f"1 0 0 1 {_number(x)} {_number(y)} Tm\n")
            written += _shown(line.runs, size)
        return "".join([*written, "ET\n"])

    def _fitted(self, slot: Slot, texts: Mapping[str, str]) -> tuple[float, list[Line]]:
        """The size taken and the lines at that size."""
        runs = [self._run(word, name) for word, name in slot.words(texts)]
        if not runs:
            return slot.sizes[0], []
        cap_height = face(slot.face).cap_height / 1000
        for size in slot.sizes:
            most = int(
                (slot.box.height / size - cap_height) / (cap_height + slot.leading) + 1 + 1e-6
            )
            lines = _broken(runs, slot.box.width / size + _AT_LEAST, most)
            if lines is not None:
                return size, lines
        raise TextIsTooLong(slot.name, " ".join(word for word, _ in slot.words(texts)))

    def _run(self, word: str, name: str) -> Run:
        set_in = face(name)
        return Run(self._fonts[name], set_in, set_in.word(word))


def _broken(runs: list[Run], room: float, most: int) -> list[Line] | None:
    """The runs in at most so many lines of this room, or nothing: greedy, at spaces only."""
    lines: list[Line] = []
    started: list[Run] = []
    width = 0.0
    for run in runs:
        own = run.word.width / 1000
        if own > room:
            return None
        wider = width + _space_between(started, run) + own if started else own
        if started and wider > room:
            lines.append(Line(tuple(started), width))
            started, width = [run], own
        else:
            started.append(run)
            width = wider
        if len(lines) >= most:
            return None
    return [*lines, Line(tuple(started), width)]


def _space_between(started: list[Run], following: Run) -> float:
    """A space is as wide as in the face of the word before it, as typst sets `a *b*`."""
    before = started[-1].face if started else following.face
    return before.space / 1000


def _shown(runs: tuple[Run, ...], size: float) -> Iterator[str]:
    """Operators that show the runs of a line from where the pen stands."""
    font = ""
    pieces: list[str] = []
    for at, run in enumerate(runs):
        if run.font != font:
            yield from _flushed(pieces)
            font = run.font
            yield f"/{font} {_number(size)} Tf\n"
        if run.word.shown:
            pieces.append(run.word.shown)
        for letter in run.word.letters:
            if len(letter.glyphs) == 1:
                pieces.append(_piece(run.face, letter.glyphs[0]))
            else:
                yield from _flushed(pieces)
                yield from _put_together(run.face, letter, size)
        if at + 1 < len(runs):
            pieces.append(run.face.space_shown)
    yield from _flushed(pieces)


def _put_together(set_in: Face, letter: Letter, size: float) -> Iterator[str]:
    """A base and its marks, told to readers of the text as the one letter they are (14.9.4)."""
    stands_for = ("\ufeff" + letter.text).encode("utf-16-be").hex().upper()
    yield f"/Span <</ActualText <{stands_for}>>> BDC\n"
    for glyph in letter.glyphs:
        yield f"{_number(glyph.lifted * size / 1000)} Ts\n"
        yield from _flushed([_piece(set_in, glyph)])
    yield "0 Ts\nEMC\n"


def _flushed(pieces: list[str]) -> Iterator[str]:
    if pieces:
        yield "[" + "".join(pieces).replace("><", "") + "] TJ\n"
        pieces.clear()


def _piece(set_in: Face, glyph: Glyph) -> str:
    """One glyph of a TJ array; its numbers move the pen back by thousandths (9.4.3)."""
    before = f"{-glyph.before}" if glyph.before else ""
    after = set_in.advances[glyph.number] - glyph.advance + glyph.before
    return f"{before}<{glyph.number:04X}>{after or ''}"


@lru_cache(maxsize=4096)
def _number(value: float) -> str:
    """A real number as PDF writes it: no exponent, three places."""
    return f"{value:.3f}".rstrip("0").rstrip(".") or "0"
