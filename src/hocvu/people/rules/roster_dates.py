"""Dates of birth whose day and month changed places, told by the company they keep.

A program set to American dates exports `12/25/1990`: then `05/03/1990` beside it means 3 May. And
one set so at typing turns 05/03 into a true date of May, but leaves 25/12 as text: then all true
dates have a day of twelve or less, all texts a larger one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from hocvu.people.rules.birth_date import PartialDate
from hocvu.people.rules.roster_header import Column, Header
from hocvu.people.rules.roster_headings import Field
from hocvu.people.rules.roster_problems import Problem, ProblemKind, Severity
from hocvu.people.rules.roster_row import RosterRow
from hocvu.spreadsheets import CellKind, Grid

_DATES: Final = (Field.BIRTH, Field.BIRTH_IF_MALE, Field.BIRTH_IF_FEMALE)
_WRITTEN: Final = re.compile(r"\s*(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*\d{4}\b")
_MONTHS: Final = 12
_FEWEST_TRUE_DATES: Final = 3
_FEWEST_TEXTS: Final = 2


@dataclass(frozen=True, slots=True)
class _Written:
    """One cell `first/second/year`; `is_date` where the file holds a true date."""

    row_number: int
    column: Column
    text: str
    first: int
    second: int
    is_date: bool

    @property
    def has_two_meanings(self) -> bool:
        return self.first <= _MONTHS and self.second <= _MONTHS and self.first != self.second


def with_swapped_dates_told(
    rows: Sequence[RosterRow], grid: Grid, header: Header
) -> list[RosterRow]:
    """The rows with a proposal where a date probably means another day."""
    written = [each for row in rows if (each := _written(row, grid, header)) is not None]
    texts = [each for each in written if not each.is_date]
    dates = [each for each in written if each.is_date]
    doubted: dict[int, tuple[_Written, ProblemKind]] = {}
    if _are_month_first(texts):
        told = ProblemKind.BIRTH_MONTH_FIRST
        doubted = {each.row_number: (each, told) for each in texts if each.has_two_meanings}
    elif _were_swapped_at_typing(dates, texts):
        told = ProblemKind.BIRTH_PERHAPS_SWAPPED
        doubted = {each.row_number: (each, told) for each in dates if each.has_two_meanings}
    return [_doubted(row, *doubted[row.row_number]) if row.row_number in doubted else row
            for row in rows]  # fmt: skip


def _written(row: RosterRow, grid: Grid, header: Header) -> _Written | None:
    for column in header.columns:
        if column.field not in _DATES:
            continue
        cell = grid.rows[row.row_number - 1][column.index]
        if found := _WRITTEN.match(cell.text):
            first, second = int(found[1]), int(found[2])
            is_date = cell.kind is CellKind.DATE
            return _Written(row.row_number, column, cell.text, first, second, is_date)
    return None


def _are_month_first(texts: Sequence[_Written]) -> bool:
    """Whether some can be read only so, and none only the other way."""
    evident = sum(each.second > _MONTHS for each in texts)
    return evident >= _FEWEST_TEXTS and all(each.first <= _MONTHS for each in texts)


def _were_swapped_at_typing(dates: Sequence[_Written], texts: Sequence[_Written]) -> bool:
    return (
        len(dates) >= _FEWEST_TRUE_DATES
        and len(texts) >= _FEWEST_TEXTS
        and all(each.first <= _MONTHS for each in dates)
        and all(each.first > _MONTHS for each in texts)
    )


def _doubted(row: RosterRow, written: _Written, kind: ProblemKind) -> RosterRow:
    born = row.birth
    if born is None or born.month is None or born.day is None:
        return row
    other = PartialDate(born.year, born.day, born.month)
    told = Problem(
        kind, Severity.WARNING, row.row_number, written.column.letter, written.text, str(other)
    )
    kept = born if kind is ProblemKind.BIRTH_PERHAPS_SWAPPED else None
    return replace(row, birth=kept, birth_proposed=other, problems=(*row.problems, told))
