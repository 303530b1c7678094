"""What an answer earns, and why. Points are exact; what only people can judge waits for them.

`flaw_in` says why something is no answer to a question, `item_flaws` why a question cannot be
asked.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from hocvu.items.answers import AnswerFlaw, flaw_in, is_no_answer, put_into_parts
from hocvu.items.content import (
    CHOICES,
    MARKED_BY_PEOPLE,
    Accepted,
    Item,
    Kind,
    Option,
    Part,
    PartKind,
    Scoring,
    usual_scoring,
)
from hocvu.items.flaws import FlawKind, ItemFlaw, item_flaws
from hocvu.items.typed import number_of, numbers_meant, stands_for_anything, text_matches

__all__ = [
    "AnswerFlaw",
    "FlawKind",
    "ItemFlaw",
    "Mark",
    "Reason",
    "ReasonKind",
    "Verdict",
    "flaw_in",
    "item_flaws",
    "mark",
]


class Verdict(Enum):
    RIGHT = "right"
    PARTLY = "partly"
    WRONG = "wrong"
    UNANSWERED = "unanswered"
    WAITING = "waiting"  # for people to mark it


class ReasonKind(Enum):
    RIGHT_CHOSEN = "right_chosen"
    WRONG_CHOSEN = "wrong_chosen"
    RIGHT_MISSED = "right_missed"
    NOTHING_CHOSEN = "nothing_chosen"
    PART_RIGHT = "part_right"
    PART_PARTLY = "part_partly"
    PART_WRONG = "part_wrong"
    PART_EMPTY = "part_empty"
    NEEDS_PEOPLE = "needs_people"


@dataclass(frozen=True)
class Reason:
    """What counted for or against an answer.

    `option` is empty when nothing was chosen. A part's reason names the part (in an ordering
    question: the option whose place it is), the option put there, and which accepted value it met.
    """

    kind: ReasonKind
    option: str = ""
    part: str = ""
    accepted: str = ""


@dataclass(frozen=True)
class Mark:
    """`points` out of `out_of`, the points of the question; none as long as it waits for people."""

    points: Fraction | None
    out_of: Fraction
    verdict: Verdict
    reasons: tuple[Reason, ...]


_NOTHING, _ALL = Fraction(0), Fraction(1)


def mark(item: Item, lines: Collection[str]) -> Mark:
    """What these lines earn as an answer to the question; their order does not count.

    Usual rules: one option earns its credit. Several options: (right chosen − wrong chosen), not
    below zero, of the number of right ones; so ticking everything never pays. Parts: the weighted
    share of parts that are right. `Scoring` names the other rules.
    """
    out_of = Fraction(item.points)
    if is_no_answer(item, lines):
        nothing = (Reason(ReasonKind.NOTHING_CHOSEN),)
        return Mark(_NOTHING, out_of, Verdict.UNANSWERED, nothing)
    if item.kind in MARKED_BY_PEOPLE:
        return Mark(None, out_of, Verdict.WAITING, (Reason(ReasonKind.NEEDS_PEOPLE),))
    if item.kind in CHOICES:
        share, reasons = _chosen(item, frozenset(lines))
    else:
        share, reasons = _parts(item, put_into_parts(lines))
    verdict = Verdict.RIGHT if share == 1 else Verdict.PARTLY if share > 0 else Verdict.WRONG
    return Mark(share * out_of, out_of, verdict, tuple(reasons))


# --- Choosing ----------------------------------------------------------------------------------


def _chosen(item: Item, picked: frozenset[str]) -> tuple[Fraction, Iterator[Reason]]:
    if item.kind is Kind.MULTIPLE:
        return _share_of_several(item, picked), _reasons(item.options, picked, missed=True)
    best = max((option.credit for option in item.options), default=_NOTHING)
    credit = sum((o.credit for o in item.options if o.id in picked), _NOTHING)
    if len(picked) > 1 or (item.scoring is Scoring.ALL_OR_NOTHING and credit < best):
        credit = _NOTHING
    due = [o for o in item.options if o.credit == best or o.id in picked]
    return _kept(credit), _reasons(due, picked, missed=credit < best)


def _share_of_several(item: Item, picked: frozenset[str]) -> Fraction:
    right = frozenset(option.id for option in item.options if option.right)
    scoring = item.scoring or usual_scoring(item.kind)
    if scoring is Scoring.RIGHT_MINUS_WRONG:
        balance = len(picked & right) - len(picked - right)
        return Fraction(max(0, balance), len(right) or 1)
    if scoring is Scoring.BY_CREDIT:
        return _kept(sum((o.credit for o in item.options if o.id in picked), _NOTHING))
    # Each option is a statement of its own: chosen if right, left alone if wrong.
    met = [_Met(_ALL, _as_share((o.id in right) == (o.id in picked))) for o in item.options]
    return _share(scoring, met)


def _reasons(
    options: Sequence[Option], picked: frozenset[str], *, missed: bool
) -> Iterator[Reason]:
    for option in options:
        if option.id in picked:
            kind = ReasonKind.RIGHT_CHOSEN if option.right else ReasonKind.WRONG_CHOSEN
            yield Reason(kind, option.id)
        elif option.right and missed:
            yield Reason(ReasonKind.RIGHT_MISSED, option.id)


# --- Parts -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Met:
    """How far one part is met: 1 for right, 0 for wrong or empty, below 0 where that was said."""

    weight: Fraction
    credit: Fraction
    empty: bool = False
    reason: Reason = Reason(ReasonKind.PART_EMPTY)


def _parts(item: Item, put: Mapping[str, str]) -> tuple[Fraction, Iterator[Reason]]:
    if item.kind is Kind.ORDERING:
        met = [_place_met(at, option, put) for at, option in enumerate(item.options, 1)]
    else:
        met = [_part_met(item, part, put.get(part.id, "")) for part in item.parts]
    share = _share(item.scoring or usual_scoring(item.kind), met)
    return share, (each.reason for each in met)


def _place_met(place: int, option: Option, put: Mapping[str, str]) -> _Met:
    given = put.get(option.id, "")
    return _met(_ALL, _as_share(given == str(place)), given, Reason(_EMPTY, part=option.id))


def _part_met(item: Item, part: Part, given: str) -> _Met:
    if part.kind is PartKind.CHOICE:
        credit = _as_share(given == part.right)
        for option in part.options:
            if option.id == given:
                credit = max(credit, option.credit, key=abs)
        return _met(part.weight, credit, given, Reason(_EMPTY, option=given, part=part.id))
    accepted = _accepted(item, part, given) if given else None
    credit = accepted.credit if accepted else _NOTHING
    value = accepted.value if accepted else ""
    return _met(part.weight, credit, given, Reason(_EMPTY, part=part.id, accepted=value))


_EMPTY = ReasonKind.PART_EMPTY


def _met(weight: Fraction, credit: Fraction, given: str, reason: Reason) -> _Met:
    if not given:
        return _Met(weight, _NOTHING, empty=True, reason=Reason(_EMPTY, part=reason.part))
    kind = ReasonKind.PART_WRONG
    if credit > 0:
        kind = ReasonKind.PART_RIGHT if credit >= 1 else ReasonKind.PART_PARTLY
    said = Reason(kind, reason.option, reason.part, reason.accepted)
    return _Met(weight, min(credit, _ALL), reason=said)


def _accepted(item: Item, part: Part, given: str) -> Accepted | None:
    """The accepted answer that was met: the narrower before the wider, else as they are written."""
    if part.kind is PartKind.TEXT:
        exact_first = sorted(part.accepted, key=lambda each: stands_for_anything(each.value))
        return next((each for each in exact_first if _text_met(item, each, given)), None)
    meant = numbers_meant(given)
    narrow_first = sorted(part.accepted, key=lambda each: (each.value == "*", each.tolerance))
    return next((each for each in narrow_first if _number_met(each, meant)), None)


def _text_met(item: Item, accepted: Accepted, given: str) -> bool:
    return text_matches(
        given, accepted.value, case_matters=item.case_matters, tones_matter=item.tones_matter
    )


def _number_met(accepted: Accepted, meant: Collection[Fraction]) -> bool:
    if accepted.value == "*":
        return bool(meant)
    value, tolerance = number_of(accepted.value), Fraction(accepted.tolerance)
    return value is not None and any(abs(each - value) <= tolerance for each in meant)


# --- Adding up ---------------------------------------------------------------------------------

# As in the national examination since 2025: four statements with 4, 3, 2, 1 of them right earn
# 100, 50, 25, 10 %. Where there are more or fewer, what counts is how many are not right.
_STEPS = (_ALL, Fraction(1, 2), Fraction(1, 4), Fraction(1, 10))


def _share(scoring: Scoring, met: Sequence[_Met]) -> Fraction:
    """The share between 0 and 1 that parts earn together."""
    if scoring is Scoring.STEPPED:
        right = sum(each.credit == 1 for each in met)
        missing = len(met) - right
        return _STEPS[missing] if right and missing < len(_STEPS) else _NOTHING
    if scoring is Scoring.ALL_OR_NOTHING:
        return _as_share(bool(met) and all(each.credit == 1 for each in met))
    earned = sum((each.weight * _counted(scoring, each) for each in met), _NOTHING)
    return _kept(earned / (sum((each.weight for each in met), _NOTHING) or 1))


def _counted(scoring: Scoring, met: _Met) -> Fraction:
    if scoring is Scoring.BY_CREDIT:
        return met.credit
    if scoring is Scoring.RIGHT_MINUS_WRONG and not met.empty and met.credit <= 0:
        return -_ALL
    return max(_NOTHING, met.credit)


def _as_share(met: bool) -> Fraction:  # noqa: FBT001
    return _ALL if met else _NOTHING


def _kept(share: Fraction) -> Fraction:
    """Between nothing and all."""
    return min(_ALL, max(_NOTHING, share))
