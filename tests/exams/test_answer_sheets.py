from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exams.kinds import question_of
from exams.scenes import MINUTE, NINE, enrol, person
from hocvu.classes.models import BridgePoint, Enrolment
from hocvu.competency.models import ComponentResult, Result
from hocvu.exams.actions import (
    AnswerSheet,
    hand_in,
    save_answer,
    start_attempt,
    take_in_answer_sheets,
)
from hocvu.exams.actions.sheets import PaperIsDrawnAnew, SheetsDoNotFit
from hocvu.exams.models import Answer, Attempt
from hocvu.exams.queries.seals import check_answers
from hocvu.items.content import Kind
from hocvu.kernel.errors import NotAllowed
from hocvu.papers.models import BlueprintCell, PaperQuestion

LATER = NINE + 60 * MINUTE


def sheet(learner, answers, started_at=NINE):
    return AnswerSheet(learner.pk, started_at, started_at + 10 * MINUTE, answers)


def rows():
    """Everything a way of sitting leaves behind, but for what is random or made by a device."""
    attempts = Attempt.objects.order_by("person", "number").values_list(
        *("person", "number", "started_at", "must_end_at", "handed_in_at"),
        *("points", "out_of", "passed"),
    )
    answers = Answer.objects.order_by("attempt__person", "attempt__number", "question")
    results = Result.objects.order_by("person", "assessed_at").values_list(
        *("person", "framework", "level", "passed", "points", "out_of", "assessed_at"),
        "valid_until",
    )
    components = ComponentResult.objects.order_by(
        "result__person", "result__assessed_at", "component"
    )
    return (
        list(attempts),
        list(answers.values_list("attempt__person", "attempt__number", "question", "chosen")),
        list(results),
        list(components.values_list("result__person", "component", "points", "out_of")),
    )


_chosen = st.tuples(
    st.sampled_from([(), ("a",), ("b",), ("c",)]),
    st.sets(st.sampled_from("abcde")).map(sorted).map(tuple),
    st.sampled_from([(), ("a",), ("b",)]),
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(_chosen, min_size=2, max_size=2), st.booleans())
def test_sheets_leave_the_same_rows_as_answers_given_one_by_one(
    transactional_scene, chosen_by_each, again
):
    sitting, officer, learners, questions = transactional_scene
    sheets = [
        sheet(learner, {q.pk: options for q, options in zip(questions, chosen, strict=True)})
        for learner, chosen in zip(learners, chosen_by_each, strict=True)
    ]
    if again:
        sheets.append(sheet(learners[0], sheets[1].answers, started_at=NINE + 20 * MINUTE))

    def one_by_one():
        for each in sheets:
            learner = next(one for one in learners if one.pk == each.person_id)
            attempt = start_attempt(sitting, by=learner, at=each.started_at)
            for sequence, (question_id, chosen) in enumerate(each.answers.items(), start=1):
                if chosen:
                    save_answer(
                        attempt,
                        question_id,
                        chosen,
                        sequence=sequence,
                        client_id=uuid4(),
                        by=learner,
                        at=each.handed_in_at,
                    )
            hand_in(attempt, by=learner, at=each.handed_in_at)

    def together():
        assert take_in_answer_sheets(sitting, sheets, by=officer, at=LATER) == len(sheets)

    assert left_behind_by(one_by_one) == left_behind_by(together)


def left_behind_by(way):
    from django.db import transaction

    with transaction.atomic():
        way()
        found = rows()
        transaction.set_rollback(True)
    return found


@pytest.fixture
def transactional_scene(sitting, officer, learner, classmate, questions):
    return sitting, officer, (learner, classmate), questions


def test_the_same_sheets_again_change_nothing(sitting, officer, learner, questions):
    sheets = [sheet(learner, {questions[0].pk: ("b",)})]
    take_in_answer_sheets(sitting, sheets, by=officer, at=LATER)
    before = rows()

    assert take_in_answer_sheets(sitting, sheets, by=officer, at=LATER + MINUTE) == 0
    assert rows() == before


def test_sheets_are_sealed_like_any_attempt(sitting, officer, learner, questions):
    answers = {questions[0].pk: ("b",), questions[1].pk: ("b", "a")}
    take_in_answer_sheets(sitting, [sheet(learner, answers)], by=officer, at=LATER)

    check = check_answers(Attempt.objects.get())

    assert check.receipt
    assert check.is_intact


@pytest.fixture
def essay(paper):
    question = question_of(Kind.ESSAY, "BAIVIET")
    PaperQuestion.objects.create(paper=paper, question=question, position=9)
    return question


def test_a_sheet_with_an_essay_waits_for_people(sitting, officer, learner, classmate, essay):
    written = sheet(learner, {essay.pk: ("text=Một bài",)})
    unwritten = sheet(classmate, {})

    take_in_answer_sheets(sitting, [written, unwritten], by=officer, at=LATER)

    marked = dict(Attempt.objects.values_list("person", "marked_at"))
    assert marked == {learner.pk: None, classmate.pk: LATER}
    assert set(Result.objects.values_list("person", flat=True)) == {classmate.pk}


def test_a_sheet_cannot_bring_a_file_along(sitting, officer, learner, paper):
    question = question_of(Kind.FILE, "NOPTEP")
    PaperQuestion.objects.create(paper=paper, question=question, position=9)

    refused(sitting, officer, sheet(learner, {question.pk: (f"file={'a' * 64}",)}))


def test_a_paper_drawn_for_each_attempt_takes_no_sheets(sitting, officer, learner, paper):
    BlueprintCell.objects.create(paper=paper, position=1, questions=1)

    with pytest.raises(PaperIsDrawnAnew):
        take_in_answer_sheets(sitting, [sheet(learner, {})], by=officer, at=LATER)


def test_the_coordinator_brings_in_the_sheets_of_their_own_bridge_point(
    sitting, learner, classmate, questions, other_commune
):
    coordinator = person("Bùi Điều Phối")
    own = BridgePoint.objects.create(
        training_class=sitting.training_class,
        unit=other_commune,
        name="Xã",
        coordinator=coordinator,
    )
    Enrolment.objects.filter(person=classmate).update(bridge_point=own)
    answers = {questions[0].pk: ("b",)}

    assert (
        take_in_answer_sheets(sitting, [sheet(classmate, answers)], by=coordinator, at=LATER) == 1
    )
    with pytest.raises(NotAllowed):
        take_in_answer_sheets(sitting, [sheet(learner, answers)], by=coordinator, at=LATER)


def test_an_officer_from_elsewhere_brings_in_nothing(sitting, stranger, learner, questions):
    with pytest.raises(NotAllowed):
        take_in_answer_sheets(
            sitting, [sheet(learner, {questions[0].pk: ("b",)})], by=stranger, at=LATER
        )


def refused(sitting, officer, *sheets, at=LATER):
    with pytest.raises(SheetsDoNotFit) as refusal:
        take_in_answer_sheets(sitting, sheets, by=officer, at=at)
    assert not Attempt.objects.exists()
    return str(refusal.value.sentence)


def test_one_unfit_sheet_refuses_them_all(sitting, officer, learner, classmate, questions):
    good, bad = sheet(learner, {questions[0].pk: ("b",)}), sheet(classmate, {0: ("b",)})

    refused(sitting, officer, good, bad)


def test_a_sheet_of_somebody_outside_the_class_is_refused(sitting, officer, stranger):
    refused(sitting, officer, sheet(stranger, {}))


@pytest.mark.parametrize("chosen", [("z",), ("a", "b")])
def test_a_sheet_with_an_impossible_answer_is_refused(sitting, officer, learner, questions, chosen):
    refused(sitting, officer, sheet(learner, {questions[0].pk: chosen}))


def test_a_sheet_written_before_the_test_opened_is_refused(sitting, officer, learner):
    refused(sitting, officer, sheet(learner, {}, started_at=NINE - MINUTE))


def test_a_sheet_handed_in_long_after_its_time_is_refused(sitting, officer, learner):
    late = AnswerSheet(learner.pk, NINE, NINE + 30 * MINUTE + timedelta(seconds=21), {})

    refused(sitting, officer, late)


def test_a_sheet_from_the_future_is_refused(sitting, officer, learner):
    refused(sitting, officer, sheet(learner, {}), at=NINE + MINUTE)


def test_more_sheets_than_attempts_are_refused(sitting, officer, learner):
    three = [sheet(learner, {}, started_at=NINE + n * MINUTE) for n in range(3)]

    refused(sitting, officer, *three)


def test_many_sheets_take_as_many_statements_as_one(
    sitting, training_class, officer, commune, questions
):
    def taken_in(count):
        people = [person(f"Học Viên {count} {n}") for n in range(count)]
        for one in people:
            enrol(training_class, one, commune)
        sheets = [sheet(one, {questions[0].pk: ("b",)}) for one in people]
        with CaptureQueriesContext(connection) as asked:
            take_in_answer_sheets(sitting, sheets, by=officer, at=LATER)
        return len(asked)

    taken_in(1)  # remembers who the officer is

    assert taken_in(2) == taken_in(15)
