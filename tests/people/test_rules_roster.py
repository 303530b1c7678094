"""Rosters as agencies make them: real files, fictional people."""

import csv
import datetime as dt
import io
import unicodedata

import pytest
import xlsxwriter
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from hocvu.people.rules.birth_date import PartialDate
from hocvu.people.rules.persons import PersonCategory, Sex
from hocvu.people.rules.roster import Field, ProblemKind, Severity, read_roster
from hocvu.spreadsheets import read_grids

TODAY = dt.date(2026, 11, 21)
DATE_CELL = "dd/mm/yyyy"


def as_xlsx(rows, merged=()):
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("Danh sách")
        date_format = workbook.add_format({"num_format": DATE_CELL})
        for area in merged:
            sheet.merge_range(area, "")
        for number, row in enumerate(rows):
            for at, value in enumerate(row):
                if isinstance(value, dt.date):
                    sheet.write_datetime(number, at, value, date_format)
                elif isinstance(value, str) and value.startswith("="):
                    formula, _, stored = value.partition("→")
                    sheet.write_formula(number, at, formula, None, stored)
                elif isinstance(value, str) and value:
                    sheet.write_string(number, at, value)
                elif value not in {None, ""}:
                    sheet.write_number(number, at, value)
    return file.getvalue()


def as_xls(rows, merged=()):
    file, workbook = io.BytesIO(), xlwt.Workbook()
    sheet = workbook.add_sheet("Danh sách")
    style = xlwt.easyxf(num_format_str=DATE_CELL)
    for number, row in enumerate(rows):
        for at, value in enumerate(row):
            if isinstance(value, dt.date):
                sheet.write(number, at, value, style)
            elif value not in {None, ""}:
                sheet.write(number, at, value)
    workbook.save(file)
    return file.getvalue()


def as_ods(rows, merged=()):
    document = OpenDocumentSpreadsheet()
    table = Table(name="Danh sách")
    document.spreadsheet.addElement(table)
    for row in rows:
        line = TableRow()
        table.addElement(line)
        for value in row:
            if isinstance(value, dt.date):
                cell = TableCell(valuetype="date", datevalue=value.isoformat())
            elif isinstance(value, int):
                cell = TableCell(valuetype="float", value=str(value))
            else:
                cell = TableCell(valuetype="string")
            cell.addElement(P(text=str(value or "")))
            line.addElement(cell)
    file = io.BytesIO()
    document.write(file)
    return file.getvalue()


def as_csv(rows, merged=()):
    file = io.StringIO()
    shown = [
        [value.strftime("%d/%m/%Y") if isinstance(value, dt.date) else value for value in row]
        for row in rows
    ]
    csv.writer(file, delimiter=";").writerows(shown)
    return file.getvalue().encode("utf-8-sig")


def roster_of(rows, merged=(), make=as_xlsx):
    return read_roster(read_grids("ds", make(rows, merged))[0], reading_on=TODAY)


def kinds(thing):
    return [problem.kind for problem in thing.problems]


PLAIN_HEADER = ["STT", "Họ và tên", "Ngày sinh", "Giới tính", "Số CCCD", "Chức vụ", "Đơn vị"]
AN = [1, "Nguyễn Văn An", "03/05/1990", "Nam", "031090000001", "Chuyên viên", "Sở Thử nghiệm"]
BINH = [2, "Trần Thị Bình", "04/06/1985", "Nữ", "031185000002", "Phó phòng", "Sở Thử nghiệm"]

OFFICIAL_SHEET = [
    ["UBND PHƯỜNG THỬ NGHIỆM", "", "", "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
    ["", "", "", "", "Độc lập - Tự do - Hạnh phúc"],
    [],
    ["DANH SÁCH CÁN BỘ, CÔNG CHỨC THAM GIA LỚP BỒI DƯỠNG"],
    ["(Kèm theo Công văn số 12/UBND-VHXH ngày 05 tháng 02 năm 2026)"],
    [],
    ["STT", "Họ và tên", "Năm sinh", "", "Chức vụ", "Số CCCD", "Điện thoại", "Ghi chú"],
    ["", "", "Nam", "Nữ", "", "", "", ""],
    ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)"],
    ["I", "Khối Đảng", "", "", "", "", "", ""],
    [1, "Nguyễn Văn Mẫu", dt.date(1970, 5, 3), "", "Trưởng ban", 31070000011, 912345678, ""],
    [2, "Trần Thị Tượng", "", 1985, "Phó Trưởng ban", "031185000012", "0912.345.679", "đi muộn"],
    ["II", "Khối chính quyền (02 người)", "", "", "", "", "", ""],
    [3, "Lê Văn Thử", "00/06/1970", "", "Chủ tịch UBND", "031070000013", "", ""],
    ["STT", "Họ và tên", "Năm sinh", "", "Chức vụ", "Số CCCD", "Điện thoại", "Ghi chú"],
    ["", "", "Nam", "Nữ", "", "", "", ""],
    [4, "Phạm Thị Nháp", "", "12/25/1980", "Chuyên viên", "031180000014", "", ""],
    ["", "Tổng cộng: 4 người", "", "", "", "", "", ""],
    [],
    ["", "", "", "", "Hải Phòng, ngày 05 tháng 02 năm 2026"],
    ["", "NGƯỜI LẬP BIỂU", "", "", "THỦ TRƯỞNG ĐƠN VỊ"],
    ["", "(Ký, ghi rõ họ tên)", "", "", "(Ký tên, đóng dấu)"],
    [],
    ["", "Nguyễn Văn Ký", "", "", "Trần Văn Duyệt"],
]
OFFICIAL_MERGES = ["A4:H4", "A7:A8", "B7:B8", "C7:D7", "E7:E8", "F7:F8", "G7:G8", "H7:H8"]


@pytest.mark.parametrize("make", [as_xlsx, as_xls, as_ods, as_csv])
def test_an_official_sheet_gives_its_people_and_nobody_else(make):
    roster = roster_of(OFFICIAL_SHEET, OFFICIAL_MERGES, make)

    assert [
        (row.row_number, row.full_name, str(row.birth), row.sex, row.unit_text)
        for row in roster.rows
    ] == [
        (11, "Nguyễn Văn Mẫu", "03/05/1970", Sex.MALE, "Khối Đảng"),
        (12, "Trần Thị Tượng", "1985", Sex.FEMALE, "Khối Đảng"),
        (14, "Lê Văn Thử", "06/1970", Sex.MALE, "Khối chính quyền"),
        (17, "Phạm Thị Nháp", "None", Sex.FEMALE, "Khối chính quyền"),
    ]
    assert roster.header_row == 7
    assert roster.problems == ()


@pytest.mark.parametrize("make", [as_xlsx, as_xls, as_ods])
def test_all_problems_of_a_sheet_are_told_at_once_with_row_and_column(make):
    roster = roster_of(OFFICIAL_SHEET, OFFICIAL_MERGES, make)

    told = [(p.row, p.column_letter, p.kind, p.proposed) for p in roster.all_problems]
    assert told == [
        (11, "F", ProblemKind.IDENTITY_ZEROS_LOST, "031070000011"),
        (11, "G", ProblemKind.PHONE_ZERO_LOST, "0912345678"),
        (17, "D", ProblemKind.BIRTH_IMPOSSIBLE, "25/12/1980"),
    ]
    first, *_, last = roster.rows
    assert (first.identity_number, first.identity_proposed) == (None, "031070000011")
    assert first.can_be_taken
    assert not last.can_be_taken


def test_a_plain_sheet_without_title_is_read():
    roster = roster_of([PLAIN_HEADER, AN, BINH])

    first, second = roster.rows
    assert (first.full_name, first.birth, first.sex) == (
        "Nguyễn Văn An", PartialDate(1990, 5, 3), Sex.MALE,
    )  # fmt: skip
    assert (first.identity_number, first.post_title, first.unit_text) == (
        "031090000001", "Chuyên viên", "Sở Thử nghiệm",
    )  # fmt: skip
    assert second.row_number == 3
    assert roster.all_problems == []


HEADINGS = [
    (Field.FULL_NAME, ["HỌ VÀ TÊN", "Họ tên", "Họ và tên khai sinh", "Họ, chữ đệm và tên",
                       "Họ và tên (chữ in hoa)", "Tên cán bộ", "HO VA TEN", "Họ và tên học viên"]),
    (Field.BIRTH, ["Ngày sinh", "Ngày, tháng, năm sinh", "Năm sinh", "Ngày tháng năm sinh",
                   "NTNS", "Sinh ngày", "Ngày/tháng/năm sinh", "Sinh năm", "Ngày\nsinh"]),
    (Field.SEX, ["Giới tính", "Nam/Nữ", "Giới tính (Nam/Nữ)", "Phái", "GIỚI TÍNH"]),
    (Field.IDENTITY, ["CCCD", "Số CCCD", "Số CCCD/CMND", "Số định danh cá nhân",
                      "Căn cước công dân",
                      "Số Căn cước", "Số CMND/ CCCD/ Hộ chiếu", "Mã định danh cá nhân", "ĐDCN"]),
    (Field.POST_TITLE, ["Chức vụ", "Chức vụ, chức danh", "Chức vụ/Chức danh", "Chức vụ hiện tại",
                        "Chức vụ (Đảng, chính quyền)"]),
    (Field.JOB_TITLE, ["Chức danh", "Vị trí việc làm", "Chức danh nghề nghiệp"]),
    (Field.UNIT, ["Đơn vị", "Đơn vị công tác", "Cơ quan, đơn vị", "Nơi công tác",
                  "Cơ quan công tác",
                  "Cơ quan/đơn vị"]),
    (Field.DEPARTMENT, ["Phòng/ban", "Phòng, ban", "Bộ phận", "Khoa/Phòng"]),
    (Field.POST_AND_UNIT, ["Chức vụ, đơn vị công tác", "Chức danh, nơi công tác"]),
    (Field.COMMUNE, ["Xã/phường", "Xã, phường, đặc khu", "Phường (xã)", "Tên xã, phường",
                     "Phường/xã"]),
    (Field.PROVINCE, ["Tỉnh", "Tỉnh/thành phố", "Tỉnh, TP", "Tỉnh/TP"]),
    (Field.CATEGORY, ["Đối tượng", "Loại cán bộ", "Phân loại", "Đối tượng (CB, CC, VC)"]),
    (Field.PHONE, ["Điện thoại", "Số điện thoại", "SĐT", "ĐT", "ĐTDĐ", "Di động", "Số ĐT liên hệ"]),
    (Field.EMAIL, ["Email", "E-mail", "Thư điện tử", "Địa chỉ email", "Email công vụ"]),
    (Field.STARTED_ON, ["Ngày vào làm", "Ngày tuyển dụng", "Ngày vào ngành", "Năm tuyển dụng"]),
    (Field.ETHNIC_GROUP, ["Dân tộc", "DÂN TỘC", "Thành phần dân tộc", "Ethnic group"]),
    (Field.BIRTH_PLACE, ["Nơi sinh", "NƠI SINH"]),
    (Field.NOTE, ["Ghi chú", "GHI CHÚ"]),
    (Field.OTHER, ["Ngày cấp CCCD", "Nơi cấp CCCD", "Ngày vào Đảng", "Trình độ chuyên môn",
                   "Người dân tộc thiểu số", "Dân tộc, tôn giáo", "Quê quán",
                   "Hệ số lương", "Họ và tên vợ/chồng",
                   "Ngày cấp", "Ký nhận", "Trình độ lý luận chính trị", "Mã đơn vị"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("expected", "heading"), [(field, text) for field, texts in HEADINGS for text in texts]
)
def test_headings_are_understood_as_agencies_write_them(expected, heading):
    if expected is Field.FULL_NAME:
        header, row = ["STT", heading, "Chức vụ"], [1, "Nguyễn Văn An", "x"]
        at = 1
    else:
        header, row = ["STT", "Họ và tên", heading], [1, "Nguyễn Văn An", "x"]
        at = 2
    if expected is Field.OTHER:
        header, row = [*header, "Chức vụ"], [*row, "y"]

    columns = roster_of([header, row]).columns

    assert next(column.field for column in columns if column.index == at) is expected


def test_family_and_given_names_in_two_columns_become_one_name():
    rows = [["STT", "Họ và", "Tên", "Năm sinh"], [1, "Nguyễn Văn", "An", 1990]]

    assert roster_of(rows).rows[0].full_name == "Nguyễn Văn An"


@pytest.mark.parametrize("make", [as_xlsx, as_csv])
def test_one_name_heading_over_two_columns_covers_both(make):
    rows = [
        ["STT", "Họ và tên", "", "Năm sinh"],
        [1, "Nguyễn Văn", "An", 1990],
        [2, "Trần Thị Thu", "Bình", 1985],
    ]

    roster = roster_of(rows, ["B1:C1"], make)

    assert [row.full_name for row in roster.rows] == ["Nguyễn Văn An", "Trần Thị Thu Bình"]


def test_day_month_and_year_in_three_columns_become_one_date():
    rows = [
        ["STT", "Họ và tên", "Ngày sinh", "", "", "Chức vụ"],
        ["", "", "Ngày", "Tháng", "Năm", ""],
        [1, "Nguyễn Văn An", 3, 5, 1990, "Chuyên viên"],
        [2, "Trần Thị Bình", "", "", 1985, "Chuyên viên"],
    ]

    roster = roster_of(rows, ["C1:E1", "A1:A2", "B1:B2", "F1:F2"])

    assert [str(row.birth) for row in roster.rows] == ["03/05/1990", "1985"]


def test_headings_in_a_row_above_the_names_count_too():
    rows = [
        ["STT", "Thông tin cá nhân", "", "", "Đơn vị công tác"],
        ["", "Họ và tên", "Ngày sinh", "Số CCCD", ""],
        [1, "Nguyễn Văn An", "03/05/1990", "031090000001", "Sở Thử nghiệm"],
    ]

    roster = roster_of(rows, ["A1:A2", "B1:D1", "E1:E2"])

    assert roster.rows[0].unit_text == "Sở Thử nghiệm"
    assert roster.rows[0].identity_number == "031090000001"


def test_an_identity_heading_over_number_date_and_place_means_the_number():
    rows = [
        ["TT", "Họ và tên", "Năm sinh", "Căn cước công dân", "", "", "Chức vụ"],
        ["", "", "", "Số", "Ngày cấp", "Nơi cấp", ""],
        [1, "Nguyễn Văn An", 1990, "031090000001", "01/02/2021", "Cục Cảnh sát", "Cán sự"],
    ]

    row = roster_of(rows, ["D1:F1"]).rows[0]

    assert (row.identity_number, row.post_title) == ("031090000001", "Cán sự")


def test_years_under_bare_headings_of_the_sexes_are_births():
    rows = [["STT", "Họ và tên", "Nam", "Nữ"], [1, "Nguyễn Văn An", 1990, ""],
            [2, "Trần Thị Bình", "", "03/05/1985"]]  # fmt: skip

    assert [(str(row.birth), row.sex) for row in roster_of(rows).rows] == [
        ("1990", Sex.MALE), ("03/05/1985", Sex.FEMALE),
    ]  # fmt: skip


def test_answers_of_an_online_form_are_read():
    rows = [
        ["Dấu thời gian", "1. Họ và tên (viết hoa có dấu)", "2. Ngày sinh", "3. Số CCCD",
         "4. Bạn thuộc đối tượng nào?"],
        [45000, "NGUYỄN VĂN AN", "03/05/1990", "031090000001", "Công chức"],
    ]  # fmt: skip

    row = roster_of(rows).rows[0]

    assert (row.full_name, row.category) == ("NGUYỄN VĂN AN", PersonCategory.CIVIL_SERVANT)
    assert row.problems == ()


def test_units_and_people_numbered_in_one_column_are_told_apart():
    rows = [
        ["STT", "Đơn vị/Họ và tên", "Ngày sinh", "Chức vụ"],
        [1, "Sở Thử nghiệm"],
        ["1.1", "Nguyễn Văn An", "1/1/1990", "Chuyên viên"],
        [2, "Sở Mẫu"],
        ["2.1", "Lê Văn Cường", "3/3/1992", "Chuyên viên"],
    ]

    assert [(row.full_name, row.unit_text) for row in roster_of(rows).rows] == [
        ("Nguyễn Văn An", "Sở Thử nghiệm"), ("Lê Văn Cường", "Sở Mẫu"),
    ]  # fmt: skip


def test_a_cross_in_the_column_of_women_tells_the_sex():
    rows = [["STT", "Họ và tên", "Nữ", "Năm sinh"], [1, "A Văn Thử", "", 1990],
            [2, "B Thị Thử", "x", 1990]]  # fmt: skip

    assert [row.sex for row in roster_of(rows).rows] == [Sex.MALE, Sex.FEMALE]


def test_a_cross_under_a_category_tells_the_category():
    rows = [
        ["STT", "Họ và tên", "Đối tượng", "", "", "Năm sinh"],
        ["", "", "Cán bộ", "Công chức", "Viên chức", ""],
        [1, "Nguyễn Văn An", "", "x", "", 1990],
        [2, "Nguyễn Văn Bình", "x", "x", "", 1990],
    ]

    roster = roster_of(rows, ["C1:E1"])

    assert roster.rows[0].category is PersonCategory.CIVIL_SERVANT
    assert kinds(roster.rows[1]) == [ProblemKind.CATEGORY_UNCLEAR]


@pytest.mark.parametrize(
    ("written", "category"),
    [
        ("Cán bộ", PersonCategory.CADRE),
        ("công chức cấp xã", PersonCategory.CIVIL_SERVANT),
        ("Viên chức", PersonCategory.PUBLIC_EMPLOYEE),
        ("VC", PersonCategory.PUBLIC_EMPLOYEE),
        ("Người lao động", PersonCategory.CONTRACT_WORKER),
        ("HĐ 111", PersonCategory.CONTRACT_WORKER),
        ("Người hoạt động không chuyên trách", PersonCategory.NON_SPECIALISED_WORKER),
        ("Cán bộ không chuyên trách", PersonCategory.NON_SPECIALISED_WORKER),
        ("Công an", PersonCategory.ARMED_FORCES),
        ("Cán bộ, công chức", None),
        ("abc", None),
    ],
)
def test_categories_are_read_and_doubts_told(written, category):
    header = ["STT", "Họ và tên", "Năm sinh", "Đối tượng"]

    row = roster_of([header, [1, "Nguyễn Văn An", 1990, written]]).rows[0]

    assert row.category is category
    assert (kinds(row) == [ProblemKind.CATEGORY_UNCLEAR]) is (category is None)


def test_group_rows_that_name_a_category_give_it_to_the_rows_below():
    rows = [
        ["STT", "Họ và tên", "Năm sinh", "Đơn vị"],
        ["I", "CÁN BỘ"],
        [1, "Nguyễn Văn An", 1990, "Sở Thử"],
        ["II", "NGƯỜI HOẠT ĐỘNG KHÔNG CHUYÊN TRÁCH"],
        [1, "Trần Thị Bình", 1990, "Sở Thử"],
    ]

    assert [row.category for row in roster_of(rows).rows] == [
        PersonCategory.CADRE, PersonCategory.NON_SPECIALISED_WORKER,
    ]  # fmt: skip


def test_nested_group_rows_name_the_unit_from_the_inside_out():
    rows = [
        ["STT", "Họ và tên", "Năm sinh", "Chức vụ"],
        ["A", "Sở Thử nghiệm"],
        ["I", "Phòng Tổ chức"],
        [1, "Nguyễn Văn An", 1990, "x"],
        ["II", "Phòng Tài chính: 1 người"],
        [2, "Trần Văn Bình", 1990, "x"],
        ["B", "Sở Mẫu"],
        [3, "Lê Văn Cường", 1990, "x"],
    ]

    assert [row.unit_text for row in roster_of(rows).rows] == [
        "Phòng Tổ chức, Sở Thử nghiệm", "Phòng Tài chính, Sở Thử nghiệm", "Sở Mẫu",
    ]  # fmt: skip


@pytest.mark.parametrize("merged", [(), ["A2:D2", "A4:D4"]])
def test_a_unit_written_across_the_table_holds_for_the_rows_below(merged):
    rows = [
        ["STT", "Họ và tên", "Năm sinh", "Chức vụ"],
        ["UBND phường Thử Một"],
        [1, "Nguyễn Văn An", 1990, "x"],
        ["UBND phường Thử Hai"],
        [2, "Trần Văn Bình", 1990, "x"],
    ]

    assert [row.unit_text for row in roster_of(rows, merged).rows] == [
        "UBND phường Thử Một", "UBND phường Thử Hai",
    ]  # fmt: skip


def test_a_unit_merged_downwards_holds_for_every_row_it_covers():
    rows = [PLAIN_HEADER, AN, [*BINH[:6], ""]]

    roster = roster_of(rows, ["G2:G3"])

    assert [row.unit_text for row in roster.rows] == ["Sở Thử nghiệm"] * 2
    assert roster.all_problems == []


@pytest.mark.parametrize("ditto", ["nt", "-nt-", '"', "//", "Như trên"])
def test_ditto_marks_repeat_the_unit_above(ditto):
    roster = roster_of([PLAIN_HEADER, AN, [*BINH[:6], ditto]])

    assert roster.rows[1].unit_text == "Sở Thử nghiệm"


def test_an_empty_unit_takes_the_one_above_and_says_so():
    row = roster_of([PLAIN_HEADER, AN, [*BINH[:6], ""]]).rows[1]

    assert row.unit_text == "Sở Thử nghiệm"
    assert kinds(row) == [ProblemKind.UNIT_TAKEN_FROM_ABOVE]


@pytest.mark.parametrize(
    ("written", "post", "unit"),
    [
        ("Chuyên viên, Phòng Văn hóa - Xã hội", "Chuyên viên", "Phòng Văn hóa - Xã hội"),
        ("Phó Trưởng phòng Tổ chức", "Phó Trưởng phòng", "Tổ chức"),
        ("Chuyên viên Phòng Tổ chức", "Chuyên viên", "Phòng Tổ chức"),
        ("Chủ tịch UBND phường Thử", "Chủ tịch", "UBND phường Thử"),
        ("Lái xe", "Lái xe", ""),
    ],
)
def test_post_and_unit_in_one_column_are_told_apart(written, post, unit):
    rows = [["STT", "Họ và tên", "Chức vụ, đơn vị công tác"], [1, "Nguyễn Văn An", written]]

    row = roster_of(rows).rows[0]

    assert (row.post_title, row.unit_text) == (post, unit)


def test_decomposed_text_is_composed():
    rows = [[unicodedata.normalize("NFD", str(v)) for v in row] for row in (PLAIN_HEADER, AN)]

    assert roster_of(rows).rows[0].full_name == "Nguyễn Văn An"


@pytest.mark.parametrize(
    ("rows", "meant"),
    [
        ([["Hä vµ tªn", "Ngµy sinh"], ["NguyÔn V¨n An", "1990"]], "Họ và tên"),
        ([["Họ và tên", "Năm sinh"], ["NguyÔn V¨n An", "1990"]], "Nguyễn Văn An"),
        ([["Hoï vaø teân", "Naêm sinh"], ["Nguyeãn Vaên An", "1990"]], "Họ Và Tên"),
    ],
)
def test_a_file_in_an_old_font_is_refused_once_and_clearly(rows, meant):
    roster = roster_of(rows)

    assert not roster.rows
    assert [(p.kind, p.severity, p.proposed) for p in roster.problems] == [
        (ProblemKind.LEGACY_FONT, Severity.ERROR, meant)
    ]


def test_a_sheet_without_a_header_says_which_columns_are_needed():
    roster = roster_of([["Kế hoạch", "Nội dung"], ["a", "b"]])

    assert kinds(roster)[0] is ProblemKind.HEADER_NOT_FOUND
    assert [p.proposed for p in roster.problems[1:]] == [
        "full_name", "birth", "identity", "unit",
    ]  # fmt: skip
    assert not roster.can_be_taken


def test_a_header_without_people_is_refused():
    assert kinds(roster_of([PLAIN_HEADER])) == [ProblemKind.NO_PEOPLE]


def test_missing_columns_are_told():
    roster = roster_of([["STT", "Họ và tên", "Chức vụ"], [1, "Nguyễn Văn An", "x"]])

    assert [p.proposed for p in roster.problems] == ["birth", "identity", "unit"]
    assert roster.can_be_taken


def test_a_stated_total_that_differs_is_told():
    roster = roster_of([PLAIN_HEADER, AN, BINH, ["", "Tổng cộng: 03 người"]])

    (problem,) = roster.problems
    assert (problem.kind, problem.found, problem.proposed) == (
        ProblemKind.COUNT_DIFFERS, "3", "2",
    )  # fmt: skip


def test_one_person_twice_is_taken_once_with_what_both_rows_know():
    again = [2, "NGUYỄN VĂN AN", "", "", "031090000001", "", ""]

    roster = roster_of([[*PLAIN_HEADER, "Email"], AN, [*again, "an@example.vn"]])

    (row,) = roster.rows
    assert (row.row_number, row.email) == (2, "an@example.vn")
    problem = row.problems[-1]
    assert (problem.kind, problem.severity) == (ProblemKind.LISTED_TWICE, Severity.WARNING)
    assert (problem.row, problem.other_row) == (2, 3)


def test_one_number_with_two_names_is_an_error_on_both_rows():
    other = [2, "Lê Văn Khác", "03/05/1990", "Nam", "031090000001", "x", "Sở Thử"]

    roster = roster_of([PLAIN_HEADER, AN, other])

    told = [(p.row, p.column_letter, p.severity, p.other_row) for p in roster.all_problems]
    assert told == [(2, "E", Severity.ERROR, 3), (3, "E", Severity.ERROR, 2)]
    assert not any(row.can_be_taken for row in roster.rows)


def test_names_that_differ_by_a_tone_are_two_names():
    rows = [PLAIN_HEADER, [*AN[:1], "Trần Văn Tú", *AN[2:]], [2, "Trần Văn Tư", *AN[2:]]]

    assert ProblemKind.NUMBER_OF_ANOTHER in kinds(roster_of(rows).rows[0])


def test_equal_names_and_births_without_numbers_are_a_warning():
    rows = [["STT", "Họ và tên", "Ngày sinh"], [1, "Lê Thử", "03/05/1990"],
            [2, "Lê Thử", "03/05/1990"]]  # fmt: skip

    roster = roster_of(rows)

    assert [p.other_row for row in roster.rows for p in row.problems] == [3, 2]
    assert roster.rows[0].can_be_taken


def test_formulas_and_errors_in_cells_are_told():
    rows = [
        PLAIN_HEADER,
        [1, '="Lê "&"Thử"→Lê Thử', "03/05/1990", "Nam", "031090000001", "=1/0→#DIV/0!", "Sở"],
    ]

    roster = roster_of(rows)

    assert roster.rows[0].full_name == "Lê Thử"
    assert [(p.kind, p.row, p.column_letter) for p in roster.problems] == [
        (ProblemKind.FORMULA_VALUE_READ, 2, "B")
    ]
    assert [(p.kind, p.column_letter) for p in roster.rows[0].problems] == [
        (ProblemKind.CELL_ERROR, "F")
    ]


@pytest.mark.parametrize(
    ("at", "written", "kind", "severity"),
    [
        (1, "", ProblemKind.NAME_MISSING, Severity.ERROR),
        (1, "Nguyễn Văn An 2", ProblemKind.NAME_UNLIKELY, Severity.WARNING),
        (1, "Đ/c Nguyễn Văn An", ProblemKind.HONORIFIC_LEFT_OUT, Severity.WARNING),
        (2, "", ProblemKind.BIRTH_MISSING, Severity.WARNING),
        (2, "không rõ", ProblemKind.BIRTH_UNREADABLE, Severity.ERROR),
        (2, "31/02/1990", ProblemKind.BIRTH_IMPOSSIBLE, Severity.ERROR),
        (2, "03/05/90", ProblemKind.BIRTH_TWO_DIGIT_YEAR, Severity.WARNING),
        (3, "khác", ProblemKind.SEX_UNREADABLE, Severity.WARNING),
        (4, "", ProblemKind.IDENTITY_MISSING, Severity.WARNING),
        (4, "031234567", ProblemKind.IDENTITY_OLD_CARD, Severity.WARNING),
        (4, "03109000000", ProblemKind.IDENTITY_WRONG_LENGTH, Severity.ERROR),
        (4, "mất thẻ", ProblemKind.IDENTITY_NOT_A_NUMBER, Severity.ERROR),
        (4, "3.1E+10", ProblemKind.IDENTITY_DIGITS_LOST, Severity.ERROR),
        (4, "031091000001", ProblemKind.IDENTITY_BIRTH_YEAR_DISAGREES, Severity.WARNING),
        (4, "999090000001", ProblemKind.IDENTITY_UNKNOWN_PROVINCE, Severity.WARNING),
        (7, "12345", ProblemKind.PHONE_UNREADABLE, Severity.WARNING),
        (8, "an@", ProblemKind.EMAIL_UNREADABLE, Severity.WARNING),
        (9, "lâu rồi", ProblemKind.START_DATE_UNREADABLE, Severity.WARNING),
    ],
)
def test_every_doubt_about_a_cell_names_its_column(at, written, kind, severity):
    header = [*PLAIN_HEADER, "Điện thoại", "Email", "Ngày vào làm"]
    person = [*AN, "0912345678", "an@example.vn", "01/07/2015"]
    person[at] = written

    (row,) = roster_of([header, person]).rows

    assert [(p.kind, p.severity, p.column_letter) for p in row.problems] == [
        (kind, severity, "ABCDEFGHIJ"[at])
    ]


@pytest.mark.parametrize("name", ["H'Hen Niê", "Y Bhiom Niê", "Vân-Anh", "A", "Kpă Klơng", "Ánh"])
def test_names_of_every_people_of_the_country_are_likely(name):
    problems = kinds(roster_of([PLAIN_HEADER, [1, name, *AN[2:]]]).rows[0])

    assert problems == ([ProblemKind.NAME_UNLIKELY] if name == "A" else [])


def test_two_tables_under_each_other_may_have_different_columns():
    rows = [
        ["STT", "Họ và tên", "Năm sinh"],
        [1, "Nguyễn Văn An", 1990],
        ["NGƯỜI LẬP"],
        [],
        ["STT", "Chức vụ", "Họ và tên", "Năm sinh"],
        [1, "Cán sự", "Trần Văn Bình", 1985],
    ]

    assert [(row.full_name, row.post_title) for row in roster_of(rows).rows] == [
        ("Nguyễn Văn An", ""), ("Trần Văn Bình", "Cán sự"),
    ]  # fmt: skip


def test_a_leader_is_not_taken_for_a_signature():
    rows = [["Họ và tên", "Chức vụ", "Năm sinh"], ["Lê Văn Thử", "Chủ tịch", 1980],
            ["Trần Văn Mẫu", "Giám đốc", 1975]]  # fmt: skip

    assert len(roster_of(rows).rows) == 2


def test_a_number_that_contradicts_the_sex_is_told_at_the_number():
    woman = [*AN[:3], "Nữ", *AN[4:]]

    (row,) = roster_of([PLAIN_HEADER, woman]).rows

    assert [(p.kind, p.column_letter) for p in row.problems] == [
        (ProblemKind.IDENTITY_SEX_DISAGREES, "E")
    ]
    assert (row.sex, row.identity_number) == (Sex.FEMALE, "031090000001")


def test_a_form_line_above_the_table_is_no_header():
    rows = [["Họ và tên:", "Lê Văn Lập", "Chức vụ:", "Văn thư"], [], PLAIN_HEADER, AN, BINH]

    assert [row.full_name for row in roster_of(rows).rows] == ["Nguyễn Văn An", "Trần Thị Bình"]


def test_a_lone_name_without_a_number_is_left_out_and_told():
    roster = roster_of([PLAIN_HEADER, AN, ["", "Lê Văn Lạc"], BINH])

    assert len(roster.rows) == 2
    (problem,) = roster.problems
    assert (problem.kind, problem.row, problem.found) == (
        ProblemKind.LINE_LEFT_OUT, 3, "Lê Văn Lạc",
    )  # fmt: skip


def test_people_below_the_signature_of_a_page_are_still_read():
    signature = [["", "Hải Phòng, ngày 05 tháng 02 năm 2026"], ["", "NGƯỜI LẬP"], ["", "Lê Ký"]]

    roster = roster_of([PLAIN_HEADER, AN, *signature, BINH])

    assert len(roster.rows) == 2


@pytest.mark.parametrize(
    "footer",
    [
        ["", "Tổng số: 02 người", "", "", "", "", ""],
        ["Danh sách này có 02 người./."],
        ["", "Cộng", "", "", "", "", ""],
        ["", "Ấn định danh sách gồm 02 đồng chí"],
        ["", "", "", "", "TM. ỦY BAN NHÂN DÂN"],
        ["", "", "", "", "KT. CHỦ TỊCH"],
        ["", "", "", "Hải Phòng, ngày    tháng    năm 2026"],
        ["Nơi nhận:", "", "", "", "CHỦ TỊCH"],
        ["* Ghi chú: danh sách lập theo Công văn số 12"],
        ["", "NGƯỜI LẬP BIỂU", "", "", "XÁC NHẬN CỦA ĐƠN VỊ"],
        ["", "(Ký, ghi rõ họ tên)"],
    ],
)
@pytest.mark.parametrize("make", [as_xlsx, as_csv])
def test_lines_below_the_table_are_nobody(footer, make):
    roster = roster_of([PLAIN_HEADER, AN, BINH, [], footer], (), make)

    assert [row.full_name for row in roster.rows] == ["Nguyễn Văn An", "Trần Thị Bình"]
    assert roster.all_problems == []


def test_the_same_sheet_gives_the_same_people_twice():
    assert roster_of(OFFICIAL_SHEET) == roster_of(OFFICIAL_SHEET)


FAMILIES = st.sampled_from(["Nguyễn", "Trần", "Lê", "Đặng", "Vũ"])
GIVENS = st.sampled_from(["An", "Bình", "Đào", "Hoà", "Yến", "Quỳnh"])


@st.composite
def people(draw):
    count = draw(st.integers(1, 6))
    return [
        (
            f"{draw(FAMILIES)} Văn {draw(GIVENS)}",
            draw(st.dates(dt.date(1950, 1, 1), dt.date(2000, 1, 1))),
        )
        for _ in range(count)
    ]


@settings(max_examples=40, deadline=None)
@given(people(), st.integers(0, 4), st.permutations([0, 1, 2, 3]), st.booleans())
def test_people_are_found_wherever_the_table_stands(listed, above, order, numbered):
    header = ["Họ và tên", "Ngày sinh", "Chức vụ", "Đơn vị công tác"]
    rows = [["DANH SÁCH HỌC VIÊN"]] * above + [["STT", *(header[at] for at in order)]]
    for number, (name, born) in enumerate(listed, start=1):
        values = [name, born.strftime("%d/%m/%Y"), "Chuyên viên", "Sở Thử"]
        rows.append([number if numbered else "", *(values[at] for at in order)])

    roster = roster_of(rows)

    assert [(row.full_name, row.birth.earliest) for row in roster.rows] == listed


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(
            st.sampled_from(
                ["", "Họ và tên", "Năm sinh", "Nam", "Nữ", "I", "1", "Tổng cộng: 2", "Sở Thử",
                 "Lê An", "1990", "x", "STT", "Người lập biểu", "031090000001", "(2)"]
            ),
            min_size=4,
            max_size=4,
        ),
        max_size=9,
    )
)  # fmt: skip
def test_any_arrangement_of_cells_is_read_without_failing(rows):
    if any(any(row) for row in rows):
        roster = roster_of(rows)

        assert roster.rows or roster.problems
