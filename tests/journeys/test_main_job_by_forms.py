"""From a roster to a certificate anyone can verify, by the pages alone, without scripts."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import zxingcpp
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image
from procrastinate.contrib.django import app as jobs
from procrastinate.contrib.django.models import ProcrastinateJob

from hocvu.campaigns.actions import fold_coverage, load_campaigns
from hocvu.competency.actions import load_frameworks
from hocvu.courses.actions import load_catalogue
from hocvu.courses.queries import programme_in_force
from hocvu.credentials.models import Certificate
from hocvu.kernel.ids import in_groups
from hocvu.kernel.time import day_of
from hocvu.papers.actions import load_papers
from hocvu.people.actions import NewPerson, add_people, create_account, grant_role
from hocvu.people.models import Person
from hocvu.questions.actions import load_bank
from hocvu.questions.models import Question
from hocvu.stationery.actions.packaged import load_templates
from hocvu.units.actions import load_units
from hocvu.units.queries import unit_with_code
from journeys.plain_browser import PlainBrowser
from journeys.roster_files import messy_roster

PASSWORD = "con thuyền nhỏ trên sông lớn"
WARD = "11560"
STAFF = {
    "daotao": ("Trần Văn Quản", "31", "training_officer"),
    "dieuphoi": ("Lê Thị Điều", WARD, None),
    "vanthu": ("Đỗ Thị Ký", "31", "registrar"),
    "lanhdao": ("Phạm Văn Lãnh", "31", "leader"),
}
LEARNERS = [
    ("Nguyễn Thị Hạnh", 1985, True, "031185000001", "Chuyên viên"),
    ("Đặng Văn An", 1979, False, 31079000002, "Công chức văn phòng"),  # its zero is lost
    ("Vũ Minh Khôi", 1990, False, None, "Cán bộ"),
]
WORDS = {
    "vi": {"valid": "Hợp lệ", "passed": "Đạt"},
    "en": {"valid": "Valid", "passed": "Passed"},
}


@pytest.fixture
def country(trust):
    at = timezone.now()
    load_units(at=at)
    load_frameworks(at=at)
    load_bank(at=at)
    load_catalogue(at=at)
    load_papers(at=at)
    load_templates(at=at)
    load_campaigns(at=at)


@pytest.fixture
def staff(country):
    at = timezone.now()
    rows = [
        NewPerson(full_name=name, unit_id=unit_with_code(code).pk, category="civil_servant")
        for name, code, _role in STAFF.values()
    ]
    people = Person.objects.in_bulk(add_people(rows, by=None, at=at))
    for (username, (_name, code, role)), person in zip(
        STAFF.items(), sorted(people.values(), key=lambda each: each.pk), strict=True
    ):
        create_account(person, username, PASSWORD, by=None, at=at)
        if role:
            grant_role(person, role, unit_with_code(code), by=None, at=at)


def signed_in(username, language):
    return PlainBrowser(language).sign_in(username, PASSWORD)


def run_waiting_jobs():
    for job in ProcrastinateJob.objects.filter(status="todo").order_by("pk"):
        jobs.tasks[job.task_name](**job.args)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["vi", "en"])
def test_from_a_roster_to_a_certificate_anyone_can_verify(staff, language):
    officer = signed_in("daotao", language)
    import_the_roster(officer)
    class_url = open_the_class(officer)
    point_url = add_the_bridge_point(officer, class_url)
    enrol_everybody(officer, class_url)
    learners = {name: engaged(name, language) for name, *_rest in LEARNERS}
    coordinator = signed_in("dieuphoi", language)
    hold_every_session(officer, coordinator, learners, class_url, point_url)
    offer_the_test(officer, class_url)
    take_the_test(learners["Nguyễn Thị Hạnh"])
    officer.open(f"{class_url}close/")
    officer.submit()

    registrar = signed_in("vanthu", language)
    proposal_url = propose_the_decision(registrar, class_url)
    decision_url = approve_the_decision(signed_in("lanhdao", language), proposal_url)
    run_waiting_jobs()
    fold_coverage(at=timezone.now())

    certificate = Certificate.objects.get()
    assert certificate.entry.full_name == "Nguyễn Thị Hạnh"
    look_at_progress(registrar, decision_url)
    file = download_own_certificate(learners["Nguyễn Thị Hạnh"])
    assert file == bytes(certificate.file)
    anyone_verifies(certificate, file, language)
    leader_sees_coverage(signed_in("lanhdao", language))


def import_the_roster(officer):
    ward = unit_with_code(WARD)
    people = [(*person, ward.name) for person in LEARNERS]
    content = messy_roster(people, ward.name)
    officer.open("/rosters/upload/")
    page = officer.submit(
        officer.page.form("unit"),
        files={"file": SimpleUploadedFile("danh sách cán bộ.xlsx", content)},
    )
    assert Person.objects.filter(full_name="Nguyễn Thị Hạnh").count() == 0  # only looked at
    for name, *_rest in LEARNERS:
        assert name in page.text
    form = page.form(to="/import/")
    accepted = [value for name, value, _words in form.choices if name == "accept"]
    officer.submit(form, accept=accepted)

    outcome = officer.page
    assert officer.passed[0][0] == 303
    assert re.search(r"\b3\b", outcome.text)
    assert Person.objects.get(full_name="Đặng Văn An").identity_number == "031079000002"


def open_the_class(officer):
    officer.open("/classes/")
    officer.open(officer.page.link_to("/classes/open/"))
    programme = programme_in_force("ai-automation-state-agencies", day_of(timezone.now()))
    starts_on = day_of(timezone.now()) - timedelta(days=14)
    page = officer.page
    officer.submit(
        page.form("programme"),
        programme=page.choice("programme", in_words(officer, programme)),
        name="Lớp AI và tự động hóa",
        code="HP-2026-AI",
        host_unit=str(unit_with_code("31").pk),
        starts_on=starts_on.isoformat(),
    )
    assert "Lớp AI và tự động hóa" in officer.page.text
    return urlsplit(officer.page.url).path


def in_words(browser, programme):
    return programme.name_en if browser.language == "en" else programme.name


def add_the_bridge_point(officer, class_url):
    """The ward's video room, with its coordinator."""
    ward = unit_with_code(WARD)
    officer.open(class_url)
    officer.open(f"{officer.page.link_to('/bridge-points/add/')}?q={ward.name}")
    officer.submit(officer.page.form("unit"), unit=officer.page.choice("unit", ward.name))
    officer.open(next(href for href, words in officer.page.links if words == ward.name))
    point_url = urlsplit(officer.page.url).path
    officer.open(officer.page.link_to("/appoint/coordinator/"))
    officer.submit(officer.page.form("person"), person=officer.page.choice("person", "Lê Thị Điều"))
    assert "Lê Thị Điều" in officer.page.text
    return point_url


def enrol_everybody(officer, class_url):
    officer.open(class_url)
    officer.open(f"{officer.page.link_to('/learners/enrol/')}?unit={unit_with_code(WARD).name}")
    rows = [officer.page.choice("row", name) for name, *_rest in LEARNERS]
    officer.submit(officer.page.form("row"), row=rows)
    for name, *_rest in LEARNERS:
        assert name in officer.page.text


def engaged(name, language):
    """A learner with an account, on their own phone."""
    person = Person.objects.get(full_name=name)
    create_account(person, f"hocvien{person.pk}", PASSWORD, by=None, at=timezone.now())
    return signed_in(f"hocvien{person.pk}", language)


def hold_every_session(officer, coordinator, learners, class_url, point_url):
    """Hạnh scans or types; An is tapped by the coordinator; Khôi comes to one session only."""
    coordinator.open("/rolls/")
    coordinator.open(point_url)
    rolls = [href for href, _words in coordinator.page.links if re.search(r"/rolls/\d+/$", href)]
    for number, roll_url in enumerate(rolls):
        coordinator.open(roll_url)
        coordinator.submit(coordinator.page.form(to="/open/"))
        if number % 2:
            check_in_by_qr(coordinator, learners["Nguyễn Thị Hạnh"], roll_url)
        else:
            check_in_by_typing(coordinator, learners["Nguyễn Thị Hạnh"], roll_url)
        present = ["Đặng Văn An"] + (["Vũ Minh Khôi"] if number == 0 else [])
        for name in present:
            page = coordinator.open(roll_url)
            coordinator.submit(page.form("present"), present=enrolment_at(page, name))
        coordinator.open(coordinator.page.link_to("/close/"))
        coordinator.submit(coordinator.page.form("head_count"), head_count=str(len(present) + 1))
        assert f"{len(present) + 1} /3" in coordinator.page.text
    assert len(rolls) == 6


def enrolment_at(page, name):
    href = next(href for href, words in page.links if words == name)
    return href.rstrip("/").rsplit("/", 1)[1]


def check_in_by_typing(coordinator, learner, roll_url):
    screen = coordinator.open(f"{roll_url}code/")
    typed = re.search(r"\b(\d{3} \d{3})\b", screen.text)[1]
    learner.open("/check-in/")
    learner.submit(learner.page.form("code"), code=typed)
    assert re.search(r"\d\d:\d\d", learner.page.text)


def check_in_by_qr(coordinator, learner, roll_url):
    screen = coordinator.open(f"{roll_url}code/")
    address = read_qr(re.search(rb"<svg.*?</svg>", screen.content, re.DOTALL)[0].decode())
    learner.open(urlsplit(address).path)
    learner.submit(learner.page.form("client_id"))
    assert "/check-in/" in learner.page.url


def read_qr(svg):
    """What a phone's camera reads: the drawn squares, not our knowledge of them."""
    side = int(re.search(r'viewBox="0 0 (\d+)', svg)[1])
    picture = Image.new("L", (side, side), 255)
    x = y = 0
    path = re.findall(r'\bd="([^"]+)"', svg)[-1]
    for command, numbers in re.findall(r"([Mmh])([-\d. ]+)", path):
        values = [float(value) for value in re.findall(r"-?[\d.]+", numbers)]
        if command == "M":
            x, y = values
        elif command == "m":
            x, y = x + values[0], y + values[1]
        else:
            picture.paste(0, (int(x), int(y), int(x + values[0]), int(y) + 1))
            x += values[0]
    [found] = zxingcpp.read_barcodes(picture.resize((side * 6, side * 6), Image.Resampling.NEAREST))
    return found.text


def offer_the_test(officer, class_url):
    officer.open(class_url)
    officer.open(officer.page.link_to("/tests/classes/"))
    opens_at = (timezone.localtime() - timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M")
    officer.submit(officer.page.form("paper"), opens_at=opens_at)
    assert "Nguyễn Thị Hạnh" in officer.page.text


def take_the_test(learner):
    learner.open("/tests/")
    learner.open(learner.page.link_to("/tests/sittings/"))
    learner.submit()
    form = learner.page.form("act")
    questions = [int(name.removeprefix("q-")) for name in form.names if name.startswith("q-")]
    right = {
        f"q-{question.pk}": [each["id"] for each in question.options if each["right"]]
        for question in Question.objects.filter(pk__in=questions)
    }
    learner.submit(form, **right, act="hand_in")
    learner.submit()
    assert WORDS[learner.language]["passed"] in learner.page.text
    assert re.search(r"\b100([.,]0)?\s*%", learner.page.text)


def propose_the_decision(registrar, class_url):
    class_id = class_url.rstrip("/").rsplit("/", 1)[1]
    registrar.open("/recognition/")
    page = registrar.open(registrar.page.link_to(f"/recognition/{class_id}/"))
    for name, *_rest in LEARNERS:
        assert name in page.text
    registrar.submit(page.form("shown"))
    registrar.open(registrar.page.link_to("/decide/"))
    registrar.submit(
        registrar.page.form("signer_name"),
        symbol="QĐ-UBND",
        place="Hải Phòng",
        signer_title="Phó Chủ tịch",
        signer_name="Lương Khánh Bách",
    )
    assert "/proposals/" in registrar.page.url
    return registrar.page.url


def approve_the_decision(leader, proposal_url):
    leader.open(proposal_url)
    assert "Nguyễn Thị Hạnh" in leader.page.text
    leader.submit(leader.page.form("shown"))
    assert "/decisions/" in leader.page.url
    return leader.page.url


def look_at_progress(registrar, decision_url):
    page = registrar.open(decision_url)
    assert "Nguyễn Thị Hạnh" in page.text
    registrar.open(page.link_to("/certificates/"))


def download_own_certificate(learner):
    learner.open("/certificates/")
    page = learner.open(learner.page.link_to("/file/"))
    assert page.headers["Content-Type"] == "application/pdf"
    return page.content


def anyone_verifies(certificate, file, language):
    """By the code typed as printed, by the address in the QR code, by the file."""
    stranger = PlainBrowser(language)
    stranger.open("/verify/")
    stranger.submit(stranger.page.form("code"), code=in_groups(certificate.verification_code))
    by_code = stranger.page.text
    stranger.open(f"/v/{certificate.verification_code}/")
    assert stranger.page.text == by_code
    stranger.open("/verify/")
    stranger.submit(
        stranger.page.form("code"), files={"file": SimpleUploadedFile("chung-chi.pdf", file)}
    )
    assert WORDS[language]["valid"].casefold() in by_code.casefold()
    assert WORDS[language]["valid"].casefold() in stranger.page.text.casefold()
    assert certificate.serial_number in by_code
    assert certificate.entry.person.identity_number not in by_code


def leader_sees_coverage(leader):
    """From the province to the ward: who is in scope, and that one of them is proficient."""
    leader.open("/coverage/")
    page = leader.open("?sort=-in_scope")
    ward = unit_with_code(WARD)
    assert b"<svg" in page.content
    page = leader.open(next(href for href, words in page.links if words == ward.name))
    assert figures_of(page) == {"in scope": 4, "trained": 2, "assessed": 1, "proficient": 1}


def figures_of(page):
    shown = re.findall(rb'class="stat-value">(\d+)<', page.content)
    labels = ("in scope", "trained", "assessed", "proficient")
    return dict(zip(labels, map(int, shown), strict=True))
