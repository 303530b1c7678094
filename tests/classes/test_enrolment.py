import pytest

from classes.class_scene import MORNING, make_person
from hocvu.classes.actions import (
    AlreadyEnrolled,
    BridgePointOfAnotherClass,
    ClassIsClosed,
    ClassIsFull,
    PersonOutOfReach,
    enrol_learners,
    withdraw_learner,
)
from hocvu.kernel.errors import NotAllowed

pytestmark = pytest.mark.django_db


def active(training_class):
    return training_class.enrolments.filter(withdrawn_at=None)


def test_people_without_a_named_point_follow_the_class_at_the_main_one(
    training_class, officer, learners
):
    enrolled = enrol_learners(
        training_class, dict.fromkeys([p.pk for p in learners]), by=officer, at=MORNING
    )

    assert enrolled == 3
    assert active(training_class).filter(bridge_point__is_main=True).count() == 3
    assert active(training_class).first().unit.name == "Phường Thủy Nguyên"


def test_enrolling_twice_is_enrolling_once(training_class, officer, enrolments, learners, point):
    again = enrol_learners(
        training_class, {p.pk: point.pk for p in learners}, by=officer, at=MORNING
    )

    assert again == 0
    assert active(training_class).count() == 3


def test_a_full_class_refuses_another_learner_and_takes_nobody(training_class, officer, learners):
    training_class.capacity = 2
    training_class.save()

    with pytest.raises(ClassIsFull):
        enrol_learners(
            training_class, dict.fromkeys([p.pk for p in learners]), by=officer, at=MORNING
        )

    assert not active(training_class).exists()


def test_a_closed_class_refuses_learners(training_class, officer, learners):
    training_class.closed_at = MORNING
    training_class.save()

    with pytest.raises(ClassIsClosed):
        enrol_learners(training_class, {learners[0].pk: None}, by=officer, at=MORNING)


def test_a_person_out_of_scope_is_refused_and_nobody_is_enrolled(
    training_class, officer, learners, far_ward
):
    stranger = make_person("Người Xa", far_ward)

    with pytest.raises(PersonOutOfReach):
        enrol_learners(
            training_class, {learners[0].pk: None, stranger.pk: None}, by=officer, at=MORNING
        )

    assert not active(training_class).exists()


def test_someone_enrolled_at_one_point_is_not_enrolled_at_another(
    training_class, officer, enrolments, learners
):
    with pytest.raises(AlreadyEnrolled):
        enrol_learners(training_class, {learners[0].pk: None}, by=officer, at=MORNING)


def test_a_bridge_point_of_another_class_is_refused(training_class, officer, learners):
    with pytest.raises(BridgePointOfAnotherClass):
        enrol_learners(training_class, {learners[0].pk: 10**9}, by=officer, at=MORNING)


def test_only_who_runs_the_class_enrols(training_class, leader, coordinator, learners):
    for somebody in (leader, coordinator):
        with pytest.raises(NotAllowed):
            enrol_learners(training_class, {learners[0].pk: None}, by=somebody, at=MORNING)


def test_a_withdrawn_learner_can_come_back(training_class, officer, enrolments, learners, point):
    withdraw_learner(enrolments[0], reason="Chuyển công tác", by=officer, at=MORNING)
    withdraw_learner(enrolments[0], reason="Chuyển công tác", by=officer, at=MORNING)
    assert active(training_class).count() == 2

    back = enrol_learners(training_class, {learners[0].pk: point.pk}, by=officer, at=MORNING)

    assert back == 1
    assert active(training_class).count() == 3


def test_only_who_runs_the_class_withdraws(enrolments, coordinator):
    with pytest.raises(NotAllowed):
        withdraw_learner(enrolments[0], by=coordinator, at=MORNING)


def test_enrolling_many_takes_a_handful_of_statements(
    training_class, officer, learners, django_assert_max_num_queries
):
    with django_assert_max_num_queries(10):
        enrol_learners(
            training_class, dict.fromkeys([p.pk for p in learners]), by=officer, at=MORNING
        )
