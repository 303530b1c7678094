"""Question types of Moodle XML with several parts: pairs, tables, orders, words to place."""

import re
from typing import Final

from hocvu.items.answers import FALSE, TRUE
from hocvu.items.content import Item, Kind, Option, Part, Scoring
from hocvu.question_files.findings import Problem
from hocvu.question_files.gathering.collecting import credit_of, distinct, option_id, part_id
from hocvu.question_files.gathering.gathered import LeftOut
from hocvu.question_files.moodle.question import MoodleQuestion, decimal_of, way_of
from hocvu.question_files.opening.xml_tree import Element

_LEAST: Final = 2


def matching(question: MoodleQuestion) -> Item:
    pairs = [
        (question.text_of(each), question.words("answer", each))
        for each in question.children("subquestion")
        if question.words("answer", each)
    ]
    names = distinct(right for _, right in pairs)
    parts = [(left, names[right]) for left, right in pairs if left]
    if not parts or len(names) < _LEAST:
        raise LeftOut(Problem.NO_OPTIONS)
    ways = {
        question.words("answer", each): way_of(answer)
        for each in question.children("subquestion")
        if (answer := each.find("answer")) is not None
    }
    return Item(
        Kind.MATCHING,
        "",
        options=tuple(
            Option(name, question.texts.put(right, ways[right])) for right, name in names.items()
        ),
        parts=tuple(
            Part(part_id(at), text=left, right=right) for at, (left, right) in enumerate(parts)
        ),
        shuffle=question.flag("shuffleanswers", usual=True),
    )


_WHOLE: Final = frozenset({"mtfonezero", "kprimeonezero"})
_TRUE_WORDS: Final = frozenset({"true", "right", "đúng", "wahr", "richtig", "vrai", "verdadero"})
_FALSE_WORDS: Final = frozenset({"false", "wrong", "sai", "falsch", "faux", "falso"})


def rows_and_columns(question: MoodleQuestion) -> Item:
    """The plug-ins `mtf` and `kprime`: rows of statements, and a table of what is right."""
    columns = list(question.children("column"))
    rows = [(each.get("number", ""), each) for each in question.children("row")]
    right = {
        each.get("rownumber"): each.get("columnnumber")
        for each in question.children("weight")
        if decimal_of(_weight(each)) > 0
    }
    names = {each.get("number"): option_id(at) for at, each in enumerate(columns)}
    words = [question.words("responsetext", each).lower() for each in columns]
    judged = len(words) == _LEAST and words[0] in _TRUE_WORDS and words[1] in _FALSE_WORDS
    if judged:
        names = dict(zip(names, (TRUE, FALSE), strict=True))
    if len(columns) < _LEAST or not rows:
        raise LeftOut(Problem.NO_OPTIONS)
    if any(right.get(number) not in names for number, _ in rows):
        raise LeftOut(Problem.NO_KEY)
    method = question.words("scoringmethod")
    if method == "kprime":
        question.notes.warn(Problem.FEATURE_LOST, method)
    return Item(
        Kind.TRUE_FALSE if judged else Kind.STATEMENTS,
        "",
        options=()
        if judged
        else tuple(
            Option(option_id(at), question.text("responsetext", each))
            for at, each in enumerate(columns)
        ),
        parts=tuple(
            Part(
                part_id(at),
                text=question.text("optiontext", row),
                right=names[right[number]],
                why=question.text("feedbacktext", row),
            )
            for at, (number, row) in enumerate(rows)
        ),
        scoring=Scoring.ALL_OR_NOTHING if method in _WHOLE else None,
        shuffle=question.flag("shuffleanswers", usual=True),
    )


def _weight(element: Element) -> str:
    return " ".join(str(text).strip() for text in element.itertext()).strip() or "0"


_GRADING: Final = {"-1": True, "ALL_OR_NOTHING": True, "0": False, "ABSOLUTE_POSITION": False}


def ordering(question: MoodleQuestion) -> Item:
    answers = sorted(question.children("answer"), key=_place)
    if len(answers) < _LEAST:
        raise LeftOut(Problem.NO_OPTIONS)
    grading = question.words("gradingtype") or "ABSOLUTE_POSITION"
    if grading not in _GRADING:
        question.notes.warn(Problem.FEATURE_LOST, grading)
    chosen = question.words("selecttype") or "ALL"
    if chosen not in {"ALL", "0"} and question.words("selectcount") not in {"", "0"}:
        question.notes.warn(Problem.FEATURE_LOST, f"selectcount {question.words('selectcount')}")
    return Item(
        Kind.ORDERING,
        "",
        options=tuple(
            Option(option_id(at), question.text_of(each)) for at, each in enumerate(answers)
        ),
        scoring=Scoring.ALL_OR_NOTHING if _GRADING.get(grading) else None,
    )


_GAP: Final = re.compile(r"\[\[(\d+)\]\]")


def words_to_place(question: MoodleQuestion) -> Item:
    """`gapselect` and `ddwtos`: `[[2]]` is where the second word of the list belongs."""
    listed = [*question.children("selectoption"), *question.children("dragbox")]
    groups = [question.words("group", each) or "1" for each in listed]
    words = [question.text_of(each) for each in listed]
    if not listed:
        raise LeftOut(Problem.NO_OPTIONS)
    holder = question.element.find("questiontext")
    if holder is None:
        raise LeftOut(Problem.NO_STEM)
    parts: list[Part] = []

    def gap(found: re.Match[str]) -> str:
        at = int(found[1]) - 1
        if not 0 <= at < len(listed):
            raise LeftOut(Problem.SYNTAX, found[0])
        same = [each for each, group in enumerate(groups) if group == groups[at]]
        own = () if len(set(groups)) == 1 else tuple(_word(words, each) for each in same)
        parts.append(Part(part_id(len(parts)), right=option_id(at), options=own))
        return f"[[{parts[-1].id}]]"

    stem = question.texts.put(_GAP.sub(gap, question.written(holder)), way_of(holder))
    if not parts:
        raise LeftOut(Problem.SYNTAX)
    shared = () if parts[0].options else tuple(_word(words, each) for each in range(len(words)))
    shuffle = question.flag("shuffleanswers")
    return Item(Kind.CLOZE, stem, options=shared, parts=tuple(parts), shuffle=shuffle)


def _word(words: list[str], at: int) -> Option:
    return Option(option_id(at), words[at])


def _place(answer: Element) -> float:
    """Where an answer belongs: Moodle keeps its place as its share."""
    return float(credit_of(answer.get("fraction", "0")))
