r"""The questions of a GIFT file as they stand in it: where each begins and what its pieces are.

GIFT as Moodle documents it (docs.moodle.org, "GIFT format") and as its reader takes it, and then as
people type it: questions without an empty line between them, empty lines within braces, unescaped
`=` and `#` in tags, addresses and formulas.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from hocvu.question_files.findings import Problem
from hocvu.question_files.gathering.gathered import LeftOut

# An escaped sign is put aside as a character of its own until the pieces are found.
_SIGNS: Final = ":#={}~\\"
_ASIDE: Final = {sign: chr(0xE030 + at) for at, sign in enumerate(_SIGNS)}
_NEW_LINE: Final = "\ue040"
_BACK: Final = {ord(aside): sign for sign, aside in _ASIDE.items()} | {ord(_NEW_LINE): "\n"}
_ESCAPED: Final = re.compile(r"\\[:#={}~\\n]")
_COMMAND: Final = re.compile(r"\\n(?:eq|eg|abla|earrow|ot|u|i|e|mid|leq|geq)(?![a-z])")
_FORMULA: Final = re.compile(r"\$[^$]{1,300}\$|\\\(.{1,300}?\\\)|\\\[.{1,300}?\\\]")
_MOST_JOINED: Final = 40  # paragraphs within one pair of braces
_IDENTIFIER: Final = re.compile(r"\[id:([^\[\]]+)\]")
_TAG: Final = re.compile(r"\[tag:([^\[\]]+)\]")
_CATEGORY: Final = re.compile(r"\s*\$CATEGORY\s*:", re.IGNORECASE)
# Within a line only: what is written by the rules has its answers in lines of their own.
_PARTS_OF_TEXT: Final = re.compile(
    r"<[A-Za-z/!][^<>\n]*>|&\#\w{1,7};"
    r"|\$\$[^$~\#\n]+\$\$|(?<!\\)\$(?=[^\s$=~\#])[^$~\#\n]{0,300}?(?<=[^\s=~\#])\$(?!\d)"
    r"|\\\([^~\#\n]{1,300}?\\\)|\\\[[^~\#\n]{1,300}?\\\]"
    r"|https?://[^\s~}\#]+(?:\#[\w-][^\s~}\#]*)?"
)


def put_aside(text: str) -> str:
    r"""Escaped signs as characters of their own; in a formula `\neq` is no new line."""
    if "\\" not in text:
        return text
    kept = {
        found.start() + command.start()
        for found in _FORMULA.finditer(text)
        for command in _COMMAND.finditer(found[0])
    }

    def aside(sign: re.Match[str]) -> str:
        if sign[0] == "\\n":
            return sign[0] if sign.start() in kept else _NEW_LINE
        return _ASIDE[sign[0][1]]

    return _ESCAPED.sub(aside, text)


def put_back(text: str) -> str:
    return text.translate(_BACK)


@dataclass(frozen=True)
class Block:
    """What stands between two empty lines: `text` has its escaped signs put aside."""

    line: int
    text: str
    tags: tuple[str, ...] = ()
    identifier: str = ""

    @property
    def category(self) -> str | None:
        found = _CATEGORY.match(self.text)
        return put_back(self.text[found.end() :].strip()) if found else None


@dataclass(frozen=True)
class _Line:
    number: int
    text: str
    comment: bool = False


def blocks(text: str) -> Iterator[Block]:
    """The questions, categories and descriptions of a file in its order."""
    for paragraph in _joined(_paragraphs(text)):
        yield from _separated(paragraph)


def _paragraphs(text: str) -> list[list[_Line]]:
    found: list[list[_Line]] = [[]]
    for number, line in enumerate(text.split("\n"), 1):
        if line.lstrip().startswith("//"):
            found[-1].append(_Line(number, line, comment=True))
        elif not line.strip():
            found.append([])
        elif _CATEGORY.match(line):
            found += [[_Line(number, put_aside(line))], []]
        else:
            found[-1].append(_Line(number, put_aside(line)))
    return [lines for lines in found if lines]


def _written(lines: Sequence[_Line]) -> str:
    return "\n".join(line.text for line in lines if not line.comment)


def _joined(paragraphs: list[list[_Line]]) -> Iterator[list[_Line]]:
    """Paragraphs that braces hold together become one; braces left open hold nothing."""
    at = 0
    while at < len(paragraphs):
        whole, end = list(paragraphs[at]), at + 1
        depth = _depth(paragraphs[at])
        while depth > 0 and end < min(len(paragraphs), at + _MOST_JOINED):
            if _begins(paragraphs[end]):
                break
            depth += _depth(paragraphs[end])
            whole += [_Line(0, ""), *paragraphs[end]]
            end += 1
        if depth == 0:
            yield whole
            at = end
        else:
            yield paragraphs[at]
            at += 1


def _depth(lines: Sequence[_Line]) -> int:
    text = _written(lines)
    return text.count("{") - text.count("}")


def _begins(lines: Sequence[_Line]) -> bool:
    first = next((line.text.strip() for line in lines if not line.comment), "")
    return first.startswith("::") or _CATEGORY.match(first) is not None


def _separated(lines: list[_Line]) -> Iterator[Block]:
    """Questions that follow each other line by line, each with braces of its own."""
    starts, depth, answered = [0], 0, False
    last_braces = max((at for at, each in enumerate(lines) if "{" in each.text), default=0)
    for at, line in enumerate(lines):
        if line.comment:
            continue
        if depth == 0 and answered and _is_a_next_question(lines, at, last_braces):
            starts.append(_with_comments_before(lines, at))
            answered = False
        depth += line.text.count("{") - line.text.count("}")
        answered = answered or (depth == 0 and "}" in line.text)
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        if any(not line.comment and line.text for line in lines[start:end]):
            yield _block(lines[start:end])


def _is_a_next_question(lines: Sequence[_Line], at: int, last_braces: int) -> bool:
    if lines[at].text.lstrip().startswith("::"):
        return True
    before = at - 1
    while lines[before].comment:
        before -= 1
    return at <= last_braces and lines[before].text.rstrip().endswith("}")


def _with_comments_before(lines: Sequence[_Line], at: int) -> int:
    while lines[at - 1].comment:
        at -= 1
    return at


def _block(lines: Sequence[_Line]) -> Block:
    comments = "\n".join(line.text for line in lines if line.comment)
    first = next(line.number for line in lines if not line.comment and line.text)
    identifier = _IDENTIFIER.search(comments)
    return Block(
        first,
        _written(lines).strip(),
        tuple(tag.strip() for tag in _TAG.findall(comments)),
        identifier[1].strip() if identifier else "",
    )


# --- The pieces of a question ------------------------------------------------------------------


@dataclass(frozen=True)
class Pieces:
    """`before` and `after` the braces; `answers` is none where there are no braces."""

    name: str
    before: str
    answers: str | None
    after: str
    feedback: str


def pieces(text: str) -> Pieces:
    """Raises LeftOut when the braces do not fit."""
    name, text = _named(text)
    if "{" not in text and "}" not in text:
        return Pieces(name, text, None, "", "")
    start, end = _answer_braces(text)
    answers, mark, feedback = _without_feedback(text[start + 1 : end].strip())
    return Pieces(name, text[:start], answers, text[end + 1 :], feedback if mark else "")


def _named(text: str) -> tuple[str, str]:
    if not text.startswith("::"):
        return "", text
    name, mark, rest = text[2:].partition("::")
    return (put_back(name).strip(), rest.strip()) if mark else ("", text)


def _without_feedback(answers: str) -> tuple[str, str, str]:
    before, mark, feedback = answers.rpartition("####")
    return (before.strip(), mark, feedback.strip()) if mark else (answers, "", "")


def _answer_braces(text: str) -> tuple[int, int]:
    """Where the braces with the answers stand: braces of formulas hold none."""
    pairs = list(_pairs(text))
    if not pairs:
        raise LeftOut(Problem.SYNTAX, put_back(text))
    if len(pairs) == 1:
        return pairs[0]
    return next((pair for pair in pairs if _holds_answers(text[pair[0] + 1 : pair[1]])), pairs[0])


def _pairs(text: str) -> Iterator[tuple[int, int]]:
    depth = start = 0
    for at, sign in enumerate(text):
        if sign == "{":
            start = start if depth else at
            depth += 1
        elif sign == "}":
            depth -= 1
            if depth < 0:
                raise LeftOut(Problem.SYNTAX, put_back(text))
            if depth == 0:
                yield start, at
    if depth:
        raise LeftOut(Problem.SYNTAX, put_back(text))


def _holds_answers(inside: str) -> bool:
    said = inside.strip()
    return said[:1] in {"", "=", "~", "#", ">"} or said.partition("#")[0].strip().upper() in TRUTHS


TRUTHS: Final = {
    **dict.fromkeys(("T", "TRUE", "Đ", "ĐÚNG"), True),
    **dict.fromkeys(("F", "FALSE", "S", "SAI"), False),
}


# --- The signs within the answers --------------------------------------------------------------


def split_at(signs: str, text: str, most: int = 0) -> list[str]:
    """Cut before each of the signs; those inside tags, addresses and formulas do not count."""
    hidden = {at for found in _PARTS_OF_TEXT.finditer(text) for at in range(*found.span())}
    cuts = [
        at for at, sign in enumerate(text) if sign in signs and (at not in hidden or sign == "~")
    ]
    cuts = cuts[:most] if most else cuts
    edges = [0, *cuts, len(text)]
    return [text[start:end] for start, end in pairwise(edges) if start < end]


def before_and_after(sign: str, text: str) -> tuple[str, str]:
    """What stands before and after the first such sign."""
    first, *rest = split_at(sign, text, 1) or [""]
    if first.startswith(sign):
        return "", first[1:].strip()
    return first.strip(), rest[0][1:].strip() if rest else ""
