"""Why a written question cannot be asked."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from hocvu.items.answers import FALSE, TEXT, TRUE, VALUE
from hocvu.items.content import (
    Item,
    Kind,
    Option,
    Part,
    PartKind,
    Scoring,
    usual_scoring,
)
from hocvu.items.typed import number_of

GAP = re.compile(r"\[\[([A-Za-z0-9][\w-]*)\]\]", re.ASCII)
IDENTIFIER = re.compile(r"[A-Za-z0-9][\w.-]*", re.ASCII)
PICTURE = re.compile(r"!\[[^\]]*\]\(\s*<?media:|<img\b[^>]*\bmedia:", re.IGNORECASE)
_DESCRIBED = re.compile(
    r"!\[\s*[^\s\]][^\]]*\]|\balt\s*=\s*(?:\"\s*[^\s\"]|'\s*[^\s']|[^\s\"'>])", re.IGNORECASE
)
_LEAST_OPTIONS = 2


class FlawKind(Enum):
    NO_STEM = "no_stem"
    NO_SITUATION = "no_situation"
    NO_POINTS = "no_points"
    IDS_UNFIT = "ids_unfit"  # empty, repeated, or not made of letters and digits
    TOO_FEW_OPTIONS = "too_few_options"
    OPTION_EMPTY = "option_empty"
    OPTIONS_REPEAT = "options_repeat"
    NOTHING_IS_RIGHT = "nothing_is_right"
    MORE_THAN_ONE_IS_RIGHT = "more_than_one_is_right"
    NOTHING_IS_WRONG = "nothing_is_wrong"
    FULL_POINTS_OUT_OF_REACH = "full_points_out_of_reach"
    PICTURE_MISSING = "picture_missing"
    PICTURE_NOT_DESCRIBED = "picture_not_described"
    NO_PARTS = "no_parts"
    PART_EMPTY = "part_empty"
    PART_WITHOUT_KEY = "part_without_key"
    KEY_IS_NO_NUMBER = "key_is_no_number"
    WEIGHT_UNFIT = "weight_unfit"
    GAP_WITHOUT_PART = "gap_without_part"
    PART_WITHOUT_GAP = "part_without_gap"
    RUBRIC_UNFIT = "rubric_unfit"  # a line without text or points, or other points than stated
    WORDS_UNFIT = "words_unfit"
    SCORING_UNFIT = "scoring_unfit"


@dataclass(frozen=True)
class ItemFlaw:
    """`where` is the option, part, gap or rubric line; empty when it is the whole question."""

    kind: FlawKind
    where: str = ""


def item_flaws(item: Item) -> Iterator[ItemFlaw]:
    """Everything that must be put right before the question can be asked."""
    if not item.stem.strip():
        yield ItemFlaw(FlawKind.NO_STEM)
    if item.kind is Kind.SITUATION and not item.situation.strip():
        yield ItemFlaw(FlawKind.NO_SITUATION)
    if item.points <= 0:
        yield ItemFlaw(FlawKind.NO_POINTS)
    if item.scoring not in {None, *_SCORINGS[item.kind]}:
        yield ItemFlaw(FlawKind.SCORING_UNFIT)
    yield from _identifier_flaws(item)
    yield from _OF_A_KIND[item.kind](item)


def _identifier_flaws(item: Item) -> Iterator[ItemFlaw]:
    groups = [
        [option.id for option in item.options],
        [part.id for part in item.parts],
        [line.id for line in item.rubric],
        *([option.id for option in part.options] for part in item.parts),
    ]
    for ids in groups:
        for name, times in Counter(ids).items():
            if times > 1 or not IDENTIFIER.fullmatch(name):
                yield ItemFlaw(FlawKind.IDS_UNFIT, name)


# --- Options -----------------------------------------------------------------------------------


def _option_flaws(options: Iterable[Option], where: str = "") -> Iterator[ItemFlaw]:
    options = list(options)
    if len(options) < _LEAST_OPTIONS:
        yield ItemFlaw(FlawKind.TOO_FEW_OPTIONS, where)
    for option in options:
        if not option.text.strip():
            yield ItemFlaw(FlawKind.OPTION_EMPTY, where or option.id)
    texts = Counter(option.text.strip() for option in options)
    for option in options:
        if option.text.strip() and texts[option.text.strip()] > 1:
            yield ItemFlaw(FlawKind.OPTIONS_REPEAT, where or option.id)


def _choice_flaws(item: Item) -> Iterator[ItemFlaw]:
    yield from _option_flaws(item.options)
    right = [option for option in item.options if option.right]
    if not right:
        yield ItemFlaw(FlawKind.NOTHING_IS_RIGHT)
        return
    if len(right) == len(item.options):
        yield ItemFlaw(FlawKind.NOTHING_IS_WRONG)
    yield from _credit_flaws(item, right)


def _credit_flaws(item: Item, right: list[Option]) -> Iterator[ItemFlaw]:
    if item.kind is not Kind.MULTIPLE:
        full = sum(option.credit >= 1 for option in right)
        if full > 1:
            yield ItemFlaw(FlawKind.MORE_THAN_ONE_IS_RIGHT)
        if not full:
            yield ItemFlaw(FlawKind.FULL_POINTS_OUT_OF_REACH)
    elif item.scoring is Scoring.BY_CREDIT and sum(option.credit for option in right) < 1:
        yield ItemFlaw(FlawKind.FULL_POINTS_OUT_OF_REACH)


def _picture_flaws(item: Item) -> Iterator[ItemFlaw]:
    yield from _choice_flaws(item)
    for option in item.options:
        if not PICTURE.search(option.text):
            yield ItemFlaw(FlawKind.PICTURE_MISSING, option.id)
        elif not _DESCRIBED.search(option.text):
            yield ItemFlaw(FlawKind.PICTURE_NOT_DESCRIBED, option.id)


# --- Parts -------------------------------------------------------------------------------------


def _statement_flaws(item: Item) -> Iterator[ItemFlaw]:
    yield from _parts_with_texts(item)
    yield from _key_flaws(item, frozenset({TRUE, FALSE}))


def _row_flaws(item: Item) -> Iterator[ItemFlaw]:
    yield from _option_flaws(item.options)
    yield from _parts_with_texts(item)
    yield from _key_flaws(item, frozenset(option.id for option in item.options))


def _parts_with_texts(item: Item) -> Iterator[ItemFlaw]:
    if not item.parts:
        yield ItemFlaw(FlawKind.NO_PARTS)
    for part in item.parts:
        if not part.text.strip():
            yield ItemFlaw(FlawKind.PART_EMPTY, part.id)
    yield from _weight_flaws(item)


def _weight_flaws(item: Item) -> Iterator[ItemFlaw]:
    for part in item.parts:
        if part.weight <= 0:
            yield ItemFlaw(FlawKind.WEIGHT_UNFIT, part.id)


def _key_flaws(item: Item, keys: frozenset[str]) -> Iterator[ItemFlaw]:
    for part in item.parts:
        if part.kind is not PartKind.CHOICE or part.right not in keys:
            yield ItemFlaw(FlawKind.PART_WITHOUT_KEY, part.id)


def _ordering_flaws(item: Item) -> Iterator[ItemFlaw]:
    yield from _option_flaws(item.options)


def _gap_flaws(item: Item) -> Iterator[ItemFlaw]:
    if not item.parts:
        yield ItemFlaw(FlawKind.NO_PARTS)
    gaps, parts = set(GAP.findall(item.stem)), {part.id for part in item.parts}
    for name in sorted(gaps - parts):
        yield ItemFlaw(FlawKind.GAP_WITHOUT_PART, name)
    for name in sorted(parts - gaps):
        yield ItemFlaw(FlawKind.PART_WITHOUT_GAP, name)
    yield from _weight_flaws(item)
    for part in item.parts:
        yield from _written_flaws(part) if part.kind is not PartKind.CHOICE else _list(item, part)


def _list(item: Item, part: Part) -> Iterator[ItemFlaw]:
    """A gap that is filled from a list: its own or the question's."""
    options = part.options or item.options
    yield from _option_flaws(options, part.id)
    if not any(option.id == part.right or option.credit >= 1 for option in options):
        yield ItemFlaw(FlawKind.PART_WITHOUT_KEY, part.id)


def _typed_flaws(item: Item) -> Iterator[ItemFlaw]:
    """A question with one thing to write: a number or a short text."""
    name = VALUE if item.kind is Kind.NUMERIC else TEXT
    kind = PartKind.NUMBER if item.kind is Kind.NUMERIC else PartKind.TEXT
    if [(part.id, part.kind) for part in item.parts] != [(name, kind)]:
        yield ItemFlaw(FlawKind.NO_PARTS)
    for part in item.parts:
        yield from _written_flaws(part)


def _written_flaws(part: Part) -> Iterator[ItemFlaw]:
    if not any(each.value.strip() for each in part.accepted):
        yield ItemFlaw(FlawKind.PART_WITHOUT_KEY, part.id)
    elif max(each.credit for each in part.accepted) < 1:
        yield ItemFlaw(FlawKind.FULL_POINTS_OUT_OF_REACH, part.id)
    for each in part.accepted:
        unfit = each.value != "*" and number_of(each.value) is None
        if part.kind is PartKind.NUMBER and (unfit or each.tolerance < 0):
            yield ItemFlaw(FlawKind.KEY_IS_NO_NUMBER, part.id)


# --- Marked by people --------------------------------------------------------------------------


def _rubric_flaws(item: Item) -> Iterator[ItemFlaw]:
    for line in item.rubric:
        if line.points <= 0 or not line.text.strip():
            yield ItemFlaw(FlawKind.RUBRIC_UNFIT, line.id)
    if item.rubric and sum(line.points for line in item.rubric) != item.points:
        yield ItemFlaw(FlawKind.RUBRIC_UNFIT)
    if item.least_words < 0 or item.most_words < 0 or 0 < item.most_words < item.least_words:
        yield ItemFlaw(FlawKind.WORDS_UNFIT)


_OF_A_KIND: Mapping[Kind, Callable[[Item], Iterator[ItemFlaw]]] = {
    Kind.SINGLE: _choice_flaws,
    Kind.MULTIPLE: _choice_flaws,
    Kind.SITUATION: _choice_flaws,
    Kind.IMAGE_CHOICE: _picture_flaws,
    Kind.TRUE_FALSE: _statement_flaws,
    Kind.MATCHING: _row_flaws,
    Kind.STATEMENTS: _row_flaws,
    Kind.ORDERING: _ordering_flaws,
    Kind.NUMERIC: _typed_flaws,
    Kind.SHORT_TEXT: _typed_flaws,
    Kind.CLOZE: _gap_flaws,
    Kind.FILE: _rubric_flaws,
    Kind.ESSAY: _rubric_flaws,
}

_ONE_ANSWER = frozenset({Scoring.BY_CREDIT, Scoring.ALL_OR_NOTHING})
_SCORINGS: Mapping[Kind, frozenset[Scoring]] = {
    kind: frozenset(Scoring)
    if usual_scoring(kind) is not Scoring.BY_CREDIT  # several parts, several options
    else _ONE_ANSWER
    for kind in Kind
}
