"""One QTI item as a question of ours, or the reason why it cannot be one."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from html import escape
from typing import Final

from hocvu.items.content import Criterion, Item, Kind, Scoring, usual_scoring
from hocvu.kernel.vietnamese import nfc
from hocvu.question_files.findings import Problem
from hocvu.question_files.gathering.gathered import (
    LeftOut,
    finished,
    points_at_end,
    rubric_of,
)
from hocvu.question_files.opening.xml_tree import Element
from hocvu.question_files.qti.body import Body, joined, rubric_lines
from hocvu.question_files.qti.choices import (
    Task,
    associate,
    choice,
    hottext,
    match,
    order,
)
from hocvu.question_files.qti.gaps import cloze, gap_match, slider, text_entry
from hocvu.question_files.qti.keys import declared, points_of, processing
from hocvu.question_files.qti.tree import child, children, number, whole

_IGNORED: Final = frozenset({"endattemptinteraction", "mediainteraction"})
_IN_A_CLOZE: Final = frozenset(
    {"inlinechoiceinteraction", "textentryinteraction", "choiceinteraction"}
)
_LONGEST_TEXT: Final = 100_000
_POINTS: Final = re.compile(
    r"[(\[\s]*(\d+(?:[.,]\d+)?)\s*(?:điểm|đ|points?|pts?|marks?)[)\]\s.]*$", re.IGNORECASE
)
_FILE_KINDS: Final = {
    "application/pdf": ".pdf",
    "application/msword": ".doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/zip": ".zip",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "text/plain": ".txt",
}


def read_item(root: Element, body: Body, situation: str = "") -> Item:
    """The question of an assessment item. `situation` is the text of the stimulus it refers to.

    What is lost is said in the notes of `body`. Raises LeftOut.
    """
    shown = child(root, "itembody")
    found = [] if shown is None else _interactions(shown)
    if shown is None or not found:
        raise LeftOut(Problem.NOT_A_QUESTION, root.get("title", ""))
    if (
        child(root, "templatedeclaration") is not None
        or child(root, "templateprocessing") is not None
    ):
        raise LeftOut(Problem.UNKNOWN_KIND, "template")
    rules, responses = processing(root), declared(root)
    if rules.lost or root.get("adaptive") == "true":
        body.notes.warn(Problem.FEATURE_LOST, "responseProcessing")
    task = Task(
        body=body,
        shown=shown,
        interactions=found,
        responses=responses,
        rules=rules,
        hint=shown.get("datahocvukind", ""),
        situation=situation,
    )
    asked = _reader(task)(task)
    for modal in children(root, "modalfeedback"):
        body.take_feedback(modal)
    title, identifier = nfc(root.get("title", "")), nfc(root.get("identifier", ""))
    asked = replace(
        asked,
        points=points_of(root, rules, responses),
        situation=situation,
        scoring=_hinted_scoring(shown, asked),
        tones_matter=shown.get("datahocvutones", "") == "true" or asked.tones_matter,
        name=title if title != identifier else "",
        foreign_id=identifier,
    )
    return finished(_with_stem(_with_feedback(asked, task), body), body.notes)


def _hinted_scoring(shown: Element, item: Item) -> Scoring | None:
    """QTI has no word for our ways to make points of parts; our own files say them beside it."""
    hinted = shown.get("datahocvuscoring", "")
    if hinted not in set(Scoring):
        return item.scoring
    return Scoring(hinted) if Scoring(hinted) is not usual_scoring(item.kind) else None


def _interactions(shown: Element) -> list[Element]:
    return [
        each
        for each in shown.iter()
        if str(each.tag).endswith("interaction")
        and each.tag not in _IGNORED
        and not any(
            str(above.tag).startswith(("feedback", "custom", "portable"))
            for above in each.iterancestors()
        )
    ]


def _reader(task: Task) -> Callable[[Task], Item]:
    names = [str(each.tag) for each in task.interactions]
    if len(names) == 1 and names[0] in _READERS:
        return _READERS[names[0]]
    if len(names) > 1 and set(names) <= _IN_A_CLOZE:
        return cloze
    if set(names) == {"extendedtextinteraction"}:
        task.body.notes.warn(Problem.FEATURE_LOST, "extendedTextInteraction")
        return _essay
    raise LeftOut(Problem.UNKNOWN_KIND, " + ".join(sorted(set(names))[:2]))


def _essay(task: Task) -> Item:
    interaction = task.interactions[0]
    return Item(
        Kind.ESSAY,
        stem=task.body.html(task.shown),
        least_words=whole(interaction, "datahocvuleastwords"),
        most_words=whole(interaction, "datahocvumostwords"),
    )


def _upload(task: Task) -> Item:
    types = re.split(r"[\s,]+", task.interactions[0].get("type", "").lower())
    kinds = tuple(dict.fromkeys(_FILE_KINDS[each] for each in types if each in _FILE_KINDS))
    return Item(Kind.FILE, stem=task.body.html(task.shown), file_kinds=kinds)


_READERS: Final[Mapping[str, Callable[[Task], Item]]] = {
    "choiceinteraction": choice,
    "orderinteraction": order,
    "matchinteraction": match,
    "associateinteraction": associate,
    "hottextinteraction": hottext,
    "gapmatchinteraction": gap_match,
    "inlinechoiceinteraction": cloze,
    "textentryinteraction": text_entry,
    "sliderinteraction": slider,
    "extendedtextinteraction": _essay,
    "uploadinteraction": _upload,
}


def _with_feedback(item: Item, task: Task) -> Item:
    """Feedback about an option goes to it; a rubric to what people mark, else to the feedback."""
    body, whys = task.body, task.body.why
    if whys:
        named = {ours: whys[theirs] for theirs, ours in task.names.items() if theirs in whys}
        options = tuple(replace(each, why=named.get(each.id, "")) for each in item.options)
        item = replace(item, options=options)
    texts = list(body.feedback)
    rubric: tuple[Criterion, ...] = ()
    if item.kind in {Kind.ESSAY, Kind.FILE}:
        rubric = _rubric(body, item.points)
    else:
        texts += [text for text in map(body.html, body.rubric) if text]
    return replace(item, feedback=joined(texts) if texts else "", rubric=rubric)


def _rubric(body: Body, points: Decimal) -> tuple[Criterion, ...]:
    """The lines of a rubric with their points."""
    lines: list[tuple[str, Decimal | None]] = []
    for line in rubric_lines(body.rubric):
        text, stated = body.html(line), number(line.get("datahocvupoints"))
        exact = None if stated is None else Decimal(stated.numerator) / Decimal(stated.denominator)
        lines.append((text, exact or points_at_end(text)))
    if any(stated is None for _, stated in lines):
        lines = [(body.html(block), None) for block in body.rubric]
    return rubric_of(lines, points)


def _with_stem(item: Item, body: Body) -> Item:
    """An item whose question stands only in its title."""
    if item.stem.strip() or not item.name:
        return item
    body.notes.warn(Problem.NO_STEM, item.name)
    return replace(item, stem=escape(item.name, quote=False))
