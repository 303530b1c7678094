"""People listed more than once."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from hocvu.kernel.vietnamese import (
    fold,
    text_sort_key,
)
from hocvu.people.rules.birth_date import (
    PartialDate,
    Precision,
)
from hocvu.people.rules.roster_header import (
    Field,
    Header,
)
from hocvu.people.rules.roster_problems import Problem, ProblemKind, Severity
from hocvu.people.rules.roster_row import RosterRow

ERROR: Final = Severity.ERROR
WARNING: Final = Severity.WARNING


def _same_name(one: str, other: str) -> bool:
    """Whether two spellings are one name: equal letters and tones, or one without any marks."""
    if text_sort_key(one) == text_sort_key(other):
        return True
    unmarked = one.isascii() or other.isascii()
    return unmarked and fold(one) == fold(other)


def without_repetitions(rows: Sequence[RosterRow], header: Header) -> list[RosterRow]:
    """One row per person with the same number and name."""
    letter = next((c.letter for c in header.columns if c.field is Field.IDENTITY), "")
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
        second.row_number,
        found=second.full_name,
        other_row=first.row_number,
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


def with_same_people_told(rows: Sequence[RosterRow]) -> Iterator[RosterRow]:
    """Warns of equal names and dates of birth where no number tells two people apart."""
    alike: dict[tuple[str, PartialDate], list[RosterRow]] = defaultdict(list)
    for row in rows:
        if row.birth and row.birth.precision is not Precision.YEAR:
            alike[fold(row.full_name), row.birth].append(row)
    for row in rows:
        twins = alike.get((fold(row.full_name), row.birth), []) if row.birth else []
        other = next(
            (
                twin
                for twin in twins
                if twin.row_number != row.row_number
                and not (twin.identity_number and row.identity_number)
            ),
            None,
        )
        if other is None:
            yield row
            continue
        told = Problem(
            ProblemKind.SAME_NAME_AND_BIRTH,
            WARNING,
            row.row_number,
            found=row.full_name,
            other_row=other.row_number,
        )
        yield replace(row, problems=(*row.problems, told))
