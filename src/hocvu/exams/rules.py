"""Marking, passing, time, the order of questions, and receipts."""

import hashlib
import hmac
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import TypeVar

from hocvu.kernel.ids import as_typed, in_groups

# Answers already on the way when time ran out still count for this long.
GRACE = timedelta(seconds=20)

Thing = TypeVar("Thing")


# --- Marking -----------------------------------------------------------------------------------


class Verdict(Enum):
    RIGHT = "right"
    PARTLY = "partly"
    WRONG = "wrong"
    UNANSWERED = "unanswered"


class ReasonKind(Enum):
    RIGHT_CHOSEN = "right_chosen"
    WRONG_CHOSEN = "wrong_chosen"
    RIGHT_MISSED = "right_missed"
    NOTHING_CHOSEN = "nothing_chosen"


@dataclass(frozen=True)
class Reason:
    """What counted for or against an answer; `option` is empty when nothing was chosen."""

    kind: ReasonKind
    option: str = ""


@dataclass(frozen=True)
class Key:
    """A question as marking sees it: `options` in written order, `right` among them."""

    question_id: int
    takes_many: bool
    options: tuple[str, ...]
    right: frozenset[str]
    component: str


@dataclass(frozen=True)
class Mark:
    points: Fraction
    out_of: Fraction
    verdict: Verdict
    reasons: tuple[Reason, ...]


_NOTHING, _ONE = Fraction(0), Fraction(1)


def mark(key: Key, chosen: Collection[str]) -> Mark:
    """Every question is worth one point.

    One-option questions: all or nothing. Several options: (right chosen − wrong chosen), not
    below zero, of the number of right ones; so ticking everything never pays.
    """
    if not chosen:
        return Mark(_NOTHING, _ONE, Verdict.UNANSWERED, (Reason(ReasonKind.NOTHING_CHOSEN),))
    picked = frozenset(chosen)
    points = _points(key, picked)
    verdict = Verdict.RIGHT if points == 1 else Verdict.PARTLY if points > 0 else Verdict.WRONG
    return Mark(points, _ONE, verdict, tuple(_reasons(key, picked)))


def _points(key: Key, picked: frozenset[str]) -> Fraction:
    if not key.takes_many:
        return Fraction(int(picked == key.right))
    balance = len(picked & key.right) - len(picked - key.right)
    return Fraction(max(0, balance), len(key.right))


def _reasons(key: Key, picked: frozenset[str]) -> Iterator[Reason]:
    for option in key.options:
        if option in picked:
            right = option in key.right
            yield Reason(ReasonKind.RIGHT_CHOSEN if right else ReasonKind.WRONG_CHOSEN, option)
        elif option in key.right:
            yield Reason(ReasonKind.RIGHT_MISSED, option)


@dataclass(frozen=True)
class Score:
    points: Fraction
    out_of: Fraction

    @property
    def share(self) -> Fraction:
        return self.points / self.out_of


@dataclass(frozen=True)
class MarkedPaper:
    """All marks of an attempt, in the order of the paper, and what they add up to."""

    marks: tuple[Mark, ...]
    total: Score
    by_component: Mapping[str, Score]
    passed: bool


def marked_paper(
    keys: Sequence[Key], answers: Mapping[int, Collection[str]], required: Fraction
) -> MarkedPaper:
    """Mark every question of a paper; one that was not answered earns nothing."""
    marks = tuple(mark(key, answers.get(key.question_id, ())) for key in keys)
    return add_up(keys, marks, required)


def add_up(keys: Sequence[Key], marks: Sequence[Mark], required: Fraction) -> MarkedPaper:
    """The sums are exact: parts with the same denominator are counted in whole numbers first."""
    points, out_of = _Sums(), _Sums()
    for key, each in zip(keys, marks, strict=True):
        points.add(key.component, each.points)
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


def is_passed(score: Score, required: Fraction) -> bool:
    """Exact: 69.99 % is not 70 %."""
    return score.points >= required * score.out_of


def as_stored(points: Fraction) -> Decimal:
    """Points as they are kept and shown, cut to thousandths: never more than was earned.

    Whether somebody passed is decided before this, on the exact fraction.
    """
    return Decimal(points.numerator * 1000 // points.denominator).scaleb(-3)


# --- What may be answered ----------------------------------------------------------------------


class AnswerFlaw(Enum):
    UNKNOWN_OPTION = "unknown_option"
    TOO_MANY_OPTIONS = "too_many_options"


def flaw_in(key: Key, chosen: Sequence[str]) -> AnswerFlaw | None:
    """Why this cannot be an answer to this question; choosing nothing takes an answer back."""
    if not set(chosen) <= set(key.options) or len(set(chosen)) < len(chosen):
        return AnswerFlaw.UNKNOWN_OPTION
    if len(chosen) > 1 and not key.takes_many:
        return AnswerFlaw.TOO_MANY_OPTIONS
    return None


# --- Time --------------------------------------------------------------------------------------


def must_end_at(started_at: datetime, minutes: int, closes_at: datetime) -> datetime:
    return min(started_at + timedelta(minutes=minutes), closes_at)


def is_too_late(end: datetime, at: datetime) -> bool:
    """Whether an answer that arrives now no longer counts."""
    return at > end + GRACE


def time_left(end: datetime, at: datetime) -> timedelta:
    return max(end - at, timedelta(0))


# --- Order -------------------------------------------------------------------------------------


def shuffled(things: Iterable[Thing], names: Iterable[object], *, seed: int) -> list[Thing]:
    """The order an attempt shows things in, fixed by its seed and the things' names.

    Sorting by a hash gives the same order on every machine and in every version of Python.
    """

    def place(pair: tuple[Thing, object]) -> bytes:
        return hashlib.sha256(f"{seed}/{pair[1]}".encode()).digest()

    return [thing for thing, _ in sorted(zip(things, names, strict=True), key=place)]


# --- Receipts ----------------------------------------------------------------------------------

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ANSWER_CODE_LENGTH = 8
_ATTEMPT_CODE_LENGTH = 16


@dataclass(frozen=True)
class StoredAnswer:
    question_id: int
    chosen: tuple[str, ...]
    sequence: int


def answer_receipt(secret: bytes, attempt_id: int, answer: StoredAnswer) -> str:
    """`7K2M-Q0XF`: only this installation can have given it for exactly this stored answer."""
    return _receipt(secret, f"answer/{attempt_id}/{_in_words(answer)}", _ANSWER_CODE_LENGTH)


def attempt_receipt(secret: bytes, attempt_id: int, answers: Iterable[StoredAnswer]) -> str:
    """One code over every stored answer of an attempt, whatever order they are read in."""
    lines = sorted(map(_in_words, answers))
    return _receipt(secret, "\n".join([f"attempt/{attempt_id}", *lines]), _ATTEMPT_CODE_LENGTH)


def is_receipt(typed: str, receipt: str) -> bool:
    """Whether somebody typed this receipt, in whatever case and grouping."""
    return hmac.compare_digest(as_typed(typed).encode(), as_typed(receipt).encode())


def _in_words(answer: StoredAnswer) -> str:
    return f"{answer.question_id}/{answer.sequence}/{','.join(sorted(answer.chosen))}"


def _receipt(secret: bytes, text: str, length: int) -> str:
    digest = hmac.digest(secret, text.encode(), "sha256")
    bits = int.from_bytes(digest, "big")
    return in_groups("".join(_ALPHABET[bits >> 5 * at & 31] for at in range(length)))
