"""Aiken, the simplest text format of Moodle: a question, lettered options, `ANSWER: B`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from hocvu.items.content import Item, Kind, Markup, Option
from hocvu.question_files.findings import Problem, Reading
from hocvu.question_files.gathering.collecting import Collector, option_id
from hocvu.question_files.gathering.gathered import LeftOut, Notes
from hocvu.question_files.opening.archive import FileIsUnreadable
from hocvu.question_files.opening.decoding import decoded

_NUMBER: Final = re.compile(r"^\s*(?:Câu|Bài|Question)(?: hỏi)?\s*\d+\s*[.:)]\s*", re.IGNORECASE)
_OPTION: Final = re.compile(r"\s*([A-Z])\s?[).:/]\s*(.*)", re.IGNORECASE)
_ANSWER: Final = re.compile(
    r"\s*(?:ANSWERS?|CORRECT ANSWER|ĐÁP ÁN(?: ĐÚNG)?)\s*[:.=]\s*(.*)", re.IGNORECASE
)
_KEYS: Final = re.compile(r"[A-Z](?:\s*(?:[,;&/ ]|and|và)\s*[A-Z])*\s*[.)]?", re.IGNORECASE)


def read_aiken(content: bytes) -> Reading:
    """Every question of an Aiken file. One with several letters after ANSWER takes several."""
    try:
        file = decoded(content)
    except FileIsUnreadable as refusal:
        return Reading(problem=refusal.problem, detail=refusal.detail)
    found = Collector()
    for written in _questions(file.text):
        found.question(written.line, written.read, " ".join(written.stem))
    return found.reading(file.encoding)


def is_aiken(text: str) -> bool:
    """Whether a text holds lettered options and, after them, a line with the answer."""
    lines = text.split("\n")
    answers = [at for at, line in enumerate(lines) if _ANSWER.match(line)]
    return any(at and _OPTION.match(lines[at - 1]) for at in answers) or (
        bool(answers) and any(_OPTION.match(line) for line in lines[: answers[0]])
    )


@dataclass
class _Written:
    line: int
    stem: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    answer: str | None = None

    def read(self, notes: Notes) -> Item:
        if not self.stem:
            raise LeftOut(Problem.NO_STEM, " ".join(self.options))
        if len(self.options) < 2:  # noqa: PLR2004
            raise LeftOut(Problem.NO_OPTIONS)
        keys = self._keys()
        if len(keys) == len(self.options):
            notes.warn(Problem.TOO_MANY_KEYS, self.answer or "")
        options = tuple(
            Option(option_id(at), text, credit=Fraction(int(at in keys)))
            for at, text in enumerate(self.options)
        )
        kind = Kind.SINGLE if len(keys) == 1 else Kind.MULTIPLE
        stem = _NUMBER.sub("", "\n".join(self.stem), count=1) or self.stem[0]
        return Item(kind, stem, markup=Markup.PLAIN, options=options)

    def _keys(self) -> set[int]:
        if self.answer is None or not _KEYS.fullmatch(self.answer.strip()):
            raise LeftOut(Problem.NO_KEY, self.answer or "")
        letters = re.findall(r"\b[A-Z]\b", self.answer.upper())
        keys = {ord(letter) - ord("A") for letter in letters}
        if not keys <= set(range(len(self.options))):
            raise LeftOut(Problem.NO_KEY, self.answer)
        return keys


def _questions(text: str) -> Iterator[_Written]:
    """A question ends with its answer, or where the text of the next one begins."""
    written, after_empty = _Written(0), False
    for number, line in enumerate(text.split("\n"), 1):
        said = line.strip()
        if not said:
            after_empty = True
            continue
        answer = _ANSWER.match(said)
        option = _option(said, written)
        if not answer and option is None and after_empty and written.options:
            yield written
            written = _Written(0)
        after_empty = False
        written.line = written.line or number
        if answer:
            written.answer = answer[1].strip()
            yield written
            written = _Written(0)
        elif option is not None:
            written.options.append(option)
        elif written.options:
            written.options[-1] += f"\n{said}"
        else:
            written.stem.append(said)
    if written.stem or written.options:
        yield written


def _option(said: str, written: _Written) -> str | None:
    """The text of an option: its letter is the next one in turn."""
    found = _OPTION.fullmatch(said)
    if found and ord(found[1].upper()) - ord("A") == len(written.options):
        return found[2].strip()
    return None
