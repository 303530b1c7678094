from datetime import timedelta
from uuid import uuid4

import pytest

from exams.scenes import MINUTE, NINE
from hocvu.audit.models import AuditEntry
from hocvu.exams.actions import hand_in, save_answer, start_attempt
from hocvu.exams.actions.late_answers import (
    AttemptDoesNotCount,
    AttemptIsStillUnderWay,
    NothingToDecide,
    decide_late_answers,
)
from hocvu.exams.models import Answer, Attempt, LateAnswer, Remarking
from hocvu.exams.queries.seals import check_answers
from hocvu.kernel.errors import NotAllowed

LATER = NINE + 60 * MINUTE
REASON = "Mất mạng tại điểm cầu từ 9 giờ 5 phút"


def answer(attempt, asked, chosen, sequence, at):
    save_answer(
        attempt,
        asked.pk,
        chosen,
        sequence=sequence,
        client_id=uuid4(),
        by=attempt.person,
        at=at,
    )


@pytest.fixture
def attempt(sitting, learner, questions):
    """Two of three right at the hand-in; then the network comes back with more."""
    started = start_attempt(sitting, by=learner, at=NINE)
    answer(started, questions[0], ["a"], 1, NINE + MINUTE)
    answer(started, questions[1], ["a", "b", "c"], 2, NINE + MINUTE)
    hand_in(started, by=learner, at=NINE + 5 * MINUTE)
    answer(started, questions[0], ["c"], 3, NINE + 40 * MINUTE)
    answer(started, questions[0], ["b"], 4, NINE + 41 * MINUTE)
    answer(started, questions[2], ["a"], 5, NINE + 41 * MINUTE)
    return Attempt.objects.get()


def test_late_answers_that_count_are_marked_and_the_result_changes(attempt, officer):
    assert (attempt.points, attempt.passed) == (1, False)

    changes = decide_late_answers(attempt, counts=True, by=officer, at=LATER, reason=REASON)

    attempt.refresh_from_db()
    assert (attempt.points, attempt.passed) == (3, True)
    assert [(each.cause, each.points_before, each.points_after) for each in changes] == [
        ("late_answers", 1, 3)
    ]
    assert Remarking.objects.get().passed_after


def test_late_answers_that_do_not_count_change_nothing_and_stay_to_be_seen(attempt, officer):
    before = list(Answer.objects.order_by("pk").values())

    decide_late_answers(attempt, counts=False, by=officer, at=LATER, reason=REASON)

    assert list(Answer.objects.order_by("pk").values()) == before
    decided = LateAnswer.objects.values_list("counts", "decided_by", "reason").distinct()
    assert list(decided) == [(False, officer.pk, REASON)]
    assert not Remarking.objects.exists()


def test_the_decision_is_recorded_with_its_reason(attempt, officer):
    decide_late_answers(attempt, counts=True, by=officer, at=LATER, reason=REASON)

    entry = AuditEntry.objects.get(act="late_answers_decided")
    assert (entry.actor_id, entry.reason) == (officer.pk, REASON)
    assert entry.facts == {"answers": 3, "counts": True}


def test_the_last_answer_of_the_device_stands_and_the_chain_keeps_all_of_them(
    attempt, officer, questions
):
    decide_late_answers(attempt, counts=True, by=officer, at=LATER, reason=REASON)

    standing = Answer.objects.get(question=questions[0])
    assert (standing.chosen, standing.sequence) == (["b"], 4)
    assert len(standing.earlier) == 2 * 32


def test_the_seal_of_the_hand_in_still_holds_when_late_answers_count(attempt, officer):
    seal = attempt.seal

    decide_late_answers(attempt, counts=True, by=officer, at=LATER, reason=REASON)

    attempt.refresh_from_db()
    assert bytes(attempt.seal) == bytes(seal)
    found = check_answers(attempt)
    assert found.is_intact
    assert found.late == 3


def test_an_answer_from_before_the_chain_is_kept_in_it(attempt, officer, sitting, classmate):
    old = start_attempt(sitting, by=classmate, at=NINE)
    question = Answer.objects.first().question
    answer(old, question, ["a"], 1, NINE + MINUTE)
    Answer.objects.filter(attempt=old).update(digest=b"", link=b"")
    hand_in(old, by=classmate, at=NINE + 5 * MINUTE)
    answer(old, question, ["b"], 2, NINE + 41 * MINUTE)

    decide_late_answers(old, counts=True, by=officer, at=LATER, reason=REASON)

    old.refresh_from_db()
    assert check_answers(old).is_intact


def test_an_answer_older_than_the_one_that_stands_changes_nothing(
    sitting, learner, questions, officer
):
    started = start_attempt(sitting, by=learner, at=NINE)
    answer(started, questions[0], ["b"], 9, NINE + MINUTE)
    hand_in(started, by=learner, at=NINE + 5 * MINUTE)
    LateAnswer.objects.create(
        attempt=started,
        question=questions[0],
        chosen=["a"],
        sequence=3,
        client_id=uuid4(),
        arrived_at=NINE + 6 * MINUTE,
    )

    changes = decide_late_answers(started, counts=True, by=officer, at=LATER, reason=REASON)

    assert changes == []
    assert Answer.objects.get().chosen == ["b"]


def test_a_late_answer_that_counts_is_told_to_the_device_that_sends_it_again(
    attempt, officer, questions
):
    decide_late_answers(attempt, counts=True, by=officer, at=LATER, reason=REASON)
    late = LateAnswer.objects.get(sequence=4)

    again = save_answer(
        attempt,
        questions[0].pk,
        ["b"],
        sequence=4,
        client_id=late.client_id,
        by=attempt.person,
        at=LATER + MINUTE,
    )

    assert again.code
    assert LateAnswer.objects.count() == 3


def test_only_those_who_run_the_class_decide(attempt, stranger, learner):
    for somebody in (stranger, learner):
        with pytest.raises(NotAllowed):
            decide_late_answers(attempt, counts=True, by=somebody, at=LATER, reason=REASON)


def test_there_is_nothing_to_decide_twice(attempt, officer):
    decide_late_answers(attempt, counts=False, by=officer, at=LATER, reason=REASON)

    with pytest.raises(NothingToDecide):
        decide_late_answers(attempt, counts=True, by=officer, at=LATER, reason=REASON)


def test_an_attempt_that_was_given_more_time_is_not_decided_about(
    sitting, learner, questions, officer
):
    started = start_attempt(sitting, by=learner, at=NINE)
    answer(started, questions[0], ["b"], 1, started.must_end_at + timedelta(seconds=21))
    Attempt.objects.update(must_end_at=started.must_end_at + 60 * MINUTE)

    with pytest.raises(AttemptIsStillUnderWay):
        decide_late_answers(started, counts=True, by=officer, at=LATER, reason=REASON)


def test_late_answers_of_a_voided_attempt_cannot_count(attempt, officer):
    Attempt.objects.update(voided_at=LATER, voided_by=officer, void_reason="Trao đổi bài")

    with pytest.raises(AttemptDoesNotCount):
        decide_late_answers(attempt, counts=True, by=officer, at=LATER, reason=REASON)
