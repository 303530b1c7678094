"""What waits for people, keys that were corrected, and marking anew."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from exams.kinds import question_of
from exams.scenes import MINUTE, NINE, enrol, looked_at, person
from hocvu.audit.models import AuditEntry
from hocvu.competency.models import Result
from hocvu.exams.actions import (
    hand_in,
    hand_in_overdue,
    save_answer,
    settle_answer,
    start_attempt,
)
from hocvu.exams.actions.marking import finish_marking
from hocvu.exams.actions.remarking import mark_anew
from hocvu.exams.events import AttemptsMarked
from hocvu.exams.models import Attempt, KeyCorrection, Remarking
from hocvu.exams.queries.settled import settled_shares
from hocvu.items.content import Kind
from hocvu.kernel import events
from hocvu.papers.models import PaperQuestion

LATER = NINE + 10 * MINUTE


@pytest.fixture
def essay(paper):
    """A fourth question, worth four points, marked by people."""
    question = question_of(Kind.ESSAY, "BAIVIET", component="1.2")
    PaperQuestion.objects.create(paper=paper, question=question, position=9)
    return question


def answered(sitting, learner, answers, at=NINE):
    attempt = start_attempt(sitting, by=learner, at=at)
    for sequence, (question, lines) in enumerate(answers.items(), start=1):
        save_answer(
            attempt,
            question.pk,
            lines,
            sequence=sequence,
            client_id=uuid4(),
            by=learner,
            at=at + MINUTE,
        )
    return attempt


def all_right(questions):
    return dict(zip(questions, (["b"], ["a", "b", "c"], ["a"]), strict=True))


def locked(attempt):
    return list(
        Attempt.objects.select_for_update(of=("self",))
        .select_related("sitting__paper")
        .filter(pk=attempt.pk)
    )


@pytest.fixture
def waiting(sitting, learner, questions, essay):
    attempt = answered(sitting, learner, all_right(questions) | {essay: ["text=Một bài"]})
    return hand_in(attempt, by=learner, at=LATER)


def test_an_attempt_with_an_essay_is_handed_in_sealed_and_waits(waiting):
    waiting.refresh_from_db()

    assert waiting.handed_in_at == LATER
    assert waiting.seal is not None
    assert (waiting.marked_at, waiting.points, waiting.passed) == (None, None, None)
    assert not Result.objects.exists()


def test_an_attempt_whose_essay_was_not_written_is_marked_at_once(
    sitting, learner, questions, essay
):
    attempt = answered(sitting, learner, all_right(questions))

    marked = hand_in(attempt, by=learner, at=LATER)

    assert (marked.points, marked.out_of, marked.passed) == (3, 7, False)


def test_overdue_attempts_wait_too_beside_those_that_are_marked(
    sitting, learner, classmate, questions, essay
):
    first = answered(sitting, learner, {essay: ["text=Một bài"]})
    second = answered(sitting, classmate, all_right(questions))

    assert hand_in_overdue(NINE + 60 * MINUTE) == 2

    marked = dict(Attempt.objects.values_list("pk", "marked_at"))
    assert marked == {first.pk: None, second.pk: NINE + 60 * MINUTE}


def test_the_points_of_people_finish_the_marking_and_are_announced(waiting, essay, monkeypatch):
    heard = []
    reactions = [*events._reactions[AttemptsMarked], heard.append]
    monkeypatch.setitem(events._reactions, AttemptsMarked, reactions)

    with transaction.atomic():
        points = {(waiting.pk, essay.pk): Fraction(5, 2)}
        done = finish_marking(locked(waiting), points, at=LATER + MINUTE)

    waiting.refresh_from_db()
    assert [each.pk for each in done] == [waiting.pk]
    assert (waiting.points, waiting.out_of, waiting.passed) == (Decimal("5.5"), 7, True)
    assert (waiting.handed_in_at, waiting.marked_at) == (LATER, LATER + MINUTE)
    assert Result.objects.get().points == Decimal("5.5")
    assert heard == [AttemptsMarked((waiting.pk,), LATER + MINUTE)]


def test_without_the_points_of_every_answer_it_goes_on_waiting(waiting):
    with transaction.atomic():
        assert finish_marking(locked(waiting), {}, at=LATER + MINUTE) == []

    waiting.refresh_from_db()
    assert waiting.marked_at is None


def test_the_page_says_what_is_certain_while_people_mark(waiting):
    page = looked_at(waiting)

    assert page.is_waiting
    assert (page.points, page.out_of) == (3, 7)
    assert [each.number for each in page.waiting] == [
        each.number for each in page.questions if each.kind == "essay"
    ]


# --- Settled by people -------------------------------------------------------------------------


def settle(attempt, question, share, by, *, is_last=True, at=LATER + MINUTE):
    named = {"is_last": is_last, "cause": "appeal", "by": by, "at": at}
    settle_answer(attempt, question, Fraction(share), **named)
    attempt.refresh_from_db()


def test_the_last_answer_that_is_settled_marks_the_attempt(waiting, essay, officer):
    settle(waiting, essay, "5/8", officer)

    assert (waiting.points, waiting.marked_at) == (Decimal("5.5"), LATER + MINUTE)
    assert AuditEntry.objects.get(act="answer_settled").actor_id == officer.pk


def test_while_another_answer_waits_a_settled_one_marks_nothing(waiting, essay, officer):
    settle(waiting, essay, "5/8", officer, is_last=False)

    assert waiting.marked_at is None
    assert settled_shares([waiting.pk]) == {(waiting.pk, essay.pk): Fraction(5, 8)}


def test_an_answer_settled_anew_marks_the_attempt_anew(waiting, essay, officer):
    settle(waiting, essay, "5/8", officer)

    settle(waiting, essay, "1/3", officer, at=LATER + 2 * MINUTE)

    assert settled_shares([waiting.pk]) == {(waiting.pk, essay.pk): Fraction(1, 3)}
    change = Remarking.objects.get()
    assert (change.cause, change.points_before) == ("appeal", Decimal("5.5"))
    assert waiting.points == change.points_after


# --- Corrected keys ----------------------------------------------------------------------------


def correct(question, key, by, at=LATER):
    return KeyCorrection.objects.create(
        question=question,
        key=key,
        decision_number="12/QĐ",
        decided_on=date(2026, 11, 21),
        reason="Đáp án in sai",
        made_by=by,
        made_at=at,
    )


def test_the_latest_correction_of_a_key_marks_from_now_on(sitting, learner, questions, officer):
    correct(questions[0], {"everybody": True}, officer, at=NINE - MINUTE)
    correct(questions[0], {"right": ["c"]}, officer)

    chosen = all_right(questions) | {questions[0]: ["c"]}
    marked = hand_in(answered(sitting, learner, chosen), by=learner, at=LATER)

    assert marked.points == 3
    shown = {each.id: each for each in looked_at(marked).questions}[questions[0].pk]
    assert [option.id for option in shown.options if option.right] == ["c"]


def test_a_withdrawn_question_gives_everybody_its_points(sitting, learner, questions, officer):
    correct(questions[0], {"everybody": True}, officer)

    marked = hand_in(answered(sitting, learner, {}), by=learner, at=LATER)

    assert marked.points == 1
    shown = {each.id: each for each in looked_at(marked).questions}[questions[0].pk]
    assert shown.is_withdrawn


def test_marking_anew_changes_only_whose_result_changes_and_says_how(
    sitting, learner, classmate, questions, officer
):
    wrong = all_right(questions) | {questions[0]: ["c"]}
    changed = hand_in(answered(sitting, learner, wrong), by=learner, at=LATER)
    same = hand_in(answered(sitting, classmate, {}), by=classmate, at=LATER)
    correction = correct(questions[0], {"right": ["b", "c"]}, officer)

    with transaction.atomic():
        attempts = locked(changed) + locked(same)
        mark_anew(attempts, cause="key_correction", correction=correction, at=LATER + MINUTE)

    row = Remarking.objects.get()
    assert (row.attempt, row.correction, row.cause) == (changed, correction, "key_correction")
    assert (row.points_before, row.points_after) == (2, 3)
    assert (row.passed_before, row.passed_after) == (False, True)
    changed.refresh_from_db()
    assert (changed.points, changed.passed) == (3, True)
    assert changed.handed_in_at == changed.marked_at == LATER


def test_marking_anew_when_nothing_changed_leaves_no_trace(sitting, learner, questions):
    marked = hand_in(answered(sitting, learner, all_right(questions)), by=learner, at=LATER)

    with transaction.atomic():
        assert mark_anew(locked(marked), cause="appeal", at=LATER + MINUTE) == []

    assert not Remarking.objects.exists()


def test_an_attempt_that_waits_for_people_is_not_marked_anew(waiting, essay, questions, officer):
    correct(questions[0], {"right": ["c"]}, officer)

    with transaction.atomic():
        assert mark_anew(locked(waiting), cause="key_correction", at=LATER + MINUTE) == []


def test_marking_many_anew_takes_as_many_statements_as_one(
    sitting, training_class, commune, questions, officer
):
    def marked_anew(count, right):
        attempts = []
        for n in range(count):
            someone = person(f"Học Viên {count} {n}")
            enrol(training_class, someone, commune)
            attempt = answered(sitting, someone, {questions[0]: [right]})
            hand_in(attempt, by=someone, at=LATER)
            attempts.append(attempt.pk)
        correct(questions[0], {"right": ["a" if right == "b" else "b"]}, officer)
        with transaction.atomic():
            rows = Attempt.objects.filter(pk__in=attempts).select_related("sitting__paper")
            found = list(rows)
            with CaptureQueriesContext(connection) as asked:
                changed = mark_anew(found, cause="key_correction", at=LATER + MINUTE)
        assert len(changed) == count
        return len(asked)

    assert marked_anew(1, "b") == marked_anew(9, "a")
