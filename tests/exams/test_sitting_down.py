import pytest

from exams.scenes import MINUTE, NINE, grant, person
from hocvu.audit.models import AuditEntry
from hocvu.classes.models import Enrolment
from hocvu.exams.actions import hand_in, open_sitting, start_attempt
from hocvu.exams.actions.sittings import (
    ClassIsClosed,
    NoAttemptsLeft,
    PaperIsAlreadySat,
    SittingEndsBeforeItOpens,
    SittingIsClosed,
    SittingIsNotOpenYet,
)
from hocvu.exams.models import Attempt, Sitting
from hocvu.kernel.errors import NotAllowed

TIMES = {"opens_at": NINE, "closes_at": NINE + 60 * MINUTE}


def test_an_officer_opens_a_test_for_a_class(paper, training_class, officer):
    opened = open_sitting(paper, training_class, **TIMES, attempts_allowed=2, by=officer, at=NINE)

    assert opened.attempts_allowed == 2
    assert AuditEntry.objects.get(act="sitting_opened").actor_id == officer.pk


def test_the_supervisor_of_a_class_opens_a_test_too(paper, training_class):
    training_class.supervisor = person("Lê Chủ Nhiệm")
    training_class.save()

    assert open_sitting(paper, training_class, **TIMES, by=training_class.supervisor, at=NINE)


def test_an_officer_of_another_province_cannot_open_one(paper, training_class, stranger):
    with pytest.raises(NotAllowed):
        open_sitting(paper, training_class, **TIMES, by=stranger, at=NINE)


def test_a_leader_looks_but_opens_nothing(paper, training_class, commune):
    leader = grant(person("Vũ Lãnh Đạo"), "leader", commune)

    with pytest.raises(NotAllowed):
        open_sitting(paper, training_class, **TIMES, by=leader, at=NINE)


def test_opening_twice_opens_once(paper, training_class, officer):
    first = open_sitting(paper, training_class, **TIMES, by=officer, at=NINE)

    assert open_sitting(paper, training_class, **TIMES, by=officer, at=NINE + MINUTE) == first
    assert Sitting.objects.count() == 1


def test_a_class_has_a_paper_only_once(paper, training_class, officer):
    open_sitting(paper, training_class, **TIMES, by=officer, at=NINE)

    with pytest.raises(PaperIsAlreadySat):
        open_sitting(
            paper,
            training_class,
            opens_at=NINE,
            closes_at=NINE + 90 * MINUTE,
            by=officer,
            at=NINE,
        )


def test_a_test_cannot_close_before_it_opens(paper, training_class, officer):
    with pytest.raises(SittingEndsBeforeItOpens):
        open_sitting(paper, training_class, opens_at=NINE, closes_at=NINE, by=officer, at=NINE)


def test_a_closed_class_gets_no_new_test(paper, training_class, officer):
    training_class.closed_at = NINE
    training_class.save()

    with pytest.raises(ClassIsClosed):
        open_sitting(paper, training_class, **TIMES, by=officer, at=NINE)


def test_an_attempt_has_the_minutes_of_its_paper(sitting, learner):
    attempt = start_attempt(sitting, by=learner, at=NINE)

    assert attempt.number == 1
    assert attempt.must_end_at == NINE + 30 * MINUTE


def test_an_attempt_begun_late_ends_when_the_sitting_closes(sitting, learner):
    attempt = start_attempt(sitting, by=learner, at=NINE + 110 * MINUTE)

    assert attempt.must_end_at == sitting.closes_at


def test_starting_again_goes_on_with_the_attempt_under_way(sitting, learner):
    first = start_attempt(sitting, by=learner, at=NINE)

    assert start_attempt(sitting, by=learner, at=NINE + 5 * MINUTE) == first
    assert Attempt.objects.count() == 1


def test_only_learners_of_the_class_sit_its_test(sitting, officer):
    with pytest.raises(NotAllowed):
        start_attempt(sitting, by=officer, at=NINE)


def test_a_learner_who_left_the_class_cannot_sit(sitting, learner):
    Enrolment.objects.filter(person=learner).update(withdrawn_at=NINE)

    with pytest.raises(NotAllowed):
        start_attempt(sitting, by=learner, at=NINE)


def test_nobody_starts_before_it_opens(sitting, learner):
    with pytest.raises(SittingIsNotOpenYet):
        start_attempt(sitting, by=learner, at=NINE - MINUTE)


def test_nobody_starts_when_it_has_closed(sitting, learner):
    with pytest.raises(SittingIsClosed):
        start_attempt(sitting, by=learner, at=sitting.closes_at)


def test_attempts_run_out(sitting, learner):
    for _ in range(2):
        hand_in(start_attempt(sitting, by=learner, at=NINE), by=learner, at=NINE + MINUTE)

    with pytest.raises(NoAttemptsLeft):
        start_attempt(sitting, by=learner, at=NINE + 2 * MINUTE)


def test_starting_after_a_forgotten_attempt_hands_that_one_in_first(sitting, learner):
    forgotten = start_attempt(sitting, by=learner, at=NINE)

    second = start_attempt(sitting, by=learner, at=NINE + 40 * MINUTE)

    forgotten.refresh_from_db()
    assert second.number == 2
    assert forgotten.handed_in_at == forgotten.must_end_at
