"""Questions typed as plain text or Markdown: the same habits as in Word, other ways to mark."""

import re
from collections.abc import Iterator
from typing import Final

from hocvu.question_files.findings import Reading
from hocvu.question_files.gathering.pictures import Pictures
from hocvu.question_files.opening.archive import FileIsUnreadable
from hocvu.question_files.opening.decoding import decoded
from hocvu.question_files.prose.inline import Inline
from hocvu.question_files.prose.inline import code as as_code
from hocvu.question_files.prose.lists import as_choice
from hocvu.question_files.typed.drafts import split_choices
from hocvu.question_files.typed.lines import OBJECT, Block, Line, Table
from hocvu.question_files.typed.questions import Document
from hocvu.question_files.typed.signs import EXPLANATION, KEY_LINE, NUMBERED, QUESTION

_LEAST_OPTIONS: Final = 2
_GIFT: Final = re.compile(
    r"(?<!\\)\{(?:[^{}]*?^\s*[=~](?![>=])|\s*(?:[=~#]|T(?:RUE)?\b|F(?:ALSE)?\b))", re.MULTILINE
)
_NOT_PROSE: Final = re.compile(
    r"```.*?```|`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]*\$|\\\(.*?\\\)|\\\[.*?\\\]", re.DOTALL
)
_FRONT_MATTER: Final = re.compile(r"\A---\n(?:.*\n)*?---\n")
_FENCE: Final = re.compile(r"\s*(```+|~~~+)\s*[\w+#-]*\s*")
_HEADING: Final = re.compile(r"\s{0,3}#{1,6}\s+(.*?)\s*#*")
_QUOTED: Final = re.compile(r"(?:\s{0,3}>\s?)+")
_FOLDED: Final = re.compile(r"\s*</?(?:details|summary)\b[^<>]*>.*", re.IGNORECASE)
_ROW: Final = re.compile(r"\s*\|(.*)\|\s*")
_RULE_OF_ROW: Final = re.compile(r"[\s|:-]+")
_CELL: Final = re.compile(r"(?<!\\)\|")


def is_typed(text: str) -> bool:
    """Whether numbered questions with lettered options stand in a text, and no GIFT does."""
    if _GIFT.search(_NOT_PROSE.sub("", text)):
        return False
    numbered = lettered = 0
    for block in _Text(text).blocks():
        if isinstance(block, Table):
            continue
        if QUESTION.match(block.text) or NUMBERED.match(block.text):
            numbered += 1
        elif split_choices(block, lettered % _LEAST_OPTIONS, lower=None)[1]:
            lettered += len(split_choices(block, lettered % _LEAST_OPTIONS, lower=None)[1])
        if numbered and lettered >= _LEAST_OPTIONS:
            return True
    return False


def explains(text: str) -> bool:
    """Whether lines say why an answer is right, which Aiken does not know."""
    return any(EXPLANATION.match(line.strip("*_> ")) for line in text.split("\n"))


def read_typed(content: bytes) -> Reading:
    """Every question of a text. `line` is the line of the file, counted from 1."""
    try:
        file = decoded(content)
    except FileIsUnreadable as refused:
        return Reading(problem=refused.problem, detail=refused.detail)
    text = _Text(file.text)
    blocks = list(text.blocks())
    gathered = Document(blocks, text.inline.lost).gathered()
    return gathered.reading(text.inline.pictures.media, file.encoding)


class _Text:
    """Reads a text once, line by line."""

    def __init__(self, text: str) -> None:
        front = _FRONT_MATTER.match(text)
        skipped = front[0].count("\n") if front else 0
        self._lines = list(enumerate(text.split("\n"), 1))[skipped:]
        self.inline = Inline(Pictures())
        self._unlettered = 0  # boxes to tick so far, of a question whose options have no letters

    def blocks(self) -> Iterator[Block]:
        code: list[str] | None = None
        rows: list[tuple[Line, ...]] = []
        for number, written in self._lines:
            if _FENCE.fullmatch(written):
                if code:
                    yield Line(number, (as_code("\n".join(code), on_its_own=True),))
                code = [] if code is None else None
                continue
            if code is not None:
                code.append(written)
                continue
            if row := _ROW.fullmatch(written):
                if not _RULE_OF_ROW.fullmatch(written):
                    rows.append(self._row(number, row[1]))
                continue
            yield from _table(rows)
            rows = []
            yield from self._line(number, written)
        yield from _table(rows)
        if code:
            yield Line(number, (as_code("\n".join(code), on_its_own=True),))

    def _row(self, number: int, cells: str) -> tuple[Line, ...]:
        return tuple(
            Line(number, tuple(self.inline.pieces(number, each.strip())))
            for each in _CELL.split(cells)
        )

    def _line(self, number: int, written: str) -> Iterator[Line]:
        text = _QUOTED.sub("", written, count=1) if written.lstrip().startswith(">") else written
        if _FOLDED.fullmatch(text):
            return
        heading = _HEADING.fullmatch(text)
        said, self._unlettered = as_choice(heading[1] if heading else text, self._unlettered)
        pieces = tuple(self.inline.pieces(number, said))
        line = Line(number, pieces)
        spoken = line.text.replace(OBJECT, "")
        tells = KEY_LINE.match(spoken) or EXPLANATION.match(spoken)
        yield Line(number, pieces, heading=heading is not None and not tells)


def _table(rows: list[tuple[Line, ...]]) -> Iterator[Table]:
    """Rows with bars between their cells, as a table."""
    if rows:
        yield Table(rows[0][0].number, tuple(tuple((cell,) for cell in row) for row in rows))
