"""The walk down a roster's sheet, from the header to the signatures."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from hocvu.people.rules.roster_cells import category_named
from hocvu.people.rules.roster_header import Header, find_header
from hocvu.people.rules.roster_headings import NAMES, Field, field_of
from hocvu.people.rules.roster_lines import (
    Group,
    GroupLevel,
    Line,
    LineReader,
    looks_like_a_person,
    stated_count,
)
from hocvu.people.rules.roster_person import PersonReader
from hocvu.people.rules.roster_problems import Problem, ProblemKind, Severity
from hocvu.people.rules.roster_row import RosterRow
from hocvu.people.rules.roster_row_cells import Surroundings
from hocvu.spreadsheets import Cell, Grid

ERROR: Final = Severity.ERROR
WARNING: Final = Severity.WARNING
_LEVELS: Final = (GroupLevel.PLAIN, GroupLevel.LETTER, GroupLevel.ROMAN, GroupLevel.NUMBER)


@dataclass
class RosterReading:
    """The state of one walk: the header in force, the groups we are inside, the last unit seen."""

    grid: Grid
    header: Header
    reading_on: dt.date
    rows: list[RosterRow] = field(default_factory=list)
    around: Surroundings = field(default_factory=Surroundings)
    formulas: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    stated: tuple[int, int] | None = None
    left_out: list[Problem] = field(default_factory=list)

    def read(self) -> None:
        self._take_header(self.header)
        at, signed = self.header.last_row + 1, False
        while at < len(self.grid.rows):
            if (again := self._header_at(at)) is not None:
                self._take_header(again)
                at, signed = again.last_row + 1, False
                continue
            kind = self._lines.kind_of(self.grid.rows[at])
            if signed and not (kind is Line.PERSON and self._lines.is_numbered(self.grid.rows[at])):
                at += 1
                continue
            signed = False
            if kind is Line.SIGNATURE and self.rows:
                signed = True
            elif kind is Line.TOTAL and (count := stated_count(self.grid.rows[at])) is not None:
                self.stated = (at + 1, count)
            elif kind is Line.GROUP:
                self._enter_group(at, self._lines.group_of(self.grid.rows[at]))
            elif kind is Line.PERSON:
                self.rows.append(self._people.person(at))
            at += 1

    def _take_header(self, header: Header) -> None:
        self.header = header
        self._lines = LineReader(header.columns)
        self._people = PersonReader(
            self.grid, header, self.around, self.formulas, reading_on=self.reading_on
        )
        self.around.above.clear()

    def _header_at(self, at: int) -> Header | None:
        names = [c.index for c in self.header.columns if c.field in NAMES]
        row = self.grid.rows[at]
        likely = any(field_of(row[n].text) in NAMES for n in names if row[n].text)
        if not likely and not (self._may_head_a_table(row)):
            return None
        header = find_header(self.grid, at)
        likely_table = header and header.known_fields * 2 >= self.header.known_fields
        return header if likely_table else None

    def _may_head_a_table(self, row: Sequence[Cell]) -> bool:
        first = next((cell.text for cell in row if cell.text.strip()), "")
        short = len(first) < len("Số thứ tự.") and not first.strip(" .").isdecimal()
        return short and field_of(first) is Field.NUMBER

    def _enter_group(self, at: int, group: Group | None) -> None:
        if group is None:
            return
        if group.level is GroupLevel.PLAIN and looks_like_a_person(group.text):
            self.left_out.append(
                Problem(ProblemKind.LINE_LEFT_OUT, WARNING, at + 1, found=group.text)
            )
            return
        self.around.above.clear()
        if (category := category_named(group.text)) is not None:
            self.around.category = category
            return
        outer = _LEVELS.index(group.level)
        if group.level is GroupLevel.PLAIN:
            self.around.groups = [group]
            return
        kept = []
        for known in self.around.groups:
            if known.level is group.level:
                break
            kept.append(known)
        if outer < max((_LEVELS.index(g.level) for g in kept), default=0):
            kept = [
                g for g in kept if _LEVELS.index(g.level) < outer or g.level is GroupLevel.PLAIN
            ]
        self.around.groups = [*kept, group]
