from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exams.scenes import MINUTE, NINE, question
from hocvu.exams import rules
from hocvu.exams.actions import (
    KeptLate,
    hand_in,
    hear_device,
    save_answer,
    save_answers,
    start_attempt,
)
from hocvu.exams.actions.answering import (
    AnswerChangedTooOften,
    AnswerDoesNotFit,
    AttemptIsVoided,
    QuestionIsNotAsked,
    TooManyLateAnswers,
)
from hocvu.exams.models import Answer, Attempt, AttemptSeen, LateAnswer
from hocvu.kernel.errors import NotAllowed


@pytest.fixture
def attempt(sitting, learner):
    return start_attempt(sitting, by=learner, at=NINE)


def answer(attempt, asked, chosen, *, sequence=1, at=NINE + MINUTE, client_id=None, by=None):
    return save_answer(
        attempt,
        asked.pk,
        chosen,
        sequence=sequence,
        client_id=client_id or uuid4(),
        by=by or attempt.person,
        at=at,
    )


def test_an_answer_is_kept_and_receipted(attempt, questions):
    receipt = answer(attempt, questions[0], ["b"])

    assert Answer.objects.get().chosen == ["b"]
    assert len(receipt.code) == len("7K2M-Q0XF")


def test_a_changed_mind_replaces_the_answer(attempt, questions):
    answer(attempt, questions[0], ["a"], sequence=1)
    answer(attempt, questions[0], ["b"], sequence=2)

    assert Answer.objects.get().chosen == ["b"]


def test_an_answer_can_be_taken_back(attempt, questions):
    answer(attempt, questions[1], ["a"], sequence=1)
    answer(attempt, questions[1], [], sequence=2)

    assert Answer.objects.get().chosen == []


def test_the_same_delivery_twice_gets_the_same_receipt(attempt, questions):
    client_id = uuid4()
    first = answer(attempt, questions[0], ["b"], client_id=client_id)

    assert answer(attempt, questions[0], ["b"], client_id=client_id, at=NINE + 2 * MINUTE) == first
    assert Answer.objects.get().saved_at == NINE + MINUTE


def test_an_overtaken_delivery_is_told_what_stands(attempt, questions):
    newest = answer(attempt, questions[0], ["b"], sequence=9)

    assert answer(attempt, questions[0], ["a"], sequence=3) == newest
    assert Answer.objects.get().chosen == ["b"]


def test_a_lost_reply_is_repeated_even_after_handing_in(attempt, questions):
    client_id = uuid4()
    first = answer(attempt, questions[0], ["b"], client_id=client_id)
    hand_in(attempt, by=attempt.person, at=NINE + 2 * MINUTE)

    again = answer(attempt, questions[0], ["b"], client_id=client_id, at=NINE + 3 * MINUTE)

    assert again == first


# Random deliveries: some doubled, all in any order, as if replies had been lost.
_sent = st.lists(st.sets(st.sampled_from("abcde")), min_size=1, max_size=6)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_whatever_the_network_does_the_last_answer_stands(attempt, questions, data):
    sent = [(n, sorted(chosen), uuid4()) for n, chosen in enumerate(data.draw(_sent), start=1)]
    doubled = sent + data.draw(st.lists(st.sampled_from(sent), max_size=6))
    with transaction.atomic():
        receipts = [
            answer(attempt, questions[1], chosen, sequence=sequence, client_id=client_id)
            for sequence, chosen, client_id in data.draw(st.permutations(doubled))
        ]

        standing = Answer.objects.get()
        assert (standing.sequence, standing.chosen, standing.client_id) == sent[-1]
        assert receipts[-1].chosen == tuple(sent[-1][1])
        transaction.set_rollback(True)


def test_of_two_devices_with_the_same_sequence_the_same_one_wins_in_any_order(attempt, questions):
    low, high = UUID(int=1), UUID(int=2)
    for asked, order in ((questions[0], (low, high)), (questions[2], (high, low))):
        for client_id in order:
            chosen = ["a"] if client_id == low else ["b"]
            answer(attempt, asked, chosen, sequence=5, client_id=client_id)

    assert {each.client_id for each in Answer.objects.all()} == {high}


def test_another_person_cannot_answer(attempt, questions, classmate):
    with pytest.raises(NotAllowed):
        answer(attempt, questions[0], ["b"], by=classmate)


def test_a_question_of_another_paper_is_refused(attempt):
    foreign = question("Q9", "single", "a b*", "1.2")

    with pytest.raises(QuestionIsNotAsked):
        answer(attempt, foreign, ["b"])


def test_an_unknown_option_is_refused(attempt, questions):
    with pytest.raises(AnswerDoesNotFit):
        answer(attempt, questions[0], ["z"])


@pytest.mark.parametrize("number", [0, 2])
def test_two_options_where_one_is_asked_are_refused(attempt, questions, number):
    with pytest.raises(AnswerDoesNotFit):
        answer(attempt, questions[number], ["a", "b"])


def test_an_answer_that_was_on_its_way_when_time_ran_out_counts(attempt, questions):
    answer(attempt, questions[0], ["b"], at=attempt.must_end_at + timedelta(seconds=20))

    assert Answer.objects.get().chosen == ["b"]


def test_an_answer_that_comes_later_is_kept_aside_and_changes_nothing(attempt, questions):
    answer(attempt, questions[0], ["b"])
    late = attempt.must_end_at + timedelta(seconds=21)

    told = answer(attempt, questions[0], ["a"], sequence=2, at=late)

    assert told == KeptLate(questions[0].pk, ("a",), 2)
    assert Answer.objects.get().chosen == ["b"]
    kept = LateAnswer.objects.get()
    assert (kept.chosen, kept.sequence, kept.arrived_at, kept.counts) == (["a"], 2, late, None)


def test_an_answer_that_comes_after_handing_in_is_kept_aside(attempt, questions):
    hand_in(attempt, by=attempt.person, at=NINE + MINUTE)

    told = answer(attempt, questions[0], ["b"], at=NINE + 2 * MINUTE)

    assert isinstance(told, KeptLate)
    assert not Answer.objects.exists()


def test_a_late_answer_delivered_twice_is_kept_once(attempt, questions):
    hand_in(attempt, by=attempt.person, at=NINE + MINUTE)
    client_id = uuid4()
    first = answer(attempt, questions[0], ["b"], at=NINE + 2 * MINUTE, client_id=client_id)

    again = answer(attempt, questions[0], ["b"], at=NINE + 3 * MINUTE, client_id=client_id)

    assert again == first
    assert LateAnswer.objects.count() == 1


def test_a_runaway_device_cannot_fill_the_disk_with_late_answers(attempt, questions, monkeypatch):
    monkeypatch.setattr("hocvu.exams.rules.statements.MOST_LATE_ANSWERS", 1)
    hand_in(attempt, by=attempt.person, at=NINE + MINUTE)
    answer(attempt, questions[0], ["b"], at=NINE + 2 * MINUTE)

    with pytest.raises(TooManyLateAnswers):
        answer(attempt, questions[0], ["a"], sequence=2, at=NINE + 2 * MINUTE)


def test_a_voided_attempt_takes_no_answers_at_all(attempt, questions, officer):
    hand_in(attempt, by=attempt.person, at=NINE + MINUTE)
    Attempt.objects.update(voided_at=NINE + MINUTE, voided_by=officer, void_reason="Trao đổi bài")

    with pytest.raises(AttemptIsVoided):
        answer(attempt, questions[0], ["b"], at=NINE + 2 * MINUTE)
    assert not LateAnswer.objects.exists()


def test_extra_time_given_after_the_end_lets_answers_in_again(attempt, questions):
    late = attempt.must_end_at + timedelta(seconds=21)
    Attempt.objects.update(must_end_at=late)

    answer(attempt, questions[0], ["b"], at=late)

    assert Answer.objects.get().chosen == ["b"]


def test_every_answer_is_chained_to_the_ones_it_replaced(attempt, questions):
    given = [(["a"], NINE + MINUTE), (["b"], NINE + 2 * MINUTE), ([], NINE + 3 * MINUTE)]
    digests = []
    for sequence, (chosen, at) in enumerate(given, start=1):
        client_id = uuid4()
        answer(attempt, questions[0], chosen, sequence=sequence, at=at, client_id=client_id)
        digests.append(
            rules.answer_digest(
                attempt.pk,
                questions[0].pk,
                chosen,
                sequence=sequence,
                client_id=client_id,
                saved_at=at,
            )
        )

    standing = Answer.objects.get()
    assert bytes(standing.digest) == digests[-1]
    assert rules.digests_in(bytes(standing.earlier)) == digests[:-1]
    assert bytes(standing.link) == rules.link_over(digests)


def test_the_receipt_differs_when_the_same_answer_was_given_another_way(attempt, questions):
    at_once = answer(attempt, questions[0], ["b"], sequence=1)
    answer(attempt, questions[0], ["a"], sequence=2)

    assert answer(attempt, questions[0], ["b"], sequence=3).code != at_once.code


def test_an_answer_changed_more_often_than_anybody_would_is_refused(attempt, questions):
    answer(attempt, questions[0], ["b"])
    Answer.objects.update(earlier=bytes(160_000))

    with pytest.raises(AnswerChangedTooOften), transaction.atomic():
        answer(attempt, questions[0], ["a"], sequence=2)
    assert Answer.objects.get().chosen == ["b"]


def test_a_device_is_heard_with_its_answer_and_noted_every_twenty_seconds(attempt, questions):
    answer(attempt, questions[0], ["b"], at=NINE + MINUTE)
    hear_device(attempt, at=NINE + MINUTE + timedelta(seconds=19))
    assert AttemptSeen.objects.get().seen_at == NINE + MINUTE

    hear_device(attempt, at=NINE + MINUTE + timedelta(seconds=20))

    assert AttemptSeen.objects.get().seen_at == NINE + MINUTE + timedelta(seconds=20)


def test_saving_an_answer_takes_two_statements(attempt, questions, learner):
    with CaptureQueriesContext(connection) as asked:
        answer(attempt, questions[0], ["b"], by=learner)

    assert len(asked) == 2


def test_a_page_without_scripts_saves_what_differs(attempt, questions, learner):
    answer(attempt, questions[0], ["b"], sequence=1)
    choices = {questions[0].pk: ["b"], questions[1].pk: ["c", "a"], questions[2].pk: []}

    changed = save_answers(
        attempt, choices, seen={questions[0].pk: 1}, by=learner, at=NINE + MINUTE
    )

    assert changed == []
    assert {each.question_id: each.chosen for each in Answer.objects.all()} == {
        questions[0].pk: ["b"],
        questions[1].pk: ["a", "c"],
    }


def test_an_old_page_does_not_undo_what_was_answered_elsewhere(attempt, questions, learner):
    answer(attempt, questions[0], ["b"], sequence=4)

    changed = save_answers(
        attempt, {questions[0].pk: ["a"]}, seen={questions[0].pk: 0}, by=learner, at=NINE + MINUTE
    )

    assert changed == [questions[0].pk]
    assert Answer.objects.get().chosen == ["b"]


def test_a_page_with_an_unfit_answer_saves_nothing_of_it(attempt, questions, learner):
    choices = {questions[0].pk: ["b"], questions[2].pk: ["a", "b"]}

    with pytest.raises(AnswerDoesNotFit):
        save_answers(attempt, choices, seen={}, by=learner, at=NINE + MINUTE)
    assert not Answer.objects.exists()
