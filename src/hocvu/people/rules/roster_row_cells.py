"""The cells of one line of a roster, asked for by what their columns hold."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from hocvu.kernel.vietnamese import nfc
from hocvu.people.rules.persons import PersonCategory
from hocvu.people.rules.roster_header import Column, Header
from hocvu.people.rules.roster_headings import Field
from hocvu.people.rules.roster_lines import Group
from hocvu.people.rules.roster_problems import Problem, ProblemKind, Severity
from hocvu.spreadsheets import CellKind, Grid

ERROR: Final = Severity.ERROR
_DITTO: Final = frozenset(
    {'"', "''", "//", "nt", "-nt-", "- nt -", "như trên", "nhu tren", "-", "”"}
)

_SPREAD: Final = frozenset(
    {
        Field.UNIT,
        Field.DEPARTMENT,
        Field.COMMUNE,
        Field.PROVINCE,
        Field.CATEGORY,
        Field.POST_AND_UNIT,
    }
)
clean: Final = lru_cache(maxsize=50_000)(nfc)  # units, posts and names come again and again


@dataclass
class Surroundings:
    """What stands above a line and holds for it: its groups, the values of the line before."""

    groups: list[Group] = field(default_factory=list)
    category: PersonCategory | None = None
    above: dict[Field, str] = field(default_factory=dict)


class RowCells:
    """Reads cells of one table. `formulas` gathers rows with formulas by column letter."""

    def __init__(
        self,
        grid: Grid,
        header: Header,
        around: Surroundings,
        formulas: dict[str, list[int]],
        *,
        reading_on: dt.date,
    ) -> None:
        self.grid = grid
        self.header = header
        self.around = around
        self.formulas = formulas
        self.reading_on = reading_on
        self._at: dict[Field, Column] = {}
        for column in header.columns:
            self._at.setdefault(column.field, column)
        self._categories = [c for c in header.columns if c.field is Field.CATEGORY_MARK]
        self._birth_places = [c for c in header.columns if c.field is Field.BIRTH_PLACE]
        self._read_columns = [
            c for c in header.columns if c.field not in {Field.OTHER, Field.NUMBER}
        ]
        self._merged = self._merged_texts()

    def _merged_texts(self) -> dict[tuple[int, int], str]:
        """Values of cells merged downwards, for the rows they cover."""
        spread = {c.index for c in self.header.columns if c.field in _SPREAD}
        return {
            (row, merged.first_column): clean(
                self.grid.rows[merged.first_row][merged.first_column].text
            )
            for merged in self.grid.merged
            if merged.first_column in spread
            and merged.first_row > self.header.last_row
            and merged.first_row < len(self.grid.rows)
            for row in range(merged.first_row + 1, min(merged.last_row + 1, len(self.grid.rows)))
        }

    def _text(self, row: int, *fields: Field) -> str:
        for one in fields:
            column = self._at.get(one)
            if column is None:
                continue
            cell = self.grid.rows[row][column.index]
            if cell.text and cell.kind is not CellKind.ERROR:
                return clean(cell.text)
        return ""

    def _letter(self, *fields: Field) -> str:
        return next((self._at[one].letter for one in fields if one in self._at), "")

    def _tell(
        self,
        at: int,
        kind: ProblemKind,
        severity: Severity,
        fields: Iterable[Field],
        *,
        found: str = "",
        proposed: str = "",
    ) -> Problem:
        return Problem(kind, severity, at + 1, self._letter(*fields), found, proposed)

    def _cell_problems(self, at: int) -> Iterator[Problem]:
        cells = self.grid.rows[at]
        for column in self._read_columns:
            cell = cells[column.index]
            if cell.kind is CellKind.ERROR:
                yield Problem(ProblemKind.CELL_ERROR, ERROR, at + 1, column.letter, cell.text)
            elif cell.kind is CellKind.FORMULA and not cell.text:
                yield Problem(ProblemKind.FORMULA_WITHOUT_VALUE, ERROR, at + 1, column.letter)
            elif cell.kind is CellKind.FORMULA:
                self.formulas[column.letter].append(at + 1)

    def _spread_text(self, at: int, one: Field) -> str:
        column = self._at.get(one)
        if column is None:
            return ""
        text = self._text(at, one)
        if text and text.lower() not in _DITTO:
            self.around.above[one] = text
            return text
        if (merged := self._merged.get((at, column.index))) is not None:
            return merged
        return self.around.above.get(one, "") if text else ""
