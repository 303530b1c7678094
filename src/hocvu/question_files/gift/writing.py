r"""Questions as GIFT: what Moodle reads, as far as GIFT can say it.

Points, pictures and texts in a second language have no place in it. Statements and true/false sets
are written as matching; gaps and files to hand in cannot be written at all.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from hocvu.items.content import Accepted, Item, Kind, Markup, Option, Scoring
from hocvu.question_files.gathering.collecting import (
    YES,
    is_true_or_false,
    percent,
    written_credits,
)

UNSAID_IN_GIFT: Final = frozenset({Kind.CLOZE, Kind.FILE})

_ESCAPES: Final = str.maketrans(
    {sign: f"\\{sign}" for sign in ":#={}~\\"} | {"\n": "\\n", "\r": None}
)
_FORMATS: Final = {Markup.HTML: "html", Markup.MARKDOWN: "markdown", Markup.PLAIN: "plain"}
_TRUE_FALSE: Final = (Option("true", "Đúng"), Option("false", "Sai"))


def write_gift(items: Iterable[Item]) -> str:
    """A GIFT file in UTF-8; questions of a kind in `UNSAID_IN_GIFT` are left out."""
    written, category = [], ""
    for item in items:
        if item.kind in UNSAID_IN_GIFT:
            continue
        if item.category != category:
            category = item.category
            written.append(f"$CATEGORY: $course$/{category}\n")
        written.append(_question(item))
    return "\n".join(written)


def _question(item: Item) -> str:
    stem = f"{item.situation}\n\n{item.stem}" if item.situation else item.stem
    name = f"::{_escaped(item.name)}::" if item.name else ""
    head = f"{name}[{_FORMATS[item.markup]}]{_escaped(stem)}"
    feedback = f"####{_text(item.feedback)}" if item.feedback else ""
    answers = "\n".join(_answers(item))
    inside = f"{answers}{feedback}" if "\n" not in answers else f"{answers}\n{feedback}"
    return f"{_labels(item)}{head}{{{inside}}}\n"


def _labels(item: Item) -> str:
    said = [f"[id:{_label(item.foreign_id)}]"] if item.foreign_id else []
    said += [f"[tag:{_label(tag)}]" for tag in item.tags]
    return f"// {' '.join(said)}\n" if said else ""


def _label(text: str) -> str:
    return " ".join(text.replace("[", "(").replace("]", ")").split())


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES)


def _text(text: str) -> str:
    """Words in brackets at the start would be taken for a way of writing."""
    return f" {_escaped(text)}" if not text.startswith("[") else _escaped(f"\u200b{text}")


def _why(text: str) -> str:
    return f"#{_text(text)}" if text else ""


# --- Kinds -------------------------------------------------------------------------------------


def _answers(item: Item) -> Iterator[str]:
    if is_true_or_false(item):
        yield _truth(item)
    elif item.kind is Kind.NUMERIC:
        yield "#"
        yield from (_number(each) for part in item.parts for each in part.accepted)
    elif item.kind is Kind.SHORT_TEXT:
        yield ""
        yield from (_accepted(each) for part in item.parts for each in part.accepted)
    elif item.kind is Kind.ORDERING:
        whole = item.scoring is Scoring.ALL_OR_NOTHING
        yield f">{len(item.options)} ALL VERTICAL {'ALL_OR_NOTHING' if whole else 'ABSOLUTE'}"
        yield from (_text(option.text) for option in item.options)
    elif item.parts:
        yield ""
        yield from _pairs(item)
    elif item.options:
        yield ""
        yield from _options(item)


def _truth(item: Item) -> str:
    right, wrong = sorted(item.options, key=lambda option: not option.right)
    if_right = _why(right.why)
    if_wrong = _why(wrong.why) or ("#" if if_right else "")
    return ("TRUE" if right.id == YES else "FALSE") + if_wrong + if_right


def _options(item: Item) -> Iterator[str]:
    keyed = False
    for option, credit in zip(item.options, written_credits(item), strict=True):
        if credit == 1 and item.kind is not Kind.MULTIPLE and not keyed:
            sign, keyed = "=", True
        else:
            sign = f"~%{percent(credit)}%" if credit else "~"
        yield f"\t{sign}{_text(option.text)}{_why(option.why)}"


def _pairs(item: Item) -> Iterator[str]:
    options = item.options or _TRUE_FALSE
    texts = {option.id: option.text for option in options}
    used = {part.right for part in item.parts}
    for part in item.parts:
        yield f"\t={_text(part.text.replace('->', '→'))} ->{_text(texts.get(part.right, ''))}"
    yield from (f"\t= ->{_text(option.text)}" for option in options if option.id not in used)


def _accepted(accepted: Accepted) -> str:
    weight = "" if accepted.credit == 1 else f"%{percent(accepted.credit)}%"
    return f"\t={weight}{_text(accepted.value)}{_why(accepted.why)}"


def _number(accepted: Accepted) -> str:
    if accepted.value == "*" and not accepted.credit:
        return f"\t~{_why(accepted.why) or '#'}"
    weight = "" if accepted.credit == 1 else f"%{percent(accepted.credit)}%"
    return f"\t={weight}{accepted.value}:{_plainly(accepted.tolerance)}{_why(accepted.why)}"


def _plainly(number: Decimal) -> str:
    return f"{number.normalize() + 0:f}"
