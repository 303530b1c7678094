"""Word's automatic numbers as people see them: `Câu 3.`, `B.`, `c)`."""

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from hocvu.question_files.docx.parts import WordFile, attribute, child, looking
from hocvu.question_files.opening.xml_tree import Element, local
from hocvu.question_files.typed.lines import Look

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_ROMANS: Final = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_LEVELS: Final = 9


@dataclass(frozen=True)
class _Level:
    shape: str  # "decimal", "upperLetter", …
    text: str  # "Câu %1."
    start: int
    element: Element


class Numbering:
    """Counts the numbered paragraphs of a document in their order."""

    def __init__(self, file: WordFile) -> None:
        self._file = file
        self._lists: dict[str, str] = {}
        self._levels: dict[str, dict[int, _Level]] = {}
        self._restarts: dict[tuple[str, int], int] = {}
        self._counts: dict[str, list[int]] = defaultdict(lambda: [0] * _LEVELS)
        self._met: set[str] = set()
        if file.numbering is not None:
            self._read(file.numbering)

    def label(self, paragraph: Element, style: str, look: Look) -> tuple[str, Look]:
        """The number before a paragraph and how it looks; empty if it has none or a bullet."""
        number, depth = self._number(paragraph, style)
        kind = self._lists.get(number, "")
        level = self._levels.get(kind, {}).get(depth)
        if level is None:
            return "", look
        counts = self._counts[kind]
        if number not in self._met:
            self._met.add(number)
            for at in range(_LEVELS):
                if (number, at) in self._restarts:
                    counts[at] = 0
        start = self._restarts.get((number, depth), level.start)
        counts[depth] = counts[depth] + 1 if counts[depth] else start
        counts[depth + 1 :] = [0] * (_LEVELS - depth - 1)
        if level.shape in {"bullet", "none"}:
            return "", look
        marked = child(child(paragraph, "pPr"), "rPr")
        return self._written(kind, level, counts), looking(
            looking(look, child(level.element, "rPr")), marked
        )

    def _number(self, paragraph: Element, style: str) -> tuple[str, int]:
        own = child(child(paragraph, "pPr"), "numPr")
        by_style = [child(child(each, "pPr"), "numPr") for each in self._file.style_chain(style)]
        number, depth = "", 0
        for each in (*by_style, own):
            number = attribute(child(each, "numId"), "val") or number
            stated = attribute(child(each, "ilvl"), "val")
            depth = int(stated) if stated.isdecimal() else depth
        return number, min(depth, _LEVELS - 1)

    def _written(self, kind: str, level: _Level, counts: list[int]) -> str:
        def shown(found: re.Match[str]) -> str:
            at = int(found[1]) - 1
            of = self._levels[kind].get(at)
            return _shape(of.shape if of else "decimal", max(counts[at], 1))

        return re.sub(r"%([1-9])", shown, level.text)

    def _read(self, root: Element) -> None:
        for each in _all(root, "abstractNum"):
            self._levels[attribute(each, "abstractNumId")] = dict(map(_level, _all(each, "lvl")))
        for each in _all(root, "num"):
            number = attribute(each, "numId")
            self._lists[number] = attribute(child(each, "abstractNumId"), "val")
            for override in _all(each, "lvlOverride"):
                stated = attribute(child(override, "startOverride"), "val")
                depth = attribute(override, "ilvl")
                if stated.isdecimal() and depth.isdecimal():
                    self._restarts[number, int(depth)] = int(stated)


def _all(element: Element, name: str) -> list[Element]:
    return [each for each in element if isinstance(each.tag, str) and local(each) == name]


def _level(element: Element) -> tuple[int, _Level]:
    depth, start = attribute(element, "ilvl"), attribute(child(element, "start"), "val")
    return int(depth) if depth.isdecimal() else 0, _Level(
        shape=attribute(child(element, "numFmt"), "val") or "decimal",
        text=attribute(child(element, "lvlText"), "val"),
        start=int(start) if start.isdecimal() else 1,
        element=element,
    )


def _shape(shape: str, number: int) -> str:
    if shape in {"upperLetter", "lowerLetter"}:
        letter = _LETTERS[(number - 1) % len(_LETTERS)]
        return letter.upper() if shape == "upperLetter" else letter
    if shape in {"upperRoman", "lowerRoman"}:
        roman = ""
        for value, sign in _ROMANS:
            roman += sign * (number // value)
            number %= value
        return roman.upper() if shape == "upperRoman" else roman
    return str(number)
