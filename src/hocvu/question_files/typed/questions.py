"""Drafts as questions of ours, or the reasons why they cannot be."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import partial
from itertools import zip_longest
from typing import Final

from hocvu.items.answers import FALSE, TEXT, TRUE, VALUE
from hocvu.items.content import Item, Kind, Option, Part, PartKind, Scoring
from hocvu.kernel.vietnamese import fold
from hocvu.question_files.findings import Problem
from hocvu.question_files.gathering.answer_words import accepted_of, judgement, judgements
from hocvu.question_files.gathering.gathered import (
    Gathered,
    LeftOut,
    Notes,
    finished,
    points_at_end,
    rubric_of,
)
from hocvu.question_files.tables.rows import read_row
from hocvu.question_files.typed.drafts import Draft, Mode
from hocvu.question_files.typed.keys import KeysDisagree, judgement_start, key_of, truths_of
from hocvu.question_files.typed.lines import Block, Line, Table, html_of
from hocvu.question_files.typed.recognition import Recognition
from hocvu.question_files.typed.tables import rows_of_questions
from hocvu.question_files.wording.rich_text import tidy

_LEAST_OPTIONS: Final = 2
_STEPPED: Final = 4  # the 2025 examination marks four statements by steps
_LONGEST_SHORT_KEY: Final = 200
_SEVERAL: Final = (
    "nhieu dap an",
    "cac dap an",
    "nhung dap an",
    "tat ca cac",
    "chon nhieu",
    "select all",
)


@dataclass(frozen=True)
class Lost:
    """Something a reader could not keep, and in which line."""

    line: int
    problem: Problem
    about: str


class Document:
    """Takes the questions of a document in their order: typed ones and those in tables."""

    def __init__(self, blocks: Sequence[Block], lost: Sequence[Lost]) -> None:
        tables = {
            block.number: rows_of_questions(block) for block in blocks if isinstance(block, Table)
        }
        self._rows = [row for rows in tables.values() for row in rows]
        self._recognition = Recognition(
            [block for block in blocks if isinstance(block, Line) or not tables[block.number]]
        )
        self._lost = lost

    def gathered(self) -> Gathered:
        drafts = self._recognition.drafted()
        readers: list[tuple[int, Notes, Callable[[Notes], Item]]] = [
            (at, notes, partial(read_row, row)) for at, row, notes in self._rows
        ]
        readers += [(draft.at, Notes(), partial(_item, draft)) for draft in drafts]
        readers.sort(key=lambda each: each[0])
        gathered = Gathered()
        for at, heading in self._recognition.headings if readers else ():
            gathered.leave_out(LeftOut(Problem.NOT_A_QUESTION, heading), Notes(), line=at)
        for (at, notes, read), after in zip_longest(readers, readers[1:]):
            self._tell(notes, at, after[0] if after else sys.maxsize)
            try:
                item = finished(read(notes), notes)
            except LeftOut as reason:
                gathered.leave_out(reason, notes, line=at)
            else:
                gathered.take(item, notes, line=at)
        return gathered

    def _tell(self, notes: Notes, first: int, end: int) -> None:
        """What was lost between two lines."""
        for each in self._lost:
            if first <= each.line < end:
                notes.warn(each.problem, each.about)


def _item(draft: Draft, notes: Notes) -> Item:
    if draft.table_lost:
        notes.warn(Problem.FEATURE_LOST, "table")
    try:
        asked = _judged(draft) if _is_judged(draft) else _asked(draft, notes)
    except KeysDisagree as disagreement:
        raise LeftOut(Problem.TOO_MANY_KEYS, disagreement.about) from disagreement
    points = draft.points or asked.points
    return replace(
        asked,
        stem=_html(draft.stem, emphasis=True),
        situation=_html(draft.situation, emphasis=True),
        points=points,
        feedback=_html(draft.explanation, emphasis=True) or asked.feedback,
        category=draft.category,
        tags=tuple(dict.fromkeys(draft.tags)),
    )


def _asked(draft: Draft, notes: Notes) -> Item:
    if draft.choices:
        return _chosen(draft, notes)
    if draft.keys:
        return _written(draft, notes)
    if draft.mode is Mode.SHORT:
        raise LeftOut(Problem.NO_KEY, _name(draft))
    by_people = draft.rubric or (draft.explanation and draft.mode is Mode.UNSAID)
    if draft.mode is Mode.ESSAY or by_people:
        return _essay(draft)
    raise LeftOut(Problem.NO_OPTIONS, _name(draft))


def _name(draft: Draft) -> str:
    return f"Câu {draft.number}"


# --- Options -----------------------------------------------------------------------------------


def _chosen(draft: Draft, notes: Notes) -> Item:
    if len(draft.choices) < _LEAST_OPTIONS:
        raise LeftOut(Problem.NO_OPTIONS, _name(draft))
    found = key_of(draft)
    if found is None:
        raise LeftOut(Problem.NO_KEY, _name(draft))
    if len(found.places) == len(draft.choices):
        raise LeftOut(Problem.TOO_MANY_KEYS, _name(draft))
    stem = fold(" ".join(line.text for line in draft.stem if isinstance(line, Line)))
    if found.guessed and not any(words in stem for words in _SEVERAL):
        notes.warn(
            Problem.GUESSED_KEY, ", ".join(draft.choices[at].letter for at in sorted(found.places))
        )
    texts = [_html(choice.lines, emphasis=False) for choice in draft.choices]
    for choice, text in zip(draft.choices, texts, strict=True):
        if not text:
            raise LeftOut(Problem.NO_OPTIONS, choice.letter)
    options = tuple(
        Option(chr(ord("a") + at), text, credit=Fraction(at in found.places))
        for at, text in enumerate(texts)
    )
    return Item(_kind(draft, found.places, texts), stem="", options=options)


def _kind(draft: Draft, places: frozenset[int], texts: Sequence[str]) -> Kind:
    if len(places) > 1:
        return Kind.MULTIPLE
    if all(text.startswith("<img ") for text in texts):
        return Kind.IMAGE_CHOICE
    return Kind.SITUATION if draft.situation else Kind.SINGLE


def _is_judged(draft: Draft) -> bool:
    """Statements a) b) c) d), each true or false."""
    if not draft.choices:
        return False
    if all(judgement_start(choice.text) is not None for choice in draft.choices):
        return True
    if any(judgements(key, len(draft.choices)) for key in draft.keys):
        return True
    return draft.mode is Mode.JUDGE and draft.choices[0].letter.islower()


def _judged(draft: Draft) -> Item:
    truths = truths_of(draft)
    if truths is None:
        raise LeftOut(Problem.NO_KEY, _name(draft))
    parts = []
    for at, (choice, true) in enumerate(zip(draft.choices, truths, strict=True), start=1):
        lines = list(choice.lines)
        last = lines[-1] if lines else None
        if last is not None and (start := judgement_start(last.text)) is not None:
            lines[-1] = last.cut(0, start)
        text = _html(lines, emphasis=False)
        if not text:
            raise LeftOut(Problem.NO_OPTIONS, choice.letter)
        parts.append(Part(f"p{at}", text=text, right=TRUE if true else FALSE))
    scoring = Scoring.STEPPED if len(parts) == _STEPPED else None
    return Item(Kind.TRUE_FALSE, stem="", parts=tuple(parts), scoring=scoring)


# --- Written answers ---------------------------------------------------------------------------


def _written(draft: Draft, notes: Notes) -> Item:
    if len({fold(key) for key in draft.keys}) > 1:
        raise LeftOut(Problem.TOO_MANY_KEYS, "; ".join(draft.keys))
    key = draft.keys[0]
    if (truth := judgement(key)) is not None and len(key) > 1:
        options = (
            Option("true", "Đúng", credit=Fraction(truth)),
            Option("false", "Sai", credit=Fraction(not truth)),
        )
        return Item(Kind.SINGLE, stem="", options=options, shuffle=False)
    if len(key) > _LONGEST_SHORT_KEY:
        return replace(_essay(draft), feedback=key)
    accepted, numeric, guessed = accepted_of(key)
    if not accepted:
        raise LeftOut(Problem.NO_KEY, _name(draft))
    if guessed:
        notes.warn(Problem.GUESSED_KEY, key)
    part = Part(
        VALUE if numeric else TEXT,
        kind=PartKind.NUMBER if numeric else PartKind.TEXT,
        accepted=accepted,
    )
    return Item(Kind.NUMERIC if numeric else Kind.SHORT_TEXT, stem="", parts=(part,))


def _essay(draft: Draft) -> Item:
    texts = [_html([line], emphasis=False) for line in draft.rubric]
    stated = [(text, points_at_end(text)) for text in texts if text]
    together = sum((points for _, points in stated if points), Decimal(0))
    points = draft.points or together or Decimal(1)
    return Item(Kind.ESSAY, stem="", points=points, rubric=rubric_of(stated, points))


# --- Texts -------------------------------------------------------------------------------------


def _html(lines: Sequence[Line | str], *, emphasis: bool) -> str:
    """Lines one under another. A text that is bold as a whole says nothing by it."""
    pieces = [piece for line in lines if isinstance(line, Line) for piece in line.pieces]
    spoken = [piece for piece in pieces if piece.text.strip() and not piece.html]
    apart = emphasis and any(not piece.look.bold and not piece.look.underline for piece in spoken)
    written = ""
    for line in lines:
        html = line if isinstance(line, str) else html_of(line.pieces, emphasis=apart).strip()
        between = (
            "<br>" if written and not written.endswith("</table>") and html[:6] != "<table" else ""
        )
        written += between + html
    return tidy(written)
