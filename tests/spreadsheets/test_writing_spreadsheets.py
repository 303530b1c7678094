import datetime as dt
import io
import re
import zipfile
from decimal import Decimal
from fractions import Fraction

import pytest

from hocvu.spreadsheets import CellKind, read_grids, write_table

COLUMNS = ["Số định danh", "Họ và tên"]
TEXT_FORMAT = "49"


def part(content, name):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode()


def sheet_xml(content):
    return part(content, "xl/worksheets/sheet1.xml")


def number_format(content, pattern):
    """The number format of the style the sheet names where the pattern matches."""
    style = int(re.search(pattern, sheet_xml(content))[1])
    formats = re.search(r"<cellXfs.*?</cellXfs>", part(content, "xl/styles.xml"))[0]
    return re.findall(r'numFmtId="(\d+)"', formats)[style]


def texts(content):
    return [[cell.text for cell in row] for row in read_grids("a.xlsx", content)[0].rows]


def test_identity_numbers_keep_their_zeros():
    content = write_table("", COLUMNS, [["001090001234", "Lê Thử"]], sheet_name="Học viên")

    assert texts(content) == [COLUMNS, ["001090001234", "Lê Thử"]]
    assert number_format(content, r'r="A2" s="(\d+)"') == TEXT_FORMAT


@pytest.mark.parametrize("dangerous", ["=1+1", "+1", "-1", "@SUM(A1)", "{=1}", "http://a.vn"])
def test_a_text_never_becomes_a_formula_or_a_link(dangerous):
    content = write_table("", ["Ghi chú"], [[dangerous]], sheet_name="A")

    cell = read_grids("a.xlsx", content)[0].rows[1][0]
    assert (cell.text, cell.kind) == (dangerous, CellKind.TEXT)
    assert "<hyperlink" not in sheet_xml(content)


def test_the_title_stands_above_a_frozen_header():
    content = write_table("Danh sách", COLUMNS, [["001090001234", None]], sheet_name="A")

    assert texts(content)[0] == ["Danh sách", ""]
    assert texts(content)[2] == COLUMNS
    assert 'topLeftCell="A4"' in sheet_xml(content)


def test_numbers_and_dates_stay_numbers_and_dates():
    row = [3321, Decimal("2.5"), Fraction(1, 2), dt.date(2026, 2, 5), True]

    content = write_table("", list("abcde"), [row], sheet_name="A")

    cells = read_grids("a.xlsx", content)[0].rows[1]
    assert [cell.text for cell in cells] == ["3321", "2.5", "0.5", "05/02/2026", "TRUE"]


def test_a_template_without_rows_keeps_what_people_will_type_as_text():
    content = write_table("", COLUMNS, [], sheet_name="Mẫu")

    assert number_format(content, r'<col min="1"[^>]*style="(\d+)"') == TEXT_FORMAT


@pytest.mark.parametrize("name", ["Xã/phường [A]: *?", "x" * 50, "", "'", "History"])
def test_any_name_becomes_a_sheet_name(name):
    assert texts(write_table("", ["a"], [["b"]], sheet_name=name)) == [["a"], ["b"]]
