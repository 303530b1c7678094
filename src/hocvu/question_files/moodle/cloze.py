r"""Embedded answers ("Cloze") of Moodle: `{1:SHORTANSWER:=Hà Nội#Right~%50%Ha Noi}` within a text.

As docs.moodle.org, "Embedded Answers (Cloze) question type" describes them.
"""

import re
from decimal import Decimal
from fractions import Fraction
from typing import Final

from hocvu.items.content import Accepted, Item, Kind, Markup, Option, Part, PartKind
from hocvu.items.text import to_plain
from hocvu.question_files.findings import Problem
from hocvu.question_files.gathering.collecting import credit_of, option_id, part_id
from hocvu.question_files.gathering.gathered import LeftOut
from hocvu.question_files.gathering.texts import Way
from hocvu.question_files.moodle.question import MoodleQuestion, decimal_of, way_of
from hocvu.question_files.opening.decoding import clean

GAP: Final = re.compile(
    r"\{\s*(?P<weight>\d{0,3})\s*:\s*(?P<type>[A-Z]+(?:_[A-Z]+)?)\s*:(?P<answers>(?:\\.|[^}\\])*)\}",
    re.DOTALL,
)
_TEXTS: Final = frozenset({"SHORTANSWER", "SA", "MW"})
_TEXTS_WITH_CASE: Final = frozenset({"SHORTANSWER_C", "SAC", "MWC"})
_NUMBERS: Final = frozenset({"NUMERICAL", "NM"})
_CHOICES: Final = re.compile(r"(?:MULTICHOICE_?|MC)(?:[VHS]|VS|HS)?")
_SHUFFLED: Final = re.compile(r"(?:MULTICHOICE_|MC)(?:S|VS|HS)")
_RESPONSES: Final = re.compile(r"(?:MULTIRESPONSE_?|MR)(?:[VHS]|VS|HS)?")
_BETWEEN: Final = re.compile(r"(?<!\\)~")
_COMMENT: Final = re.compile(r"(?<!\\)(?<!&)#")
_SHARE: Final = re.compile(r"\s*(?:=|%(-?\d+(?:[.,]\d+)?)%)")
_ESCAPED: Final = re.compile(r"\\([}#~/\"\\])")


def cloze(question: MoodleQuestion) -> Item:
    holder = question.element.find("questiontext")
    if holder is None:
        raise LeftOut(Problem.NO_STEM)
    return _Gaps(question).read(question.written(holder), way_of(holder))


class _Gaps:
    """Takes the gaps out of a text one after the other."""

    def __init__(self, question: MoodleQuestion) -> None:
        self._question = question
        self._parts: list[Part] = []
        self._types: set[str] = set()

    def read(self, text: str, way: Way) -> Item:
        stem = GAP.sub(self._gap, text)
        if not self._parts:
            raise LeftOut(Problem.SYNTAX)
        with_case = self._types & _TEXTS_WITH_CASE
        if with_case and self._types & _TEXTS:
            self._question.notes.warn(Problem.FEATURE_LOST, "SHORTANSWER_C")
        weights = sum((part.weight for part in self._parts), Fraction(0))
        return Item(
            Kind.CLOZE,
            self._question.texts.put(stem, way),
            parts=tuple(self._parts),
            points=Decimal(int(weights)),
            case_matters=bool(with_case),
            shuffle=any(_SHUFFLED.fullmatch(each) for each in self._types),
        )

    def _gap(self, found: re.Match[str]) -> str:
        kind = found["type"].upper()
        if _RESPONSES.fullmatch(kind):
            raise LeftOut(Problem.UNKNOWN_KIND, kind)
        self._types.add(kind)
        answers = [_answer(each) for each in _BETWEEN.split(found["answers"]) if each.strip()]
        weight = Fraction(max(1, int(found["weight"] or 1)))
        name = part_id(len(self._parts))
        if _CHOICES.fullmatch(kind):
            part = self._list(name, answers, weight)
        elif kind in _NUMBERS:
            accepted = tuple(self._number(*each) for each in answers)
            part = Part(name, PartKind.NUMBER, accepted=accepted, weight=weight)
        elif kind in _TEXTS | _TEXTS_WITH_CASE:
            accepted = tuple(
                Accepted(to_plain(value, Markup.HTML), credit, why=self._html(why))
                for value, credit, why in answers
            )
            part = Part(name, PartKind.TEXT, accepted=accepted, weight=weight)
        else:
            return found[0]
        self._check(part)
        self._parts.append(part)
        return f"[[{name}]]"

    def _check(self, part: Part) -> None:
        credits_ = [each.credit for each in part.accepted or part.options]
        if not any(credit > 0 for credit in credits_):
            raise LeftOut(Problem.NO_KEY, part.id)
        if max(credits_) < 1:
            self._question.notes.warn(Problem.CREDIT_ODD, part.id)

    def _html(self, written: str) -> str:
        return self._question.texts.put(written, Markup.HTML)

    def _list(self, name: str, answers: list[tuple[str, Fraction, str]], weight: Fraction) -> Part:
        options = tuple(
            Option(option_id(at), self._html(text), credit=credit, why=self._html(why))
            for at, (text, credit, why) in enumerate(answers)
        )
        if len(options) < 2:  # noqa: PLR2004
            raise LeftOut(Problem.NO_OPTIONS, name)
        right = next((option.id for option in options if option.credit >= 1), "")
        return Part(name, right=right, options=options, weight=weight)

    def _number(self, written: str, credit: Fraction, why: str) -> Accepted:
        said = to_plain(written, Markup.HTML)
        if said == "*":
            return Accepted("*", credit, why=self._html(why))
        value, _, tolerance = said.partition(":")
        exact = f"{decimal_of(value):f}"
        return Accepted(exact, credit, abs(decimal_of(tolerance or "0")), self._html(why))


def _answer(written: str) -> tuple[str, Fraction, str]:
    """The answer, its share and what is said to who gives it."""
    share = _SHARE.match(written)
    credit = Fraction(int(share is not None))
    if share and share[1]:
        credit = credit_of(share[1])
    rest = written[share.end() :] if share else written
    value, *why = _COMMENT.split(rest, maxsplit=1)
    return _plainly(value), credit, _plainly(why[0] if why else "")


def _plainly(written: str) -> str:
    return clean(_ESCAPED.sub(r"\1", written)).strip()
