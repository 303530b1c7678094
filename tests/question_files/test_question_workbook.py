import csv
import io
from decimal import Decimal

import pytest
import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from hocvu.items.content import Kind, Scoring
from hocvu.items.flaws import item_flaws
from hocvu.question_files.findings import FileProblem, Problem, Severity
from hocvu.question_files.tables.reading import read_xlsx, template
from hocvu.spreadsheets import read_grids, write_table

HEADER = ["STT", "Câu hỏi", "Phương án A", "Phương án B", "Phương án C", "Phương án D", "Đáp án"]
ROW = ["1", "Thủ đô?", "Huế", "Hà Nội", "Đà Nẵng", "Cần Thơ", "B"]


def workbook(*sheets, merged=()):
    """Sheets as lists of rows; `merged` are ranges of the first with what stands in them."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        for at, rows in enumerate(sheets):
            sheet = book.add_worksheet(f"Trang {at + 1}")
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, str) and value.startswith("="):
                        sheet.write_formula(number, column, value, None, "B")
                    elif value not in {"", None}:
                        sheet.write(number, column, value)
            for first_row, first_column, last_row, last_column, text in merged if at == 0 else ():
                sheet.merge_range(first_row, first_column, last_row, last_column, text)
    return file.getvalue()


def asked(header, *rows):
    """Read as separated values, which open much faster than a workbook."""
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([header, *rows])
    return read_xlsx(text.getvalue().encode("utf-8-sig"))


def only_item(header, row):
    reading = asked(header, row)
    assert not [each for each in reading.diagnostics if each.severity is Severity.ERROR]
    [found] = reading.items
    return found.item


def errors(reading):
    return [
        (each.line, each.code) for each in reading.diagnostics if each.severity is Severity.ERROR
    ]


def right_ones(item):
    return [option.id for option in item.options if option.right]


def test_a_row_becomes_a_question():
    item = only_item(HEADER, ROW)

    assert (item.kind, item.stem, item.foreign_id) == (Kind.SINGLE, "Thủ đô?", "1")
    assert [option.text for option in item.options] == ROW[2:6]
    assert right_ones(item) == ["b"]
    assert not list(item_flaws(item))


def test_columns_may_stand_in_any_order_and_language():
    header = ["Correct answer", "Option B", "Option A", "Explanation", "Question", "Topic", "Level"]

    item = only_item(header, ["A", "no", "yes", "because", "Sure?", "Logic", "easy"])

    assert (item.stem, item.feedback, item.category) == ("Sure?", "because", "Logic")
    assert [option.text for option in item.options] == ["yes", "no"]
    assert item.tags == ("level:easy", "topic:Logic")


def test_titles_above_and_other_sheets_do_not_matter():
    titled = [["NGÂN HÀNG CÂU HỎI"], ["Năm 2026"], [], HEADER, ROW]
    content = workbook(titled, [["Ghi chú gì đó"]], [HEADER, [*ROW[:6], "C"]])

    reading = read_xlsx(content)

    assert [found.line for found in reading.items] == [5, 2]
    assert [right_ones(found.item) for found in reading.items] == [["b"], ["c"]]


def test_a_header_of_two_rows_is_read():
    rows = [
        ["STT", "Nội dung câu hỏi", "", "", "Đáp án"],
        ["", "", "A", "B", ""],
        ["1", "Sao?", "một", "hai", "A"],
    ]

    reading = read_xlsx(workbook(rows, merged=[(0, 2, 0, 3, "Phương án")]))

    assert [option.text for option in reading.items[0].item.options] == ["một", "hai"]


def test_cells_merged_downwards_speak_for_all_their_rows():
    rows = [
        [*HEADER, "Chủ đề"],
        [*ROW, ""],
        ["2", *ROW[1:], ""],
        ["3", *ROW[1:], "Khác"],
    ]

    reading = read_xlsx(workbook(rows, merged=[(1, 7, 2, 7, "An toàn số")]))

    assert [found.item.category for found in reading.items] == [
        "An toàn số",
        "An toàn số",
        "Khác",
    ]


def test_of_two_columns_of_questions_the_longer_one_is_meant():
    header = ["Câu hỏi", "Nội dung", "A", "B", "Đáp án"]

    item = only_item(header, ["Câu 1", "Một cộng một bằng mấy?", "một", "hai", "B"])

    assert item.stem == "Một cộng một bằng mấy?"


@pytest.mark.parametrize(
    ("key", "right"),
    [
        ("B", ["b"]), ("b", ["b"]), ("B.", ["b"]), (2, ["b"]), ("2", ["b"]), ("Hà Nội", ["b"]),
        ("hà nội", ["b"]), ("Phương án B", ["b"]), ("B. Hà Nội", ["b"]), ("A, C", ["a", "c"]),
        ("AC", ["a", "c"]), ("A;C", ["a", "c"]), ("A và C", ["a", "c"]), ("1,3", ["a", "c"]),
        ("Huế; Đà Nẵng", ["a", "c"]),
    ],
)  # fmt: skip
def test_a_key_is_written_in_many_ways(key, right):
    item = only_item(HEADER, [*ROW[:6], key])

    assert right_ones(item) == right
    assert item.kind is (Kind.SINGLE if len(right) == 1 else Kind.MULTIPLE)


def test_a_key_may_be_a_number_or_a_formula():
    reading = read_xlsx(workbook([HEADER, [*ROW[:6], 2], [*ROW[:6], '="B"']]))

    assert [right_ones(found.item) for found in reading.items] == [["b"], ["b"]]


@pytest.mark.parametrize(
    "together",
    ["A. Huế\nB. Hà Nội\nC. Vinh", "A. Huế B. Hà Nội C. Vinh", "Huế\nHà Nội\nVinh"],
)
def test_all_options_may_stand_in_one_cell(together):
    item = only_item(["Câu hỏi", "Các phương án", "Đáp án"], ["Thủ đô?", together, "B"])

    assert [option.text for option in item.options] == ["Huế", "Hà Nội", "Vinh"]
    assert right_ones(item) == ["b"]


def test_empty_options_are_left_out_and_keep_their_letters():
    item = only_item(HEADER, ["1", "Sao?", "một", "", "ba", "", "C"])

    assert [(option.text, option.right) for option in item.options] == [
        ("một", False),
        ("ba", True),
    ]


KINDS = ["Loại", *HEADER[1:], "Sai số", "Tình huống", "Điểm"]


def typed(kind, *options, key="", **more):
    options = [*options, "", "", "", ""][:4]
    return [kind, "Hỏi?", *options, key, more.get("tolerance", ""), more.get("situation", ""),
            more.get("points", "")]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (typed("nhiều đáp án", "a", "b", "c", key="A"), Kind.MULTIPLE),
        (typed("Đúng/Sai", "a", "b", "c", "d", key="Đ S S Đ"), Kind.TRUE_FALSE),
        (typed("Trả lời ngắn", key="mạng WAN"), Kind.SHORT_TEXT),
        (typed("Số", key="12,5"), Kind.NUMERIC),
        (typed("Sắp xếp", "một", "hai"), Kind.ORDERING),
        (typed("Ghép nối", "a = 1", "b = 2"), Kind.MATCHING),
        (typed("Tự luận", points=3), Kind.ESSAY),
        (typed("Nộp tệp"), Kind.FILE),
        (typed("Tình huống", "a", "b", key="A", situation="Bão"), Kind.SITUATION),
        (typed("", "a", "b", key="A", situation="Bão"), Kind.SITUATION),
        (typed("", key="Đúng"), Kind.SINGLE),
    ],
)
def test_a_row_may_state_its_kind(row, kind):
    item = only_item(KINDS, row)

    assert item.kind is kind
    assert not list(item_flaws(item))


def test_statements_are_true_in_the_order_of_the_key():
    item = only_item(KINDS, typed("đúng sai", "a", "b", "c", "d", key="Đ, S, S, Đ"))

    assert [part.right for part in item.parts] == ["true", "false", "false", "true"]
    assert item.scoring is Scoring.STEPPED


def test_numbers_keep_tolerance_and_points():
    item = only_item(KINDS, typed("số", key="12,5", tolerance="0,1", points="0,5"))

    [accepted] = item.parts[0].accepted
    assert (accepted.value, accepted.tolerance, item.points) == (
        "12.5",
        Decimal("0.1"),
        Decimal("0.5"),
    )


def test_an_order_may_be_the_key():
    item = only_item(KINDS, typed("sắp xếp", "hai", "một", key="B, A"))

    assert [option.text for option in item.options] == ["một", "hai"]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (["1", "Sao?", "một", "hai", "", "", ""], Problem.NO_KEY),
        (["1", "Sao?", "một", "hai", "", "", "D"], Problem.NO_KEY),
        (["1", "", "một", "hai", "", "", "A"], Problem.NO_STEM),
        (["1", "Sao?", "một", "", "", "", "A"], Problem.NO_OPTIONS),
        (["1", "Sao?", "2", "1", "", "", "1"], Problem.TOO_MANY_KEYS),
        (["1", "Sao?", "một", "hai", "", "", "A, B"], Problem.TOO_MANY_KEYS),
        (["1", "Sao?", "", "", "", "", ""], Problem.NO_KEY),
    ],
)
def test_a_row_that_cannot_be_asked_is_reported_with_its_place(row, problem):
    reading = asked(HEADER, ROW, row)

    assert errors(reading) == [(3, problem)]
    assert (reading.stated, len(reading.items)) == (2, 1)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (typed("vẽ tranh", key="A"), Problem.UNKNOWN_KIND),
        (typed("một đáp án", "a", "b", "c", key="A, B"), Problem.TOO_MANY_KEYS),
        (typed("số", key="mười"), Problem.NO_KEY),
        (typed("ghép nối", "a", "b"), Problem.NO_KEY),
        (typed("sắp xếp", "a", "b", key="B, B"), Problem.NO_KEY),
        (typed("đúng sai", "a", "b", key="Đ"), Problem.NO_KEY),
    ],
)
def test_a_kind_that_does_not_fit_its_columns_is_reported(row, problem):
    assert errors(asked(KINDS, row)) == [(2, problem)]


def test_a_cell_in_error_is_no_answer():
    content = write_table("", HEADER, [ROW], sheet_name="A")
    reading = read_xlsx(content)
    assert reading.stated == 1

    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, ROW[:6])
        sheet.write_formula(1, 6, "=NA()", None, "#N/A")

    assert errors(read_xlsx(file.getvalue())) == [(2, Problem.SYNTAX)]


def test_lines_in_a_cell_stay_lines():
    item = only_item(HEADER, ["1", "Một\nhai", "a < b", "c", "", "", "A"])

    assert (item.stem, item.options[0].text) == ("Một\nhai", "a < b")


def test_letters_come_composed():
    item = only_item(HEADER, ["1", "Hoa\u0300 bi\u0300nh?", "a", "b", "", "", "A"])

    assert item.stem == "Hoà bình?"


def test_letters_of_an_old_font_are_refused():
    rows = [["1", "Thñ ®« cña ViÖt Nam lµ thµnh phè nµo?", "HuÕ", "Hµ Néi", "", "", "A"]] * 3

    reading = asked(HEADER, *rows)

    assert (reading.problem, reading.encoding) == (FileProblem.LEGACY_ENCODING, "tcvn3")


def old_xls():
    book = xlwt.Workbook()
    sheet = book.add_sheet("A")
    for number, row in enumerate([HEADER, ROW]):
        for column, text in enumerate(row):
            sheet.write(number, column, text)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def open_document():
    document = OpenDocumentSpreadsheet()
    sheet = Table(name="A")
    for row in [HEADER, ROW]:
        made = TableRow()
        for text in row:
            cell = TableCell(valuetype="string")
            cell.addElement(P(text=text))
            made.addElement(cell)
        sheet.addElement(made)
    document.spreadsheet.addElement(sheet)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def separated():
    return "\n".join(";".join(row) for row in [HEADER, ROW]).encode("utf-8-sig")


@pytest.mark.parametrize("made", [old_xls, open_document, separated])
def test_other_spreadsheets_are_read_too(made):
    [found] = read_xlsx(made()).items

    assert right_ones(found.item) == ["b"]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", FileProblem.EMPTY),
        (b"%PDF-1.7", FileProblem.UNKNOWN_FORMAT),
        (b"PK\x03\x04 cut", FileProblem.BAD_ARCHIVE),
        (b"a;b\n1;2\n", FileProblem.UNKNOWN_FORMAT),
        (";".join(HEADER).encode(), FileProblem.EMPTY),
    ],
)
def test_what_holds_no_questions_is_refused(content, problem):
    assert read_xlsx(content).problem is problem


# --- The template ------------------------------------------------------------------------------


def sheets():
    return {grid.name: [[cell.text for cell in row] for row in grid.rows]
            for grid in read_grids("mau.xlsx", template())}  # fmt: skip


def test_an_empty_template_holds_no_question():
    assert read_xlsx(template()).problem is FileProblem.EMPTY


def test_the_examples_of_the_template_are_questions_without_flaws():
    header, *examples = sheets()["Ví dụ"]

    reading = read_xlsx(workbook([header, *examples]))

    assert reading.diagnostics == ()
    assert len(reading.items) == len(examples)
    assert {found.item.kind for found in reading.items} >= {
        Kind.SINGLE, Kind.MULTIPLE, Kind.TRUE_FALSE, Kind.NUMERIC, Kind.ORDERING, Kind.MATCHING,
        Kind.SITUATION, Kind.ESSAY, Kind.SHORT_TEXT,
    }  # fmt: skip
    flaws = {found.number: list(item_flaws(found.item)) for found in reading.items}
    assert not {number for number, found in flaws.items() if found}


def test_the_sheet_to_fill_has_the_header_of_the_examples():
    made = sheets()

    assert made["Câu hỏi"][0] == made["Ví dụ"][0]


def test_exports_of_quiz_programs_name_their_columns_otherwise():
    quiz = ["Question Text", "Question Type", "Option 1", "Option 2", "Option 3", "Correct Answer"]
    game = ["Question", "Answer 1", "Answer 2", "Answer 3", "Time limit (sec)", "Correct answer(s)"]

    boxes = only_item(quiz, ["Số chẵn?", "Checkbox", "1", "2", "4", "2,3"])
    several = only_item(game, ["Số lẻ?", "mười", "một", "ba", "20", "2,3"])

    assert (boxes.kind, right_ones(boxes)) == (Kind.MULTIPLE, ["b", "c"])
    assert right_ones(several) == ["b", "c"]


def test_options_in_one_cell_may_end_with_semicolons():
    item = only_item(["Câu hỏi", "Phương án", "Câu đúng"], ["Gì?", "A. một; B. hai; C. ba", "B"])

    assert [option.text for option in item.options] == ["một", "hai", "ba"]
    assert right_ones(item) == ["b"]
