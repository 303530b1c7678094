"""One straight path through the house: from an agency's roster to a certificate anyone can verify.

The tests of this file are seven steps of one walk; each begins where the one before it ended.
"""

import re
import shutil
import subprocess
import threading
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from browser_scene import (
    COORDINATOR,
    LATECOMER,
    LEADER,
    LEARNER,
    NEIGHBOUR,
    OFFICER,
    REGISTRAR,
    bring_to_now,
    hold_every_other_session,
    player,
    right_choices,
)
from django.utils import timezone
from playwright.sync_api import expect
from procrastinate.contrib.django import app as jobs
from visitors import DESK, PHONE, qr_codes_in

from hocvu.campaigns.actions import fold_coverage
from hocvu.classes.models import Roll, TrainingClass
from hocvu.config.rehearsal import cast
from hocvu.config.rehearsal.samples import write_samples
from hocvu.credentials.models import Certificate
from hocvu.exams.models import Attempt, Sitting
from hocvu.people.models import Person
from hocvu.units.models import COMMUNAL_KINDS, Unit, UnitKind
from hocvu.units.queries import unit_with_code

pytestmark = pytest.mark.browser
needs_poppler = pytest.mark.skipif(
    shutil.which("pdfsig") is None, reason="needs Debian's poppler-utils"
)

IMPORTED = "Lương Khánh Bách"  # of the roster; the ward's own people were there before
CODE = "HP-2026-099"


@dataclass
class Walk:
    """Who is on the way, and what one step leaves for the next."""

    width: int
    visitor: object
    visitors: dict = field(default_factory=dict)
    stopped_at: str = ""

    def as_(self, username):
        if username not in self.visitors:
            arrived = self.visitor(self.width)
            if username:
                arrived.opens("/sign-in/")
                arrived.signs_in(username)
                expect(arrived.page).to_have_url(re.compile("/home/$"))
            self.visitors[username] = arrived
        return self.visitors[username]

    @property
    def training_class(self):
        return TrainingClass.objects.get(code=CODE)

    @property
    def roll(self):
        return Roll.objects.get(
            session__training_class__code=CODE, session__number=1, bridge_point__is_main=False
        )


@pytest.fixture(scope="module", params=[PHONE, DESK])
def width(request):
    return request.param


@pytest.fixture(scope="module")
def walk(width, visitor):
    return Walk(width, visitor)


@pytest.fixture(autouse=True)
def step(walk, request):
    """Nobody goes on where a step before went wrong."""
    if walk.stopped_at:
        pytest.skip(f"{walk.stopped_at} went wrong")
    failed_before = request.session.testsfailed
    yield
    if request.session.testsfailed > failed_before:
        walk.stopped_at = request.node.name


def test_1_the_front_page_shows_the_finding_and_the_map(walk):
    anyone = walk.as_("")

    page = anyone.opens("/")

    anyone.sees("đã đạt chuẩn", "xã, phường, đặc khu đã sáng đèn")
    expect(page.get_by_role("img").first).to_be_visible()
    assert _dots_on(page) == _communes().count()
    anyone.looks("1-front")


def test_2a_an_officer_imports_a_messy_roster_after_seeing_every_problem(walk):
    officer = walk.as_(OFFICER)
    officer.looks("2-home")

    officer.opens("/rosters/")
    officer.follows("Nhập danh sách")
    officer.looks("2-upload")
    officer.page.get_by_label("Tệp").set_input_files(write_samples())
    officer.presses("Đọc danh sách")

    officer.sees("dòng đã đọc", "Xã Không Có Tên", "30/02/1980", "Phường Vĩnh Niệm")
    officer.looks("2-preview")
    for proposal in officer.page.get_by_role("checkbox").all():
        proposal.check()
    officer.presses("Nhập danh sách")
    officer.sees("người mới")
    officer.looks("2-outcome")
    assert Person.objects.filter(full_name=IMPORTED).exists()


def test_2b_the_officer_opens_a_class_and_enrols_people(walk):
    officer = walk.as_(OFFICER)
    page = officer.page

    officer.opens("/classes/")
    officer.looks("2-classes")
    officer.follows("Mở lớp")
    page.get_by_label("Chương trình").select_option(
        label="Ứng dụng trí tuệ nhân tạo và tự động hóa trong cơ quan nhà nước"
    )
    page.get_by_label("Tên lớp").fill("Lớp trí tuệ nhân tạo của thành phố")
    page.get_by_label("Mã lớp").fill(CODE)
    page.get_by_label("Đơn vị tổ chức").select_option(label="Sở Khoa học và Công nghệ")
    page.get_by_label("Ngày khai giảng").fill(timezone.localdate().isoformat())
    page.get_by_label("Tôi là chủ nhiệm lớp này").check()
    officer.looks("2-open-class")
    officer.presses("Mở lớp")

    officer.sees("Lớp trí tuệ nhân tạo của thành phố", "Buổi 6")
    officer.looks("2-class")
    officer.follows("Thêm điểm cầu")
    page.get_by_label("Tìm kiếm").fill("thuy nguyen")
    officer.presses("Tìm")
    page.get_by_role("radio", name=_ward().name).check()
    officer.looks("2-add-bridge-points")
    officer.presses("Chỉ thêm đơn vị này")
    officer.sees("Đã thêm 1 điểm cầu")

    class_page = f"/classes/{walk.training_class.pk}/"
    officer.opens(f"{class_page}learners/enrol/?unit=thuy+nguyen&size=50")
    for row in page.locator("input[name=row]").all():
        row.check()
    expect(page.locator("[data-ticked]")).to_contain_text("8")
    officer.looks("2-enrol")
    page.get_by_role("main").get_by_role("button", name="Ghi danh", exact=True).click()
    officer.sees("học viên")
    officer.looks("2-learners")
    officer.follows("In danh sách")
    officer.sees("Ký tên")
    officer.looks("2-print-list")
    page.emulate_media(media="print")
    expect(page.get_by_role("banner")).to_be_hidden()
    page.emulate_media(media="screen")

    point = walk.training_class.bridge_points.get(is_main=False)
    officer.opens(f"/bridge-points/{point.pk}/appoint/coordinator/?q=")
    page.get_by_role("radio", name=player(COORDINATOR).full_name).first.check()
    officer.looks("2-appoint")
    officer.presses("Phân công người này")
    officer.sees(player(COORDINATOR).full_name)
    officer.opens(f"/tests/classes/{walk.training_class.pk}/open/")
    officer.looks("2-open-test")
    officer.presses("Mở bài kiểm tra")
    officer.sees("Chưa làm")
    officer.looks("2-results")


def test_3a_the_coordinator_calls_the_roll(walk):
    bring_to_now(walk.training_class.sessions.get(number=1))
    coordinator, roll = walk.as_(COORDINATOR), walk.roll
    page = coordinator.page

    coordinator.opens(f"/rolls/{roll.pk}/")
    coordinator.presses("Mở điểm danh")
    coordinator.looks("3-roll")
    page.get_by_label("Tìm theo tên").fill("luong khanh")
    expect(page.get_by_role("status").filter(has_text="trên")).to_contain_text("1 trên")
    coordinator.looks("3-search")
    page.get_by_role("button", name=f"Có mặt {IMPORTED}").click()
    expect(page.get_by_text("đã lưu")).to_be_visible()
    page.get_by_label("Tìm theo tên").fill("")
    expect(page.locator("[data-present]")).to_have_text("1")
    coordinator.looks("3-marked")

    assert roll.marks.count() == 1


def test_4a_a_learner_scans_the_code_and_another_types_it(walk):
    coordinator, learner, neighbour = walk.as_(COORDINATOR), walk.as_(LEARNER), walk.as_(NEIGHBOUR)
    learner.opens("/home/")
    learner.sees(_ward().name, "Điểm danh")
    learner.looks("4-home")

    coordinator.opens(f"/rolls/{walk.roll.pk}/")
    coordinator.follows("Chiếu mã")
    coordinator.looks("3-code")
    [address] = qr_codes_in(coordinator.page.screenshot())
    assert address.startswith(f"{learner.address}/c/")

    learner.opens(address)
    learner.looks("4-scan")
    learner.presses("Tôi có mặt")
    learner.sees("Đã điểm danh lúc")
    learner.looks("4-checked-in")
    neighbour.opens("/check-in/")
    neighbour.looks("4-type-the-code")
    typed = coordinator.page.locator(".code-digits").inner_text()  # it changes every half minute
    neighbour.page.get_by_label("Mã trên màn hình").fill(typed)
    neighbour.presses("Điểm danh")
    neighbour.sees("Đã điểm danh lúc")

    assert walk.roll.marks.filter(superseded_at=None).count() == 3


def test_3b_the_coordinator_closes_the_roll_and_explains_the_difference(walk):
    coordinator = walk.as_(COORDINATOR)
    page = coordinator.page

    coordinator.opens(f"/rolls/{walk.roll.pk}/")
    coordinator.follows("Chốt điểm danh")
    page.get_by_label("Số người đếm được trong phòng").fill("4")
    coordinator.presses("Chốt điểm danh")
    coordinator.sees("Đếm được 4 người")
    coordinator.looks("3-unexplained")
    assert walk.roll.closed_at is None
    page.get_by_label("Nếu số người khác số tên: lý do").fill("Một đại biểu dự thính")
    coordinator.presses("Chốt điểm danh")
    coordinator.sees("Một đại biểu dự thính")
    coordinator.looks("3-closed")

    assert walk.roll.head_count == 4


def test_4b_a_learner_answers_without_a_network_and_nothing_is_lost(walk):
    learner = walk.as_(LEARNER)
    page = learner.page
    learner.opens("/tests/")
    learner.looks("4-tests")
    learner.sees("Lớp trí tuệ nhân tạo của thành phố")
    sitting = Sitting.objects.get(training_class=walk.training_class)
    page.locator(f"a[href='/tests/sittings/{sitting.pk}/']").click()
    learner.looks("4-test")
    learner.presses("Bắt đầu làm bài")
    expect(page.get_by_role("timer")).to_contain_text(":")
    learner.looks("4-answering")
    attempt = Attempt.objects.get(person=player(LEARNER), handed_in_at=None)
    right = right_choices(attempt.sitting.paper)
    questions = list(right)
    with_network, without, after = questions[:5], questions[5:-3], questions[-3:]

    _choose(page, right, with_network)
    expect(page.get_by_text("Đã lưu ·")).to_have_count(len(with_network))
    learner.loses_network()
    _choose(page, right, without)
    expect(page.locator("[data-network]")).to_contain_text("Chờ mạng")
    learner.looks("4-offline")
    assert attempt.answers.count() == len(with_network)
    learner.finds_network()
    expect(page.get_by_text("Đã lưu ·")).to_have_count(len(with_network) + len(without))
    page.reload()
    _choose(page, right, after)
    expect(page.get_by_text("Đã lưu ·")).to_have_count(len(questions))

    assert {each.question_id: set(each.chosen) for each in attempt.answers.all()} == {
        question: set(options) for question, options in right.items()
    }


def test_4c_the_learner_hands_in_and_sees_the_result_but_no_key_while_the_test_is_open(walk):
    learner = walk.as_(LEARNER)

    learner.presses("Nộp bài")
    learner.page.wait_for_url("**/hand-in/")
    learner.looks("4-hand-in")
    learner.presses("Nộp bài ngay")

    learner.sees("Đạt", "100,0")
    assert "Đã chọn, đúng." not in learner.page.content()
    learner.looks("4-result")


def test_5a_the_registrar_sees_who_has_earned_it_and_why_others_have_not(walk):
    hold_every_other_session(walk.training_class, absent={player(LATECOMER).pk})
    officer, registrar = walk.as_(OFFICER), walk.as_(REGISTRAR)
    officer.opens(f"/classes/{walk.training_class.pk}/")
    officer.follows("Kết thúc lớp")
    officer.looks("5-close-class")
    officer.presses("Kết thúc lớp")
    officer.sees("Lớp đã kết thúc")

    registrar.opens("/recognition/")
    registrar.looks("5-classes")
    registrar.follows("Lớp trí tuệ nhân tạo của thành phố")

    registrar.sees("chưa làm bài kiểm tra", "đủ điều kiện")
    registrar.looks("5-candidates")


def test_5b_the_registrar_proposes_the_decision_and_a_leader_approves_it(walk):
    registrar, leader = walk.as_(REGISTRAR), walk.as_(LEADER)
    page = registrar.page

    registrar.presses("Duyệt kết quả này")
    registrar.sees("Kết quả đã duyệt")
    registrar.follows("Công nhận 1 học viên")
    for label, text in {
        "Số quyết định": "41",
        "Ký hiệu": "QĐ-SKHCN",
        "Địa danh": "Hải Phòng",
        "Chức vụ người ký": "GIÁM ĐỐC",
        "Họ và tên người ký": "Lương Khánh Bách",
    }.items():
        page.get_by_label(label).fill(text)
    registrar.looks("5-decide")
    registrar.presses("Trình phê duyệt")
    registrar.sees("Chờ phê duyệt")

    leader.opens("/proposals/")
    leader.follows("41/QĐ-SKHCN")
    leader.looks("5-proposal")
    leader.presses("Phê duyệt và ký 1 giấy chứng nhận")
    leader.sees("0 trên 1")
    leader.looks("5-signing")
    registrar.opens(urlsplit(leader.page.url).path)
    _let_the_worker_work()

    expect(page.get_by_text("Mọi giấy chứng nhận đã được ký và vào sổ gốc")).to_be_visible()
    registrar.looks("5-signed")
    page.get_by_role("link", name=_certificate().serial_number).click()
    registrar.looks("5-certificate")


@needs_poppler
def test_5c_a_pdf_reader_calls_the_signature_valid(walk, house, tmp_path):
    learner = walk.as_(LEARNER)
    learner.opens("/certificates/")
    learner.looks("5-my-certificates")

    file = _download(learner, tmp_path)

    said = subprocess.run(
        ["pdfsig", str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Signature is Valid" in said.stdout, said.stdout + said.stderr


@needs_poppler
def test_6_anyone_scans_the_certificate_and_reads_that_it_is_valid(walk, tmp_path):
    file = _download(walk.as_(LEARNER), tmp_path)
    subprocess.run(
        ["pdftoppm", "-r", "120", "-png", str(file), str(tmp_path / "page")],
        check=True,
    )
    [picture] = tmp_path.glob("page*.png")
    [address] = qr_codes_in(picture.read_bytes())
    anyone = walk.as_("")

    page = anyone.opens(address)

    anyone.sees("Hợp lệ", player(LEARNER).full_name, "41/QĐ-SKHCN")
    assert player(LEARNER).identity_number not in page.content()
    assert str(player(LEARNER).birth_year) not in page.get_by_role("main").inner_text()
    anyone.looks("6-valid")


def test_7_a_leader_sees_coverage_from_the_nation_to_a_ward(walk):
    fold_coverage(at=timezone.now())
    leader = walk.as_(LEADER)
    page = leader.page

    leader.opens("/coverage/")
    leader.sees("80,0", "Thành phố Hải Phòng")
    assert _dots_on(page) == _communes().count()
    expect(page.locator("svg").get_by_text("Quần đảo Hoàng Sa")).to_be_attached()
    expect(page.locator("svg").get_by_text("Quần đảo Trường Sa")).to_be_attached()
    leader.looks("7-nation")
    page.get_by_role("table").get_by_role("link", name="Thành phố Hải Phòng").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thành phố Hải Phòng")
    province = Unit.objects.get(kind=UnitKind.CITY, name="Thành phố Hải Phòng")
    assert page.locator("svg a circle").count() == _communes().filter(parent=province).count()
    leader.looks("7-province")
    leader.opens(f"{page.url}?sort=-in_scope&size=100")
    page.get_by_role("table").get_by_role("link", name=_ward().name).click()
    leader.sees("6", "trong diện")
    leader.looks("7-ward")


def _communes():
    return Unit.objects.filter(kind__in=COMMUNAL_KINDS, closed_on=None, longitude__isnull=False)


def _ward():
    return unit_with_code(cast.WARD)


def _dots_on(page) -> int:
    """A dot is a line of no length: one `h0` each."""
    return page.evaluate(
        """() => [...document.querySelectorAll("svg path[class^=dots-]")]
        .map((path) => path.getAttribute("d").split("h0").length - 1)
        .reduce((sum, dots) => sum + dots, 0)"""
    )


def _choose(page, right, questions) -> None:
    for question in questions:
        for option in right[question]:
            page.locator(f'[name="q-{question}"][value="{option}"]').check()


def _let_the_worker_work() -> None:
    """Run the queued jobs, beside Playwright's own event loop."""

    def work() -> None:
        connector = jobs.connector.get_worker_connector()
        jobs.with_connector(connector).run_worker(
            wait=False, install_signal_handlers=False, listen_notify=False
        )

    worker = threading.Thread(target=work)
    worker.start()
    worker.join(timeout=60)


def _certificate() -> Certificate:
    return Certificate.objects.get(entry__decision__training_class__code=CODE)


def _download(learner, folder):
    """The signed file as the learner's browser gets it."""
    answer = learner.context.request.get(
        f"{learner.address}/certificates/{_certificate().pk}/file/"
    )
    file = folder / "certificate.pdf"
    file.write_bytes(answer.body())
    return file
