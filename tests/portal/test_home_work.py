"""A person's home names work that waits for them, whatever its hour."""

import pytest
from django.urls import reverse

from campaigns.coverage_scene import NOON, assess, make_campaign, make_person, make_unit, sign_in
from credentials.recognition_scene import hold_class, make_programme, propose
from hocvu.campaigns.actions import fold_coverage
from hocvu.people.actions import upload_roster
from hocvu.portal.queries import work_waiting_for
from hocvu.questions.models import BankImport
from hocvu.stationery.actions.packaged import load_templates

HOME = reverse("portal:home")
ROSTER = "STT,Họ và tên,Ngày sinh,Chức vụ,Đơn vị\n1,Nguyễn Văn An,1980,Chuyên viên,Phường A\n"


@pytest.fixture
def ward(db):
    nation = make_unit(None, "VN", "Việt Nam", "nation")
    city = make_unit(nation, "31", "Thành phố Hải Phòng", "city")
    return make_unit(city, "11473", "Phường Thủy Nguyên", place=(106.6, 20.9))


@pytest.fixture
def officer(ward):
    return make_person(ward, role="training_officer")


def a_file_of(person, unit, **known):
    return BankImport.objects.create(
        owner=unit, file_name="cau-hoi.gift", uploaded_by=person, uploaded_at=NOON, **known
    )


def test_a_file_of_questions_that_waits_is_the_first_thing_at_home(client, officer, ward):
    a_file_of(officer, ward)

    page = sign_in(client, officer).get(HOME).content.decode()

    assert "<h2>1 tệp câu hỏi chờ quyết định</h2>" in page
    assert f'<a class="button" href="{reverse("questions:files")}">' in page
    assert "Chưa có việc cần làm" not in page


def test_a_roster_that_waits_stands_below_it(client, officer, ward):
    a_file_of(officer, ward)
    upload_roster(ward, "ds.csv", ROSTER.encode(), by=officer, at=NOON)

    page = sign_in(client, officer).get(HOME).content.decode()

    assert f'<li><a href="{reverse("people:rosters")}">1 danh sách cán bộ chờ quyết định' in page


def test_what_is_taken_given_up_or_of_somebody_else_does_not_wait(officer, ward):
    a_file_of(officer, ward, taken_at=NOON)
    a_file_of(officer, ward, given_up_at=NOON)
    a_file_of(make_person(ward, role="training_officer"), ward)

    assert work_waiting_for(officer, NOON) == []


def test_who_marks_answers_finds_them_in_the_navigation(client, ward):
    teacher, leader = (make_person(ward, role=role) for role in ("teacher", "leader"))
    marking = f'href="{reverse("marking:marking")}"'

    assert marking in sign_in(client, teacher).get(HOME).content.decode()
    assert marking not in sign_in(client, leader).get(HOME).content.decode()


def test_a_leader_finds_at_home_who_is_missing(client, ward):
    campaign, city = make_campaign(), ward.parent
    leader = make_person(city, role="leader")
    assess(campaign, make_person(ward), passed=True)
    make_person(ward)
    fold_coverage(at=NOON)

    page = sign_in(client, leader).get(HOME).content.decode()

    assert f'<a href="{reverse("campaigns:unit", args=[city.pk])}">Thành phố Hải Phòng</a>' in page
    assert reverse("campaigns:missing", args=[city.pk]) in page


def test_a_learner_is_told_nothing_of_coverage(client, ward):
    make_campaign()

    page = sign_in(client, make_person(ward)).get(HOME).content.decode()

    assert reverse("campaigns:start") not in page
    assert "Ai chưa đạt chuẩn" not in page


def test_a_registrar_finds_at_home_the_classes_nobody_was_recognised_in(client, ward):
    officer, learner = make_person(ward, role="training_officer"), make_person(ward)
    registrar = make_person(ward, role="registrar")
    load_templates(at=NOON)
    training_class = hold_class(make_programme(), ward, officer, [learner])

    waiting = sign_in(client, registrar).get(HOME).content.decode()
    propose(training_class, registrar)
    proposed = client.get(HOME).content.decode()

    assert "1 lớp đã kết thúc, chưa công nhận ai" in waiting
    assert "chưa công nhận ai" not in proposed
