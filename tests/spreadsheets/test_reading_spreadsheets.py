"""Files as people send them, made for real at test time."""

import datetime as dt
import io
import struct
import zipfile
import zlib

import pytest
import xlsxwriter
import xlwt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from hocvu.spreadsheets import (
    Cell,
    CellKind,
    MergedRange,
    SpreadsheetIsUnreadable,
    UnreadableReason,
    apart,
    read_grids,
)


def xlsx(write):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as workbook:
        write(workbook, workbook.add_worksheet("Danh sách"))
    return file.getvalue()


def xls(write):
    file, workbook = io.BytesIO(), xlwt.Workbook()
    write(workbook.add_sheet("Danh sách"))
    workbook.save(file)
    return file.getvalue()


def ods(rows):
    document = OpenDocumentSpreadsheet()
    table = Table(name="Danh sách")
    document.spreadsheet.addElement(table)
    for row in rows:
        line = TableRow()
        table.addElement(line)
        for text, attributes in row:
            cell = TableCell(**({"valuetype": "string"} | attributes))
            cell.addElement(P(text=text))
            line.addElement(cell)
    file = io.BytesIO()
    document.write(file)
    return file.getvalue()


def only_row(content, name="danh-sach"):
    return read_grids(name, content)[0].rows[0]


def reason_for(content):
    with pytest.raises(SpreadsheetIsUnreadable) as refusal:
        read_grids("danh-sach.xlsx", content)
    return refusal.value.reason


def test_cells_of_xlsx_become_text_with_their_kind():
    def write(workbook, sheet):
        sheet.write_number(0, 0, 31090001234)
        sheet.write_string(0, 1, "031090001234")
        sheet.write_datetime(
            0, 2, dt.date(1970, 5, 3), workbook.add_format({"num_format": "dd/mm/yyyy"})
        )
        sheet.write_boolean(0, 3, True)
        sheet.write_number(0, 4, 2.5)
        sheet.write_formula(0, 5, '="Lê "&"An"', None, "Lê An")
        sheet.write_formula(0, 6, "=1/0", None, "#DIV/0!")
        sheet.write_string(0, 8, "cuối")

    row = only_row(xlsx(write))

    assert row == (
        Cell("31090001234", CellKind.NUMBER),
        Cell("031090001234", CellKind.TEXT),
        Cell("03/05/1970", CellKind.DATE),
        Cell("TRUE", CellKind.BOOLEAN),
        Cell("2.5", CellKind.NUMBER),
        Cell("Lê An", CellKind.FORMULA),
        Cell("#DIV/0!", CellKind.ERROR),
        Cell("", CellKind.EMPTY),
        Cell("cuối", CellKind.TEXT),
    )


def test_zeros_that_only_the_number_format_shows_are_read():
    def write(workbook, sheet):
        sheet.write_number(0, 0, 31090001234, workbook.add_format({"num_format": "000000000000"}))
        sheet.write_datetime(0, 1, dt.date(1970, 1, 1), workbook.add_format({"num_format": "yyyy"}))

    assert [cell.text for cell in only_row(xlsx(write))] == ["031090001234", "1970"]


def test_merged_cells_and_hidden_sheets_are_told():
    def write(workbook, sheet):
        sheet.merge_range("A1:C1", "Tiêu đề")
        hidden = workbook.add_worksheet("Danh mục")
        hidden.write_string(0, 0, "ẩn")
        hidden.hide()
        workbook.add_worksheet("Trống")

    grids = read_grids("a.xlsx", xlsx(write))

    assert [(grid.name, grid.hidden) for grid in grids] == [
        ("Danh sách", False), ("Danh mục", True),
    ]  # fmt: skip
    assert grids[0].merged == (MergedRange(0, 0, 0, 2),)


def test_old_xls_files_are_read():
    def write(sheet):
        sheet.write(0, 0, 31090001234)
        sheet.write(0, 1, dt.date(1970, 5, 3), xlwt.easyxf(num_format_str="dd/mm/yyyy"))
        sheet.write(0, 2, "Nguyễn Văn Mẫu")

    row = only_row(xls(write))

    assert [cell.text for cell in row] == ["31090001234", "03/05/1970", "Nguyễn Văn Mẫu"]


@pytest.mark.parametrize("rows", [1, 3000])
def test_formulas_of_old_xls_files_are_known(rows):
    def write(sheet):
        for row in range(rows):
            sheet.write(row, 0, f"Lê Thử {row}")
            sheet.write(row, 1, xlwt.Formula("1+1"))

    row = read_grids("a.xls", xls(write))[0].rows[rows - 1]

    assert [cell.kind for cell in row] == [CellKind.TEXT, CellKind.FORMULA]


def test_an_old_xls_that_reaches_too_far_is_refused_before_it_is_opened():
    content = xls(lambda sheet: sheet.write(65_535, 255, 1))

    assert reason_for(content) is UnreadableReason.TOO_MANY_COLUMNS


def test_ods_files_are_read_and_their_formulas_known():
    content = ods(
        [
            [
                ("31090001234", {"valuetype": "float", "value": "31090001234"}),
                ("03/05/1970", {"valuetype": "date", "datevalue": "1970-05-03"}),
                ("2", {"valuetype": "float", "value": "2", "formula": "of:=1+1"}),
                ("Lê Thử", {}),
            ]
        ]
    )

    assert only_row(content) == (
        Cell("31090001234", CellKind.NUMBER),
        Cell("03/05/1970", CellKind.DATE),
        Cell("2", CellKind.FORMULA),
        Cell("Lê Thử", CellKind.TEXT),
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimited_text_is_read_in_every_usual_encoding(encoding, delimiter):
    text = f"STT{delimiter}Họ và tên\r\n1{delimiter}Nguyễn Văn Mẫu\r\n"

    grid = read_grids("a.csv", text.encode(encoding))[0]

    assert [[cell.text for cell in row] for row in grid.rows] == [
        ["STT", "Họ và tên"], ["1", "Nguyễn Văn Mẫu"],
    ]  # fmt: skip


def test_windows_1258_text_is_read():
    written = "Họ tên;Đơn vị\nNguyễn Văn Mẫu;Phường Thử\n"
    parts = {"ọ": "o\u0323", "ễ": "ê\u0303", "ẫ": "â\u0303", "ị": "i\u0323", "ờ": "ơ\u0300",
             "ử": "ư\u0309"}  # fmt: skip
    for letter, marked in parts.items():
        written = written.replace(letter, marked)

    grid = read_grids("a.csv", written.encode("cp1258"))[0]

    assert [cell.text for cell in grid.rows[1]] == ["Nguyễn Văn Mẫu", "Phường Thử"]


def test_commas_inside_fields_do_not_hide_the_true_delimiter():
    text = "STT;Họ và tên;Đơn vị\n1;Lê Thử;Phòng A, phường B, Hải Phòng\n2;Lê Mẫu;Phòng C\n"

    assert [len(row) for row in read_grids("a.csv", text.encode())[0].rows] == [3, 3, 3]


def test_a_declared_delimiter_is_honoured():
    assert [c.text for c in only_row(b"sep=|\nA|B\n")] == ["A", "B"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", UnreadableReason.EMPTY),
        (b"\xef\xbb\xbf\r\n", UnreadableReason.EMPTY),
        (b"%PDF-1.7 ...", UnreadableReason.PDF),
        (b"\x89PNG\r\n\x1a\n....", UnreadableReason.IMAGE),
        (b"\xff\xd8\xff\xe0..", UnreadableReason.IMAGE),
        (b"{\\rtf1 ...", UnreadableReason.WORD_DOCUMENT),
        (b"<html><body><form>M\xe1\xba\xadt kh\xe1\xba\xa9u</form>", UnreadableReason.WEB_PAGE),
        (b"\xef\xbb\xbf\r\n <!DOCTYPE html>", UnreadableReason.WEB_PAGE),
        (b'<?xml version="1.0"?><Workbook/>', UnreadableReason.UNKNOWN_FORMAT),
        ("<html>".encode("utf-16"), UnreadableReason.WEB_PAGE),
        (b"MIME-Version: 1.0\r\n", UnreadableReason.WEB_PAGE),
        (b"Rar!\x1a\x07", UnreadableReason.ARCHIVE),
        (b"PK\x03\x04 broken", UnreadableReason.DAMAGED),
        (b"\xd0\xcf\x11\xe0" + bytes(600), UnreadableReason.UNKNOWN_FORMAT),
        (b"\x7fELF\x02\x01\x01" + bytes(200) + b"abc", UnreadableReason.UNKNOWN_FORMAT),
        (bytes(21 * 1024 * 1024), UnreadableReason.TOO_LARGE),
    ],
)
def test_a_file_that_is_no_spreadsheet_is_refused_for_what_it_is(content, reason):
    assert reason_for(content) is reason


def zipped(**members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return file.getvalue()


def test_a_word_document_renamed_is_refused():
    assert reason_for(zipped(word__document_xml="<w/>")) is UnreadableReason.WORD_DOCUMENT


def test_a_zip_of_other_files_is_refused():
    assert reason_for(zipped(readme="hello")) is UnreadableReason.ARCHIVE


def test_a_locked_xlsx_is_refused_as_locked():
    envelope = b"\xd0\xcf\x11\xe0" + bytes(512) + "EncryptedPackage".encode("utf-16-le")

    assert reason_for(envelope) is UnreadableReason.PASSWORD_PROTECTED


def test_a_locked_ods_is_refused_as_locked():
    manifest = "<m:manifest><m:encryption-data/></m:manifest>"

    locked = zipped(**{"META-INF__manifest_xml": manifest, "content_xml": "x"})

    assert reason_for(locked) is UnreadableReason.PASSWORD_PROTECTED


def test_a_file_that_unpacks_to_far_too_much_is_refused():
    bomb = zipped(xl__workbook_xml="", bomb=bytes(301 * 1024 * 1024))

    assert len(bomb) < 1024 * 1024
    assert reason_for(bomb) is UnreadableReason.EXPANDS_TOO_MUCH


def test_a_file_that_lies_about_its_size_is_measured():
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = b"".join(packer.compress(bytes(1 << 20)) for _ in range(302)) + packer.flush()
    name = b"xl/workbook.xml"
    sizes = struct.pack("<III", zlib.crc32(b"x"), len(packed), 1)
    local = b"PK\x03\x04" + struct.pack("<HHHHH", 20, 0, 8, 0, 33) + sizes
    local += struct.pack("<HH", len(name), 0) + name + packed
    central = b"PK\x01\x02" + struct.pack("<HHHHHH", 20, 20, 0, 8, 0, 33) + sizes
    central += struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, 0, 0) + name
    end = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)

    assert reason_for(local + central + end) is UnreadableReason.EXPANDS_TOO_MUCH


@pytest.mark.parametrize(
    ("row", "column", "reason"),
    [
        (100_000, 0, UnreadableReason.TOO_MANY_ROWS),
        (1_048_575, 16_383, UnreadableReason.TOO_MANY_COLUMNS),
        (0, 200, UnreadableReason.TOO_MANY_COLUMNS),
        (90_000, 150, UnreadableReason.EXPANDS_TOO_MUCH),
    ],
)
def test_a_sheet_that_reaches_too_far_is_refused(row, column, reason):
    def write(_, sheet):
        sheet.write(0, 0, 1)
        sheet.write(row, column, 1)

    assert reason_for(xlsx(write)) is reason


def test_formats_that_reach_far_without_values_do_no_harm():
    def write(workbook, sheet):
        sheet.write_string(0, 0, "Họ và tên")
        sheet.write_blank(1_048_575, 16_383, None, workbook.add_format({"bold": True}))

    assert len(read_grids("a.xlsx", xlsx(write))[0].rows) == 1


def test_delimited_text_keeps_to_the_same_limits():
    assert reason_for(b"a,b\n" * 100_001) is UnreadableReason.TOO_MANY_ROWS
    assert reason_for(b",".join([b"a"] * 201)) is UnreadableReason.TOO_MANY_COLUMNS


def test_a_workbook_without_a_single_value_is_refused_as_empty():
    assert reason_for(xlsx(lambda *_: None)) is UnreadableReason.EMPTY


def test_a_file_that_makes_the_library_abort_is_refused_as_damaged_and_harms_nobody(monkeypatch):
    monkeypatch.setattr(apart, "_START", "import os; os.abort()")

    assert reason_for(WHOLE_XLS) is UnreadableReason.DAMAGED


WHOLE_XLSX = xlsx(lambda _, sheet: sheet.write_row(0, 0, ["Họ và tên", 1, 2.5]))
WHOLE_XLS = xls(lambda sheet: sheet.write(0, 0, "Họ và tên"))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from([WHOLE_XLSX, WHOLE_XLS]), st.data())
def test_a_damaged_file_is_read_or_refused_and_nothing_else(whole, data):
    start = data.draw(st.integers(0, len(whole) - 1))
    damage = data.draw(st.binary(min_size=1, max_size=40))
    content = whole[:start] + damage + whole[start + len(damage) :]

    try:
        grids = read_grids("a", content)
    except SpreadsheetIsUnreadable:
        return
    assert all(grid.rows for grid in grids)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content):
    try:
        grids = read_grids("a", content)
    except SpreadsheetIsUnreadable:
        return
    assert all(len({len(row) for row in grid.rows}) == 1 for grid in grids)
