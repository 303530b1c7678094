"""A question while it is being found among typed lines."""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Final

from hocvu.question_files.typed.lines import Line, Piece


class Mode(Enum):
    """What the questions of a part are, as its heading says."""

    UNSAID = "unsaid"
    CHOICE = "choice"
    JUDGE = "judge"  # statements that are true or false
    SHORT = "short"
    ESSAY = "essay"


@dataclass
class Choice:
    """An option: where its letter stands among the characters, and what follows it."""

    letter: str
    mark: tuple[Piece, ...]  # the letter itself, whose look may be the key
    lines: list[Line]
    starred: bool = False

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines).strip()


@dataclass
class Draft:
    number: int
    at: int  # the paragraph it starts in
    part: str = ""  # "II" of the part it stands in
    category: str = ""
    mode: Mode = Mode.UNSAID
    situation: list[Line | str] = field(default_factory=list)
    stem: list[Line | str] = field(default_factory=list)  # lines and the HTML of tables
    choices: list[Choice] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)  # as they are written after "Đáp án:"
    explanation: list[Line] = field(default_factory=list)
    rubric: list[Line] = field(default_factory=list)
    points: Decimal | None = None
    tags: list[str] = field(default_factory=list)
    table_lost: bool = False


_CHOICE: Final = re.compile(r"\s*(\*?)\s*\(?([A-Ja-j])(\*?)\s*(?:[.):/]|-(?=\s))\s*")
_NEXT: Final = re.compile(r"(?<=\s)(\*?)\s?\(?([A-Ja-j])(\*?)\s*[.):/]\s*")


def split_choices(line: Line, expected: int, *, lower: bool | None) -> tuple[Line, list[Choice]]:
    """The options that stand in a line, and what stands before the first of them.

    `expected` is the place of the next option; `lower` whether its letter is a small one, none if
    either will do. A single letter in the middle of a line is no option.
    """
    text = line.text
    first = _CHOICE.match(text)
    if first and _fits(first[2], expected, lower):
        lower = first[2].islower()
        marks = [first, *_following(text, first.end(), expected + 1, lower=lower)]
    elif expected == 0:
        marks = _row_of_choices(text, lower=lower)
    else:
        marks = []
    if not marks:
        return line, []
    ends = [each.start() for each in marks[1:]] + [len(text)]
    choices = [
        Choice(
            letter=mark[2],
            mark=line.cut(mark.start(2), mark.end(2)).pieces,
            lines=[line.cut(mark.end(), end)],
            starred=bool(mark[1] or mark[3]),
        )
        for mark, end in zip(marks, ends, strict=True)
    ]
    return line.cut(0, marks[0].start()), choices


def _fits(letter: str, expected: int, lower: bool | None) -> bool:  # noqa: FBT001
    wanted = chr(ord("a") + expected)
    if lower is None:
        return letter.lower() == wanted
    return letter == (wanted if lower else wanted.upper())


def _following(text: str, start: int, expected: int, *, lower: bool) -> list[re.Match[str]]:
    found: list[re.Match[str]] = []
    for mark in _NEXT.finditer(text, start):
        if _fits(mark[2], expected + len(found), lower) and text[mark.end() :].strip():
            found.append(mark)
    return found


def _row_of_choices(text: str, *, lower: bool | None) -> list[re.Match[str]]:
    """A whole row of options after the words of a question, at least A and B."""
    for mark in _NEXT.finditer(text):
        if mark[2] == "A" and not lower:
            following = _following(text, mark.end(), 1, lower=False)
            if following:
                return [mark, *following]
    return []
