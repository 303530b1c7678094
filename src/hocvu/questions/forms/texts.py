"""Between a question and what is typed in its editor; what was not touched stays as it was."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hocvu.items.answers import TEXT, VALUE
from hocvu.items.content import Criterion, Item, Kind, Option, Part, PartKind, Scoring
from hocvu.questions.queries.words import letter
from hocvu.questions.rules.answer_lines import (
    accepted_from,
    lines_of,
    options_from,
    percent_of,
    share_from,
)

Row = Mapping[str, Any]
_PLAIN = ("situation", "stem", "feedback", "situation_en", "stem_en", "feedback_en")
_SWITCHES = ("case_matters", "tones_matter", "shuffle")

# --- What the editor opens with ----------------------------------------------------------------


def initial_of_main(item: Item) -> dict[str, Any]:
    accepted = lines_of(item.parts[0]) if item.parts else ""
    return {
        **{name: getattr(item, name) for name in (*_PLAIN, *_SWITCHES)},
        "accepted": accepted,
        "scoring": item.scoring.value if item.scoring else "",
        "points": item.points,
        "least_words": item.least_words or None,
        "most_words": item.most_words or None,
        "file_kinds": " ".join(item.file_kinds),
    }


def initial_of_options(item: Item) -> list[dict[str, Any]]:
    return [
        {
            "id": option.id,
            "place": at,
            "text": option.text,
            "right": option.right,
            "share": None if option.credit in {0, 1} else Decimal(percent_of(option.credit)),
            "why": option.why,
            "text_en": option.text_en,
            "why_en": option.why_en,
        }
        for at, option in enumerate(item.options, start=1)
    ]


def initial_of_parts(item: Item) -> list[dict[str, Any]]:
    named = {option.id: letter(at) for at, option in enumerate(item.options)}
    return [
        {
            "id": part.id,
            "text": part.text,
            "right": named.get(part.right, part.right),
            "kind": part.kind.value,
            "answers": lines_of(part),
            "why": part.why,
            "text_en": part.text_en,
            "why_en": part.why_en,
        }
        for part in item.parts
    ]


def initial_of_rubric(item: Item) -> list[dict[str, Any]]:
    return [
        {"id": each.id, "text": each.text, "points": each.points, "text_en": each.text_en}
        for each in item.rubric
    ]


# --- What was typed ----------------------------------------------------------------------------


def item_as_typed(base: Item, main: Row, rows: Mapping[str, Sequence[Row]]) -> Item:
    """The question with what was typed; a row without words is left out."""
    changes: dict[str, Any] = {name: main[name] for name in (*_PLAIN, *_SWITCHES) if name in main}
    changes["points"] = main["points"]
    if "scoring" in main:
        changes["scoring"] = Scoring(main["scoring"]) if main["scoring"] else None
    if "file_kinds" in main:
        changes["file_kinds"] = tuple(main["file_kinds"].replace(",", " ").split())
    for name in ("least_words", "most_words"):
        if name in main:
            changes[name] = main[name] or 0
    if "accepted" in main:
        changes["parts"] = (_typed_part(base, main["accepted"]),)
    if "options" in rows:
        changes["options"] = tuple(_options(base, rows["options"]))
    if "parts" in rows:
        changes["parts"] = tuple(_parts(base, rows["parts"], rows.get("options", [])))
    if "rubric" in rows:
        changes["rubric"] = tuple(_rubric(base, rows["rubric"]))
    return replace(base, **changes)


def _typed_part(base: Item, accepted: str) -> Part:
    """The one part of a question that is answered with a number or a short text."""
    is_number = base.kind is Kind.NUMERIC
    kind = PartKind.NUMBER if is_number else PartKind.TEXT
    part = base.parts[0] if base.parts else Part(VALUE if is_number else TEXT, kind)
    return _with_answers(part, kind, accepted)


def _options(base: Item, rows: Sequence[Row]) -> Iterable[Option]:
    known = {option.id: option for option in base.options}
    filled = [row for row in rows if row["text"].strip()]
    if base.kind is Kind.ORDERING:
        filled.sort(key=lambda row: row["place"] or len(rows) + 1)
    for row, name in zip(filled, _ids(filled, known, "abcdefghijklmnopqrstuvwxyz"), strict=True):
        option = known.get(name, Option(name, ""))
        yield replace(
            option,
            text=row["text"],
            text_en=row["text_en"],
            credit=_credit(row) if "right" in row else option.credit,
            why=row.get("why", option.why),
            why_en=row.get("why_en", option.why_en),
        )


def _credit(row: Row) -> Fraction:
    """The share that was typed; without one all or nothing."""
    if row["share"] is not None:
        return share_from(str(row["share"]))
    return Fraction(int(row["right"]))


def _parts(base: Item, rows: Sequence[Row], options: Sequence[Row]) -> Iterable[Part]:
    known = {part.id: part for part in base.parts}
    by_letter = _options_by_letter(base, options)
    filled = [row for row in rows if (row.get("text") or row.get("answers") or "").strip()]
    if base.kind is Kind.CLOZE:
        filled = [row for row in rows if row["id"] or row["answers"].strip()]
    for row, name in zip(filled, _ids(filled, known, ()), strict=True):
        part = known.get(name, Part(name))
        part = replace(part, why=row["why"], why_en=row["why_en"])
        if base.kind is Kind.CLOZE:
            yield _with_answers(part, PartKind(row["kind"] or "text"), row["answers"])
            continue
        right = row["right"] if base.kind is Kind.TRUE_FALSE else by_letter.get(row["right"], "")
        yield replace(part, text=row["text"], text_en=row["text_en"], right=right)


def _options_by_letter(base: Item, rows: Sequence[Row]) -> dict[str, str]:
    """Identifiers of the options by the letter of their row, empty rows counted."""
    known = {option.id: option for option in base.options}
    filled = [at for at, row in enumerate(rows) if row["text"].strip()]
    ids = _ids([rows[at] for at in filled], known, "abcdefghijklmnopqrstuvwxyz")
    return {letter(at): name for at, name in zip(filled, ids, strict=True)}


def _with_answers(part: Part, kind: PartKind, answers: str) -> Part:
    """Untouched lines leave the part as it is, with all that lines cannot say."""
    if kind is part.kind and answers.strip() == lines_of(part).strip():
        return part
    if kind is PartKind.CHOICE:
        options = options_from(answers)
        right = next((option.id for option in options if option.right), "")
        return replace(part, kind=kind, options=options, accepted=(), right=right)
    accepted = accepted_from(answers, kind)
    return replace(part, kind=kind, accepted=accepted, options=(), right="")


def _rubric(base: Item, rows: Sequence[Row]) -> Iterable[Criterion]:
    known = {each.id: each for each in base.rubric}
    filled = [row for row in rows if row["text"].strip()]
    for row, name in zip(filled, _ids(filled, known, ()), strict=True):
        points = row["points"] if row["points"] is not None else Decimal(0)
        yield Criterion(name, row["text"], points, row["text_en"])


def _ids(rows: Sequence[Row], known: Iterable[str], letters: Iterable[str]) -> list[str]:
    """The identifiers of rows: the ones they came with, new ones where they had none."""
    taken = {row["id"] for row in rows if row["id"]} | set(known)
    letters = letters or ()
    new = iter([*letters, *(f"r{at}" for at in range(1, 2 * len(rows) + len(taken) + 2))])
    return [row["id"] or next(each for each in new if each not in taken) for row in rows]
