"""Marking an attempt and adding it up.

What one answer earns is for `hocvu.items.marking` to say; here answers become attempts.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from hocvu.items import marking
from hocvu.items.content import Item
from hocvu.items.marking import AnswerFlaw, Mark, Reason, ReasonKind, Verdict
from hocvu.items.scores import Score, as_stored, is_passed

__all__ = [
    "AnswerFlaw",
    "Correction",
    "Key",
    "Mark",
    "MarkedPaper",
    "Marks",
    "Reason",
    "ReasonKind",
    "Score",
    "Verdict",
    "add_up",
    "as_stored",
    "corrected",
    "evidence",
    "flaw_in",
    "is_passed",
    "mark",
    "marked_paper",
    "settled",
]

_NOTHING, _ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True)
class Key:
    """A question as marking sees it. `everybody`: it was withdrawn, so all get its points."""

    question_id: int
    item: Item
    component: str
    everybody: bool = False


@dataclass(frozen=True)
class Correction:
    """What a decision made of a wrong key: other right options, or its points for everybody."""

    right: frozenset[str] = frozenset()
    everybody: bool = False


def corrected(key: Key, correction: Correction) -> Key:
    """The key as it stands after a correction. Right options are all equally right."""
    if correction.everybody:
        return replace(key, everybody=True)
    options = tuple(
        replace(option, credit=_ONE if option.id in correction.right else _NOTHING)
        for option in key.item.options
    )
    return replace(key, item=replace(key.item, options=options))


def mark(key: Key, lines: Collection[str]) -> Mark:
    """What these lines earn, and why. Nothing but the written rule of the question decides."""
    if key.everybody:
        points = Fraction(key.item.points)
        return Mark(points, points, Verdict.RIGHT, ())
    return marking.mark(key.item, lines)


def settled(waiting: Mark, points: Fraction) -> Mark:
    """A mark that waited for people, now that they have given these points."""
    verdict = Verdict.WRONG if points <= 0 else Verdict.PARTLY
    if points >= waiting.out_of:
        verdict = Verdict.RIGHT
    return replace(waiting, points=points, verdict=verdict)


def flaw_in(key: Key, lines: Collection[str]) -> AnswerFlaw | None:
    """Why this cannot be an answer to this question; no lines at all take an answer back."""
    return marking.flaw_in(key.item, lines)


@dataclass(frozen=True)
class MarkedPaper:
    """All marks of an attempt, in the order of its form, and what they add up to.

    As long as some marks wait for people, the sums hold what is certain so far, and `passed` says
    nothing yet.
    """

    marks: tuple[Mark, ...]
    total: Score
    by_component: Mapping[str, Score]
    passed: bool

    @property
    def is_waiting(self) -> bool:
        return any(each.points is None for each in self.marks)


@dataclass
class Marks:
    """Marks every different answer once, however many people gave it."""

    _known: dict[tuple[int, frozenset[str]], Mark] = field(default_factory=dict)

    def of(self, key: Key, lines: Collection[str]) -> Mark:
        name = key.question_id, frozenset(lines)
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = mark(key, lines)
        return known


def marked_paper(
    keys: Sequence[Key],
    answers: Mapping[int, Collection[str]],
    required: Fraction,
    *,
    by_people: Mapping[int, Fraction] | None = None,
    marks: Marks | None = None,
) -> MarkedPaper:
    """Mark every question of a form; one that was not answered earns nothing.

    `by_people`: points people gave, by question, for what waits for them. `marks`: shared when many
    attempts are marked together.
    """
    found = marks or Marks()
    given = by_people or {}
    each_mark = []
    for key in keys:
        one = found.of(key, answers.get(key.question_id, ()))
        if one.points is None and key.question_id in given:
            one = settled(one, given[key.question_id])
        each_mark.append(one)
    return add_up(keys, each_mark, required)


def add_up(keys: Sequence[Key], marks: Sequence[Mark], required: Fraction) -> MarkedPaper:
    """The sums are exact: parts with the same denominator are counted in whole numbers first."""
    points, out_of = _Sums(), _Sums()
    for key, each in zip(keys, marks, strict=True):
        points.add(key.component, each.points or _NOTHING)
        out_of.add(key.component, each.out_of)
    all_points, all_out_of = points.by_name(), out_of.by_name()
    by_component = {name: Score(all_points[name], all_out_of[name]) for name in all_points}
    total = Score(sum(all_points.values(), _NOTHING), sum(all_out_of.values(), _NOTHING))
    return MarkedPaper(tuple(marks), total, by_component, is_passed(total, required))


class _Sums:
    """Exact sums by name. Adding fractions one by one is what marking would spend its time on."""

    def __init__(self) -> None:
        self._numerators: dict[tuple[str, int], int] = {}

    def add(self, name: str, part: Fraction) -> None:
        place = name, part.denominator
        self._numerators[place] = self._numerators.get(place, 0) + part.numerator

    def by_name(self) -> dict[str, Fraction]:
        sums: dict[str, Fraction] = {}
        for (name, denominator), numerator in self._numerators.items():
            part = Fraction(numerator, denominator)
            sums[name] = sums[name] + part if name in sums else part
        return sums


def evidence(attempt_id: int, times: int) -> str:
    """The name of what an attempt showed when it was marked for the first, second, … time."""
    return f"exams.attempt:{attempt_id}" + (f"/{times}" if times > 1 else "")
