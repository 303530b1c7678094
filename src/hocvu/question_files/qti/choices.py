"""QTI interactions in which something is chosen, ordered or matched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final

from hocvu.items.content import Item, Kind, Option, Part, Scoring
from hocvu.kernel.vietnamese import fold
from hocvu.question_files.findings import Problem
from hocvu.question_files.gathering.gathered import LeftOut
from hocvu.question_files.opening.xml_tree import Element
from hocvu.question_files.qti.body import Body
from hocvu.question_files.qti.keys import Declared, Processing, Way
from hocvu.question_files.qti.tree import flag, whole
from hocvu.question_files.wording.rich_text import plain

_TRUE: Final = frozenset({"dung", "true", "correct", "d", "t"})
_FALSE: Final = frozenset({"sai", "false", "incorrect", "wrong", "s", "f"})
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_LEAST_OPTIONS: Final = 2
_MOST_COLUMNS: Final = 6
_ALL = Fraction(1)


@dataclass
class Task:
    """One item being read. `names` gives our identifier for each of theirs."""

    body: Body
    shown: Element
    interactions: Sequence[Element]
    responses: Mapping[str, Declared]
    rules: Processing
    hint: str = ""
    situation: str = ""
    names: dict[str, str] = field(default_factory=dict)

    def response(self, interaction: Element) -> Declared:
        return self.responses.get(interaction.get("responseidentifier", ""), Declared(""))


def option_id(at: int) -> str:
    """`a` … `z`, `a1` …: the identifier of the option at a place counted from 0."""
    return _LETTERS[at % len(_LETTERS)] + (str(at // len(_LETTERS)) if at >= len(_LETTERS) else "")


def choice(task: Task) -> Item:
    return _chosen(task, list(task.interactions[0].iter("simplechoice")))


def hottext(task: Task) -> Item:
    """Words to select in a text: they are underlined in it and stand below as options."""
    task.body.notes.warn(Problem.FEATURE_LOST, "hottextInteraction")
    return _chosen(task, list(task.interactions[0].iter("hottext")))


def _chosen(task: Task, choices: list[Element]) -> Item:
    interaction = task.interactions[0]
    response = task.response(interaction)
    stem_ids = frozenset(each.get("identifier", "") for each in choices)
    task.body.whys_of = stem_ids
    options, scoring = scored_options(task, choices, response)
    single = response.single or whole(interaction, "maxchoices") == 1
    stem = task.body.html(task.shown)
    if not single:
        kind = Kind.MULTIPLE
    elif all("<img " in option.text for option in options):
        kind = Kind.IMAGE_CHOICE
    else:
        kind = Kind.SITUATION if task.situation else Kind.SINGLE
    return Item(
        kind=kind,
        stem=stem,
        options=options,
        scoring=None if single else scoring,
        shuffle=shuffles(task, interaction, choices),
    )


def shuffles(task: Task, interaction: Element, choices: list[Element]) -> bool:
    """An option that keeps its place ("all of the above") keeps all of them in their places."""
    if flag(interaction, "shuffle") and any(flag(each, "fixed") for each in choices):
        task.body.notes.warn(Problem.FEATURE_LOST, "shuffle")
        return False
    return flag(interaction, "shuffle")


def scored_options(
    task: Task, choices: list[Element], response: Declared
) -> tuple[tuple[Option, ...], Scoring | None]:
    """The options with their credits, and how a choice of several makes points."""
    options = named_options(task, choices)
    if len(options) < _LEAST_OPTIONS:
        raise LeftOut(Problem.NO_OPTIONS)
    earned, scoring = _credits(task, response, [each.get("identifier", "") for each in choices])
    right = [each for each in earned if each > 0]
    if not right:
        raise LeftOut(Problem.NO_KEY)
    if response.single and sum(each >= 1 for each in right) > 1:
        raise LeftOut(Problem.TOO_MANY_KEYS)
    scored = (replace(each, credit=credit) for each, credit in zip(options, earned, strict=True))
    return tuple(scored), scoring


def named_options(task: Task, choices: list[Element]) -> tuple[Option, ...]:
    """The options by our names, in the order of the file, without credits."""
    task.names |= {each.get("identifier", ""): option_id(at) for at, each in enumerate(choices)}
    options = tuple(Option(option_id(at), task.body.html(each)) for at, each in enumerate(choices))
    texts = [option.text for option in options]
    for choice_, text in zip(choices, texts, strict=True):
        if not text:
            raise LeftOut(Problem.NO_OPTIONS, choice_.get("identifier", ""))
    return options


def _credits(
    task: Task, response: Declared, identifiers: list[str]
) -> tuple[list[Fraction], Scoring | None]:
    if response.mapped and (task.rules.way is Way.MAP or not response.correct):
        return _mapped_credits(response, identifiers)
    correct = set(response.correct)
    compared = task.rules.compared.get(response.identifier, ())
    if not correct and (values := [each.value for each in compared if each.value]):
        task.body.notes.warn(Problem.GUESSED_KEY, values[0])
        correct = set(values)
    whole_only = task.rules.all_or_nothing and not response.single
    earned = [_ALL if each in correct else Fraction(0) for each in identifiers]
    return earned, Scoring.ALL_OR_NOTHING if whole_only else None


def _mapped_credits(
    response: Declared, identifiers: list[str]
) -> tuple[list[Fraction], Scoring | None]:
    points = {entry.key: entry.points for entry in response.mapped}
    earned = [points.get(each, response.default) / response.most for each in identifiers]
    if response.single:
        return earned, None
    right = [each for each in earned if each > 0]
    share = Fraction(1, len(right) or 1)
    if all(abs(each) == share for each in earned):
        return [_ALL if each > 0 else Fraction(0) for each in earned], None
    return earned, Scoring.BY_CREDIT


def order(task: Task) -> Item:
    """The options get their names in the order of the file and stand in the right order."""
    interaction = task.interactions[0]
    choices = list(interaction.iter("simplechoice"))
    options = named_options(task, choices)
    correct = task.response(interaction).correct
    if not correct:
        raise LeftOut(Problem.NO_KEY)
    by_name = {option.id: option for option in options}
    ordered = [by_name[task.names[each]] for each in correct if each in task.names]
    if len({each.id for each in ordered}) != len(options):
        raise LeftOut(Problem.UNKNOWN_KIND, "orderInteraction")
    return Item(
        Kind.ORDERING,
        stem=task.body.html(task.shown),
        options=tuple(ordered),
        scoring=whole_or_parts(task),
        shuffle=True,
    )


def whole_or_parts(task: Task) -> Scoring | None:
    whole_only = task.rules.way is Way.MATCH and task.rules.all_or_nothing
    return Scoring.ALL_OR_NOTHING if whole_only else None


# --- Matching ----------------------------------------------------------------------------------


def match(task: Task) -> Item:
    interaction = task.interactions[0]
    sets = [
        list(each.iter("simpleassociablechoice")) for each in interaction.iter("simplematchset")
    ]
    if len(sets) != 2:  # noqa: PLR2004 — a left and a right side
        raise LeftOut(Problem.SYNTAX, "matchInteraction")
    points = pair_points(task, task.response(interaction))
    rows, columns = _sides(sets[0], sets[1], points)
    if rows is not sets[0]:
        points = {(right, left): earned for (left, right), earned in points.items()}
    return _matched(task, rows, columns, points)


def associate(task: Task) -> Item:
    """Pairs of one list: when each thing has one partner, the first of each pair is a row."""
    interaction = task.interactions[0]
    choices = list(interaction.iter("simpleassociablechoice"))
    points = pair_points(task, task.response(interaction))
    members = [each for pair in points for each in pair]
    if len(members) != len(choices) or len(set(members)) != len(members):
        raise LeftOut(Problem.UNKNOWN_KIND, "associateInteraction")
    task.body.notes.warn(Problem.FEATURE_LOST, "associateInteraction")
    firsts = {left for left, _ in points}
    rows = [each for each in choices if each.get("identifier") in firsts]
    columns = [each for each in choices if each.get("identifier") not in firsts]
    return _matched(task, rows, columns, points)


Pairs = Mapping[tuple[str, str], Fraction]


def pair_points(task: Task, response: Declared) -> Pairs:
    """The right pairs and what each earns."""
    if response.mapped and (task.rules.way is Way.MAP or not response.correct):
        stated = [(each.key, each.points) for each in response.mapped]
        if any(points < 0 for _, points in stated):
            task.body.notes.warn(Problem.FEATURE_LOST, "mapping")
    else:
        stated = [(each, _ALL) for each in response.correct]
    pairs = {}
    for key, points in stated:
        left, _, right = key.partition(" ")
        if points > 0 and right:
            pairs[left, right] = points
    if not pairs:
        raise LeftOut(Problem.NO_KEY)
    return pairs


def _sides(
    left: list[Element], right: list[Element], points: Pairs
) -> tuple[list[Element], list[Element]]:
    """Rows are the side on which everything has exactly one partner."""
    for rows, columns, at in ((left, right, 0), (right, left, 1)):
        partners = [pair[at] for pair in points]
        if all(partners.count(each.get("identifier", "")) == 1 for each in rows):
            return rows, columns
    paired = {pair[0] for pair in points}
    if any(each.get("identifier") not in paired for each in left):
        raise LeftOut(Problem.NO_KEY, "matchInteraction")
    raise LeftOut(Problem.UNKNOWN_KIND, "matchInteraction")


def _matched(task: Task, rows: list[Element], columns: list[Element], points: Pairs) -> Item:
    options = named_options(task, columns)
    right = dict(points.keys())
    earned = weights([points[row, right[row]] for row in (_identifier(each) for each in rows)])
    parts = tuple(
        Part(
            id=f"p{at}",
            text=task.body.html(row),
            right=task.names.get(right[_identifier(row)], ""),
            weight=weight,
        )
        for at, (row, weight) in enumerate(zip(rows, earned, strict=True), start=1)
    )
    if any(not part.text or not part.right for part in parts):
        raise LeftOut(Problem.NO_KEY, "matchInteraction")
    item = Item(
        kind=_kind(task, rows, columns),
        stem=task.body.html(task.shown),
        options=options,
        parts=parts,
        scoring=whole_or_parts(task),
        shuffle=flag(task.interactions[0], "shuffle"),
    )
    return _true_or_false(item) or item


def _identifier(element: Element) -> str:
    return element.get("identifier", "")


def weights(points: list[Fraction]) -> list[Fraction]:
    """What parts weigh beside one another: the least weighs 1."""
    least = min(points)
    return [each / least for each in points]


def _kind(task: Task, rows: list[Element], columns: list[Element]) -> Kind:
    if task.hint in {Kind.MATCHING, Kind.STATEMENTS}:
        return Kind(task.hint)
    interaction = task.interactions[0]
    tabular = "tabular" in interaction.get("class", "")
    one_each = all(whole(row, "matchmax") == 1 for row in rows)
    limits = [whole(column, "matchmax") for column in columns]
    reused = all(limit == 0 or limit >= len(rows) for limit in limits)
    table = one_each and reused and len(rows) > 1 and len(columns) <= _MOST_COLUMNS
    return Kind.STATEMENTS if tabular or table else Kind.MATCHING


def _true_or_false(item: Item) -> Item | None:
    """A table whose two columns say true and false is a set of statements to judge."""
    if item.kind is not Kind.STATEMENTS or len(item.options) != 2:  # noqa: PLR2004
        return None
    meant = {}
    for option in item.options:
        word = fold(plain(option.text))
        meant[option.id] = "true" if word in _TRUE else "false" if word in _FALSE else ""
    if set(meant.values()) != {"true", "false"}:
        return None
    parts = tuple(replace(part, right=meant[part.right]) for part in item.parts)
    return replace(item, kind=Kind.TRUE_FALSE, options=(), parts=parts)
