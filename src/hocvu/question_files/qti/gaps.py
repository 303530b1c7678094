"""QTI interactions that stand inside a text: words and numbers to write, lists, words to drag."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import Final

from hocvu.items.answers import TEXT, VALUE
from hocvu.items.content import Accepted, Item, Kind, Part, PartKind, Scoring
from hocvu.items.typed import number_of
from hocvu.question_files.findings import Problem
from hocvu.question_files.gathering.gathered import LeftOut
from hocvu.question_files.opening.xml_tree import Element
from hocvu.question_files.qti.choices import (
    Task,
    named_options,
    pair_points,
    scored_options,
    weights,
    whole_or_parts,
)
from hocvu.question_files.qti.keys import Compared, Declared, Way
from hocvu.question_files.qti.tree import flag
from hocvu.question_files.wording.rich_text import plain, tidy

_NUMBERS: Final = frozenset({"integer", "float"})
_AT_THE_END: Final = re.compile(
    r"^(.*?)\s*\[\[p1\]\]\s*[.:;?\u2026]?\s*((?:</[a-z0-9]+>|<br>)*)$", re.DOTALL
)
_HUNDRED: Final = Decimal(100)


def cloze(task: Task) -> Item:
    """Gaps in a text: to write in, or with a list of their own."""
    parts = [_part(task, each, f"p{at}") for at, each in enumerate(task.interactions, start=1)]
    task.body.gaps = {each: f"p{at}" for at, each in enumerate(task.interactions, start=1)}
    if any(each.tag == "choiceinteraction" for each in task.interactions):
        task.body.notes.warn(Problem.FEATURE_LOST, "choiceInteraction")
    listed = [each for each in task.interactions if each.tag != "textentryinteraction"]
    most = [_worth(task, each) for each in task.interactions]
    item = Item(
        Kind.CLOZE,
        stem=task.body.html(task.shown),
        parts=tuple(replace(part, weight=w) for part, w in zip(parts, weights(most), strict=True)),
        scoring=_scoring(task),
        shuffle=not listed or any(flag(each, "shuffle") for each in listed),
        case_matters=any(_case_matters(task, each) for each in task.interactions),
    )
    return with_every_gap(item)


def with_every_gap(item: Item) -> Item:
    """The item, if each of its gaps stands in the text. Raises LeftOut."""
    for part in item.parts:
        if f"[[{part.id}]]" not in item.stem:
            raise LeftOut(Problem.SYNTAX, part.id)
    return item


def _worth(task: Task, interaction: Element) -> Fraction:
    """The most points a gap earns."""
    response = task.response(interaction)
    if _is_mapped(task, response):
        return response.most
    compared = task.rules.compared.get(response.identifier, ())
    return max((each.earns for each in compared if each.earns), default=Fraction(1))


def _is_mapped(task: Task, response: Declared) -> bool:
    return bool(response.mapped) and (task.rules.way is not Way.MATCH or not response.correct)


def _scoring(task: Task) -> Scoring | None:
    return whole_or_parts(task) if len(task.interactions) > 1 else None


def text_entry(task: Task) -> Item:
    """One gap: a short answer or a number when it ends the text, else a cloze."""
    item = cloze(task)
    part = item.parts[0]
    end = _AT_THE_END.match(item.stem)
    if end is None or not plain(end[1]) or task.hint == Kind.CLOZE:
        return item
    numeric = part.kind is PartKind.NUMBER
    return replace(
        item,
        kind=Kind.NUMERIC if numeric else Kind.SHORT_TEXT,
        stem=tidy(end[1] + end[2]),
        parts=(replace(part, id=VALUE if numeric else TEXT),),
    )


def slider(task: Task) -> Item:
    task.body.notes.warn(Problem.FEATURE_LOST, "sliderInteraction")
    part = _written(task, task.response(task.interactions[0]), VALUE)
    if part.kind is not PartKind.NUMBER:
        raise LeftOut(Problem.NO_KEY, "sliderInteraction")
    return Item(Kind.NUMERIC, stem=task.body.html(task.shown), parts=(part,))


def gap_match(task: Task) -> Item:
    """Words to drag into gaps: they are the options of the question, each gap chooses one."""
    interaction = task.interactions[0]
    gaps = list(interaction.iter("gap"))
    options = named_options(task, list(interaction.iter("gaptext", "gapimg")))
    points = pair_points(task, task.response(interaction))
    named = {each.get("identifier", "") for each in gaps}
    filled: dict[str, tuple[str, Fraction]] = {}
    for (first, second), earned in points.items():
        gap, word = (second, first) if second in named else (first, second)
        if gap in filled and filled[gap][1] == earned:
            raise LeftOut(Problem.UNKNOWN_KIND, "gapMatchInteraction")
        filled[gap] = max(filled.get(gap, (word, earned)), (word, earned), key=lambda each: each[1])
    if not gaps or any(each.get("identifier") not in filled for each in gaps):
        raise LeftOut(Problem.NO_KEY, "gapMatchInteraction")
    chosen = [filled[each.get("identifier", "")] for each in gaps]
    earned_each = weights([earned for _, earned in chosen])
    task.body.gaps = {gap: f"p{at}" for at, gap in enumerate(gaps, start=1)}
    item = Item(
        Kind.CLOZE,
        stem=task.body.html(task.shown),
        options=options,
        parts=tuple(
            Part(id=f"p{at}", right=task.names.get(word, ""), weight=weight)
            for at, ((word, _), weight) in enumerate(zip(chosen, earned_each, strict=True), start=1)
        ),
        scoring=whole_or_parts(task),
        shuffle=flag(interaction, "shuffle"),
    )
    return with_every_gap(item)


def _part(task: Task, interaction: Element, name: str) -> Part:
    response = task.response(interaction)
    if interaction.tag == "textentryinteraction":
        return _written(task, response, name)
    if not response.single:
        raise LeftOut(Problem.UNKNOWN_KIND, "choiceInteraction")
    listed = list(interaction.iter("inlinechoice", "simplechoice"))
    options, _ = scored_options(task, listed, response)
    best = max(options, key=lambda option: option.credit)
    return Part(id=name, options=options, right=best.id)


def _written(task: Task, response: Declared, name: str) -> Part:
    """A part to write in: a number when everything it accepts is one."""
    stated = list(_stated(task, response))
    if not stated:
        raise LeftOut(Problem.NO_KEY, response.identifier)
    numbers = [each.value.replace(",", ".") for each in stated]
    if response.base_type in _NUMBERS and all(number_of(each) is not None for each in numbers):
        accepted = map(_number, numbers, stated)
        return Part(id=name, kind=PartKind.NUMBER, accepted=tuple(accepted))
    written = (Accepted(each.value.replace("*", r"\*"), each.credit) for each in stated)
    return Part(id=name, kind=PartKind.TEXT, accepted=tuple(written))


@dataclass(frozen=True)
class _Stated:
    value: str
    credit: Fraction
    compared: Compared = field(default_factory=Compared)


def _stated(task: Task, response: Declared) -> Iterable[_Stated]:
    """The accepted values with their credits."""
    if _is_mapped(task, response):
        entries = [each for each in response.mapped if each.points > 0 and each.key]
        return [_Stated(each.key, each.points / response.most) for each in entries]
    compared = task.rules.compared.get(response.identifier, ())
    most = max((each.earns for each in compared if each.earns), default=Fraction(1))
    with_correct = next((each for each in compared if not each.value), Compared())
    stated = [_Stated(each, Fraction(1), with_correct) for each in response.correct]
    others = [each for each in compared if each.value and each.value not in response.correct]
    if others and not stated:
        task.body.notes.warn(Problem.GUESSED_KEY, others[0].value[:60])
    return stated + [_Stated(each.value, (each.earns or most) / most, each) for each in others]


def _number(value: str, stated: _Stated) -> Accepted:
    """QTI may allow more above than below: then the middle of what it allows is the value."""
    exact = Decimal(value)
    below, above = stated.compared.below, stated.compared.above
    if stated.compared.relative:
        below, above = (abs(exact) * each / _HUNDRED for each in (below, above))
    middle = exact + (above - below) / 2
    shown = f"{middle:f}" if middle != exact else value
    return Accepted(shown, stated.credit, tolerance=(below + above) / 2)


def _case_matters(task: Task, interaction: Element) -> bool:
    response = task.response(interaction)
    if interaction.tag != "textentryinteraction" or response.base_type in _NUMBERS:
        return False
    if _is_mapped(task, response):
        return any(each.case_matters for each in response.mapped)
    compared = task.rules.compared.get(response.identifier, ())
    return task.rules.way is Way.MATCH and not any(each.ignores_case for each in compared)
