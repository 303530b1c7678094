"""The interactions of QTI 3 that our kinds of question become."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Final

from lxml import etree

from hocvu.items.answers import FALSE, TRUE
from hocvu.items.content import Accepted, Item, Kind, Option, Part, PartKind, Scoring
from hocvu.question_files.opening.xml_tree import Element
from hocvu.question_files.qti.elements import QTI, element, fill_gaps
from hocvu.question_files.qti.responses import (
    RESPONSE,
    Writing,
    all_or_nothing,
    decimal,
    declare,
    earns,
    mapping_counts,
    matches,
    set_outcome,
    variable,
)

_MIME: Final = {
    ".pdf": "application/pdf",
    ".doc": "application/msword",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".zip": "application/zip",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".txt": "text/plain",
}


# --- Choices -----------------------------------------------------------------------------------


def _choice(writing: Writing) -> None:
    item = writing.item
    several = item.kind is Kind.MULTIPLE
    right = [option.id for option in item.options if option.right]
    if not several:
        best = max(item.options, key=lambda option: option.credit, default=None)
        right = [best.id] if best is not None else []
    whole_only = item.scoring is Scoring.ALL_OR_NOTHING
    declare(
        writing,
        right,
        {} if whole_only else _credits(item),
        cardinality="multiple" if several else "single",
        base_type="identifier",
        upper=Fraction(item.points) if several else None,
    )
    if whole_only:
        all_or_nothing(writing, [matches()])
    else:
        mapping_counts(writing)
    writing.texts.blocks(writing.body, item.stem)
    writing.body.append(
        _interaction(
            "choice_interaction",
            [
                writing.texts.inside(element("simple_choice", identifier=each.id), each.text)
                for each in item.options
            ],
            shuffle=str(item.shuffle).lower(),
            max_choices="0" if several else "1",
        )
    )


def _interaction(name: str, inside: Iterable[Element], **attributes: str) -> Element:
    return element(name, *inside, response_identifier=RESPONSE, **attributes)


def _credits(item: Item) -> dict[str, Fraction]:
    """Points by option. The usual rule of several right ones: a wrong one undoes a right one."""
    points = Fraction(item.points)
    if item.kind is not Kind.MULTIPLE or item.scoring is Scoring.BY_CREDIT:
        return {option.id: option.credit * points for option in item.options if option.credit}
    share = points / (sum(option.right for option in item.options) or 1)
    return {option.id: share if option.right else -share for option in item.options}


def _order(writing: Writing) -> None:
    item = writing.item
    right = [option.id for option in item.options]
    declare(writing, right, {}, cardinality="ordered", base_type="identifier")
    all_or_nothing(writing, [matches()])
    writing.texts.blocks(writing.body, item.stem)
    shown = sorted(item.options, key=lambda option: option.id)
    choices = [
        writing.texts.inside(element("simple_choice", identifier=each.id), each.text)
        for each in shown
    ]
    writing.body.append(_interaction("order_interaction", choices, shuffle="true"))


def _match(writing: Writing) -> None:
    item = writing.item
    columns = item.options
    if item.kind is Kind.TRUE_FALSE:
        columns = (Option(TRUE, "Đúng"), Option(FALSE, "Sai"))
    pairs = {f"{part.id} {part.right}": share for part, share in _shares(item)}
    whole_only = item.scoring is Scoring.ALL_OR_NOTHING
    declare(
        writing,
        list(pairs),
        {} if whole_only else pairs,
        cardinality="multiple",
        base_type="directedPair",
    )
    if whole_only:
        all_or_nothing(writing, [matches()])
    else:
        mapping_counts(writing)
    writing.texts.blocks(writing.body, item.stem)
    rows = [_associable(writing, part, "1") for part in item.parts]
    sets = [rows, [_associable(writing, option, "0") for option in columns]]
    made = _interaction(
        "match_interaction",
        [element("simple_match_set", *each) for each in sets],
        shuffle=str(item.shuffle).lower(),
        max_associations=str(len(rows)),
    )
    if item.kind is not Kind.MATCHING:
        made.set("class", "qti-match-tabular")
    writing.body.append(made)


def _associable(writing: Writing, shown: Part | Option, most: str) -> Element:
    made = element("simple_associable_choice", identifier=shown.id, match_max=most)
    return writing.texts.inside(made, shown.text)


def _shares(item: Item) -> list[tuple[Part, Fraction]]:
    """What each part earns."""
    total = sum((part.weight for part in item.parts), Fraction(0)) or Fraction(1)
    return [(part, part.weight / total * Fraction(item.points)) for part in item.parts]


# --- Gaps --------------------------------------------------------------------------------------


def _written_answer(writing: Writing) -> None:
    """A short text or a number: the gap is a paragraph of its own below the question."""
    writing.texts.blocks(writing.body, writing.item.stem)
    for part, points in _shares(writing.item)[:1]:
        _declare_written(writing, part, points, RESPONSE, alone=True)
        paragraph = etree.SubElement(writing.body, f"{{{QTI}}}p")
        paragraph.append(element("text_entry_interaction", response_identifier=RESPONSE))


def _cloze(writing: Writing) -> None:
    item = writing.item
    if item.options and all(
        not part.options and part.kind is PartKind.CHOICE for part in item.parts
    ):
        _gap_match(writing)
        return
    shares = _shares(item)
    made: dict[str, Element] = {}
    alone = len(shares) == 1
    for part, points in shares:
        name = RESPONSE if alone else f"{RESPONSE}_{part.id}"
        if part.kind is PartKind.CHOICE:
            made[part.id] = _inline_choice(writing, part, points, name)
        else:
            _declare_written(writing, part, points, name, alone=alone)
            made[part.id] = element("text_entry_interaction", response_identifier=name)
    writing.texts.blocks(writing.body, item.stem)
    fill_gaps(writing.body, made.get)


def _inline_choice(writing: Writing, part: Part, points: Fraction, name: str) -> Element:
    options = part.options or writing.item.options
    credits_of = {each.id: each.credit for each in options if each.credit} or {
        part.right: Fraction(1)
    }
    credits_of.setdefault(part.right, Fraction(1))
    mapped = {option: credit * points for option, credit in credits_of.items() if option}
    right = [part.right] if part.right else [max(credits_of, key=lambda each: credits_of[each])]
    declare(writing, right, mapped, cardinality="single", base_type="identifier", identifier=name)
    earns(writing, element("map_response", identifier=name))
    listed = [
        writing.texts.inside(element("inline_choice", identifier=each.id), each.text)
        for each in options
    ]
    shuffle = str(writing.item.shuffle).lower()
    return element("inline_choice_interaction", *listed, response_identifier=name, shuffle=shuffle)


def _declare_written(
    writing: Writing, part: Part, points: Fraction, name: str, *, alone: bool
) -> None:
    best_first = sorted(part.accepted, key=lambda each: -each.credit)
    if part.kind is PartKind.NUMBER:
        right = [each.value for each in best_first[:1]]
        declare(writing, right, {}, cardinality="single", base_type="float", identifier=name)
        writing.rules.append(_comparisons(best_first, points, name))
        return
    mapped = {each.value.replace(r"\*", "*"): each.credit * points for each in best_first}
    right = list(mapped)[:1]
    declare(writing, right, mapped, cardinality="single", base_type="string", identifier=name)
    if alone:
        mapping_counts(writing, [name])
    else:
        earns(writing, element("map_response", identifier=name))


def _comparisons(accepted: Sequence[Accepted], points: Fraction, name: str) -> Element:
    """A number within its tolerance earns its points; the first that fits counts."""
    branches = []
    for at, each in enumerate(accepted):
        value = (
            element("correct", identifier=name)
            if at == 0
            else element("base_value", base_type="float", text=each.value)
        )
        test = element("equal", variable(name), value, tolerance_mode="exact")
        if each.tolerance:
            test.set("tolerance-mode", "absolute")
            test.set("tolerance", f"{each.tolerance:f} {each.tolerance:f}")
        earned = element("base_value", base_type="float", text=decimal(each.credit * points))
        score = set_outcome("SCORE", element("sum", variable("SCORE"), earned))
        branches.append(element("response_else_if" if at else "response_if", test, score))
    return element("response_condition", *branches)


def _gap_match(writing: Writing) -> None:
    item = writing.item
    pairs = {f"{part.right} {part.id}": share for part, share in _shares(item)}
    declare(writing, list(pairs), pairs, cardinality="multiple", base_type="directedPair")
    mapping_counts(writing)
    words = [
        writing.texts.inside(element("gap_text", identifier=each.id, match_max="0"), each.text)
        for each in item.options
    ]
    shuffle = str(item.shuffle).lower()
    made = _interaction("gap_match_interaction", words, shuffle=shuffle, max_associations="0")
    writing.texts.blocks(made, item.stem)
    parts = {part.id for part in item.parts}
    fill_gaps(made, lambda name: element("gap", identifier=name) if name in parts else None)
    writing.body.append(made)


# --- Marked by people --------------------------------------------------------------------------


def _essay(writing: Writing) -> None:
    item = writing.item
    declare(writing, [], {}, cardinality="single", base_type="string")
    writing.texts.blocks(writing.body, item.stem)
    made = _interaction("extended_text_interaction", [])
    for name, words in (("least", item.least_words), ("most", item.most_words)):
        if words:
            made.set(f"data-hocvu-{name}-words", str(words))
    writing.body.append(made)
    _rubric(writing)


def _file(writing: Writing) -> None:
    item = writing.item
    declare(writing, [], {}, cardinality="single", base_type="file")
    writing.texts.blocks(writing.body, item.stem)
    made = _interaction("upload_interaction", [])
    if types := [_MIME[each] for each in item.file_kinds if each in _MIME]:
        made.set("type", " ".join(types))
    writing.body.append(made)
    _rubric(writing)


def _rubric(writing: Writing) -> None:
    if not writing.item.rubric:
        return
    lines = etree.Element(f"{{{QTI}}}ul")
    for each in writing.item.rubric:
        line = etree.SubElement(lines, f"{{{QTI}}}li", {"data-hocvu-points": decimal(each.points)})
        writing.texts.inside(line, each.text)
    body = element("content_body", lines)
    writing.body.append(element("rubric_block", body, view="scorer", use="scoring"))


WRITERS: Final[Mapping[Kind, Callable[[Writing], None]]] = {
    Kind.SINGLE: _choice,
    Kind.MULTIPLE: _choice,
    Kind.IMAGE_CHOICE: _choice,
    Kind.SITUATION: _choice,
    Kind.TRUE_FALSE: _match,
    Kind.MATCHING: _match,
    Kind.STATEMENTS: _match,
    Kind.ORDERING: _order,
    Kind.NUMERIC: _written_answer,
    Kind.SHORT_TEXT: _written_answer,
    Kind.CLOZE: _cloze,
    Kind.ESSAY: _essay,
    Kind.FILE: _file,
}
