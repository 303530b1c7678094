from uuid import uuid4

import pytest

from hocvu.competency.models import Result
from hocvu.courses.models import Topic
from hocvu.kernel.errors import NotAllowed
from hocvu.situations.actions import decide, finish_run, start_run
from hocvu.situations.actions.running import ExerciseIsForLearners, RollIsNotOpen
from situations.situation_scene import (
    MINUTE,
    NINE,
    enrol,
    mark_on,
    offer,
    open_roll_with,
    person,
    remote_point,
)


@pytest.fixture
def coordinator(db):
    return person("Bùi Thị Điều Phối")


@pytest.fixture
def point(training_class, other_commune, coordinator):
    return remote_point(training_class, other_commune, coordinator)


@pytest.fixture
def group(point, training_class, other_commune):
    """Two who are present and one who is not."""
    names = ("Hà Có Mặt", "Mai Có Mặt", "Sơn Vắng")
    return [enrol(training_class, person(name), other_commune, point) for name in names]


@pytest.fixture
def roll(point, group, officer):
    return open_roll_with(point, group[:2], group[2:], topic=Topic.objects.get(), by=officer)


@pytest.fixture
def exercise(framework, training_class):
    return offer(framework, training_class, mode="bridge_point")


@pytest.fixture
def run(exercise, point, roll, coordinator):
    return start_run(exercise, bridge_point=point, by=coordinator, at=NINE)


def say(run, decision, by):
    return decide(run, "desk", decision, client_id=uuid4(), by=by, at=NINE)


def test_the_coordinator_starts_the_run_of_the_bridge_point_once(run, exercise, point, coordinator):
    assert start_run(exercise, bridge_point=point, by=coordinator, at=NINE + MINUTE) == run
    assert run.person is None


def test_without_a_roll_of_the_day_nobody_could_say_who_the_group_is(exercise, point, coordinator):
    with pytest.raises(RollIsNotOpen):
        start_run(exercise, bridge_point=point, by=coordinator, at=NINE)


def test_somebody_else_does_not_enter_what_the_group_decides(exercise, point, roll, group):
    with pytest.raises(NotAllowed):
        start_run(exercise, bridge_point=point, by=group[0].person, at=NINE)


def test_a_member_of_the_group_cannot_decide_for_it(run, group):
    with pytest.raises(NotAllowed):
        say(run, "good", group[0].person)


def test_an_exercise_for_learners_is_not_run_by_a_bridge_point(
    framework, training_class, point, coordinator
):
    alone = offer(framework, training_class)

    with pytest.raises(ExerciseIsForLearners):
        start_run(alone, bridge_point=point, by=coordinator, at=NINE)


def test_a_new_coordinator_takes_the_run_over(run, point, officer):
    point.coordinator = officer
    point.save()

    assert say(run, "half", officer).decided_by == officer


def test_the_path_is_evidence_of_those_present_and_marked_as_a_groups(run, group, coordinator):
    say(run, "bad", coordinator)

    present = sorted(each.person_id for each in group[:2])
    evidence = Result.objects.order_by("person").values_list("person", "evidence")
    assert list(evidence) == [(pk, f"situations.run:{run.pk}/group/{pk}") for pk in present]


def test_a_groups_run_is_never_a_pass_of_its_members(run, coordinator, at_the_note, choose):
    at_the_note(run, by=coordinator)
    finish_run(run, by=coordinator, at=NINE)

    run.refresh_from_db()
    assert run.passed  # 4 of 6 points: the group has reached it
    assert not Result.objects.filter(passed=True).exists()


def test_whoever_comes_late_but_is_on_the_roll_at_the_end_belongs_to_the_group(
    run, roll, group, officer, coordinator
):
    late = roll.marks.get(enrolment=group[2])
    late.superseded_at = NINE
    late.save()
    mark_on(roll, group[2], "present", by=officer, at=NINE)

    say(run, "bad", coordinator)

    assert run.members.count() == 3


def test_a_correction_of_the_roll_after_the_end_changes_no_evidence(
    run, roll, group, officer, coordinator
):
    say(run, "bad", coordinator)

    mark = roll.marks.get(enrolment=group[0])
    mark.superseded_at = NINE + MINUTE
    mark.save()
    mark_on(roll, group[0], "absent", by=officer, at=NINE + MINUTE)

    assert run.members.count() == Result.objects.count() == 2
