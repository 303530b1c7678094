"""How one face of our typeface sets a word: glyphs, advances, kerning, marks put onto letters.

OpenType 1.9.1: `cmap`, `hmtx`, GPOS lookup types 2 (pairs), 4 (mark to base) and 9 (extension).
What typst's own shaper does with these faces in Vietnamese text is the same; ligatures are not
used, and kerning stops at spaces in both. A letter the face lacks is set from its base and its
marks (NFD).
All lengths are thousandths of the type size.
"""

import unicodedata
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, NamedTuple

from fontTools.ttLib import TTFont

from hocvu.typesetting.errors import UnprintableText
from hocvu.typesetting.glyphs import FONT_FOLDER

WEIGHTS: Final = ("Regular", "Medium", "SemiBold", "Bold")
FACES: Final = (*WEIGHTS, "Italic", "MediumItalic", "SemiBoldItalic", "BoldItalic")

_PAIRS, _MARK_TO_BASE, _EXTENSION = 2, 4, 9
_MOST_WORDS_KEPT: Final = 50_000

Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Glyph:
    """A glyph by its number in the face, how far it moves the pen, and where it is lifted to.

    `before` is added to the pen before the glyph and taken back after it; only marks have it.
    """

    number: int
    advance: int
    before: int = 0
    lifted: int = 0


@dataclass(frozen=True, slots=True)
class Letter:
    """One character: a glyph, or a base and its marks where the face lacks it whole."""

    text: str
    glyphs: tuple[Glyph, ...]


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it is set at size 1000.

    `shown` is the same as elements of a TJ array (ISO 32000-1, 9.4.3); empty when some letter is
    put together from parts, which a single array cannot show.
    """

    letters: tuple[Letter, ...]
    width: int
    shown: str


class Step(NamedTuple):
    """A letter behind another: as elements of a TJ array, inside `<…>`, and how far it moves."""

    shown: str
    width: int


@dataclass(frozen=True, slots=True)
class PairTable:
    """One subtable of pair kerning: single pairs (format 1) or pairs of classes (format 2)."""

    covered: frozenset[int]
    single: dict[tuple[int, int], int]
    left_classes: dict[int, int]
    right_classes: dict[int, int]
    by_class: tuple[tuple[int, ...], ...]

    def between(self, left: int, right: int) -> int | None:
        """Thousandths, or nothing when this table does not speak of the pair."""
        if left not in self.covered:
            return None
        if not self.by_class:
            return self.single.get((left, right))
        row = self.by_class[self.left_classes.get(left, 0)]
        return row[self.right_classes.get(right, 0)]


@dataclass
class Face:
    """One face, opened once. Words are remembered: names of a country repeat."""

    name: str
    file: Path
    cap_height: int
    space: int
    cmap: dict[str, int]
    advances: list[int]
    pairs: "tuple[PairTable, ...]"
    mark_anchors: dict[int, tuple[int, Point]]  # mark -> its class and anchor
    base_anchors: dict[tuple[int, int], Point]  # (base, class of mark) -> anchor
    _words: dict[str, Word] = field(default_factory=dict)
    _kerns: dict[tuple[int, int], int] = field(default_factory=dict)
    _steps: dict[tuple[str, str], Step] = field(default_factory=dict)

    def word(self, text: str) -> Word:
        """The glyphs of a word in NFC, without spaces. Raises UnprintableText."""
        if known := self._words.get(text):
            return known
        if len(self._words) >= _MOST_WORDS_KEPT:
            self._words.clear()
        made = self._set_plainly(text) or self._set(text)
        self._words[text] = made
        return made

    def _set_plainly(self, text: str) -> Word | None:
        """Quickly, when every letter is one glyph: numbers and codes are new on every page."""
        known = self._steps
        try:
            steps = [known.get(pair) or self._step(*pair) for pair in pairwise(("", *text))]
        except KeyError:
            return None
        shown = "".join([step.shown for step in steps])
        return Word((), sum([step.width for step in steps]), f"<{shown}>")

    def _step(self, before: str, letter: str) -> Step:
        """One glyph behind another. Raises KeyError for what the face lacks, and for a mark."""
        number = self.cmap[letter]
        if number in self.mark_anchors:
            raise KeyError(letter)
        kern = self._kerning(self.cmap[before], number) if before else 0
        shown = f">{-kern}<{number:04X}" if kern else f"{number:04X}"
        step = self._steps[before, letter] = Step(shown, self.advances[number] + kern)
        return step

    @cached_property
    def space_shown(self) -> str:
        """A space as an element of a TJ array."""
        return f"<{self.cmap[' ']:04X}>"

    def missing(self, text: str) -> set[str]:
        """The characters of `text`, in NFC, that this face can set neither whole nor in parts."""
        return {each for each in unicodedata.normalize("NFC", text) if not self._parts(each)}

    def _parts(self, character: str) -> str:
        if character in self.cmap:
            return character
        parts = unicodedata.normalize("NFD", character)
        return parts if all(part in self.cmap for part in parts) else ""

    def _set(self, text: str) -> Word:
        if missing := self.missing(text):
            raise UnprintableText(missing)
        parts = [[self.cmap[part] for part in self._parts(each)] for each in text]
        firsts = [*(numbers[0] for numbers in parts[1:]), None]
        letters: list[Letter] = []
        base = 0
        for each, numbers, following in zip(text, parts, firsts, strict=True):
            glyphs = []
            for number, after in zip(numbers, [*numbers[1:], following], strict=True):
                placed = self._on(base, number)
                if placed is None:
                    base = number
                    placed = Glyph(number, self.advances[number] + self._kerning(number, after))
                glyphs.append(placed)
            letters.append(Letter(each, tuple(glyphs)))
        width = sum(each.advance for one in letters for each in one.glyphs)
        return Word(tuple(letters), width, "")

    def _kerning(self, left: int, right: int | None) -> int:
        """What a pair is moved by: the first table that covers it decides, also for nothing."""
        if right is None:
            return 0
        known = self._kerns.get((left, right))
        if known is None:
            found = (each.between(left, right) for each in self.pairs)
            known = next((value for value in found if value is not None), 0)
            self._kerns[left, right] = known
        return known

    def _on(self, base: int, mark: int) -> Glyph | None:
        """The mark put onto the letter before it, or nothing when it is no mark."""
        if mark not in self.mark_anchors:
            return None
        kind, (mark_x, mark_y) = self.mark_anchors[mark]
        base_x, base_y = self.base_anchors.get((base, kind), (0, 0))
        return Glyph(mark, 0, base_x - mark_x - self.advances[base], base_y - mark_y)


@cache
def face(name: str) -> Face:
    """The face called `SemiBold` (see `FACES`)."""
    if name not in FACES:
        raise KeyError(name)
    file = FONT_FOLDER / f"BeVietnamPro-{name}.ttf"
    with TTFont(file) as font:
        return _read(name, file, font)


def _read(name: str, file: Path, font: Any) -> Face:
    if font["head"].unitsPerEm != 1000:  # noqa: PLR2004 — the unit of this module
        raise ValueError(f"{file.name} is not drawn in thousandths.")
    number = font.getReverseGlyphMap()
    gpos = font["GPOS"].table
    marks, bases = _anchors(_subtables(gpos, "mark", _MARK_TO_BASE), number)
    return Face(
        name=name,
        file=file,
        cap_height=font["OS/2"].sCapHeight,
        space=font["hmtx"][font.getBestCmap()[ord(" ")]][0],
        cmap={chr(code): number[glyph] for code, glyph in font.getBestCmap().items()},
        advances=[font["hmtx"][glyph][0] for glyph in font.getGlyphOrder()],
        pairs=tuple(_pair_table(each, number) for each in _subtables(gpos, "kern", _PAIRS)),
        mark_anchors=marks,
        base_anchors=bases,
    )


def _subtables(gpos: Any, feature: str, wanted: int) -> list[Any]:
    """The subtables of one type in the lookups of a feature, in their order."""
    records = [each for each in gpos.FeatureList.FeatureRecord if each.FeatureTag == feature]
    lookups = sorted({at for each in records for at in each.Feature.LookupListIndex})
    found = [each for at in lookups for each in gpos.LookupList.Lookup[at].SubTable]
    unwrapped = [each.ExtSubTable if each.LookupType == _EXTENSION else each for each in found]
    return [each for each in unwrapped if each.LookupType == wanted]


def _pair_table(table: Any, number: dict[str, int]) -> PairTable:
    covered = table.Coverage.glyphs
    if table.Format == 1:
        single = {
            (number[left], number[each.SecondGlyph]): _across(each.Value1)
            for left, pairs in zip(covered, table.PairSet, strict=True)
            for each in pairs.PairValueRecord
        }
        return PairTable(frozenset(number[each] for each in covered), single, {}, {}, ())
    return PairTable(
        frozenset(number[each] for each in covered),
        {},
        {number[glyph]: kind for glyph, kind in table.ClassDef1.classDefs.items()},
        {number[glyph]: kind for glyph, kind in table.ClassDef2.classDefs.items()},
        tuple(
            tuple(_across(each.Value1) for each in row.Class2Record) for row in table.Class1Record
        ),
    )


def _across(value: Any) -> int:
    return getattr(value, "XAdvance", 0) or 0


def _anchors(
    tables: list[Any], number: dict[str, int]
) -> tuple[dict[int, tuple[int, Point]], dict[tuple[int, int], Point]]:
    marks: dict[int, tuple[int, Point]] = {}
    bases: dict[tuple[int, int], Point] = {}
    for table in tables:
        for glyph, record in zip(
            table.MarkCoverage.glyphs, table.MarkArray.MarkRecord, strict=True
        ):
            marks[number[glyph]] = (record.Class, _point(record.MarkAnchor))
        for glyph, base in zip(table.BaseCoverage.glyphs, table.BaseArray.BaseRecord, strict=True):
            for kind, anchor in enumerate(base.BaseAnchor):
                if anchor is not None:
                    bases[number[glyph], kind] = _point(anchor)
    return marks, bases


def _point(anchor: Any) -> Point:
    return anchor.XCoordinate, anchor.YCoordinate
