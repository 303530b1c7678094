import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from hocvu.spreadsheets import read_grids, write_table

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


def test_a_workbook_of_wrong_codes_is_told_to_wait(client, trust):
    response = send(client, workbook(["Mã kiểm tra"], [["0" * 16]] * 61))

    assert response.status_code == 429


def test_the_page_says_what_to_bring_without_a_cookie(client, db):
    response = client.get(MANY)

    assert response.status_code == 200
    assert not response.cookies
