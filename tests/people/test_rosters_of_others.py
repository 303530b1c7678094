"""Shapes of rosters that other people's programs and habits make; fictional people."""

import datetime as dt

import pytest

from hocvu.people.rules.birth_date import PartialDate
from hocvu.people.rules.roster import Field, ProblemKind, read_roster
from hocvu.people.rules.roster_headings import field_of
from hocvu.spreadsheets import Cell, CellKind, Grid

TODAY = dt.date(2026, 11, 22)
HEAD = ["STT", "Họ và tên", "Ngày sinh", "Số CCCD", "Đơn vị"]
GIA = [1, "Nguyễn Văn Giả", "13/05/1980", "031080000101", "Phòng Nội vụ"]
TUONG = [2, "Trần Thị Tưởng", "14/06/1985", "031185000102", "Phòng Nội vụ"]


def grid_of(*rows, name="DS", **said):
    width = max(map(len, rows))
    return Grid(
        name, tuple(tuple(cell_of(v) for v in [*row, *[""] * (width - len(row))]) for row in rows),
        **said,
    )  # fmt: skip


def cell_of(value):
    if isinstance(value, dt.date):
        return Cell(value.strftime("%d/%m/%Y"), CellKind.DATE)
    kind = CellKind.NUMBER if isinstance(value, int) else CellKind.TEXT
    return Cell(str(value), kind if value != "" else CellKind.EMPTY)


def roster_of(*grids):
    return read_roster(*grids, reading_on=TODAY)


def born_on(dates):
    return [[at, f"Lê Văn {'ABCDE'[at]}", date] for at, date in enumerate(dates)]


def told(thing):
    return [problem.kind for problem in thing.problems]


def test_a_column_beside_the_name_with_a_heading_of_its_own_is_no_part_of_the_name():
    roster = roster_of(
        grid_of(
            ["STT", "Họ và tên", "Tuổi nghề", "Số hiệu", "Số CCCD", "Đơn vị"],
            [1, "Nguyễn Văn Giả", "Không", "A1", "031080000101", "Phòng Nội vụ"],
        )
    )

    assert roster.rows[0].full_name == "Nguyễn Văn Giả"
    (left_out,) = [p for p in roster.problems if p.kind is ProblemKind.COLUMNS_LEFT_OUT]
    assert left_out.found == "C (Tuổi nghề), D (Số hiệu)"


def test_a_name_over_three_columns_is_put_together():
    roster = roster_of(
        grid_of(["STT", "Họ", "Tên đệm", "Tên", "Năm sinh"], [1, "Nguyễn", "Văn", "Giả", 1980])
    )

    assert roster.rows[0].full_name == "Nguyễn Văn Giả"


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Số điện thoại người thân", Field.OTHER),
        ("Email quản lý", Field.OTHER),
        ("Năm sinh của con", Field.OTHER),
        ("Mã định danh điện tử của đơn vị", Field.UNIT),
        ("Tên gọi khác", Field.OTHER),
        ("HoVaTen", Field.FULL_NAME),
        ("Tên nhân sự", Field.FULL_NAME),
        ("Chức vụ Đảng", Field.PARTY_TITLE),
        ("NTN sinh", Field.BIRTH),
        ("Gmail", Field.EMAIL),
        ("Họ tên cán bộ", Field.FULL_NAME),
    ],
)
def test_headings_of_other_systems_are_known(heading, field):
    assert field_of(heading) is field


def test_the_post_comes_before_the_one_in_the_party():
    roster = roster_of(
        grid_of(
            [*HEAD, "Chức vụ Đảng", "Chức vụ"],
            [*GIA, "Đảng ủy viên", "Chuyên viên"],
        )
    )

    assert roster.rows[0].post_title == "Chuyên viên"


def test_every_sheet_with_people_is_read_and_its_name_is_the_unit_of_those_without():
    first = grid_of(HEAD[:4], GIA[:4], name="Phòng Nội vụ")
    second = grid_of([], HEAD[:4], [1, *TUONG[1:4]], name="Phòng Tài chính")
    other = grid_of(["Hướng dẫn điền danh sách"], name="Hướng dẫn")

    roster = roster_of(first, second, other)

    assert [(r.full_name, r.unit_text, roster.place_of(r.row_number)) for r in roster.rows] == [
        ("Nguyễn Văn Giả", "Phòng Nội vụ", "2 (Phòng Nội vụ)"),
        ("Trần Thị Tưởng", "Phòng Tài chính", "3 (Phòng Tài chính)"),
    ]  # fmt: skip
    assert told(roster.rows[0]) == [ProblemKind.UNIT_TAKEN_FROM_SHEET]
    assert [(p.kind, p.found) for p in roster.problems] == [
        (ProblemKind.SHEETS_WITHOUT_LIST, "Hướng dẫn")
    ]


def test_who_stands_in_two_sheets_is_one_person():
    roster = roster_of(grid_of(HEAD, GIA, name="A"), grid_of(HEAD, GIA, TUONG, name="B"))

    assert [row.full_name for row in roster.rows] == ["Nguyễn Văn Giả", "Trần Thị Tưởng"]
    (twice,) = roster.rows[0].problems
    assert (twice.kind, roster.place_of(twice.other_row)) == (ProblemKind.LISTED_TWICE, "2 (B)")


def test_the_same_name_in_two_sheets_without_numbers_is_told():
    year = [1, "Nguyễn Văn Giả", 1980, "", "Phòng Nội vụ"]

    roster = roster_of(grid_of(HEAD, year, name="A"), grid_of(HEAD, year, name="B"))

    assert all(ProblemKind.SAME_NAME_AND_BIRTH in told(row) for row in roster.rows)


def test_a_hidden_sheet_is_told_and_read_only_where_no_other_holds_people():
    hidden = grid_of(HEAD, TUONG, name="Cũ", hidden=True)

    beside = roster_of(grid_of(HEAD, GIA), hidden)

    assert [row.full_name for row in beside.rows] == ["Nguyễn Văn Giả"]
    assert [(p.kind, p.found) for p in beside.problems] == [
        (ProblemKind.HIDDEN_SHEETS_LEFT_OUT, "Cũ")
    ]
    assert [row.full_name for row in roster_of(hidden).rows] == ["Trần Thị Tưởng"]


def test_people_in_hidden_rows_are_read_and_told():
    roster = roster_of(grid_of(HEAD, GIA, TUONG, hidden_rows=frozenset({2})))

    assert len(roster.rows) == 2
    assert [(p.kind, p.found, p.proposed) for p in roster.problems] == [
        (ProblemKind.HIDDEN_ROWS_READ, "1", "3")
    ]


def test_american_dates_are_not_taken_the_other_way_round():
    dates = ["5/3/1980", "6/14/1985", "12/25/1990"]

    rows = roster_of(
        grid_of(HEAD, *born_on(dates))
    ).rows  # fmt: skip

    assert [row.birth for row in rows] == [None, None, None]
    assert [row.birth_proposed for row in rows] == [
        PartialDate(1980, 5, 3), PartialDate(1985, 6, 14), PartialDate(1990, 12, 25),
    ]  # fmt: skip
    assert ProblemKind.BIRTH_MONTH_FIRST in told(rows[0])


def test_true_dates_that_never_pass_the_twelfth_beside_texts_that_always_do_are_doubted():
    born = [
        dt.date(1980, 3, 5),
        "14/06/1985",
        "25/12/1990",
        dt.date(1979, 2, 2),
        dt.date(1981, 1, 9),
    ]

    rows = roster_of(
        grid_of(HEAD, *born_on(born))
    ).rows  # fmt: skip

    doubted = [row.full_name for row in rows if ProblemKind.BIRTH_PERHAPS_SWAPPED in told(row)]
    assert doubted == ["Lê Văn A", "Lê Văn E"]
    assert (rows[0].birth, rows[0].birth_proposed) == (
        PartialDate(1980, 3, 5), PartialDate(1980, 5, 3),
    )  # fmt: skip


def test_one_mistaken_date_casts_no_doubt_on_the_others():
    rows = roster_of(
        grid_of(HEAD, [1, "Lê Văn A", "05/03/1980"], [2, "Lê Văn B", "12/25/1990"])
    ).rows

    assert rows[0].birth == PartialDate(1980, 3, 5)


def test_a_name_typed_with_keyboard_signs_is_refused_with_what_it_means():
    (problem,) = roster_of(grid_of(HEAD, [1, "Nguye^~n Va(n Gia?", "1980"])).problems

    assert (problem.kind, problem.proposed) == (ProblemKind.LEGACY_FONT, "Nguyễn Văn Giả")


def test_letterheads_and_page_numbers_between_two_pages_are_nobody():
    roster = roster_of(
        grid_of(
            HEAD, GIA,
            ["", "", "", "Trang 1/2"],
            ["UBND PHƯỜNG VÍ DỤ", "", "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
            ["DANH SÁCH CÁN BỘ THAM GIA (tiếp theo)"],
            HEAD, [2, "Trần Thị Tưởng", "14/06/1985", "031185000102", ""],
        )
    )  # fmt: skip

    assert [(row.full_name, row.unit_text) for row in roster.rows] == [
        ("Nguyễn Văn Giả", "Phòng Nội vụ"), ("Trần Thị Tưởng", ""),
    ]  # fmt: skip


def test_a_year_of_two_digits_alone_is_proposed():
    (row,) = roster_of(grid_of(HEAD, [1, "Nguyễn Văn Giả", "79"])).rows

    assert (row.birth, row.birth_proposed) == (None, PartialDate(1979))
