"""Gathers what was read: questions, and what there is to say about those taken and left out."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

from hocvu.items.content import Criterion, Item, Media, Option, Part
from hocvu.kernel.vietnamese import looks_like_tcvn3, looks_like_vni
from hocvu.question_files.findings import (
    Diagnostic,
    FileProblem,
    FoundItem,
    Problem,
    Reading,
    Severity,
)
from hocvu.question_files.wording.rich_text import as_markup, plain, settled

_LONGEST_ABOUT: Final = 80
_LONGEST_TEXT: Final = 100_000
_POINTS: Final = re.compile(
    r"[(\[\s:–-]*(\d+(?:[.,]\d+)?)\s*(?:điểm|đ|points?|pts?|marks?)[)\]\s.]*$", re.IGNORECASE
)


class LeftOut(Exception):
    """A question that cannot be taken; `about` says in a word or two what stands in it."""

    def __init__(self, problem: Problem, about: str = "") -> None:
        super().__init__(problem.value)
        self.problem = problem
        self.about = about


@dataclass
class Notes:
    """What there is to say about one question that is taken all the same; nothing twice."""

    said: dict[tuple[Problem, str], Severity] = field(default_factory=dict)

    def warn(self, problem: Problem, about: str = "") -> None:
        self.said.setdefault((problem, about), Severity.WARNING)

    def mention(self, problem: Problem, about: str = "") -> None:
        self.said.setdefault((problem, about), Severity.NOTE)


class Gathered:
    """Items and diagnostics in the order of the file; questions are counted from 1.

    Every question of a file becomes an item or an error: nothing is passed over in silence.
    """

    def __init__(self) -> None:
        self._items: list[FoundItem] = []
        self._diagnostics: list[Diagnostic] = []
        self._stated = 0

    def take(self, item: Item, notes: Notes, *, line: int = 0) -> None:
        self._stated += 1
        self._items.append(FoundItem(self._stated, line, item))
        self._say_all(notes, line)

    def leave_out(self, reason: LeftOut, notes: Notes, *, line: int = 0) -> None:
        """A question that could not be taken; what is no question is only noted."""
        if reason.problem is Problem.NOT_A_QUESTION:
            self.pass_over(line, reason.about)
            return
        self._stated += 1
        self._say(self._stated, line, Severity.ERROR, reason.problem, reason.about)
        self._say_all(notes, line)

    def pass_over(self, line: int, about: str) -> None:
        """Something that asks nothing: a description, a heading."""
        self._say(0, line, Severity.NOTE, Problem.NOT_A_QUESTION, about)

    def _say_all(self, notes: Notes, line: int) -> None:
        for (problem, about), severity in notes.said.items():
            self._say(self._stated, line, severity, problem, about)

    def _say(
        self, number: int, line: int, severity: Severity, problem: Problem, about: str
    ) -> None:
        words = " ".join(about.split())[:_LONGEST_ABOUT]
        self._diagnostics.append(Diagnostic(number, line, severity, problem, words))

    @property
    def is_empty(self) -> bool:
        return not self._stated and not self._diagnostics

    @property
    def _problem(self) -> FileProblem | None:
        if self.is_empty:
            return FileProblem.EMPTY
        return None if self._stated else FileProblem.NOTHING_ASKED

    def reading(self, media: dict[str, Media], encoding: str = "") -> Reading:
        return Reading(
            items=tuple(self._items),
            diagnostics=tuple(self._diagnostics),
            media=media,
            problem=self._problem,
            encoding=encoding,
            stated=self._stated,
        )


def finished(item: Item, notes: Notes) -> Item:
    """The question with its canonical HTML turned into plain text where that says the same.

    Raises LeftOut for a question without words or with far too many.
    """
    texts = [item.stem, item.situation, item.feedback, *(line.text for line in item.rubric)]
    for option in (*item.options, *(each for part in item.parts for each in part.options)):
        texts += [option.text, option.why]
    texts += [part.text for part in item.parts]
    if not item.stem.strip():
        raise LeftOut(Problem.NO_STEM, item.name or item.foreign_id)
    if max(map(len, texts)) > _LONGEST_TEXT:
        raise LeftOut(Problem.TEXT_TOO_LONG, plain(item.stem))
    options = [option.text for option in item.options]
    if len(set(options)) < len(options):
        notes.warn(Problem.OPTION_REPEATS, plain(next(x for x in options if options.count(x) > 1)))
    markup = settled(texts)

    def said(text: str) -> str:
        return as_markup(text, markup)

    def each_option(given: tuple[Option, ...]) -> tuple[Option, ...]:
        return tuple(replace(each, text=said(each.text), why=said(each.why)) for each in given)

    def each_part(part: Part) -> Part:
        return replace(part, text=said(part.text), options=each_option(part.options))

    return replace(
        item,
        markup=markup,
        stem=said(item.stem),
        situation=said(item.situation),
        feedback=said(item.feedback),
        options=each_option(item.options),
        parts=tuple(map(each_part, item.parts)),
        rubric=tuple(replace(line, text=said(line.text)) for line in item.rubric),
    )


def legacy_font(texts: Iterable[str]) -> str:
    """The old Vietnamese font a file was typed in; empty for Unicode."""
    words = "\n".join(texts)
    if looks_like_tcvn3(words):
        return "tcvn3"
    return "vni" if looks_like_vni(words) else ""


def points_at_end(text: str) -> Decimal | None:
    """`… (0,5 điểm)`: the points a line of a rubric ends with."""
    found = _POINTS.search(plain(text))
    return Decimal(found[1].replace(",", ".")) if found else None


def rubric_of(
    lines: Sequence[tuple[str, Decimal | None]], points: Decimal
) -> tuple[Criterion, ...]:
    """Lines of a rubric with their points; if these do not make the whole, one line earns all."""
    amounts = [stated for _, stated in lines if stated]
    if len(amounts) == len(lines) and sum(amounts) == points:
        return tuple(
            Criterion(f"c{at}", text, stated)
            for at, ((text, _), stated) in enumerate(zip(lines, amounts, strict=True), start=1)
        )
    whole = "<br>".join(_nonempty(text for text, _ in lines))
    return (Criterion("c1", whole, points),) if whole else ()


def _nonempty(texts: Iterable[str]) -> list[str]:
    return [text for text in texts if text.strip()]
