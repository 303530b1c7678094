"""The question types of Moodle XML as kinds of questions here."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Final

from hocvu.items.answers import TEXT, VALUE
from hocvu.items.content import (
    Accepted,
    Criterion,
    Item,
    Kind,
    Markup,
    Option,
    Part,
    PartKind,
    Scoring,
)
from hocvu.question_files.findings import Problem
from hocvu.question_files.gathering.collecting import choice, credit_of, option_id, true_or_false
from hocvu.question_files.gathering.gathered import LeftOut
from hocvu.question_files.moodle.cloze import cloze
from hocvu.question_files.moodle.parts import (
    matching,
    ordering,
    rows_and_columns,
    words_to_place,
)
from hocvu.question_files.moodle.question import MoodleQuestion, decimal_of
from hocvu.question_files.opening.xml_tree import Element

_LEAST: Final = 2


def multichoice(question: MoodleQuestion) -> Item:
    item = Item(
        Kind.SINGLE,
        "",
        options=_options(question),
        shuffle=question.flag("shuffleanswers", usual=True),
    )
    return choice(item, question.notes, takes_many=not question.flag("single", usual=True))


def multichoice_set(question: MoodleQuestion) -> Item:
    """A plug-in: exactly the right ones, or nothing."""
    options = tuple(replace(o, credit=Fraction(int(o.right))) for o in _options(question))
    item = Item(Kind.MULTIPLE, "", options=options, shuffle=question.flag("shuffleanswers"))
    checked = choice(item, question.notes, takes_many=False)
    return replace(checked, kind=Kind.MULTIPLE, scoring=Scoring.ALL_OR_NOTHING)


def _options(question: MoodleQuestion) -> tuple[Option, ...]:
    return tuple(
        Option(
            option_id(at),
            question.text_of(answer),
            credit=_credit(answer),
            why=question.text("feedback", answer),
        )
        for at, answer in enumerate(question.children("answer"))
    )


def _credit(answer: Element) -> Fraction:
    return credit_of(answer.get("fraction", "0"))


def truefalse(question: MoodleQuestion) -> Item:
    answers = {question.plain_of(each).lower(): each for each in question.children("answer")}
    if not {"true", "false"} <= answers.keys():
        raise LeftOut(Problem.NO_OPTIONS)
    right = {said for said, answer in answers.items() if _credit(answer) > 0}
    if len(right) != 1:
        raise LeftOut(Problem.TOO_MANY_KEYS if right else Problem.NO_KEY)
    return true_or_false(
        "",
        right="true" in right,
        if_true=question.text("feedback", answers["true"]),
        if_false=question.text("feedback", answers["false"]),
    )


def shortanswer(question: MoodleQuestion) -> Item:
    accepted = tuple(
        Accepted(question.plain_of(each), _credit(each), why=question.text("feedback", each))
        for each in question.children("answer")
        if question.plain_of(each)
    )
    _need_a_key(accepted)
    part = Part(TEXT, PartKind.TEXT, accepted=accepted)
    return Item(Kind.SHORT_TEXT, "", parts=(part,), case_matters=question.flag("usecase"))


def numerical(question: MoodleQuestion) -> Item:
    accepted = tuple(_number(question, each) for each in question.children("answer"))
    _need_a_key(accepted)
    for unit in question.element.iterfind("units/unit/unit_name"):
        question.notes.warn(Problem.FEATURE_LOST, f"unit {unit.text or ''}")
    return Item(Kind.NUMERIC, "", parts=(Part(VALUE, PartKind.NUMBER, accepted=accepted),))


def _number(question: MoodleQuestion, answer: Element) -> Accepted:
    said = question.plain_of(answer)
    why = question.text("feedback", answer)
    if said == "*":
        return Accepted("*", _credit(answer), why=why)
    tolerance = abs(decimal_of(question.words("tolerance", answer) or "0"))
    return Accepted(f"{decimal_of(said):f}", _credit(answer), tolerance, why)


def _need_a_key(accepted: tuple[Accepted, ...]) -> None:
    if not any(each.credit > 0 for each in accepted):
        raise LeftOut(Problem.NO_KEY)


_NAMED_KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "document": (".doc", ".docx", ".odt", ".pdf", ".rtf"),
    "image": (".png", ".jpg", ".jpeg", ".gif"),
    "spreadsheet": (".xls", ".xlsx", ".ods"),
    "presentation": (".ppt", ".pptx", ".odp"),
}


def essay(question: MoodleQuestion) -> Item:
    """An essay, or a file to hand in where nothing can be written."""
    holder = question.element.find("graderinfo")
    guide = "" if holder is None else question.text_of(holder)
    points = question.number("defaultgrade", "1")
    files = question.words("attachments") not in {"", "0"}
    only_files = files and question.words("responseformat") == "noinline"
    if files and not only_files:
        question.notes.warn(Problem.FEATURE_LOST, "attachments")
    if question.words("responsetemplate"):
        question.notes.warn(Problem.FEATURE_LOST, "responsetemplate")
    return Item(
        Kind.FILE if only_files else Kind.ESSAY,
        "",
        rubric=(Criterion("r1", guide, points),) if guide and points > 0 else (),
        least_words=int(question.number("minwordlimit", "0")),
        most_words=int(question.number("maxwordlimit", "0")),
        file_kinds=_file_kinds(question.words("filetypeslist")) if only_files else (),
    )


def _file_kinds(listed: str) -> tuple[str, ...]:
    kinds: list[str] = []
    for each in re.split(r"[\s,;]+", listed.lower()):
        kinds += _NAMED_KINDS.get(each, [each] if each.startswith(".") else [])
    return tuple(dict.fromkeys(kinds))


KINDS: Final[Mapping[str, Callable[[MoodleQuestion], Item]]] = {
    "multichoice": multichoice,
    "multichoiceset": multichoice_set,
    "truefalse": truefalse,
    "shortanswer": shortanswer,
    "numerical": numerical,
    "matching": matching,
    "ddmatch": matching,
    "mtf": rows_and_columns,
    "kprime": rows_and_columns,
    "match": matching,
    "essay": essay,
    "cloze": cloze,
    "multianswer": cloze,
    "gapselect": words_to_place,
    "ddwtos": words_to_place,
    "ordering": ordering,
}

_STANDARD_WORDS: Final = frozenset(
    {
        "",
        "your answer is correct.",
        "your answer is partially correct.",
        "your answer is incorrect.",
        "câu trả lời của bạn đúng",
        "câu trả lời của bạn đúng một phần",
        "câu trả lời của bạn sai",
        "câu trả lời của bạn sai.",
        "câu trả lời của bạn đúng.",
        "câu trả lời của bạn đúng một phần.",
    }
)
_FEEDBACKS: Final = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")


def finished(question: MoodleQuestion, item: Item, category: str) -> Item:
    """The item with everything that all types share, its texts in their places."""
    stem = item.stem or question.text("questiontext")
    if old := question.picture_of_old():
        stem += question.texts.put(old, Markup.HTML)
    if any(True for _ in question.children("hint")):
        question.notes.mention(Problem.FEATURE_LOST, "hint")
    for name in _FEEDBACKS:
        holder = question.element.find(name)
        if holder is not None and question.plain_of(holder).lower() not in _STANDARD_WORDS:
            question.notes.mention(Problem.FEATURE_LOST, name)
    whole = replace(
        item,
        stem=stem,
        points=_points(question, item.points),
        feedback=question.text("generalfeedback"),
        name=question.words("name"),
        category=category,
        tags=_tags(question),
        foreign_id=question.words("idnumber"),
    )
    return question.texts.settled(whole)


def _points(question: MoodleQuestion, usual: Decimal) -> Decimal:
    points = question.number("defaultgrade", str(usual))
    return points if points > 0 else usual


def _tags(question: MoodleQuestion) -> tuple[str, ...]:
    said = [question.plain_of(tag) for tag in question.element.iterfind("tags/tag")]
    return tuple(dict.fromkeys(filter(None, said)))
