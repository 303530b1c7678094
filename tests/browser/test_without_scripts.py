"""Where scripts are switched off or never arrive, everything can still be done."""

import pytest
from browser_scene import COORDINATOR, LEARNER, NEIGHBOUR, player, right_choices
from django.utils import timezone
from visitors import PHONE

from hocvu.classes.models import Roll
from hocvu.classes.queries import code_for
from hocvu.credentials.models import Certificate
from hocvu.exams.models import Attempt, Sitting

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def plain(visitor):
    """A phone whose browser runs no scripts."""
    return lambda username="": visitor(PHONE, username, java_script_enabled=False)


@pytest.fixture
def roll(house):
    return Roll.objects.get(
        session__training_class__code="AI-K2", session__number=1, bridge_point__is_main=False
    )


def test_a_learner_signs_in_and_checks_in(plain, roll):
    learner = plain()

    learner.opens(f"/c/{code_for(roll, timezone.now()).token}/")
    learner.signs_in(LEARNER)
    learner.presses("Tôi có mặt")

    learner.sees("Đã điểm danh lúc")
    assert roll.marks.filter(enrolment__person=player(LEARNER)).exists()


def test_a_menu_opens_and_its_owner_signs_out(plain):
    learner = plain(LEARNER)
    page = learner.page

    learner.opens("/home/")
    page.locator("details.menu.phone summary").click()
    page.locator("details.menu.phone").get_by_role("button", name="Đăng xuất").click()
    learner.opens("/home/")

    learner.sees("Mật khẩu")


def test_a_coordinator_marks_and_closes_the_roll(plain, roll):
    coordinator = plain(COORDINATOR)
    name = player(NEIGHBOUR).full_name

    coordinator.opens(f"/rolls/{roll.pk}/")
    coordinator.page.get_by_role("button", name=f"Có mặt {name}").click()
    coordinator.sees("đã lưu")
    present = roll.marks.filter(superseded_at=None).count()
    coordinator.follows("Chốt điểm danh")
    coordinator.page.get_by_label("Số người đếm được trong phòng").fill(str(present))
    coordinator.presses("Chốt điểm danh")

    roll.refresh_from_db()
    assert roll.head_count == present


def test_a_learner_answers_saves_and_hands_in(plain):
    learner = plain(NEIGHBOUR)
    page = learner.page
    sitting = Sitting.objects.get(training_class__code="AI-K2")

    learner.opens(f"/tests/sittings/{sitting.pk}/")
    learner.presses("Bắt đầu làm bài")
    questions = right_choices(sitting.paper).items()
    for number, (question, right) in enumerate(questions):
        for option in right:
            page.locator(f'[name="q-{question}"][value="{option}"]').check()
        if number == 4:
            learner.presses("Lưu câu trả lời")
    learner.presses("Nộp bài")
    learner.presses("Nộp bài ngay")

    learner.sees("Đạt", "100,0")
    assert Attempt.objects.get(sitting=sitting, person=player(NEIGHBOUR)).passed


def test_anyone_verifies_a_certificate(plain):
    anyone = plain()
    code = Certificate.objects.first().verification_code

    anyone.opens("/")
    anyone.page.get_by_label("Mã xác thực").fill(code)
    anyone.presses("Kiểm tra")

    anyone.sees("Hợp lệ")


def test_a_code_nobody_issued_is_never_called_valid(plain):
    anyone = plain()

    anyone.opens("/v/ABCD2345EFGH6789/")

    anyone.sees("Không xác định")
