from datetime import date
from html import unescape
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from hocvu.spreadsheets import read_grids, write_table
from hocvu.verification.rules import allowances

MANY = reverse("verification:bulk")


def workbook(headings, rows):
    return write_table("", headings, rows, sheet_name="Hồ sơ")


def send(client, content, name="ho-so.xlsx"):
    return client.post(f"{MANY}?lang=en", {"file": SimpleUploadedFile(name, content)})


def last_column(response):
    (grid,) = read_grids("answer.xlsx", response.content)
    return [row[-1].text for row in grid.rows]


def test_a_workbook_of_codes_comes_back_with_a_verdict_in_every_row(client, certificates):
    rows = [[f"Người {n}", each.verification_code] for n, each in enumerate(certificates)]
    rows += [["Ai đó", "0000-0000-0000-0000"], ["Trống", ""]]

    response = send(client, workbook(["Ghi chú", "Mã kiểm tra"], rows))

    assert last_column(response) == [
        "Result of the check",
        *["Valid"] * 3,
        "Cannot be determined",
        "No code, and no serial number with a name",
    ]
    assert response.content[:2] == b"PK"
    assert response["Cache-Control"] == "no-store"


def test_serial_numbers_are_answered_only_with_their_holders_name(client, certificates):
    first, second, _third = certificates
    rows = [
        [first.serial_number, first.entry.full_name],
        [second.serial_number, first.entry.full_name],
        ["TCT-31-2026-999999", first.entry.full_name],
        [first.serial_number, ""],
    ]

    response = send(client, workbook(["Số hiệu", "Họ và tên"], rows))

    assert last_column(response)[1:] == [
        "Valid",
        "Does not match",
        "Does not match",
        "No code, and no serial number with a name",
    ]


def test_what_was_in_the_workbook_is_still_in_it(client, certificate):
    rows = [["=1+1", "0012", certificate.verification_code]]

    response = send(client, workbook(["A", "B", "Mã kiểm tra"], rows))

    (grid,) = read_grids("answer.xlsx", response.content)
    assert [cell.text for cell in grid.rows[1]][:2] == ["=1+1", "0012"]


def test_codes_without_a_heading_are_understood(client, certificates):
    text = "\n".join(each.verification_code for each in certificates).encode()

    response = send(client, text, "codes.csv")

    assert last_column(response)[1:] == ["Valid"] * 3


@pytest.mark.parametrize(
    "content",
    [
        b"not a workbook\x00\x01",
        workbook(["Họ và tên"], [["Ai đó"]]),
        workbook(["Số hiệu"], [["TCT-31-2026-000001"]]),
        workbook(["Mã kiểm tra"], [["0" * 16]] * 501),
        b"",
    ],
    ids=["no workbook", "names alone", "serial numbers alone", "too many rows", "empty"],
)
def test_what_cannot_be_checked_is_refused_in_a_sentence(client, trust, content):
    response = send(client, content)

    assert response.status_code == 422
    assert 'aria-invalid="true"' in response.content.decode()


def made(write):
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        write(book)
    return file.getvalue()


def test_a_cover_in_front_and_sheets_out_of_sight_do_not_matter(client, certificate):
    def write(book):
        cover, hidden, asked = (book.add_worksheet(name) for name in ("Bìa", "Ẩn", "Danh sách"))
        cover.merge_range("A1:D3", "DANH SÁCH ĐỀ NGHỊ KIỂM TRA")
        hidden.write_column("A1", ["Mã kiểm tra", "0" * 16])
        hidden.hide()
        asked.merge_range("A1:C1", "Đợt 3 năm 2026")
        asked.write_row("A3", ["TT", "Ngày nộp", "Mã xác thực"])
        asked.write_row("A4", [1, 46_000])
        asked.write_datetime("B4", date(2026, 2, 5), book.add_format({"num_format": "dd/mm/yy"}))
        asked.write_formula("C4", '=UPPER("x")', value=certificate.verification_code)

    answered = send(client, made(write))

    (grid,) = read_grids("answer.xlsx", answered.content)
    assert [cell.text for cell in grid.rows[1]][-1] == "Valid"
    assert "2026" in grid.rows[1][1].text


@pytest.mark.parametrize("heading", ["Mã xác thực", "MÃ KIỂM TRA (*)", "Verification code"])
def test_the_heading_that_people_are_told_is_understood(client, certificate, heading):
    sent = f"\ufeffTT;{heading}\r\n1;{certificate.verification_code}\r\n".encode()

    assert last_column(send(client, sent, "ho-so.csv"))[1:] == ["Valid"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"%PDF-1.7\n%%EOF\n", "This is a PDF file, not a workbook."),
        (b"", "The submitted file is empty."),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504), "cannot be read as a workbook"),
    ],
    ids=["a certificate", "nothing", "an old program's folder"],
)
def test_what_is_no_workbook_is_named(client, trust, content, sentence):
    assert sentence in unescape(send(client, content).content.decode())


def test_a_workbook_under_a_password_is_told_so_with_the_next_step(client, trust):
    packed = BytesIO()
    with ZipFile(packed, "w") as parts:
        parts.writestr("xl/workbook.xml", "<workbook/>")
    locked = bytearray(packed.getvalue())
    for mark, flags in ((b"PK\3\4", 6), (b"PK\1\2", 8)):  # APPNOTE 4.4.4: bit 0, encrypted
        locked[locked.index(mark) + flags] |= 1

    assert "protected with a password" in send(client, bytes(locked)).content.decode()


def test_a_sheet_that_is_too_long_is_told_so_however_long_it_is(client, trust):
    for rows in (501, 100_001):
        response = send(
            client, "\n".join(["Mã kiểm tra", *["0" * 16] * rows]).encode(), "ho-so.csv"
        )

        assert response.status_code == 422
        assert "more than 500 rows" in response.content.decode()


def test_what_a_workbook_is_counts_and_not_how_it_is_named(client, certificate):
    text = f"Mã kiểm tra\n{certificate.verification_code}\n".encode()

    for name in ("ho-so.xlsx", "ho-so.xls", "ho-so", "ho-so.pdf"):
        assert last_column(send(client, text, name))[1:] == ["Valid"]


def test_a_formula_is_no_code_and_runs_nowhere(client, certificate):
    code = certificate.verification_code
    rows = [[f'="{code}"'], ["=HYPERLINK(A1)"], [f"'{code}"], ["=cmd|' /C calc'!A0"]]

    response = send(client, workbook(["Mã kiểm tra"], rows))

    assert set(last_column(response)[1:]) <= {"Valid", "Cannot be determined"}
    with ZipFile(BytesIO(response.content)) as parts:
        sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
        assert not any(b"<f>" in parts.read(name) for name in sheets)


def test_a_workbook_that_unfolds_to_far_too_much_is_refused(client, trust):
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", "")
        parts.writestr("bomb", bytes(301 * 1024 * 1024))

    response = send(client, packed.getvalue())

    assert response.status_code == 422
    assert "cannot be read as a workbook" in response.content.decode()


def test_a_gigabyte_is_refused_before_it_is_read(client, trust):
    response = client.post(
        MANY, b"x", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(1 << 30)
    )

    assert response.status_code == 409
    assert "5 MB" in response.content.decode()


def test_whoever_sends_many_files_that_are_no_workbooks_is_told_to_wait(client, trust):
    tries = allowances.A_MINUTE // allowances.FILE

    answers = [send(client, b"not a workbook").status_code for _ in range(tries + 1)]

    assert set(answers[:-1]) == {422}
    assert answers[-1] == 429


def test_a_workbook_of_wrong_codes_is_told_to_wait(client, trust):
    response = send(client, workbook(["Mã kiểm tra"], [["0" * 16]] * 61))

    assert response.status_code == 429


def test_the_page_says_what_to_bring_without_a_cookie(client, db):
    response = client.get(MANY)

    assert response.status_code == 200
    assert not response.cookies
