"""One row of a sheet as a question, or the reason why it cannot be one."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from html import escape
from typing import Final

from hocvu.items.answers import FALSE, TEXT, TRUE, VALUE
from hocvu.items.content import Item, Kind, Option, Part, PartKind, Scoring
from hocvu.items.typed import number_of
from hocvu.kernel.vietnamese import fold
from hocvu.question_files.findings import Problem
from hocvu.question_files.gathering.answer_words import (
    LETTERS,
    accepted_of,
    judgement,
    judgements,
    key_letters,
)
from hocvu.question_files.gathering.gathered import LeftOut, Notes
from hocvu.question_files.tables.columns import Column

_LEAST_OPTIONS: Final = 2
_STEPPED: Final = 4
_BETWEEN: Final = ("=>", "->", "→", "|", "=")  # left and right side of a pair
_KINDS: Final = {
    Kind.SINGLE: "mot dap an, mot lua chon, chon mot, trac nghiem, tn, single, single choice, mcq, "
    "multiple choice, mc, radio, trac nghiem mot dap an, trac nghiem 1 dap an, 1 dap an, "
    "nhieu lua chon",
    Kind.MULTIPLE: "nhieu dap an, chon nhieu, multiple, multiple response, multiple answers, "
    "trac nghiem nhieu dap an, mrq, ma, select all, checkbox, checkboxes",
    Kind.TRUE_FALSE: "dung sai, dung/sai, ds, true false, true/false, tf, trac nghiem dung sai",
    Kind.SHORT_TEXT: "tra loi ngan, dien khuyet, dien tu, short answer, short text, tln, ngan, "
    "fill-in-the-blank, fill in the blank, fib",
    Kind.NUMERIC: "so, dien so, numeric, number, numerical",
    Kind.ORDERING: "sap xep, sap thu tu, thu tu, ordering, order, sequence",
    Kind.MATCHING: "ghep noi, ghep doi, noi, noi cot, ghep cap, matching, match",
    Kind.ESSAY: "tu luan, essay, bai luan, long answer, open, open-ended",
    Kind.FILE: "nop tep, nop file, tep, file, file upload, upload",
    Kind.SITUATION: "tinh huong, xu ly tinh huong, situation, case, situational",
}
_KIND_OF: Final = {
    word.strip(): kind for kind, words in _KINDS.items() for word in words.split(",")
}


@dataclass(frozen=True)
class Row:
    """The words of a row by their column, and its options by their place."""

    said: Mapping[Column, str]
    options: Sequence[str]
    options_en: Sequence[str] = ()

    def get(self, column: Column) -> str:
        return self.said.get(column, "")


def read_row(row: Row, notes: Notes) -> Item:
    """The question of a row, its texts as HTML. Raises LeftOut."""
    if not row.get(Column.STEM):
        raise LeftOut(Problem.NO_STEM, row.get(Column.NUMBER))
    item = _READERS[_kind(row)](row, notes)
    return replace(
        item,
        stem=_html(row.get(Column.STEM)),
        stem_en=_html(row.get(Column.STEM_EN)),
        situation=_html(row.get(Column.SITUATION)),
        feedback=_html(row.get(Column.WHY)),
        feedback_en=_html(row.get(Column.WHY_EN)),
        points=_points(row, notes),
        category=row.get(Column.TOPIC),
        tags=tuple(_tags(row)),
        foreign_id=row.get(Column.NUMBER),
    )


def _html(text: str) -> str:
    return escape(text.strip(), quote=False).replace("\n", "<br>")


def _tags(row: Row) -> Iterable[str]:
    for column in (Column.LEVEL, Column.COMPONENT, Column.TOPIC, Column.SOURCE, Column.NOTE):
        if text := row.get(column):
            yield f"{column.value}:{' '.join(text.split())}"


def _points(row: Row, notes: Notes) -> Decimal:
    text = row.get(Column.POINTS).replace(",", ".")
    if not text:
        return Decimal(1)
    try:
        points = Decimal(text)
    except InvalidOperation:
        points = Decimal(0)
    if not points.is_finite() or points <= 0:
        notes.warn(Problem.CREDIT_ODD, text)
        return Decimal(1)
    return points


def _kind(row: Row) -> Kind:
    """The kind a row states, or the one its columns come to."""
    stated = " ".join(fold(row.get(Column.KIND)).replace("-", " ").split())
    if stated in _KIND_OF:
        return _KIND_OF[stated]
    if stated:
        raise LeftOut(Problem.UNKNOWN_KIND, row.get(Column.KIND))
    key, count = row.get(Column.KEY), len([each for each in row.options if each])
    if count >= _LEAST_OPTIONS:
        if judgements(key, count) is not None and fold(key) not in map(fold, row.options):
            return Kind.TRUE_FALSE
        return Kind.SITUATION if row.get(Column.SITUATION) else Kind.SINGLE
    if count == 1:
        raise LeftOut(Problem.NO_OPTIONS)
    if key and judgement(key) is not None and len(key) > 1:
        return Kind.TRUE_FALSE
    if not key:
        raise LeftOut(Problem.NO_KEY)
    return Kind.SHORT_TEXT


# --- Options -----------------------------------------------------------------------------------


def _options(row: Row) -> list[tuple[int, Option]]:
    """The filled options with their place in the header."""
    made: list[tuple[int, Option]] = []
    for at, text in enumerate(row.options):
        if text:
            english = row.options_en[at] if at < len(row.options_en) else ""
            option = Option(chr(ord("a") + len(made)), _html(text), text_en=_html(english))
            made.append((at, option))
    if len(made) < _LEAST_OPTIONS:
        raise LeftOut(Problem.NO_OPTIONS)
    return made


def _chosen(row: Row, notes: Notes) -> Item:
    options = _options(row)
    places = _places(row, [place for place, _ in options])
    if len(places) == len(options):
        raise LeftOut(Problem.TOO_MANY_KEYS, row.get(Column.KEY))
    kind = _kind(row)
    if len(places) > 1 and kind is not Kind.MULTIPLE:
        if row.get(Column.KIND):
            raise LeftOut(Problem.TOO_MANY_KEYS, row.get(Column.KEY))
        kind = Kind.MULTIPLE
    if kind is Kind.SITUATION and not row.get(Column.SITUATION):
        notes.warn(Problem.FEATURE_LOST, row.get(Column.KIND))
        kind = Kind.SINGLE
    scored = (replace(option, credit=Fraction(place in places)) for place, option in options)
    return Item(kind, stem="", options=tuple(scored))


def _places(row: Row, filled: Sequence[int]) -> frozenset[int]:
    """The right options: named by letters, by numbers, or by their text. Two readings: an error."""
    key = row.get(Column.KEY)
    if not key:
        raise LeftOut(Problem.NO_KEY)
    readings = {_by_text(row, key), _by_letter(key), _by_number(key)} - {None}
    possible = {each for each in readings if each and each <= frozenset(filled)}
    if not possible:
        raise LeftOut(Problem.NO_KEY, key)
    if len(possible) > 1:
        raise LeftOut(Problem.TOO_MANY_KEYS, key)
    return next(iter(possible))


def _by_text(row: Row, key: str) -> frozenset[int] | None:
    alike = [at for at, text in enumerate(row.options) if text and fold(text) == fold(key)]
    if alike:
        return frozenset(alike)
    several = [fold(part) for part in key.replace("\n", ";").split(";") if part.strip()]
    found = [at for at, text in enumerate(row.options) if text and fold(text) in several]
    return frozenset(found) if found and len(found) == len(several) else None


def _by_letter(key: str) -> frozenset[int] | None:
    named = key
    for words in ("phương án", "đáp án", "option", "câu"):
        if named.lower().startswith(words):
            named = named[len(words) :].strip(" :")
    letters = key_letters(named)
    if letters is None and len(named) > 1 and named[0].upper() in LETTERS and named[1] in ".)":
        return frozenset({LETTERS.index(named[0].upper())})
    return letters


def _by_number(key: str) -> frozenset[int] | None:
    numbers = [part.strip() for part in key.replace(";", ",").split(",")]
    if not all(part.isdecimal() and 1 <= int(part) <= len(LETTERS) for part in numbers):
        return None
    return frozenset(int(part) - 1 for part in numbers)


# --- Statements, pairs and orders --------------------------------------------------------------


def _judged(row: Row, _notes: Notes) -> Item:
    key = row.get(Column.KEY)
    statements = [text for text in row.options if text]
    if len(statements) < _LEAST_OPTIONS or {fold(each) for each in statements} == {"dung", "sai"}:
        truth = judgement(key)
        if truth is None and statements:
            return _chosen(_unstated(row), Notes())
        if truth is None:
            raise LeftOut(Problem.NO_KEY, key)
        options = (
            Option(TRUE, "Đúng", text_en="True", credit=Fraction(truth)),
            Option(FALSE, "Sai", text_en="False", credit=Fraction(not truth)),
        )
        return Item(Kind.SINGLE, stem="", options=options, shuffle=False)
    truths = judgements(key, len(statements))
    if truths is None and (letters := key_letters(key)) is not None:
        truths = tuple(at in letters for at in range(len(statements)))
    if truths is None:
        raise LeftOut(Problem.NO_KEY, key)
    parts = tuple(
        Part(f"p{at}", text=_html(text), right=TRUE if true else FALSE)
        for at, (text, true) in enumerate(zip(statements, truths, strict=True), start=1)
    )
    scoring = Scoring.STEPPED if len(parts) == _STEPPED else None
    return Item(Kind.TRUE_FALSE, stem="", parts=parts, scoring=scoring)


def _unstated(row: Row) -> Row:
    """The row without the kind it states: its columns decide."""
    return replace(row, said={at: text for at, text in row.said.items() if at is not Column.KIND})


def _ordered(row: Row, _notes: Notes) -> Item:
    """The options stand in their right order, or the key says it: `B, A, D, C`."""
    options = [option for _, option in _options(row)]
    key = [sign for sign in row.get(Column.KEY).upper() if sign in LETTERS]
    if key:
        places = [LETTERS.index(letter) for letter in key]
        if sorted(places) != list(range(len(options))):
            raise LeftOut(Problem.NO_KEY, row.get(Column.KEY))
        options = [options[place] for place in places]
    return Item(Kind.ORDERING, stem="", options=tuple(options))


def _matched(row: Row, _notes: Notes) -> Item:
    """Each option column holds a pair: `Hà Nội = Việt Nam`."""
    pairs = [_pair(text) for text in row.options if text]
    if len(pairs) < _LEAST_OPTIONS:
        raise LeftOut(Problem.NO_OPTIONS)
    rights = list(dict.fromkeys(right for _, right in pairs))
    ids = {text: chr(ord("a") + at) for at, text in enumerate(rights)}
    return Item(
        Kind.MATCHING,
        stem="",
        options=tuple(Option(ids[text], _html(text)) for text in rights),
        parts=tuple(
            Part(f"p{at}", text=_html(left), right=ids[right])
            for at, (left, right) in enumerate(pairs, start=1)
        ),
    )


def _pair(text: str) -> tuple[str, str]:
    for sign in _BETWEEN:
        left, found, right = text.partition(sign)
        if found and left.strip() and right.strip():
            return left.strip(), right.strip()
    raise LeftOut(Problem.NO_KEY, text)


# --- Written answers ---------------------------------------------------------------------------


def _written(row: Row, notes: Notes) -> Item:
    key = row.get(Column.KEY)
    if not key:
        raise LeftOut(Problem.NO_KEY)
    accepted, numeric, guessed = accepted_of(key)
    stated = _kind(row) if row.get(Column.KIND) else None
    if stated is Kind.NUMERIC and not numeric:
        raise LeftOut(Problem.NO_KEY, key)
    if not accepted:
        raise LeftOut(Problem.NO_KEY)
    if numeric:
        if guessed:
            notes.warn(Problem.GUESSED_KEY, key)
        tolerance = _tolerance(row, notes)
        numbers = tuple(replace(each, tolerance=tolerance) for each in accepted)
        part = Part(VALUE, kind=PartKind.NUMBER, accepted=numbers)
        return Item(Kind.NUMERIC, stem="", parts=(part,))
    return Item(
        Kind.SHORT_TEXT, stem="", parts=(Part(TEXT, kind=PartKind.TEXT, accepted=accepted),)
    )


def _tolerance(row: Row, notes: Notes) -> Decimal:
    text = row.get(Column.TOLERANCE).replace(",", ".").lstrip("±+ ")
    if not text:
        return Decimal(0)
    exact = number_of(text)
    if exact is None or exact < 0:
        notes.warn(Problem.CREDIT_ODD, text)
        return Decimal(0)
    return Decimal(exact.numerator) / Decimal(exact.denominator)


def _by_people(row: Row, _notes: Notes) -> Item:
    return Item(_kind(row), stem="", feedback="")


_READERS: Final[Mapping[Kind, Callable[[Row, Notes], Item]]] = {
    Kind.SINGLE: _chosen,
    Kind.MULTIPLE: _chosen,
    Kind.SITUATION: _chosen,
    Kind.TRUE_FALSE: _judged,
    Kind.ORDERING: _ordered,
    Kind.MATCHING: _matched,
    Kind.SHORT_TEXT: _written,
    Kind.NUMERIC: _written,
    Kind.ESSAY: _by_people,
    Kind.FILE: _by_people,
}
