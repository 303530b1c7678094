"""Web pages, web archives and XML that information systems export under a spreadsheet's name."""

import quopri

import pytest

from hocvu.spreadsheets import CellKind, MergedRange, SpreadsheetIsUnreadable, UnreadableReason
from hocvu.spreadsheets.containers import FileFormat, format_of
from hocvu.spreadsheets.markup import grids_of_markup
from hocvu.spreadsheets.reading import read_grids

PAGE = """<!DOCTYPE html><html><head><meta charset="%s"><title>Xuất</title>
<style>td{mso-number-format:"\\@"}</style></head><body>
<p>DANH SÁCH <b>CÁN BỘ</b></p>
<table><tr><th rowspan=2>Họ và tên<th colspan="2">Năm<br>sinh</th></tr>
<tr><th>Nam</th><th>Nữ</th></tr>
<tr style="display: none"><td>Nguyễn&nbsp;Văn Giả<td>1980<td></tr>
<tr><td>Trần Thị Tưởng</td><td></td><td>1985</td></tr></table></body></html>"""

XML = """ <?xml version="1.0"?>/n<?mso-application progid="Excel.Sheet"?>
<!DOCTYPE w [<!ENTITY a "aaaa">]>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Styles><Style ss:ID="s1"><NumberFormat ss:Format="000000000000"/></Style></Styles>
<Worksheet ss:Name="DS"><Table>
<Row ss:Index="2"><Cell ss:MergeAcross="1"><Data ss:Type="String">DANH S&#193;CH</Data></Cell>
<Cell><Data ss:Type="String">sau</Data></Cell></Row>
<Row ss:Hidden="1"><Cell ss:Index="2" ss:StyleID="s1"><Data ss:Type="Number">3.1080000101E10</Data>
<Comment><ss:Data>ghi chú</ss:Data></Comment></Cell>
<Cell><Data ss:Type="DateTime">1980-05-03T00:00:00.000</Data></Cell>
<Cell ss:Formula="=1+1"><Data ss:Type="Number">2</Data></Cell>
<Cell ss:Formula="=A1"/><Cell><Data ss:Type="Error">#N/A</Data></Cell></Row>
</Table></Worksheet></Workbook>"""


def texts(grid):
    return [[cell.text for cell in row] for row in grid.rows]


@pytest.mark.parametrize("letters", ["utf-8", "utf-16", "windows-1258"])
def test_a_page_becomes_one_sheet_in_whatever_letters_it_is_written(letters):
    page = PAGE % letters
    content = page.encode(letters if letters != "windows-1258" else "ascii", "xmlcharrefreplace")

    (grid,) = grids_of_markup(content)

    assert texts(grid) == [
        ["DANH SÁCH CÁN BỘ", "", ""],
        ["Họ và tên", "Năm sinh", ""],
        ["", "Nam", "Nữ"],
        ["Nguyễn\xa0Văn Giả", "1980", ""],
        ["Trần Thị Tưởng", "", "1985"],
    ]
    assert grid.merged == (MergedRange(1, 0, 2, 0), MergedRange(1, 1, 1, 2))
    assert grid.hidden_rows == {3}


def test_a_table_inside_a_cell_follows_below_its_row():
    (grid,) = grids_of_markup(
        b"<table><tr><td>a<table><tr><td>in<td>side</table></td><td>b</td></tr><tr><td>c</table>"
    )

    assert texts(grid) == [["a", "b"], ["in", "side"], ["c", ""]]


def test_a_number_the_page_shortens_is_read_from_what_it_knows():
    (grid,) = grids_of_markup(b'<table><tr><td x:num="31080000101">3.1E+10<td sdval="5">5</table>')

    assert texts(grid) == [["31080000101", "5"]]


def test_excel_in_xml_is_read_though_something_dirty_stands_before_it():
    (grid,) = grids_of_markup(XML.encode())

    assert grid.name == "DS"
    assert texts(grid)[1] == ["DANH SÁCH", "", "sau", "", "", ""]
    assert [(cell.text, cell.kind) for cell in grid.rows[2][1:]] == [
        ("031080000101", CellKind.NUMBER),
        ("03/05/1980", CellKind.DATE),
        ("2", CellKind.FORMULA),
        ("", CellKind.FORMULA),
        ("#N/A", CellKind.ERROR),
    ]
    assert grid.merged == (MergedRange(1, 0, 1, 1),)
    assert grid.hidden_rows == {2}


def test_sheets_of_a_web_archive_keep_their_names():
    page = quopri.encodestring((PAGE % "utf-8").encode()).decode()
    part = (
        "--B\nContent-Location: file:///C:/sheet001.htm\nContent-Transfer-Encoding:"
        f' quoted-printable\nContent-Type: text/html; charset="utf-8"\n\n{page}\n'
    )
    archive = f'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="B"\n\n{part}--B--\n'

    (grid,) = grids_of_markup(archive.encode())

    assert (grid.name, grid.rows[4][0].text) == ("sheet001", "Trần Thị Tưởng")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("<html><body>Phiên làm việc đã hết hạn</body></html>", UnreadableReason.WEB_PAGE),
        ('<?xml version="1.0"?><office:document/>', UnreadableReason.UNKNOWN_FORMAT),
        (XML.replace("</Table>", ""), UnreadableReason.DAMAGED),
        (XML.replace("DANH S&#193;CH", "&a;&a;"), UnreadableReason.DAMAGED),
        (XML.replace('ss:Index="2" ss', 'ss:Index="900" ss'), UnreadableReason.TOO_MANY_COLUMNS),
        (XML.replace('ss:Index="2">', 'ss:Index="9999999">'), UnreadableReason.TOO_MANY_ROWS),
        ("<table><tr>" + "<td>1" * 201 + "</table>", UnreadableReason.TOO_MANY_COLUMNS),
    ],
)
def test_markup_without_a_table_or_with_a_dangerous_one_is_refused(content, reason):
    with pytest.raises(SpreadsheetIsUnreadable) as refusal:
        grids_of_markup(content.encode())

    assert refusal.value.reason is reason


def test_a_page_named_as_a_spreadsheet_is_opened_apart_like_any_workbook():
    content = (PAGE % "utf-8").encode()

    assert format_of(content) is FileFormat.MARKUP
    assert read_grids("ds.xls", content)[0].rows[4][0].text == "Trần Thị Tưởng"


def test_numbers_that_a_program_wrote_as_formulas_of_text_are_read_as_text():
    (grid,) = read_grids("ds.csv", b'STT,CCCD\r\n1,"=""031080000101"""\r\n2,="031080000102"\r\n')

    assert [row[1].text for row in grid.rows] == ["CCCD", "031080000101", "031080000102"]
