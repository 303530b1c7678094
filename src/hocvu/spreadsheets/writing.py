"""One table as an .xlsx file that opens the way it was meant."""

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import xlsxwriter

_FORBIDDEN_IN_SHEET_NAMES: Final = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_LONGEST_SHEET_NAME: Final = 31
_LONGEST_TEXT: Final = 32_767
_NARROWEST: Final = 6
_WIDEST: Final = 60
_ROWS_MEASURED: Final = 500
_ROOM: Final = 2
_EXPLAINED_TERM: Final = 26
_EXPLAINED: Final = 90
_TEXT_FORMAT: Final = 49  # the built-in "@"


@dataclass(frozen=True)
class Explanation:
    """A second sheet, to be read: its name, and rows of a term and what there is to say of it."""

    sheet_name: str
    rows: Sequence[tuple[str, str]]


def write_table(
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    sheet_name: str,
    explanation: Explanation | None = None,
) -> bytes:
    """A titled table with a frozen header.

    Strings stay strings: identity numbers keep their zeros and a text that begins with `=` is no
    formula. Columns that hold only text (all of them in a template without rows) are formatted as
    text, so what people type there later keeps its zeros too.
    """
    table = [list(row) for row in rows]
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet(_sheet_name(sheet_name))
        styles = _styles(workbook)
        for at, heading in enumerate(columns):
            cells = [row[at] for row in table if at < len(row)]
            only_text = all(cell is None or isinstance(cell, str) for cell in cells)
            sheet.set_column(at, at, _width(heading, cells), styles["text"] if only_text else None)
        header = 0
        if title:
            sheet.write_string(0, 0, title, styles["title"])
            header = 2
        for at, heading in enumerate(columns):
            sheet.write_string(header, at, heading, styles["header"])
        for number, row in enumerate(table, start=header + 1):
            for at, value in enumerate(row):
                _write(sheet, number, at, value, styles)
        sheet.freeze_panes(header + 1, 0)
        sheet.repeat_rows(header)
        sheet.fit_to_pages(1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        if table and columns:
            last_row, last_column = header + len(table), len(columns) - 1
            sheet.autofilter(header, 0, last_row, last_column)
            sheet.ignore_errors({"number_stored_as_text": _area(header, last_row, last_column)})
        if explanation:
            _explain(workbook, explanation, styles)
    return file.getvalue()


def _explain(workbook: Any, explanation: Explanation, styles: dict[str, Any]) -> None:
    sheet = workbook.add_worksheet(_sheet_name(explanation.sheet_name))
    sheet.set_column(0, 0, _EXPLAINED_TERM, styles["read"])
    sheet.set_column(1, 1, _EXPLAINED, styles["read"])
    for at, (term, said) in enumerate(explanation.rows):
        sheet.write_string(at, 0, term[:_LONGEST_TEXT], styles["term"])
        sheet.write_string(at, 1, said[:_LONGEST_TEXT], styles["read"])
    sheet.fit_to_pages(1, 0)
    sheet.set_paper(9)  # A4


def _area(first_row: int, last_row: int, last_column: int) -> str:
    return str(xlsxwriter.utility.xl_range(first_row, 0, last_row, last_column))


def _sheet_name(name: str) -> str:
    cleaned = " ".join(name.translate(_FORBIDDEN_IN_SHEET_NAMES).split()).strip("'")
    cleaned = cleaned[:_LONGEST_SHEET_NAME].strip(" '")
    return cleaned if cleaned and cleaned.lower() != "history" else "Sheet1"


def _styles(workbook: Any) -> dict[str, Any]:
    line = {"border": 1, "valign": "top"}
    return {
        "title": workbook.add_format({"bold": True, "font_size": 14}),
        "header": workbook.add_format(
            {**line, "bold": True, "text_wrap": True, "align": "center", "valign": "vcenter"}
        ),
        "text": workbook.add_format({"num_format": _TEXT_FORMAT}),
        "cell": workbook.add_format({**line, "num_format": _TEXT_FORMAT}),
        "integer": workbook.add_format({**line, "num_format": "#,##0"}),
        "decimal": workbook.add_format({**line, "num_format": "#,##0.##########"}),
        "date": workbook.add_format({**line, "num_format": "dd/mm/yyyy"}),
        "read": workbook.add_format({"text_wrap": True, "valign": "top"}),
        "term": workbook.add_format({"text_wrap": True, "valign": "top", "bold": True}),
        "moment": workbook.add_format({**line, "num_format": "dd/mm/yyyy hh:mm"}),
    }


def _write(sheet: Any, row: int, at: int, value: object, styles: dict[str, Any]) -> None:
    match value:
        case None:
            sheet.write_blank(row, at, None, styles["cell"])
        case bool():
            sheet.write_boolean(row, at, value, styles["cell"])
        case int():
            sheet.write_number(row, at, value, styles["integer"])
        case float() | Decimal() | Fraction():
            sheet.write_number(row, at, float(value), styles["decimal"])
        case dt.datetime():
            sheet.write_datetime(row, at, value.replace(tzinfo=None), styles["moment"])
        case dt.date():
            sheet.write_datetime(row, at, value, styles["date"])
        case _:
            sheet.write_string(row, at, str(value)[:_LONGEST_TEXT], styles["cell"])


def _width(heading: str, cells: Sequence[object]) -> int:
    shown = [len(str(cell)) for cell in cells[:_ROWS_MEASURED] if cell is not None]
    return max(_NARROWEST, min(_WIDEST, max([len(heading), *shown]) + _ROOM))
