"""Who learns in a class neither runs its tests, nor supervises, nor marks, nor judges in it."""

from uuid import uuid4

import pytest
from django.urls import reverse

from exams.marking_scene import LATER, all_right, answered, give
from exams.scenes import MINUTE, NINE, enrol, grant, person, unit
from hocvu.classes.models import BridgePoint, Enrolment
from hocvu.exams import policies
from hocvu.exams.actions import (
    NewRoom,
    answer_appeal,
    appoint_marker,
    change_room,
    hand_in,
    open_rooms,
    open_rooms_at_bridge_points,
    open_sitting,
    raise_appeal,
    take_in_answer_sheets,
)
from hocvu.exams.actions.double_marking import CannotBeAMarker
from hocvu.exams.actions.rooms import SupervisorIsALearner, close_room
from hocvu.exams.actions.sheets import AnswerSheet
from hocvu.exams.actions.supervision import allow_time
from hocvu.exams.models import ExamRoom, Marker
from hocvu.exams.queries.access import classes_to_open_a_sitting_for
from hocvu.exams.queries.appeals import appeals_open_to
from hocvu.exams.queries.marking_pages import may_be_markers
from hocvu.exams.queries.rooms import has_rooms, people_on_duty, rooms_open_to, sittings_run_by
from hocvu.exams.queries.waiting import answers_to_mark_by
from hocvu.exams.rules.appeals import Ruling
from hocvu.kernel.errors import NotAllowed
from hocvu.kernel.time import day_of
from hocvu.people.models import Post


@pytest.fixture
def supervised(sitting):
    sitting.is_supervised = True
    sitting.save()
    return sitting


@pytest.fixture
def learning_officer(officer, training_class, commune):
    """Runs the classes of the commune, and learns in this one."""
    enrol(training_class, officer, commune)
    return officer


@pytest.fixture
def chief(commune):
    return grant(person("Hoàng Thị Trưởng"), "training_officer", commune)


@pytest.fixture
def supervisor(training_class):
    """The class supervisor, enrolled in the class as well."""
    someone = person("Phan Văn Phụ Trách")
    training_class.supervisor = someone
    training_class.save()
    enrol(training_class, someone, training_class.host_unit)
    return someone


# --- Running its tests -------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["learning_officer", "supervisor"])
def test_a_learner_of_a_class_does_not_run_its_tests(request, sitting, training_class, who):
    someone = request.getfixturevalue(who)

    assert not policies.can_run_tests(someone, training_class)
    assert not sittings_run_by(someone).exists()
    assert not classes_to_open_a_sitting_for(someone).exists()


def test_who_has_left_the_class_runs_its_tests_again(learning_officer, sitting, training_class):
    Enrolment.objects.filter(person=learning_officer).update(withdrawn_at=NINE)

    assert policies.can_run_tests(learning_officer, training_class)
    assert sittings_run_by(learning_officer).get() == sitting
    assert classes_to_open_a_sitting_for(learning_officer).get() == training_class


def test_a_learner_opens_no_test_and_gives_nobody_time(
    learning_officer, paper, sitting, training_class, learner
):
    with pytest.raises(NotAllowed):
        open_sitting(
            paper, training_class, opens_at=NINE, closes_at=LATER, by=learning_officer, at=NINE
        )
    for someone in (learning_officer, learner):
        with pytest.raises(NotAllowed):
            allow_time(sitting, someone, 30, reason="Ốm", by=learning_officer, at=NINE)


# --- Rooms -------------------------------------------------------------------------------------


def test_a_learner_is_not_named_supervisor_of_a_room(client, supervised, learner, officer):
    with pytest.raises(SupervisorIsALearner, match=learner.full_name):
        open_rooms(supervised, [NewRoom("Phòng 2", learner.pk)], by=officer, at=NINE)
    assert not ExamRoom.objects.exists()

    (room,) = open_rooms(supervised, [NewRoom("Phòng 2", officer.pk)], by=officer, at=NINE)
    with pytest.raises(SupervisorIsALearner):
        change_room(room, supervisor_id=learner.pk, networks=(), by=officer, at=NINE)


@pytest.fixture(autouse=True)
def _learner_works_here(learner, commune):
    """So that the officer may name them at all."""
    Post.objects.create(person=learner, unit=commune, title="Công chức", from_on="2026-01-01")


def test_the_refusal_is_said_in_the_form_and_nothing_typed_is_lost(
    client, supervised, learner, officer
):
    client.force_login(officer.account)
    BridgePoint.objects.update(coordinator=learner)
    typed = {"name": "Phòng của tôi", "networks": "", "find": "nguyen van hoc"}

    answer = client.post(
        reverse("exams:open_room", args=[supervised.pk]), typed | {"supervisor": learner.pk}
    )

    assert answer.status_code == 422
    text = answer.content.decode()
    assert "học trong lớp này nên không giám sát bài kiểm tra" in text
    assert "Phòng của tôi" in text


def test_a_coordinator_who_learns_there_does_not_get_the_room(
    *, supervised, training_class, learner, officer, nation, classmate
):
    chair = person("Bùi Chủ Trì")
    training_class.bridge_points.update(coordinator=learner, chair=chair)
    ward = unit(nation, "9000", "ward", "Phường khác")
    BridgePoint.objects.create(
        training_class=training_class, unit=ward, name="Khác", coordinator=learner, chair=classmate
    )

    opened = open_rooms_at_bridge_points(supervised, by=officer, at=NINE)

    assert {room.name: room.supervisor for room in opened} == {"Hội trường": chair, "Khác": officer}
    assert learner not in people_on_duty(supervised)
    assert chair in people_on_duty(supervised)


def test_a_supervisor_who_was_enrolled_later_does_not_reach_the_room(
    supervised, training_class, officer, commune
):
    coordinator = person("Lê Giám Thị")
    training_class.bridge_points.update(coordinator=coordinator)
    (room,) = open_rooms_at_bridge_points(supervised, by=officer, at=NINE)
    assert has_rooms(coordinator)

    enrol(training_class, coordinator, commune)

    assert not has_rooms(coordinator)
    assert not rooms_open_to(coordinator).exists()
    with pytest.raises(NotAllowed):
        close_room(room, by=coordinator, at=NINE)


# --- Marking -----------------------------------------------------------------------------------


def test_a_learner_is_not_appointed_marker(sitting, officer, learner, commune):
    grant(learner, "teacher", commune)

    assert learner not in may_be_markers(officer, sitting, "", day_of(NINE))
    with pytest.raises(CannotBeAMarker) as refused:
        appoint_marker(sitting, learner, by=officer, at=NINE)
    assert str(refused.value.next_step)
    assert not Marker.objects.exists()


def test_a_marker_who_was_enrolled_later_marks_nobody_of_the_class(
    waiting, essay, markers, training_class, commune
):
    assert answers_to_mark_by(markers[0]).exists()

    enrol(training_class, markers[0], commune)

    assert not answers_to_mark_by(markers[0]).exists()
    with pytest.raises(NotAllowed):
        give(waiting, essay, markers[0], 3)


# --- Appeals and sheets ------------------------------------------------------------------------


@pytest.fixture
def appeal(sitting, learner, questions):
    attempt = hand_in(answered(sitting, learner, all_right(questions)), by=learner, at=LATER)
    return raise_appeal(
        attempt, "Xin xem lại", question_id=None, client_id=uuid4(), by=learner, at=LATER
    )


@pytest.mark.parametrize("who", ["learner", "learning_officer", "supervisor"])
def test_no_learner_of_the_class_answers_an_appeal_in_it(request, appeal, who):
    someone = request.getfixturevalue(who)

    assert not appeals_open_to(someone).exists()
    with pytest.raises(NotAllowed):
        answer_appeal(appeal, Ruling(upheld=True, answer="Đúng"), by=someone, at=LATER)


def test_an_officer_who_does_not_learn_in_the_class_answers_it(appeal, learning_officer, chief):
    assert appeals_open_to(chief).get() == appeal

    answered = answer_appeal(appeal, Ruling(upheld=False, answer="Giữ"), by=chief, at=LATER)

    assert answered.answered_by == chief


def test_a_coordinator_who_learns_brings_in_the_sheets_of_others_but_not_their_own(
    sitting, training_class, learner, classmate, questions
):
    training_class.bridge_points.update(coordinator=learner)
    answers = {questions[0].pk: ("b",)}
    own, other = (
        AnswerSheet(each.pk, NINE, NINE + 5 * MINUTE, answers) for each in (learner, classmate)
    )

    assert take_in_answer_sheets(sitting, [other], by=learner, at=LATER) == 1
    with pytest.raises(NotAllowed):
        take_in_answer_sheets(sitting, [own], by=learner, at=LATER)
