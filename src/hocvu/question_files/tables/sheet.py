"""The rows of a sheet, or of a table in a document, that hold questions."""

from collections.abc import Iterator
from typing import Final

from hocvu.kernel.vietnamese import nfc
from hocvu.question_files.findings import Problem
from hocvu.question_files.gathering.answer_words import LETTERS, options_in
from hocvu.question_files.gathering.gathered import LeftOut, Notes
from hocvu.question_files.tables.columns import Column, Header
from hocvu.question_files.tables.rows import Row
from hocvu.spreadsheets import Cell, CellKind, Grid

_SHARED: Final = (Column.TOPIC, Column.LEVEL, Column.COMPONENT, Column.SOURCE, Column.SITUATION)


class Sheet:
    """The rows below the header. A cell merged downwards speaks for all its rows."""

    def __init__(self, grid: Grid, header: Header) -> None:
        self._grid, self._header = grid, header
        shared = {header.columns[each] for each in _SHARED if each in header.columns}
        self._above = {
            (row, each.first_column): each.first_row
            for each in grid.merged
            if each.first_column in shared
            for row in range(each.first_row + 1, each.last_row + 1)
        }

    def rows(self) -> Iterator[tuple[int, Row]]:
        """Each row that holds a question, with its place; a lone word is a title between them."""
        header = self._header
        for number in range(header.row + 1, len(self._grid.rows)):
            said = {each: self._text(number, at) for each, at in header.columns.items()}
            options = _in_places({at: self._text(number, c) for at, c in header.options.items()})
            if (together := said.pop(Column.OPTIONS, "")) and not any(options):
                listed = options_in(together)
                options = [text for text, _ in listed]
                stars = [LETTERS[at] for at, (_, starred) in enumerate(listed) if starred]
                if stars and not said.get(Column.KEY):
                    said[Column.KEY] = ", ".join(stars)
            own = [each for each in (*said.items(), *enumerate(options)) if each[1]]
            filled = [each for each in own if each[0] not in {Column.NUMBER, *_SHARED}]
            if not filled or (len(own) == 1 and Column.STEM not in dict(own)):
                continue
            english = {at: self._text(number, c) for at, c in header.options_en.items()}
            yield number, Row({k: v for k, v in said.items() if v}, options, _in_places(english))

    def _cell(self, row: int, column: int) -> Cell:
        return self._grid.rows[self._above.get((row, column), row)][column]

    def _text(self, row: int, column: int) -> str:
        lines = (nfc(line) for line in self._cell(row, column).text.split("\n"))
        return "\n".join(line for line in lines if line)

    def check(self, row: int, notes: Notes) -> None:
        """Says what is odd in a row; a cell that holds `#N/A` holds no question."""
        self._refuse_errors(row)
        self._warn_of_dates(row, notes)

    def _refuse_errors(self, row: int) -> None:
        header = self._header
        for column in (*header.columns.values(), *header.options.values()):
            cell = self._cell(row, column)
            if cell.kind is CellKind.ERROR:
                raise LeftOut(Problem.SYNTAX, cell.text)

    def _warn_of_dates(self, row: int, notes: Notes) -> None:
        """Spreadsheets make dates of what was typed as `1/2`."""
        for column in self._header.options.values():
            cell = self._cell(row, column)
            if cell.kind is CellKind.DATE:
                notes.warn(Problem.SYNTAX, cell.text)


def _in_places(options: dict[int, str]) -> list[str]:
    """Options by their place; a place without a column is empty."""
    return [options.get(at, "") for at in range(max(options, default=-1) + 1)]
