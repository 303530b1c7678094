"""Which column holds what: the rows of headings of a roster, read together."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hocvu.kernel.vietnamese import nfc
from hocvu.people.rules.persons import PersonCategory
from hocvu.people.rules.roster_cells import category_named
from hocvu.people.rules.roster_headings import (
    BIRTH_UNDER,
    BIRTHS,
    LONGEST_HEADING,
    NAMES,
    Field,
    field_of,
    field_under,
)
from hocvu.spreadsheets import Cell, CellKind, Grid

_LEAST_FIELDS: Final = 2
_MANY: Final = (Field.OTHER, Field.CATEGORY_MARK, Field.BIRTH_PLACE)


@dataclass(frozen=True, slots=True)
class Column:
    index: int
    field: Field
    heading: str
    category: PersonCategory | None = None

    @property
    def letter(self) -> str:
        return column_letter(self.index)


@dataclass(frozen=True, slots=True)
class Header:
    """`first_row` and `last_row` count from 0; `unread` are headings that say nothing we know."""

    first_row: int
    last_row: int
    columns: tuple[Column, ...]
    unread: tuple[tuple[int, str], ...] = ()

    @property
    def known_fields(self) -> int:
        return len({column.field for column in self.columns} - {Field.OTHER})

    def has(self, *fields: Field) -> bool:
        return any(column.field in fields for column in self.columns)


def column_letter(index: int) -> str:
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _parents(grid: Grid, row: int) -> list[str]:
    """For each column, the text that stands over it in this row, spread over what it spans."""
    cells = grid.rows[row]
    texts = [nfc(cell.text) for cell in cells]
    spans = [m for m in grid.merged if m.first_row <= row <= m.last_row]
    for span in spans:
        text = nfc(grid.rows[span.first_row][span.first_column].text)
        for at in range(span.first_column, min(span.last_column + 1, len(texts))):
            texts[at] = texts[at] or text
    if any(span.last_column > span.first_column for span in spans):
        return texts
    for at in range(1, len(texts)):
        texts[at] = texts[at] or texts[at - 1]
    return texts


def _texts(row: Sequence[Cell]) -> list[str]:
    return [nfc(cell.text) for cell in row]


def find_header(grid: Grid, row: int) -> Header | None:
    """The header whose row of names is this one, with the rows above and below that complete it."""
    texts = _texts(grid.rows[row])
    fields = [field_of(text) if text else None for text in texts]
    names = [at for at, field in enumerate(fields) if field in NAMES]
    if not names and not (Field.GIVEN_NAME in fields and Field.NUMBER in fields):
        return None
    above = _row_above(grid, row)
    below = _rows_below(grid, row, names)
    columns, unread = _columns(grid, above, row, below)
    known = {column.field for column in columns} - {Field.OTHER}
    if len(known) < _LEAST_FIELDS or not known & {*NAMES, Field.GIVEN_NAME}:
        return None
    first, last = row if above is None else above, below[-1] if below else row
    return Header(first, last, columns, unread)


def _row_above(grid: Grid, row: int) -> int | None:
    """The row above, if it holds headings of columns that are empty in this one."""
    if not row:
        return None
    here, above = _texts(grid.rows[row]), _texts(grid.rows[row - 1])
    if any(field_of(text) in NAMES for text in above if text):
        return None
    for at, text in enumerate(above):
        if text and not here[at] and field_of(text) not in {None, Field.NOTE}:
            return row - 1
    return None


def _rows_below(grid: Grid, row: int, names: Sequence[int]) -> list[int]:
    """One or two rows of narrower headings under this one."""
    found: list[int] = []
    for below in range(row + 1, min(row + 3, len(grid.rows))):
        cells = grid.rows[below]
        texts = _texts(cells)
        filled = [at for at, text in enumerate(texts) if text]
        if not filled or not _are_subheadings(grid, row, below, filled, names):
            break
        found.append(below)
    return found


def _are_subheadings(
    grid: Grid, row: int, below: int, filled: Sequence[int], names: Sequence[int]
) -> bool:
    top, cells = _texts(grid.rows[row]), grid.rows[below]
    if any(cells[at].kind in {CellKind.NUMBER, CellKind.DATE} for at in filled):
        return False
    if any(
        len(cells[at].text) > LONGEST_HEADING or re.search(r"\d{2}", cells[at].text)
        for at in filled
    ):
        return False
    spread = _parents(grid, row)
    number_columns = {at for at, text in enumerate(top) if text and field_of(text) is Field.NUMBER}
    if number_columns & set(filled):
        return False
    for at in filled:
        narrower = not top[at] or (at + 1 < len(top) and not top[at + 1])
        if at in names:
            narrower = narrower and field_of(cells[at].text) in {*NAMES, Field.GIVEN_NAME}
        if not narrower or field_under(spread[at], cells[at].text) is None:
            return False
    return True


def _columns(
    grid: Grid, above: int | None, row: int, below: Sequence[int]
) -> tuple[tuple[Column, ...], tuple[tuple[int, str], ...]]:
    spread = _parents(grid, row)
    top = _texts(grid.rows[row])
    over = _parents(grid, above) if above is not None else []
    own_above = _texts(grid.rows[above]) if above is not None else []
    columns: list[Column] = []
    unread: list[tuple[int, str]] = []
    taken: set[Field] = set()
    for at, text in enumerate(top):
        subs = [nfc(grid.rows[r][at].text) for r in below if grid.rows[r][at].text.strip()]
        heading, field = text, field_of(text) if text else None
        if subs:
            parent = spread[at]
            heading = " – ".join(dict.fromkeys([*([parent] if parent else []), *subs]))
            field = field_under(parent, subs[-1])
        elif above is not None:
            if text and over[at]:
                field = field_under(over[at], text)
            elif not text and own_above[at]:
                heading, field = own_above[at], field_of(own_above[at])
        category = _category_column(heading, subs, field)
        if category is not None:
            field = Field.CATEGORY_MARK
        if field is None or (field in taken and field not in _MANY):
            unread += [(at, heading)] if heading else []
            continue
        taken.add(field)
        columns.append(Column(at, field, heading, category))
    last = below[-1] if below else row
    told = _with_births_of_sexes(grid, columns, last)
    return _with_split_name(grid, told, row, last), tuple(unread)


def _category_column(
    heading: str, subs: Sequence[str], field: Field | None
) -> PersonCategory | None:
    if field not in {None, Field.CATEGORY, Field.OTHER}:
        return None
    return category_named(subs[-1] if subs else heading)


def _with_births_of_sexes(grid: Grid, columns: list[Column], last_row: int) -> list[Column]:
    """`Nam | Nữ` without a heading above, holding years instead of crosses, are dates of birth."""
    marks = [column for column in columns if column.field in BIRTH_UNDER]
    if not marks or any(column.field in BIRTHS for column in columns):
        return columns
    sample = grid.rows[last_row + 1 : last_row + 100]
    written = [row[column.index].text for row in sample for column in marks]
    years = [text for text in written if re.search(r"\d{4}", text)]
    if not years or len(years) * 2 < len([text for text in written if text.strip()]):
        return columns
    return [
        Column(column.index, BIRTH_UNDER.get(column.field, column.field), column.heading)
        if column in marks
        else column
        for column in columns
    ]


def _with_split_name(
    grid: Grid, columns: list[Column], first_row: int, last_row: int
) -> tuple[Column, ...]:
    """`Họ và tên` over two columns: family and middle names in one, given name in the next."""
    name = next((column for column in columns if column.field is Field.FULL_NAME), None)
    used = {column.index for column in columns}
    if name is None or name.index + 1 in used or any(c.field is Field.GIVEN_NAME for c in columns):
        return tuple(columns)
    beside = name.index + 1
    if any(row[beside].text.strip() for row in grid.rows[first_row : last_row + 1] if row[beside:]):
        return tuple(columns)  # it has a heading of its own
    sample = [row for row in grid.rows[last_row + 1 : last_row + 200] if beside < len(row)]
    both = [
        row
        for row in sample
        if row[name.index].text.strip()
        and (given := row[beside].text.strip())
        and row[beside].kind in {CellKind.TEXT, CellKind.FORMULA}
        and " " not in given
        and not any(sign.isdigit() for sign in given)
    ]
    named = [row for row in sample if row[name.index].text.strip()]
    if not both or len(both) * 2 < len(named):
        return tuple(columns)
    split = [Column(c.index, Field.FAMILY_NAMES, c.heading) if c is name else c for c in columns]
    return (*split, Column(beside, Field.GIVEN_NAME, name.heading))
