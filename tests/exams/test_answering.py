from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exams.scenes import MINUTE, NINE, question
from hocvu.exams.actions import hand_in, save_answer, save_answers, start_attempt
from hocvu.exams.actions.answering import (
    AnswerDoesNotFit,
    AttemptIsHandedIn,
    QuestionIsNotAsked,
    TimeIsOver,
)
from hocvu.exams.models import Answer
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


def test_an_answer_that_comes_later_is_refused_and_changes_nothing(attempt, questions):
    answer(attempt, questions[0], ["b"])

    with pytest.raises(TimeIsOver):
        answer(
            attempt,
            questions[0],
            ["a"],
            sequence=2,
            at=attempt.must_end_at + timedelta(seconds=21),
        )
    assert Answer.objects.get().chosen == ["b"]


def test_a_handed_in_attempt_takes_no_more_answers(attempt, questions):
    hand_in(attempt, by=attempt.person, at=NINE + MINUTE)

    with pytest.raises(AttemptIsHandedIn):
        answer(attempt, questions[0], ["b"], at=NINE + 2 * MINUTE)
    assert not Answer.objects.exists()


def test_saving_an_answer_takes_two_statements(attempt, questions):
    with CaptureQueriesContext(connection) as asked:
        answer(attempt, questions[0], ["b"])

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
