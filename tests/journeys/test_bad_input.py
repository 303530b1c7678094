"""What goes wrong gets a sentence that says what it is and what to do; nothing stored is lost."""

import re
from datetime import timedelta
from io import RawIOBase
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.translation import override

from hocvu.audit.models import AuditEntry
from hocvu.classes.actions import close_roll, open_roll
from hocvu.classes.models import BridgePoint, Enrolment, RollMark, TrainingClass
from hocvu.classes.queries import code_for
from hocvu.credentials.models import Certificate, RegisterEntry
from hocvu.exams.models import Answer, Attempt, Sitting
from hocvu.people.models import Account, Person, Post, RoleGrant, RosterImport
from hocvu.recognition.actions import approve_results
from hocvu.recognition.models import Proposal, RecognitionDecision
from journeys.plain_browser import PlainBrowser
from journeys.roster_files import plain_roster
from journeys.small_scene import PASSWORD, scene

pytestmark = pytest.mark.django_db
WARD = "Phường Thủy Nguyên"
MEGABYTE = 1024 * 1024
EXCLAIMS_OR_CODES = re.compile(r"!|\b(?:Traceback|Exception|Error \d|errno)\b")


@pytest.fixture
def stage(trust):
    return scene()


@pytest.fixture
def officer(stage):
    return PlainBrowser().sign_in("daotao", PASSWORD)


@pytest.fixture
def coordinator(stage):
    return PlainBrowser().sign_in("dieuphoi", PASSWORD)


@pytest.fixture
def learner(stage):
    return PlainBrowser().sign_in("hocvien", PASSWORD)


@pytest.fixture
def registrar(stage):
    return PlainBrowser().sign_in("vanthu", PASSWORD)


def told(page, *words):
    """The page is one of ours, in Vietnamese, polite, and holds these words."""
    assert page.headers["Content-Type"].startswith("text/html")
    assert not EXCLAIMS_OR_CODES.search(page.text), page.text
    for word in words:
        assert word.casefold() in page.text.casefold(), page.text


def upload(browser, content, name="danh-sach.xlsx", status=200):
    browser.open("/rosters/upload/")
    file = SimpleUploadedFile(name, content)
    return browser.submit(browser.page.form("unit"), files={"file": file}, status=status)


def take_over(browser):
    return browser.submit(browser.page.form(to="/import/"))


# --- files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"%PDF-1.7\n1 0 obj", "PDF"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 64, "ảnh"),
        (b"<html><form><input name=a></form></html>", "trang web"),
        (b"", "không có"),
        (b"PK\x03\x04" + b"x" * 200, ""),
        (bytes(range(256)) * 8, ""),
    ],
)
def test_a_file_that_is_not_what_it_says_is_named_for_what_it_is(officer, content, word):
    page = upload(officer, content, status=422)

    told(page, word)
    assert RosterImport.objects.count() == 0


class Upload(RawIOBase):
    """A form with a file of zeros, made while it is read; it knows how much anybody asked for."""

    def __init__(self, size):
        self.size, self.given = size, 0
        self.head = (
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\n'
            b"Content-Type: application/octet-stream\r\n\r\n"
        )

    def readable(self):
        return True

    def readinto(self, buffer):
        count = min(len(buffer), self.size - self.given)
        part = self.head[self.given : self.given + count]
        buffer[: len(part)] = part
        buffer[len(part) : count] = bytes(count - len(part))
        self.given += count
        return count


@pytest.mark.parametrize("path", ["/rosters/upload/", "/verify/"])
def test_two_hundred_megabytes_are_refused_in_words_before_they_are_read(officer, path):
    officer.open(path)
    body = Upload(200 * MEGABYTE)

    answer = officer.client.generic(
        "POST",
        path,
        headers={"X-CSRFToken": officer.client.cookies["csrftoken"].value},
        **{
            "wsgi.input": body,
            "CONTENT_TYPE": "multipart/form-data; boundary=x",
            "CONTENT_LENGTH": str(body.size),
        },
    )

    assert body.given < MEGABYTE
    assert answer.status_code in {409, 413, 422}
    assert "20 MB" in answer.content.decode()
    assert RosterImport.objects.count() == 0


def test_a_formula_is_never_taken_for_what_it_computes(officer):
    content = plain_roster([("=1+1", 1980, "", WARD), ("Trần Thị Bình", "=1900+81", "", WARD)])

    upload(officer, content)
    told(officer.page, "công thức")
    take_over(officer)

    assert not Person.objects.filter(full_name__startswith="=").exists()
    assert not Person.objects.filter(full_name__in=["2", "0"]).exists()


def test_a_name_that_begins_like_a_formula_leaves_no_formula_in_an_export(officer, stage):
    Person.objects.filter(pk=stage.learner.pk).update(full_name='=HYPERLINK("http://a.b")')

    page = officer.open("/people/?format=xlsx")

    import zipfile
    from io import BytesIO

    with zipfile.ZipFile(BytesIO(page.content)) as book:
        sheets = [book.read(name) for name in book.namelist() if "worksheets/sheet" in name]
    assert not any(b"<f>" in sheet for sheet in sheets)


def test_one_number_with_two_names_is_taken_over_for_neither(officer):
    rows = [
        ("Trần Thị Bình", 1980, "031180000777", WARD),
        ("Lê Văn Cảnh", 1980, "031180000777", WARD),
        ("Đỗ Văn Dân", 1980, "", WARD),
    ]

    upload(officer, plain_roster(rows))
    told(officer.page, "Trần Thị Bình", "Lê Văn Cảnh")
    take_over(officer)

    names = set(Person.objects.values_list("full_name", flat=True))
    assert "Đỗ Văn Dân" in names
    assert not {"Trần Thị Bình", "Lê Văn Cảnh"} & names


def test_a_known_number_under_another_name_changes_nobody(officer, stage):
    number = stage.learner.identity_number

    upload(officer, plain_roster([("Hoàng Văn Khác", 1980, number, WARD)]))
    told(officer.page, "số")
    take_over(officer)

    stage.learner.refresh_from_db()
    assert stage.learner.full_name == "Nguyễn Thị Hạnh"
    assert not Person.objects.filter(full_name="Hoàng Văn Khác").exists()


def test_a_unit_that_does_not_exist_is_named_and_its_row_left_out(officer):
    upload(officer, plain_roster([("Trần Thị Bình", 1980, "", "Phường Không Có Thật")]))
    told(officer.page, "Phường Không Có Thật")
    take_over(officer)

    assert not Person.objects.filter(full_name="Trần Thị Bình").exists()


def test_a_roster_of_another_unit_is_refused(officer, stage):
    officer.open("/rosters/upload/")
    form = officer.page.form("unit")
    file = SimpleUploadedFile("a.xlsx", plain_roster([("Trần Thị Bình", 1980, "", WARD)]))

    page = officer.submit(form, unit=str(stage.far.pk), files={"file": file}, status=422)

    told(page)
    assert RosterImport.objects.count() == 0


# --- stale forms, double clicks, lost replies -----------------------------------------------------


def test_a_roster_is_imported_once_however_often_the_button_is_pressed(officer):
    upload(officer, plain_roster([("Trần Thị Bình", 1980, "", WARD)]))
    address = officer.page.form(to="/import/").action
    take_over(officer)
    first = officer.page.text

    page = officer.send(address, officer.last)

    assert page.text == first
    assert Person.objects.filter(full_name="Trần Thị Bình").count() == 1
    assert Post.objects.filter(person__full_name="Trần Thị Bình").count() == 1


def test_the_same_file_twice_is_one_upload(officer):
    content = plain_roster([("Trần Thị Bình", 1980, "", WARD)])

    upload(officer, content)
    upload(officer, content)

    assert RosterImport.objects.count() == 1


def test_a_roster_given_up_in_another_window_cannot_be_imported(officer):
    upload(officer, plain_roster([("Trần Thị Bình", 1980, "", WARD)]))
    stale = officer.page.form(to="/import/")
    officer.submit(officer.page.form(to="/give-up/"))

    page = officer.submit(stale, status=409)

    told(page)
    assert not Person.objects.filter(full_name="Trần Thị Bình").exists()


def counts():
    kept = (
        TrainingClass, BridgePoint, Enrolment, RollMark, Sitting, Attempt, Answer,
        RecognitionDecision, Certificate, RegisterEntry, RoleGrant, Account, RosterImport, Person,
        Post, AuditEntry,
    )  # fmt: skip
    return {model.__name__: model.objects.count() for model in kept}


def sent_twice(browser, address, body):
    """Press the button, lose the reply, press again: what the second answer says."""
    browser.send(address, body)
    after_one = counts()
    page = browser.send(address, body)
    assert counts() == after_one
    told(page)
    return page


def test_opening_a_class_twice_opens_one(officer, stage):
    officer.open("/classes/open/")
    form = officer.page.form("programme")
    body = {
        **dict(form.fields),
        "name": "Lớp mới",
        "code": "HP-2",
        "host_unit": stage.city.pk,
        "starts_on": timezone.localdate().isoformat(),
    }

    sent_twice(officer, "/classes/open/", body)

    assert TrainingClass.objects.filter(code="HP-2").count() == 1


def test_every_other_button_of_an_officer_pressed_twice_does_once(officer, stage):
    class_url = f"/classes/{stage.training_class.pk}"
    officer.open(f"{class_url}/")
    token = officer.page.form  # the token of the session stands in any form
    officer.open(f"{class_url}/bridge-points/add/")
    csrf = dict(officer.page.form("unit").fields)["csrfmiddlewaretoken"]
    assert token
    newcomer = stage.newcomer
    steps = [
        (f"{class_url}/bridge-points/add/", {"unit": stage.island.pk}),
        (f"{class_url}/learners/enrol/", {"row": [newcomer.pk], "point": stage.point.pk}),
        (f"{class_url}/learners/enrol-unit/", {"unit": stage.ward.pk}),
        (f"/bridge-points/{stage.point.pk}/appoint/chair/", {"person": stage.learner.pk}),
        (
            f"/tests/classes/{stage.training_class.pk}/open/",
            {
                "paper": stage.paper.pk,
                "opens_at": "2026-11-01T08:00",
                "closes_at": "2036-11-01T08:00",
                "attempts_allowed": "2",
            },
        ),
    ]

    for address, body in steps:
        sent_twice(officer, address, {**body, "csrfmiddlewaretoken": csrf})


def test_withdrawing_a_learner_twice_withdraws_once(officer, stage):
    address = f"/enrolments/{stage.enrolment.pk}/withdraw/"
    officer.open(address)
    body = {**dict(officer.page.form("reason").fields), "reason": "chuyển công tác"}

    sent_twice(officer, address, body)


def test_a_roll_opened_marked_and_closed_twice_is_so_once(coordinator, stage):
    roll = f"/rolls/{stage.roll.pk}"
    coordinator.open(f"{roll}/")
    csrf = {"csrfmiddlewaretoken": dict(coordinator.page.form().fields)["csrfmiddlewaretoken"]}
    mark = {"enrolment": stage.enrolment.pk, "presence": "present", "client_id": str(uuid4())}

    for address, body in (
        (f"{roll}/open/", {}),
        (f"{roll}/mark/", mark),
        (f"{roll}/mark/", {"present": stage.enrolment.pk}),
        (
            f"{roll}/learners/{stage.enrolment.pk}/",
            {"presence": "absent", "reason": "nhầm", "client_id": str(uuid4())},
        ),
        (f"{roll}/close/", {"head_count": "0"}),
    ):
        sent_twice(coordinator, address, {**body, **csrf})


def test_a_signed_sheet_entered_twice_is_entered_once(coordinator, stage):
    address = f"/rolls/{stage.roll.pk}/sheet/"
    body = {**dict(coordinator.open(address).form("head_count").fields), "head_count": "1"}

    sent_twice(coordinator, address, body)

    assert RollMark.objects.get().presence == "present"


def test_a_roll_closed_meanwhile_refuses_the_mark_of_a_stale_page(coordinator, stage):
    open_roll(stage.roll, by=stage.coordinator, at=timezone.now())
    coordinator.open(f"/rolls/{stage.roll.pk}/")
    stale = coordinator.page.form("present")
    close_roll(stage.roll, head_count=0, by=stage.coordinator, at=timezone.now())

    page = coordinator.submit(stale, present=str(stage.enrolment.pk), status=409)

    told(page, "đã")
    assert not RollMark.objects.exists()


def test_a_test_started_answered_and_handed_in_twice_is_so_once(learner, stage):
    sitting = stage.sitting()
    address = f"/tests/sittings/{sitting.pk}/"
    learner.open(address)
    csrf = dict(learner.page.form().fields)
    sent_twice(learner, address, csrf)
    attempt = Attempt.objects.get()
    form = learner.page.form("act")
    body = {**dict(form.fields), f"q-{stage.question.pk}": ["a"], "act": "save"}

    sent_twice(learner, f"/tests/attempts/{attempt.pk}/", body)
    sent_twice(learner, f"/tests/attempts/{attempt.pk}/hand-in/", csrf)

    assert Attempt.objects.get().passed
    assert Answer.objects.get().chosen == ["a"]


def test_a_stale_page_of_a_test_overwrites_no_newer_answer(learner, stage):
    attempt = stage.attempt()
    address = f"/tests/attempts/{attempt.pk}/"
    stale = dict(learner.open(address).form("act").fields)
    learner.send(address, {**stale, f"q-{stage.question.pk}": ["a"], "act": "save"})

    page = learner.send(address, {**stale, f"q-{stage.question.pk}": ["b"], "act": "save"})

    told(page, "cửa sổ")
    assert Answer.objects.get().chosen == ["a"]


def test_a_proposal_sent_twice_is_one_proposal(registrar, stage):
    stage.finish()
    approve_results(stage.training_class, by=stage.registrar, at=timezone.now())
    address = f"/recognition/{stage.training_class.pk}/decide/"
    registrar.open(address)
    body = {
        **dict(registrar.page.form("signer_name").fields),
        "place": "Hải Phòng",
        "signer_title": "Phó Chủ tịch",
        "signer_name": "Lương Khánh Bách",
    }

    sent_twice(registrar, address, body)

    assert Proposal.objects.count() == 1


def test_a_proposal_is_refused_when_the_list_has_changed_since_it_was_shown(registrar, stage):
    stage.enrol_newcomer()
    stage.finish()
    approve_results(stage.training_class, by=stage.registrar, at=timezone.now())
    form = registrar.open(f"/recognition/{stage.training_class.pk}/decide/").form("signer_name")
    Enrolment.objects.filter(person=stage.newcomer).update(withdrawn_at=timezone.now())

    page = registrar.submit(
        form,
        place="Hải Phòng",
        signer_title="Phó Chủ tịch",
        signer_name="Lương Khánh Bách",
        status=422,
    )

    told(page, "danh sách")
    assert "Lương Khánh Bách" in page.content.decode()  # nothing typed is lost
    assert Proposal.objects.count() == 0


def test_revoking_and_closing_twice_happen_once(registrar, officer, stage):
    certificate = stage.certificate()
    address = f"/certificates/{certificate.pk}/revoke/"
    registrar.open(address)
    body = {
        **dict(registrar.page.form("cause").fields),
        "decision_number": "9/QĐ",
        "decided_on": "20/11/2026",
        "cause": "issuer_error",
    }

    sent_twice(registrar, address, body)
    officer.open("/classes/open/")
    csrf = dict(officer.page.form("programme").fields)["csrfmiddlewaretoken"]
    sent_twice(officer, f"/classes/{stage.training_class.pk}/close/", {"csrfmiddlewaretoken": csrf})

    assert RegisterEntry.objects.filter(event="revoke").count() == 1


def test_roles_accounts_and_passwords_are_given_once(stage):
    admin = PlainBrowser().sign_in("quantri", PASSWORD)
    person = f"/people/{stage.newcomer.pk}"
    admin.open(f"{person}/roles/")
    csrf = {
        "csrfmiddlewaretoken": dict(admin.page.form("role").fields)["csrfmiddlewaretoken"],
    }
    new = "một mật khẩu thật là dài"
    steps = [
        (f"{person}/roles/", {"role": "leader", "unit": stage.ward.code}),
        (f"{person}/account/", {"username": "nguoimoi", "password": new}),
    ]
    for address, body in steps:
        sent_twice(admin, address, {**body, **csrf})
    grant = RoleGrant.objects.get(person=stage.newcomer)
    sent_twice(admin, f"/roles/{grant.pk}/end/", csrf)


# --- check-in codes -------------------------------------------------------------------------------


def checks_in(learner, code, status):
    learner.open("/check-in/")
    return learner.submit(learner.page.form("code"), code=code, status=status)


def test_a_code_replayed_after_its_time_says_that_it_has_expired(learner, stage):
    now = timezone.now()
    open_roll(stage.roll, by=stage.coordinator, at=now)
    old = code_for(stage.roll, now - timedelta(minutes=3))

    page = checks_in(learner, old.typed, 422)
    told(page, "hết hạn")
    scanned = learner.open(f"/c/{old.token}/")
    page = learner.submit(scanned.form("client_id"), status=422)
    told(page, "hết hạn")

    assert not RollMark.objects.exists()


def test_a_code_of_another_roll_or_nobodys_is_refused(learner, stage):
    now = timezone.now()
    open_roll(stage.roll, by=stage.coordinator, at=now)
    elsewhere = stage.main_roll
    open_roll(elsewhere, by=stage.officer, at=now)

    told(checks_in(learner, code_for(elsewhere, now).typed, 422), "điểm cầu")
    genuine = code_for(stage.roll, now).token
    forged = ("A" if genuine[-1] != "A" else "B").join((genuine[:-1], ""))
    page = learner.open(f"/c/{forged}/")
    page = learner.submit(page.form("client_id"), status=422)
    told(page, "mã")

    assert not RollMark.objects.exists()


def test_a_code_used_twice_marks_once(learner, stage):
    now = timezone.now()
    open_roll(stage.roll, by=stage.coordinator, at=now)
    learner.open("/check-in/")
    form = learner.page.form("code")
    body = {**dict(form.fields), "code": code_for(stage.roll, timezone.now()).typed}

    learner.send("/check-in/", body)
    first = learner.page.text
    learner.send("/check-in/", body)

    assert learner.page.text == first
    assert RollMark.objects.count() == 1


def test_codes_cannot_be_tried_one_after_the_other(learner, stage):
    open_roll(stage.roll, by=stage.coordinator, at=timezone.now())

    for _attempt in range(10):
        checks_in(learner, "000000", 422)
    page = checks_in(learner, "000000", 429)

    told(page)


# --- certificates ---------------------------------------------------------------------------------


def verified(content):
    stranger = PlainBrowser()
    stranger.open("/verify/")
    file = SimpleUploadedFile("chung-chi.pdf", content)
    return stranger.submit(stranger.page.form("code"), files={"file": file})


def test_a_tampered_pdf_is_called_altered_wherever_it_was_touched(stage):
    file = bytes(stage.certificate().file)
    with override("vi"):
        assert "Hợp lệ" in verified(file).text

    for at in (10, len(file) // 3, len(file) // 2, len(file) - 10):
        touched = bytearray(file)
        touched[at] ^= 1
        page = verified(bytes(touched))

        told(page)
        assert "Hợp lệ" not in page.text, f"byte {at}"
    assert "Hợp lệ" not in verified(file + b"\n").text


def test_a_forged_certificate_is_never_valid(stage):
    certificate = stage.certificate()
    forged = b"%PDF-1.7\n" + certificate.serial_number.encode() + b"\n%%EOF"

    page = verified(forged)
    told(page)
    assert "Hợp lệ" not in page.text

    stranger = PlainBrowser()
    page = stranger.open("/v/0000-0000-0000-0000/")
    told(page, "không")
    assert "Hợp lệ" not in page.text


def test_a_certificate_put_into_the_database_behind_the_register_is_not_valid(stage):
    real = stage.certificate()
    entry = stage.entry_without_certificate()
    forged = Certificate.objects.create(
        entry=entry,
        serial_number="31-2026-000999",
        register_year=2026,
        register_number=999,
        issuer=real.issuer,
        verification_code="ABCDEFGH23456789",
        issued_at=real.issued_at,
        file=bytes(real.file) + b"\n",
        file_sha256="0" * 64,
    )

    page = PlainBrowser().open(f"/v/{forged.verification_code}/")

    told(page)
    assert "Hợp lệ" not in page.text


@pytest.mark.parametrize(
    ("code", "status"),
    [("https://hocvu.example/v/0000000000000000/", 200), ("a/b", 422), ("../x", 422)],
)
def test_whatever_is_typed_as_a_code_is_answered_in_words(stage, code, status):
    stranger = PlainBrowser()
    stranger.open("/verify/")

    stranger.submit(stranger.page.form("code"), status=status, code=code)

    told(stranger.page)
    assert "Hợp lệ" not in stranger.page.text


def test_neither_a_code_nor_a_file_is_a_sentence(stage):
    stranger = PlainBrowser()
    stranger.open("/verify/")

    page = stranger.submit(stranger.page.form("code"), status=422)

    told(page, "mã")


# --- forms without their token --------------------------------------------------------------------


def test_a_form_without_its_token_gets_a_page_in_words(officer, stage):
    page = officer.send("/classes/open/", {"name": "Lớp mới"}, status=403)

    told(page, "biểu mẫu")
    assert not TrainingClass.objects.filter(name="Lớp mới").exists()


def test_a_post_of_somebody_signed_out_leads_to_the_sign_in_page(officer, stage):
    officer.open("/classes/open/")
    body = dict(officer.page.form("programme").fields)
    officer.client.cookies.pop("sessionid")

    page = officer.send("/classes/open/", body)

    assert page.url.startswith("/sign-in/")
    told(page, "đăng nhập")


def test_a_wrong_address_is_a_page_in_words(officer):
    told(officer.open("/classes/999999/", 404), "không")
    told(officer.open("/không-có/", 404), "không")
