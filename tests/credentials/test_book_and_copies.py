"""The register as a bound book, copies from it, and how numbers are written."""

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from credentials.recognition_scene import NOON, TEXT, certify, sign_in
from hocvu.credentials.actions import correct_certificate, issue_copy, revoke_certificate
from hocvu.credentials.actions.copies import NothingToCopy
from hocvu.credentials.models import RegisterCopy
from hocvu.credentials.queries.book import book_pdf, copies_open_to, volumes_up_to
from hocvu.credentials.rules.causes import Ruling
from hocvu.credentials.rules.copies import CopyRequest
from hocvu.kernel.errors import NotAllowed
from hocvu.stationery.actions.number_formats import DayIsTaken, FormatIsUnusable, set_number_format
from hocvu.stationery.rules.numbering import Fault, NumberFormats, fault_of
from hocvu.trust.queries.believed import trusted_roots
from hocvu_verifier import verify_pdf

REQUEST = CopyRequest(
    recipient="Phòng Nội vụ",
    purpose="Bổ sung hồ sơ",
    place="Hải Phòng",
    capacity="TL. HIỆU TRƯỞNG",
    signer_title="Trưởng phòng Đào tạo",
    signer_name="Lê Thị Mẫu",
)
needs_poppler = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="needs Debian's poppler-utils"
)


def copy(certificate, registrar, **more):
    named = {"client_id": uuid4(), "by": registrar, "at": NOON, **more}
    return issue_copy(certificate, REQUEST, **named)


def boxes_of(pdf, tmp_path):
    """Every word of the second page with its left, top, right and bottom edge in points."""
    file = tmp_path / "book.pdf"
    file.write_bytes(pdf)
    told = subprocess.run(
        ["pdftotext", "-bbox", "-f", "2", "-l", "2", file, "-"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    found = re.findall(r'xMin="(.+)" yMin="(.+)" xMax="(.+)" yMax="(.+)">(.*)</word>', told)
    return [(word, *map(float, edges)) for *edges, word in found]


def overlap(one, other):
    """Whether two boxes share more than the air around their letters."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return across > 1 and down > 3  # points


def words_of(pdf, tmp_path):
    file = tmp_path / "document.pdf"
    file.write_bytes(pdf)
    said = subprocess.run(
        ["pdftotext", "-layout", "-enc", "UTF-8", file, "-"],
        check=True,
        capture_output=True,
        text=True,
    )
    return " ".join(said.stdout.split())


# --- copies -----------------------------------------------------------------------------------


def test_copies_are_numbered_in_a_book_of_their_own(certificates, registrar):
    made = [copy(each, registrar) for each in certificates[:2]]

    assert [each.copy_number for each in made] == ["00001/2026/BS", "00002/2026/BS"]
    assert verify_pdf(bytes(made[0].file), trusted_roots=trusted_roots())


@needs_poppler
def test_a_copy_says_what_the_register_says_today(certificate, registrar, tmp_path):
    says = replace(certificate.holder, full_name="Phạm Văn Ẩn")
    ruling = Ruling("10/QĐ-TCT", date(2026, 11, 20), "written_wrong")
    correct_certificate(certificate, says, ruling=ruling, by=registrar, at=NOON)

    words = words_of(bytes(copy(certificate, registrar).file), tmp_path)

    assert "Phạm Văn Ẩn" in words
    assert "00001/2026/BS" in words
    assert "10/QĐ-TCT" in words


@needs_poppler
def test_a_copy_says_when_it_was_signed_itself(certificate, registrar, tmp_path):
    made = copy(certificate, registrar, at=NOON + timedelta(hours=3))

    words = words_of(bytes(made.file), tmp_path)

    assert "20/11/2026 15:00:00 +07:00" in words
    assert "12:00:00" not in words


def test_a_copy_asked_for_twice_with_one_form_is_issued_once(certificate, registrar):
    form = UUID(int=7)

    assert copy(certificate, registrar, client_id=form) == copy(
        certificate, registrar, client_id=form
    )
    assert RegisterCopy.objects.count() == 1


def test_a_revoked_certificate_is_not_copied(certificate, registrar):
    revoke_certificate(certificate, reason="QĐ 09/QĐ-TCT", by=registrar, at=NOON)

    with pytest.raises(NothingToCopy):
        copy(certificate, registrar)


def test_a_stranger_and_the_holder_issue_no_copies(certificate, stranger, learners):
    for somebody in (stranger, learners[0]):
        with pytest.raises(NotAllowed):
            copy(certificate, somebody)


def test_a_copy_is_written_once(certificate, registrar):
    copy(certificate, registrar)

    with pytest.raises(IntegrityError), transaction.atomic():
        RegisterCopy.objects.update(recipient="Người khác")


def test_copies_are_seen_within_reach(certificate, registrar, stranger):
    made = copy(certificate, registrar)

    assert list(copies_open_to(registrar)) == [made]
    assert not copies_open_to(stranger).exists()


def test_a_copy_is_issued_by_the_pages(client, certificate, registrar):
    address = reverse("credentials:copy", args=[certificate.pk])
    form = sign_in(client, registrar).get(address).context["form"]
    body = {**vars(REQUEST), "client_id": form.initial["client_id"]}

    answer = client.post(address, body)
    book = client.get(answer["Location"]).content.decode()

    file = reverse("credentials:copy_file", args=[RegisterCopy.objects.get().pk])
    assert answer["Location"] == reverse("credentials:copies")
    assert "00001/2026/BS" in book
    assert file in book
    assert client.get(file).content.startswith(b"%PDF-")


# --- the book ---------------------------------------------------------------------------------


@needs_poppler
def test_a_volume_has_a_title_page_numbered_pages_and_a_place_to_sign(
    certificates, registrar, school, tmp_path
):
    revoke_certificate(certificates[1], reason="QĐ 09/QĐ-TCT", by=registrar, at=NOON)

    words = words_of(book_pdf(school, 2026, 1, at=NOON), tmp_path)

    for said in (
        "SỔ GỐC CẤP GIẤY CHỨNG NHẬN, CHỨNG CHỈ NĂM 2026",
        "Quyển số: 01",
        "Từ số 1 đến số 3",
        "Trang 2 / 2",
        "NGƯỜI GIỮ SỔ",
        "Thu hồi",
    ):
        assert said in words, said


@needs_poppler
def test_no_number_of_a_volume_runs_into_the_column_beside_it(
    training_class, school, learners, registrar, tmp_path
):
    for each in learners:
        each.birth_place = "xã Vĩnh Bảo, huyện Vĩnh Bảo, thành phố Hải Phòng"
        each.save()
    long_numbers = NumberFormats("{issuer}-CN-{year}-{number:08}")
    day = NOON.date()
    set_number_format(
        school, long_numbers, valid_from=day, by=registrar, at=NOON - timedelta(days=5)
    )
    certify(training_class, registrar)

    boxes = boxes_of(book_pdf(school, 2026, 1, at=NOON), tmp_path)

    overlapping = [
        (one[0], other[0]) for one, other in combinations(boxes, 2) if overlap(one[1:], other[1:])
    ]
    assert len(boxes) > 100
    assert not overlapping


@pytest.mark.parametrize(("last", "volumes"), [(0, 0), (1, 1), (1_000, 1), (1_001, 2)])
def test_a_thousand_entries_fill_a_volume(last, volumes):
    assert volumes_up_to(last) == volumes


def test_a_volume_opens_within_reach_only(client, certificate, registrar, school, stranger):
    pages = [reverse("credentials:volume", args=[school.pk, 2026, number]) for number in (1, 2)]

    assert [sign_in(client, registrar).get(page).status_code for page in pages] == [200, 404]
    assert sign_in(client, stranger).get(pages[0]).status_code == 404
    assert pages[0] in sign_in(client, registrar).get(reverse("credentials:book")).content.decode()


# --- numbers ----------------------------------------------------------------------------------


def test_an_issuer_writes_its_numbers_in_its_own_way_from_a_day_on(
    training_class, school, registrar
):
    formats = NumberFormats("{issuer}.{year}.{number:04}", "{year}/{number:03}")
    set_number_format(
        school,
        formats,
        valid_from=date(2026, 11, 20),
        by=registrar,
        at=NOON - timedelta(days=5),
    )

    first = certify(training_class, registrar, TEXT)[0]

    assert (first.serial_number, first.register_entry_number) == ("TCT-31.2026.0001", "2026/001")


def test_formats_count_from_a_day_to_come_and_once_a_day(school, registrar, stranger):
    day, formats = NOON.date() + timedelta(days=1), NumberFormats()
    set_number_format(school, formats, valid_from=day, by=registrar, at=NOON)
    set_number_format(school, formats, valid_from=day, by=registrar, at=NOON)

    with pytest.raises(DayIsTaken):
        set_number_format(
            school, NumberFormats("{issuer}/{year}/{number}"), valid_from=day, by=registrar, at=NOON
        )
    with pytest.raises(DayIsTaken):
        set_number_format(school, formats, valid_from=NOON.date(), by=registrar, at=NOON)
    with pytest.raises(NotAllowed):
        set_number_format(school, formats, valid_from=day, by=stranger, at=NOON)


@pytest.mark.parametrize(
    ("form", "fault"),
    [
        ("{issuer}-{year}-{number:06}", None),
        ("{issuer}-{number:06}", Fault.NO_YEAR),
        ("{issuer}-{year}", Fault.NO_NUMBER),
        ("{year}-{number}", Fault.NO_ISSUER),
        ("{issuer}-{year}{number}", Fault.RUNS_TOGETHER),
        ("{issuer}-1{number}-{year}", Fault.RUNS_TOGETHER),
        ("{issuer} {year} {number}", Fault.ODD_CHARACTERS),
        ("{issuer}-{year}-{number}{0}", Fault.ODD_CHARACTERS),
        ("X" * 30 + "{issuer}-{year}-{number}", Fault.TOO_LONG),
    ],
)
def test_a_format_that_could_give_a_number_twice_is_refused(form, fault):
    assert fault_of(form, "TCT-31", names_issuer=True) is fault


def test_an_unusable_format_is_refused_in_words(school, registrar):
    with pytest.raises(FormatIsUnusable, match="X"):
        set_number_format(
            school,
            NumberFormats("X-{number}"),
            valid_from=NOON.date() + timedelta(days=1),
            by=registrar,
            at=NOON,
        )
