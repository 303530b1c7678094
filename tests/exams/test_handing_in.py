from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from exams.scenes import MINUTE, NINE, enrol, person
from hocvu.audit.models import AuditEntry
from hocvu.competency.events import AssessmentsRecorded
from hocvu.competency.models import ComponentResult, Result
from hocvu.exams.actions import (
    hand_in,
    hand_in_attempts_whose_time_is_over,
    hand_in_overdue,
    save_answer,
    start_attempt,
)
from hocvu.exams.events import AttemptsMarked
from hocvu.exams.models import Attempt
from hocvu.exams.queries import best_marked_attempts, sittings_ahead_of
from hocvu.exams.queries.learner import SittingState, sitting_for
from hocvu.kernel import events
from hocvu.kernel.errors import NotAllowed

ALL_RIGHT = (["b"], ["a", "b", "c"], ["a"])
TWO_THIRDS = (["b"], ["a", "b", "c"], ["b"])


def attempt_with(sitting, learner, questions, chosen, at=NINE):
    attempt = start_attempt(sitting, by=learner, at=at)
    for sequence, (asked, options) in enumerate(zip(questions, chosen, strict=True), start=1):
        save_answer(
            attempt,
            asked.pk,
            options,
            sequence=sequence,
            client_id=uuid4(),
            by=learner,
            at=at + MINUTE,
        )
    return attempt


@pytest.fixture
def announced(monkeypatch):
    """Every event published while this test runs, after the rooms above have reacted."""
    heard = []
    for kind in (AttemptsMarked, AssessmentsRecorded):
        monkeypatch.setitem(events._reactions, kind, [*events._reactions[kind], heard.append])
    return heard


def test_handing_in_marks_at_once(sitting, learner, questions):
    attempt = attempt_with(sitting, learner, questions, ALL_RIGHT)

    marked = hand_in(attempt, by=learner, at=NINE + 10 * MINUTE)

    marked.refresh_from_db()
    assert (marked.points, marked.out_of, marked.passed) == (3, 3, True)
    assert marked.handed_in_at == marked.marked_at == NINE + 10 * MINUTE


def test_two_thirds_do_not_pass_a_mark_of_seven_tenths(sitting, learner, questions):
    attempt = attempt_with(sitting, learner, questions, TWO_THIRDS)

    assert hand_in(attempt, by=learner, at=NINE + 10 * MINUTE).passed is False


def test_the_result_is_recorded_for_each_component(sitting, learner, questions):
    attempt = attempt_with(sitting, learner, questions, (["b"], ["a", "b"], ["b"]))
    hand_in(attempt, by=learner, at=NINE + 10 * MINUTE)

    result = Result.objects.get()
    assert result.evidence == f"exams.attempt:{attempt.pk}"
    assert (result.points, result.out_of, result.passed) == (Decimal("1.666"), 3, False)
    shown = ComponentResult.objects.order_by("component__code")
    assert list(shown.values_list("component__code", "points", "out_of")) == [
        ("1.2", 1, 1),
        ("6.1", Decimal("0.666"), 2),
    ]


def test_handing_in_is_announced_once_and_twice_changes_nothing(
    sitting, learner, questions, announced
):
    attempt = attempt_with(sitting, learner, questions, ALL_RIGHT)
    hand_in(attempt, by=learner, at=NINE + 10 * MINUTE)

    again = hand_in(attempt, by=learner, at=NINE + 20 * MINUTE)

    assert again.handed_in_at == NINE + 10 * MINUTE
    assert announced == [
        AssessmentsRecorded(sitting.paper.framework_id, (learner.pk,), NINE + 10 * MINUTE),
        AttemptsMarked((attempt.pk,), NINE + 10 * MINUTE),
    ]
    assert AuditEntry.objects.filter(act="attempt_handed_in").count() == 1


def test_nobody_hands_in_for_another(sitting, learner, classmate, questions):
    attempt = attempt_with(sitting, learner, questions, ALL_RIGHT)

    with pytest.raises(NotAllowed):
        hand_in(attempt, by=classmate, at=NINE + 10 * MINUTE)


def test_what_is_handed_in_late_was_handed_in_by_the_clock(sitting, learner, questions):
    attempt = attempt_with(sitting, learner, questions, ALL_RIGHT)

    marked = hand_in(attempt, by=learner, at=NINE + 300 * MINUTE)

    assert marked.handed_in_at == attempt.must_end_at
    assert marked.passed


def test_overdue_attempts_are_handed_in_and_marked_together(
    sitting, learner, classmate, questions, announced
):
    first = attempt_with(sitting, learner, questions, ALL_RIGHT)
    second = attempt_with(sitting, classmate, questions, TWO_THIRDS)

    assert hand_in_overdue(NINE + 31 * MINUTE) == 2
    assert hand_in_overdue(NINE + 31 * MINUTE) == 0
    outcomes = dict(Attempt.objects.values_list("pk", "passed"))
    assert outcomes == {first.pk: True, second.pk: False}
    assert announced[-1] == AttemptsMarked((first.pk, second.pk), NINE + 31 * MINUTE)


def test_an_attempt_in_its_grace_is_not_overdue(sitting, learner):
    start_attempt(sitting, by=learner, at=NINE)

    assert hand_in_overdue(NINE + 30 * MINUTE) == 0


def test_the_timed_job_hands_in_by_its_own_timestamp(sitting, learner):
    attempt = start_attempt(sitting, by=learner, at=NINE)

    hand_in_attempts_whose_time_is_over(int((NINE + 60 * MINUTE).timestamp()))

    attempt.refresh_from_db()
    assert attempt.handed_in_at == attempt.must_end_at
    assert attempt.points == 0


def test_handing_in_many_takes_as_many_statements_as_handing_in_one(
    sitting, training_class, commune
):
    def overdue(people, number):
        for count in range(people):
            learner = person(f"Học Viên {number} {count}")
            enrol(training_class, learner, commune)
            start_attempt(sitting, by=learner, at=NINE)
        with CaptureQueriesContext(connection) as asked:
            assert hand_in_overdue(NINE + 60 * MINUTE) == people
        return len(asked)

    assert overdue(1, "một") == overdue(12, "hai")


def test_the_best_attempt_counts(sitting, training_class, learner, classmate, questions):
    passed = attempt_with(sitting, learner, questions, ALL_RIGHT)
    hand_in(passed, by=learner, at=NINE + 5 * MINUTE)
    failed = attempt_with(sitting, learner, questions, TWO_THIRDS, at=NINE + 6 * MINUTE)
    hand_in(failed, by=learner, at=NINE + 9 * MINUTE)
    start_attempt(sitting, by=classmate, at=NINE)

    best = best_marked_attempts(training_class)

    assert list(best) == [learner.pk]
    assert best[learner.pk].attempt_id == passed.pk


def test_what_is_ahead_changes_as_the_test_is_taken(sitting, learner, questions):
    def states(at):
        return [each.state for each in sittings_ahead_of(learner, at)]

    assert states(NINE - MINUTE) == [SittingState.NOT_OPEN_YET]
    assert states(NINE) == [SittingState.CAN_START]
    attempt = attempt_with(sitting, learner, questions, ALL_RIGHT)
    assert states(NINE + MINUTE) == [SittingState.UNDER_WAY]
    hand_in(attempt, by=learner, at=NINE + 2 * MINUTE)
    assert states(NINE + 3 * MINUTE) == []
    met = sitting_for(learner, sitting, NINE + 3 * MINUTE)
    assert (met.state, met.attempts_left, met.passed) == (SittingState.DONE, 1, True)


def test_a_closed_sitting_is_not_ahead(sitting, learner):
    assert sittings_ahead_of(learner, sitting.closes_at) == []
