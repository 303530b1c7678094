"""What Excel, LibreOffice, WPS and Google hand in to the check of many certificates at once."""

from datetime import date
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlwt
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from hocvu.spreadsheets import read_grids, write_table

MANY = reverse("verification:bulk")
TRANSITIONAL = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
HEADINGS = ["TT", "Họ và tên", "Mã kiểm tra", "Ngày nộp"]


def rows_of(certificates):
    return [
        [f"{number:03d}", each.entry.full_name, each.verification_code, "05/02/2026"]
        for number, each in enumerate(certificates, start=1)
    ]


def changed(content, name, change):
    """An .xlsx in which one part is written otherwise."""
    out = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for part in old.namelist():
            octets = old.read(part)
            new.writestr(part, change(octets) if name in part else octets)
    return out.getvalue()


def xlsx(rows):
    return write_table("", HEADINGS, rows, sheet_name="Danh sách")


def with_macros(rows):
    """Excel's .xlsm: another kind of content under another ending."""

    def macros(octets):
        return octets.replace(
            b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        )

    return changed(xlsx(rows), "[Content_Types].xml", macros)


def strict(rows):
    """Excel's "Strict Open XML": other names for the same elements (ISO/IEC 29500-1)."""
    return changed(xlsx(rows), "xl/", lambda octets: octets.replace(TRANSITIONAL, STRICT))


def ods(rows):
    """LibreOffice, and Google's download as .ods; empty rows are told as one that repeats."""
    book = OpenDocumentSpreadsheet()
    table = Table(name="Danh sách")
    for row in [HEADINGS, *rows]:
        line = TableRow()
        for text in row:
            cell = TableCell(valuetype="string")
            cell.addElement(P(text=text))
            line.addElement(cell)
        table.addElement(line)
    rest = TableRow(numberrowsrepeated=1_048_000)
    rest.addElement(TableCell(numbercolumnsrepeated=16_384))
    table.addElement(rest)
    book.spreadsheet.addElement(table)
    out = BytesIO()
    book.write(out)
    return out.getvalue()


def xls(rows):
    """Excel 97, and WPS's .et."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("Danh sách")
    for at, row in enumerate([HEADINGS, *rows]):
        for column, text in enumerate(row):
            sheet.write(at, column, text)
    sheet.write(len(rows) + 3, 3, date(2026, 2, 5))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def delimited(mark, encoding):
    def write(rows):
        lines = [mark.join(row) for row in [HEADINGS, *rows]]
        return "\r\n".join([*lines, ""]).encode(encoding)

    return write


PROGRAMS = {
    "ho-so.xlsx": xlsx,
    "ho-so.xlsm": with_macros,
    "strict.xlsx": strict,
    "ho-so.ods": ods,
    "ho-so.xls": xls,
    "wps.et": xls,
    "google.csv": delimited(",", "utf-8"),
    "excel.csv": delimited(";", "utf-8-sig"),
    "unicode.txt": delimited("\t", "utf-16"),
    "google.tsv": delimited("\t", "utf-8"),
}


@pytest.mark.parametrize(("name", "written"), PROGRAMS.items(), ids=PROGRAMS.keys())
def test_what_each_program_writes_comes_back_with_a_verdict(client, certificates, name, written):
    content = written([*rows_of(certificates), ["004", "Ai đó", "0000-0000-0000-0000", ""]])

    answer = client.post(f"{MANY}?lang=en", {"file": SimpleUploadedFile(name, content)})

    assert answer.status_code == 200
    (grid,) = read_grids("answer.xlsx", answer.content)
    told = [[cell.text for cell in row] for row in grid.rows]
    assert [row[-1] for row in told[1:5]] == ["Valid", "Valid", "Valid", "Cannot be determined"]
    assert told[1][0] == "001"  # what was typed is still as it was typed
