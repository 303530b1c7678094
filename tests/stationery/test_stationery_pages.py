"""Through HTTP: who gets in, what the pages say, what a wrong form answers."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from hocvu.people.models import Category, Post
from hocvu.spreadsheets import read_grids
from hocvu.stationery.actions.blanks import assign_blanks, receive_blanks, spoil_blank
from hocvu.stationery.actions.images import add_image
from hocvu.stationery.actions.templates import start_template, write_version
from hocvu.stationery.models import BlankBook, ImageKind, IssuerImage, Kind, TemplateVersion
from hocvu.stationery.queries.templates import template_in_force
from hocvu.stationery.rules.look import PARAMETERS, Shape, default_look
from stationery.stationery_scene import (
    DAY,
    DELIVERY,
    LATER,
    NEEDED,
    NOON,
    TODAY,
    drawing,
    grant,
    person,
)

RED = (200, 20, 20, 255)


@pytest.fixture
def as_person(client):
    def as_person(someone):
        client.force_login(someone.account)
        return client

    return as_person


@pytest.fixture
def draft(packaged, school, registrar):
    base = template_in_force(school, Kind.COMPLETION, TODAY)
    begun = start_template(
        school, Kind.COMPLETION, "Mẫu của trường", based_on=base, by=registrar, at=NOON
    )
    return write_version(
        begun, source=NEEDED, look=default_look(), seen_at=NOON, by=registrar, at=LATER
    )


@pytest.fixture
def book(school, registrar):
    made = receive_blanks(school, DELIVERY, by=registrar, at=NOON)
    taken = assign_blanks(school, Kind.COMPLETION, ["S-1", "S-2"], by=registrar, at=NOON)
    spoil_blank(taken["S-1"], reason="Kẹt giấy", by=registrar, at=NOON)
    return made


@pytest.fixture
def seal(school, registrar):
    return add_image(school, ImageKind.SEAL, drawing(RED), width_mm=36, by=registrar, at=NOON)


def typed(draft, **other):
    """What the designer's form sends: an unticked box sends nothing."""
    look = default_look() | {key: value for key, value in other.items() if key in default_look()}
    sent = {
        each.key: "on" if each.shape is Shape.SWITCH else look[each.key]
        for each in PARAMETERS
        if each.shape is not Shape.SWITCH or look[each.key]
    }
    rest = {"source": draft.source, "seen_at": draft.written_at.isoformat(), "sample": "usual"}
    return sent | rest | other


def address(name, *args):
    return reverse(f"stationery:{name}", args=args)


def test_the_list_shows_my_units_templates_and_the_packaged_ones(as_person, draft, leader):
    page = as_person(leader).get(address("templates"), {"q": "", "kind": "completion"})

    assert page.status_code == 200
    assert "Mẫu của trường" in page.content.decode()
    assert "Giấy chứng nhận, mẫu của hệ thống" in page.content.decode()
    assert "Bản sao từ sổ gốc" not in page.content.decode()


@pytest.mark.parametrize("who", ["stranger", "colleague", "leader"])
def test_pages_of_a_draft_are_found_by_its_unit_only(as_person, draft, who, request):
    client = as_person(request.getfixturevalue(who))

    found = 404 if who == "stranger" else 200

    assert client.get(address("template", draft.template_id)).status_code == found
    assert client.get(address("version", draft.pk)).status_code == found
    assert client.get(address("image", draft.pk, "usual")).status_code == found


def test_a_template_is_begun_from_a_form(as_person, packaged, school, registrar):
    base = template_in_force(school, Kind.COPY, TODAY)
    form = {"issuer": school.code, "kind": "copy", "name": "Bản sao mới", "based_on": base.pk}

    answer = as_person(registrar).post(address("begin"), form)

    made = TemplateVersion.objects.get(template__name="Bản sao mới")
    assert answer.status_code == 303
    assert answer["Location"] == address("version", made.pk)


def test_a_copy_is_not_begun_from_an_original(as_person, packaged, school, registrar):
    base = template_in_force(school, Kind.CERTIFICATE, TODAY)
    form = {"issuer": school.code, "kind": "copy", "name": "Bản sao", "based_on": base.pk}

    answer = as_person(registrar).post(address("begin"), form)

    assert answer.status_code == 422
    assert "Xin chọn một mẫu của cùng loại giấy." in answer.content.decode()


def test_a_form_begins_with_a_template_of_the_kind_it_names(as_person, packaged, registrar):
    page = as_person(registrar).get(address("begin")).content.decode()

    assert re.search(r'<option value="\d+" selected>Chứng chỉ, mẫu của hệ thống', page)


def test_a_unit_of_others_cannot_be_typed(as_person, packaged, school, other_school, registrar):
    base = template_in_force(school, Kind.COPY, TODAY)
    form = {"issuer": other_school.code, "kind": "copy", "name": "Mẫu", "based_on": base.pk}

    answer = as_person(registrar).post(address("begin"), form)

    assert answer.status_code == 422
    assert "Không có đơn vị nào" in answer.content.decode()


def test_a_draft_is_kept_from_the_designer(as_person, draft, registrar):
    answer = as_person(registrar).post(
        address("version", draft.pk), typed(draft, title="CHỨNG CHỈ MỚI", act="keep")
    )

    draft.refresh_from_db()
    assert answer.status_code == 303
    assert draft.look["title"] == "CHỨNG CHỈ MỚI"
    assert draft.look["frame"] is True


def test_trying_a_draft_keeps_nothing_and_shows_the_page(as_person, draft, registrar):
    answer = as_person(registrar).post(
        address("version", draft.pk), typed(draft, title="CHỈ XEM THỬ", act="try")
    )

    draft.refresh_from_db()
    assert "data:image/png;base64," in answer.content.decode()
    assert "CHỈ XEM THỬ" in answer.content.decode()  # still in its field
    assert draft.look["title"] != "CHỈ XEM THỬ"


@pytest.mark.parametrize("sample", ["usual", "longest", "letters", "barest"])
def test_the_preview_is_a_part_of_the_page(as_person, draft, registrar, sample):
    answer = as_person(registrar).post(address("preview", draft.pk), typed(draft, sample=sample))

    assert answer.content.decode().lstrip().startswith('<div id="preview"')
    assert "data:image/png;base64," in answer.content.decode()


def test_a_faulty_source_is_told_in_words_with_its_line(as_person, draft, registrar):
    answer = as_person(registrar).post(
        address("preview", draft.pk), typed(draft, source="\n\n#let page-of() = [#oho]")
    )

    assert "Dòng 3 của mã nguồn" in answer.content.decode()
    assert "/work" not in answer.content.decode()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"accent": "#FFFFAA"}, "quá nhạt"),
        ({"title": ""}, "title"),
        ({"title": "A" * 300}, "quá dài"),
    ],
)
def test_a_wrong_parameter_is_answered_beside_its_field(
    as_person, draft, registrar, change, sentence
):
    answer = as_person(registrar).post(address("version", draft.pk), typed(draft, **change))

    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_what_was_typed_is_not_lost_when_somebody_else_wrote(
    as_person, draft, registrar, colleague
):
    form = typed(draft, title="CỦA TÔI", act="keep")
    write_version(
        draft, source=NEEDED, look={}, seen_at=draft.written_at, by=colleague, at=LATER + DAY
    )

    answer = as_person(registrar).post(address("version", draft.pk), form)

    assert answer.status_code == 422
    assert "CỦA TÔI" in answer.content.decode()
    assert "đã có người khác sửa" in answer.content.decode()


def test_the_checks_are_told_in_words(as_person, draft, colleague):
    page = as_person(colleague).get(address("checks", draft.pk)).content.decode()

    assert "Họ tên, các số và mã QR đều có chỗ" in page
    assert "cần sửa" not in page


def test_a_second_person_puts_in_use_from_the_page(as_person, draft, school, colleague):
    client = as_person(colleague)
    shown = client.get(address("version", draft.pk))  # may write too: sees the designer
    today = "31/12/2030"

    answer = client.post(
        address("use", draft.pk),
        {"effective_from": today, "seen_at": draft.written_at.isoformat()},
    )

    draft.refresh_from_db()
    assert shown.status_code == 200
    assert answer.status_code == 303
    assert draft.approved_by == colleague


def test_the_writer_is_refused_in_words(as_person, draft, registrar):
    answer = as_person(registrar).post(
        address("use", draft.pk),
        {"effective_from": "31/12/2030", "seen_at": draft.written_at.isoformat()},
    )

    assert answer.status_code == 403
    assert "không phải người soạn" in answer.content.decode()


def test_a_next_version_is_begun_and_given_up(as_person, packaged, school, registrar, draft):
    client = as_person(registrar)

    assert client.post(address("begin_version", draft.pk)).status_code == 409  # a draft stands
    assert client.post(address("give_up", draft.pk)).status_code == 303
    assert client.get(address("version", draft.pk)).status_code == 404


def test_a_version_in_use_shows_its_page_with_every_sample(as_person, packaged, school, leader):
    version = template_in_force(school, Kind.COPY, TODAY)
    client = as_person(leader)

    page = client.get(address("version", version.pk)).content.decode()
    image = client.get(address("image", version.pk, "longest"))

    assert all(address("image", version.pk, name) in page for name in ("usual", "barest"))
    assert image["Content-Type"] == "image/png"
    assert image.content.startswith(b"\x89PNG")
    assert client.get(address("image", version.pk, "no-such")).status_code == 404


# --- Images --------------------------------------------------------------------------------------


def test_a_seal_is_added_by_its_form(as_person, school, registrar):
    file = SimpleUploadedFile("dau.png", drawing(RED), "image/png")
    form = {"issuer": school.code, "kind": "seal", "width_mm": "36", "file": file}

    answer = as_person(registrar).post(address("add_image"), form)

    image = IssuerImage.objects.get()
    assert answer["Location"] == address("issuer_image", image.pk)
    assert as_person(registrar).get(address("image_file", image.pk)).content == bytes(image.png)


def test_a_signature_without_its_signer_is_answered_in_the_form(as_person, school, registrar):
    file = SimpleUploadedFile("ky.png", drawing((20, 40, 190, 255)), "image/png")
    form = {"issuer": school.code, "kind": "signature", "width_mm": "40", "file": file}

    answer = as_person(registrar).post(address("add_image"), form)

    assert answer.status_code == 422
    assert "Chữ ký của ai" in answer.content.decode()


def test_an_unsuitable_file_is_answered_in_the_form(as_person, school, registrar):
    file = SimpleUploadedFile("dau.png", b"MZ" + bytes(100), "image/png")
    form = {"issuer": school.code, "kind": "seal", "width_mm": "36", "file": file}

    answer = as_person(registrar).post(address("add_image"), form)

    assert answer.status_code == 422
    assert "không phải tệp PNG" in answer.content.decode()


def test_a_seal_is_withdrawn_by_its_unit_only(as_person, seal, registrar, leader, stranger):
    assert as_person(stranger).get(address("image_file", seal.pk)).status_code == 404
    assert as_person(leader).post(address("withdraw_image", seal.pk)).status_code == 403
    assert as_person(registrar).post(address("withdraw_image", seal.pk)).status_code == 303


# --- Blanks --------------------------------------------------------------------------------------


def test_a_delivery_is_entered_by_its_form(as_person, school, registrar):
    form = {
        "issuer": school.name,
        "kind": "completion",
        "series": "b",
        "first_number": "000101",
        "last_number": "000200",
        "received_from": "Nhà in Mẫu",
        "document_number": "16/PGH",
        "received_on": "20/11/2026",
    }

    answer = as_person(registrar).post(address("receive"), form)

    made = BlankBook.objects.get()
    assert answer["Location"] == address("book", made.pk)
    assert str(made) == "B 000101–B 000200"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"first_number": "12a"}, "chữ số"),
        ({"last_number": "000050"}, "Số cuối"),
        ({"received_on": "31/12/2099"}, "chưa tới"),
    ],
)
def test_a_wrong_delivery_is_answered_in_the_form(as_person, school, registrar, change, sentence):
    form = {
        "issuer": school.code,
        "kind": "completion",
        "first_number": "000101",
        "last_number": "000200",
        "received_from": "Nhà in Mẫu",
        "document_number": "16/PGH",
        "received_on": "20/11/2026",
    }

    answer = as_person(registrar).post(address("receive"), form | change)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not BlankBook.objects.exists()


def test_the_register_shows_the_balance_and_exports_it(as_person, book, leader):
    client = as_person(leader)

    page = client.get(address("books")).content.decode()
    file = client.get(address("books"), {"format": "xlsx"})

    assert "A 000001–A 000010" in page
    (grid,) = read_grids("phoi.xlsx", file.content)
    texts = [[cell.text for cell in row] for row in grid.rows]
    (row,) = [each for each in texts if "A 000001–A 000010" in each]
    assert row[-6:] == ["10", "8", "1", "1", "0", "0"]


def test_a_blank_is_spoiled_lost_and_corrected_from_its_page(as_person, book, registrar):
    client = as_person(registrar)
    blank = book.blanks.get(number=5)

    client.post(address("blank", blank.pk), {"act": "spoil", "reason": "Rách góc"})
    client.post(address("blank", blank.pk), {"act": "take_back", "reason": "Nhầm tờ"})
    lost = {"act": "lose", "reason": "Kiểm kê thiếu"}
    refused = client.post(address("blank", blank.pk), lost)
    client.post(address("blank", blank.pk), lost | {"minutes_number": "3/BB"})

    page = client.get(address("blank", blank.pk)).content.decode()
    assert refused.status_code == 422
    assert "biên bản" in refused.content.decode()
    for words in ("Hỏng: Rách góc", "Đính chính, phôi chưa in: Nhầm tờ", "biên bản số 3/BB"):
        assert words in page


def test_a_move_that_cannot_be_is_refused_in_words(as_person, book, registrar):
    blank = book.blanks.get(number=1)  # spoiled already

    answer = as_person(registrar).post(
        address("blank", blank.pk), {"act": "spoil", "reason": "Lần nữa"}
    )

    assert answer.status_code == 409
    assert "hỏng" in answer.content.decode()


def test_spoiled_sheets_of_a_book_are_destroyed_from_its_page(as_person, book, registrar):
    client = as_person(registrar)

    incomplete = client.post(address("destroy", book.pk), {"reason": "Cắt nhỏ"})
    client.post(address("destroy", book.pk), {"reason": "Cắt nhỏ", "minutes_number": "7/BB"})

    assert incomplete.status_code == 422
    assert book.blanks.filter(state="destroyed").count() == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"serial_numbers": "\n".join(f"N-{at}" for at in range(9))}, "chỉ còn 8 phôi"),
        ({"serial_numbers": "\n".join(f"N-{at}" for at in range(201))}, "nhiều nhất 200"),
        ({"serial_numbers": "N" * 41}, "dài nhất 40"),
        ({"serial_numbers": " \n "}, "serial_numbers"),
        ({"kind": "certificate"}, "chỉ còn 0 phôi"),
        ({"issuer": "VN"}, "Không có đơn vị nào"),
    ],
)
def test_blanks_that_cannot_be_taken_are_refused_in_the_form(
    as_person, book, registrar, change, sentence
):
    form = {"issuer": book.issuer.code, "kind": "completion", "serial_numbers": "N-0"}

    answer = as_person(registrar).post(address("take"), form | change)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert book.blanks.filter(state="left").count() == 8


@pytest.mark.parametrize("name", ["begin", "add_image", "receive", "take"])
def test_only_registrars_enter_anything(as_person, book, leader, name):
    answer = as_person(leader).get(address(name))

    assert answer.status_code == 403
    assert "Chỉ cán bộ quản lý văn bằng" in answer.content.decode()


def test_the_journal_holds_every_entry_of_my_units(as_person, book, leader, stranger):
    page = as_person(leader).get(address("journal"), {"after": "spoiled"}).content.decode()

    assert "Kẹt giấy" in page
    assert "S-2" not in page
    assert "Kẹt giấy" not in as_person(stranger).get(address("journal")).content.decode()
    assert as_person(stranger).get(address("book", book.pk)).status_code == 404
    assert as_person(stranger).get(address("blank", book.blanks.first().pk)).status_code == 404


def test_people_without_a_part_in_certificates_see_nothing(as_person, book, draft, nation):
    client = as_person(person("Nguyễn Văn Học"))

    for name in ("templates", "images", "books", "journal"):
        page = client.get(address(name)).content.decode()
        assert "Mẫu của trường" not in page
        assert "A 000001" not in page
    assert client.get(address("template", draft.template_id)).status_code == 404


def test_a_form_begins_with_the_unit_the_registrar_works_in(as_person, registrar, city, school):
    grant(registrar, "registrar", city)
    Post.objects.create(
        person=registrar, unit=school, category=Category.CIVIL_SERVANT, is_main=True, from_on=TODAY
    )

    page = as_person(registrar).get(reverse("stationery:receive")).content.decode()

    assert f'value="{school.name}"' in page
    assert f'value="{city.name}"' not in page
