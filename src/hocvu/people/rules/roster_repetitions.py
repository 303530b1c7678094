"""People listed more than once."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from hocvu.kernel.vietnamese import (
    fold,
    text_sort_key,
)
from hocvu.people.rules.birth_date import PartialDate, Precision
from hocvu.people.rules.roster_header import Column
from hocvu.people.rules.roster_headings import Field
from hocvu.people.rules.roster_problems import Problem, ProblemKind, Severity
from hocvu.people.rules.roster_row import RosterRow

ERROR: Final = Severity.ERROR
WARNING: Final = Severity.WARNING
_MOST_COMPARED: Final = 20  # of one name in another sheet


def _same_name(one: str, other: str) -> bool:
    """Whether two spellings are one name: equal letters and tones, or one without any marks."""
    if text_sort_key(one) == text_sort_key(other):
        return True
    unmarked = one.isascii() or other.isascii()
    return unmarked and fold(one) == fold(other)


def without_repetitions(rows: Sequence[RosterRow], columns: Sequence[Column]) -> list[RosterRow]:
    """One row per person with the same number and name."""
    letter = next((c.letter for c in columns if c.field is Field.IDENTITY), "")
    kept: list[RosterRow] = []
    places: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        number = row.identity_number or row.identity_proposed
        twin = next(
            (
                at
                for at in places.get(number or "", ())
                if _same_name(kept[at].full_name, row.full_name)
            ),
            None,
        )
        if twin is not None:
            kept[twin] = _completed(kept[twin], row)
            continue
        if number:
            places[number].append(len(kept))
        kept.append(row)
    for number, at in places.items():
        if len(at) > 1:
            _tell_both(kept, at, number, letter)
    return kept


def _completed(first: RosterRow, second: RosterRow) -> RosterRow:
    """The first row, with what only the second one knew."""
    gaps = {
        name: getattr(second, name)
        for name in (
            "birth", "sex", "post_title", "unit_text", "commune_text", "province_text", "category",
            "phone", "email", "started_on", "note", "identity_number",
            "ethnic_group", "birth_place",
        )
        if not getattr(first, name) and getattr(second, name)
    }  # fmt: skip
    told = Problem(
        ProblemKind.LISTED_TWICE,
        WARNING,
        first.row_number,
        found=second.full_name,
        other_row=second.row_number,
    )
    return replace(first, **gaps, problems=(*first.problems, told, *_errors(second)))


def _errors(row: RosterRow) -> list[Problem]:
    return [problem for problem in row.problems if problem.severity is ERROR]


def _tell_both(rows: list[RosterRow], places: Sequence[int], number: str, letter: str) -> None:
    for at in places:
        other = next(rows[place] for place in places if place != at)
        told = Problem(
            ProblemKind.NUMBER_OF_ANOTHER,
            ERROR,
            rows[at].row_number,
            letter,
            found=number,
            other_row=other.row_number,
        )
        rows[at] = replace(rows[at], problems=(*rows[at].problems, told))


def with_same_people_told(
    rows: Sequence[RosterRow], sheet_of: Callable[[int], str]
) -> Iterator[RosterRow]:
    """Warns of equal names and dates of birth where no number tells two people apart.

    In one sheet a year alone is no reason to doubt; in two, whoever could be the same is told.
    """
    born: dict[tuple[str, PartialDate], list[RosterRow]] = defaultdict(list)
    named: dict[str, dict[str, list[RosterRow]]] = defaultdict(lambda: defaultdict(list))
    keys = [(row, fold(row.full_name), sheet_of(row.row_number)) for row in rows]
    for row, name, sheet in keys:
        if row.birth and row.birth.precision is not Precision.YEAR:
            born[name, row.birth].append(row)
        if len(named[name][sheet]) < _MOST_COMPARED:
            named[name][sheet].append(row)
    for row, name, sheet in keys:
        here = born.get((name, row.birth), []) if row.birth else []
        elsewhere = (twin for other, twins in named[name].items() if other != sheet
                     for twin in twins if _may_be_born_alike(row, twin))  # fmt: skip
        twin = next((twin for twin in (*here, *elsewhere) if _may_be_one(row, twin)), None)
        yield row if twin is None else _with_twin_told(row, twin)


def _may_be_born_alike(one: RosterRow, other: RosterRow) -> bool:
    return one.birth is None or other.birth is None or one.birth.could_be(other.birth)


def _may_be_one(one: RosterRow, other: RosterRow) -> bool:
    numbered = one.identity_number and other.identity_number
    return one.row_number != other.row_number and not numbered


def _with_twin_told(row: RosterRow, twin: RosterRow) -> RosterRow:
    told = Problem(
        ProblemKind.SAME_NAME_AND_BIRTH,
        WARNING,
        row.row_number,
        found=row.full_name,
        other_row=twin.row_number,
    )
    return replace(row, problems=(*row.problems, told))
