"""Who learns in a class neither runs its tests, nor supervises, nor marks, nor judges in it."""

import pytest
from django.urls import reverse

from exams.marking_scene import LATER
from exams.scenes import MINUTE, NINE, enrol, person, unit
from hocvu.classes.models import BridgePoint, Enrolment
from hocvu.exams import policies
from hocvu.exams.actions import (
    NewRoom,
    change_room,
    open_rooms,
    open_rooms_at_bridge_points,
    open_sitting,
    take_in_answer_sheets,
)
from hocvu.exams.actions.rooms import SupervisorIsALearner, close_room
from hocvu.exams.actions.sheets import AnswerSheet
from hocvu.exams.actions.supervision import allow_time
from hocvu.exams.models import ExamRoom
from hocvu.exams.queries.access import classes_to_open_a_sitting_for
from hocvu.exams.queries.rooms import has_rooms, people_on_duty, rooms_open_to, sittings_run_by
from hocvu.kernel.errors import NotAllowed
from hocvu.people.models import Post


@pytest.fixture
def supervised(sitting):
    sitting.is_supervised = True
    sitting.save()
    return sitting


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


# --- Sheets ------------------------------------------------------------------------------------


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
