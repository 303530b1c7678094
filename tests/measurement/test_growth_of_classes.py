"""Before and after a class, on one scale: what has a person, what has the class gained."""

import pytest

from exams.scenes import MINUTE, NINE, enrol, person
from hocvu.kernel.errors import NotAllowed
from hocvu.measurement.actions import (
    ClassIsClosed,
    SittingEndsBeforeItOpens,
    TestIsAlreadyOffered,
    TestIsNotReady,
    end_run,
    offer_test,
    start_run,
)
from hocvu.measurement.models import Calibration, Purpose
from hocvu.measurement.queries.growth import growth_of_class, growth_of_person, pair_of
from hocvu.psychometrics.growth import Direction
from measurement.sessions import answer_until_the_end

LATER = NINE + 60 * 24 * 30 * MINUTE


@pytest.fixture
def before(skills_test, training_class, officer, calibration):
    return offered(skills_test, training_class, officer, Purpose.BEFORE, NINE)


@pytest.fixture
def after(skills_test, training_class, officer, calibration):
    return offered(skills_test, training_class, officer, Purpose.AFTER, LATER)


def offered(test, training_class, by, purpose, at):
    return offer_test(
        test,
        training_class,
        purpose=purpose,
        opens_at=at,
        closes_at=at + 120 * MINUTE,
        by=by,
        at=at,
    )


def sat(sitting, someone, *, ability):
    """As somebody who answers right whatever is easier than this."""
    at = sitting.opens_at
    run = start_run(sitting, by=someone, at=at)
    return answer_until_the_end(run, someone, knows=lambda step: step.b < ability, at=at + MINUTE)


@pytest.fixture
def class_of_four(training_class, commune):
    people = [person(f"Học viên {at}") for at in range(4)]
    for each in people:
        enrol(training_class, each, commune)
    return people


def test_a_person_who_gained_much_is_proven_better(before, after, training_class, learner):
    sat(before, learner, ability=-1.5)
    sat(after, learner, ability=1.5)

    found = growth_of_person(pair_of(training_class), learner)

    assert found.direction is Direction.BETTER
    assert found.difference > 1.5


def test_a_person_who_stayed_is_not(before, after, training_class, learner):
    sat(before, learner, ability=0.2)
    sat(after, learner, ability=0.3)

    assert growth_of_person(pair_of(training_class), learner).direction is Direction.NOT_PROVEN


def test_a_person_measured_once_has_no_growth(before, after, training_class, learner):
    sat(after, learner, ability=0)

    assert growth_of_person(pair_of(training_class), learner) is None


def test_what_a_class_gained_is_told_of_those_measured_twice(
    before, after, training_class, class_of_four
):
    for at, each in enumerate(class_of_four):
        sat(before, each, ability=-1.5 + at / 2)
    for each in class_of_four[:3]:
        sat(after, each, ability=1.2)

    found = growth_of_class(pair_of(training_class), [each.pk for each in class_of_four])

    assert (found.people, found.left_out) == (3, 1)
    assert found.mean > 1
    assert found.better >= 1


def test_of_two_people_nothing_is_said(before, after, training_class, class_of_four):
    for each in class_of_four[:2]:
        sat(before, each, ability=0)
        sat(after, each, ability=1)

    assert growth_of_class(pair_of(training_class), [each.pk for each in class_of_four]) is None


def test_a_run_broken_off_too_early_is_no_measure(before, after, training_class, learner):
    sat(before, learner, ability=0)
    end_run(start_run(after, by=learner, at=LATER), by=learner, at=LATER + MINUTE)

    assert growth_of_person(pair_of(training_class), learner) is None


def test_the_second_test_asks_other_questions(before, after, learner):
    first, second = sat(before, learner, ability=0), sat(after, learner, ability=0)

    asked = [set(each.steps.values_list("question_id", flat=True)) for each in (first, second)]
    assert asked[0].isdisjoint(asked[1])


def test_a_class_measured_once_is_no_pair(before, training_class):
    assert pair_of(training_class) is None


# --- Offering ----------------------------------------------------------------------------------


def test_offering_twice_is_offering_once(before, skills_test, training_class, officer):
    again = offered(skills_test, training_class, officer, Purpose.BEFORE, NINE)

    assert again == before


def test_the_same_offer_at_other_times_is_refused(before, skills_test, training_class, officer):
    with pytest.raises(TestIsAlreadyOffered):
        offered(skills_test, training_class, officer, Purpose.BEFORE, LATER)


def test_only_who_runs_the_class_offers_it_tests(
    skills_test, training_class, stranger, calibration
):
    with pytest.raises(NotAllowed):
        offered(skills_test, training_class, stranger, Purpose.BEFORE, NINE)


def test_a_test_closes_after_it_opens(skills_test, training_class, officer, calibration):
    with pytest.raises(SittingEndsBeforeItOpens):
        offer_test(
            skills_test,
            training_class,
            purpose=Purpose.BEFORE,
            opens_at=LATER,
            closes_at=NINE,
            by=officer,
            at=NINE,
        )


def test_a_closed_class_gets_no_test(skills_test, training_class, officer, calibration):
    training_class.closed_at = NINE
    training_class.closed_by = officer
    training_class.save()

    with pytest.raises(ClassIsClosed):
        offered(skills_test, training_class, officer, Purpose.AFTER, LATER)


def test_a_test_whose_scale_is_not_calibrated_is_not_offered(
    skills_test, training_class, officer, calibration
):
    Calibration.objects.filter(pk=calibration.pk).update(approved_at=None)

    with pytest.raises(TestIsNotReady):
        offered(skills_test, training_class, officer, Purpose.BEFORE, NINE)
