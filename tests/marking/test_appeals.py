"""A learner asks for a result to be looked at again, and gets an answer."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from exams.kinds import question_of
from exams.marking_scene import LATER, all_right, answered
from exams.scenes import MINUTE, grant, person
from hocvu.audit.models import AuditEntry
from hocvu.competency.queries import results_of
from hocvu.exams.actions import hand_in
from hocvu.exams.models import Attempt, Remarking
from hocvu.items.content import Kind
from hocvu.kernel.errors import NotAllowed
from hocvu.marking.actions import answer_appeal, appoint_marker, raise_appeal
from hocvu.marking.actions.appeals import (
    AlreadyAppealed,
    AppealIsAnswered,
    CannotBeMarkedAfresh,
    NoResultYet,
    NothingIsSaid,
    QuestionIsNotInThisTest,
    TimeToAppealIsOver,
)
from hocvu.marking.models import Appeal, FreshMarking
from hocvu.marking.queries.appeals import appeals_of, appeals_open_to, due_on
from hocvu.marking.queries.waiting import answers_to_mark_by
from hocvu.marking.rules.appeals import (
    AppealTerm,
    Remedy,
    Ruling,
    last_day_to_appeal,
    term_in_force,
)
from hocvu.people.queries.history import acts_told
from marking.giving import give

DAY = timedelta(days=1)
FRESH = Ruling(upheld=True, answer="Sẽ chấm lại", remedy=Remedy.FRESH_MARKING)
REFUSED = Ruling(upheld=False, answer="Đáp án đúng")


@pytest.fixture
def marked(sitting, learner, questions):
    return hand_in(answered(sitting, learner, all_right(questions)), by=learner, at=LATER)


@pytest.fixture
def marked_by_people(waiting, essay, markers):
    for each in markers[:2]:
        give(waiting, essay, each, 1)
    waiting.refresh_from_db()
    return waiting


def appeal(attempt, question=None, text="Câu này có hai đáp án đúng", by=None, at=LATER + MINUTE):
    question_id = question.pk if question else None
    return raise_appeal(
        attempt,
        text,
        question_id=question_id,
        client_id=uuid4(),
        by=by or attempt.person,
        at=at,
    )


# --- The rule ----------------------------------------------------------------------------------

OLD, NEW = AppealTerm(date(2026, 1, 1), 10, 15), AppealTerm(date(2027, 1, 1), 7, 10)


def test_a_result_keeps_the_rule_of_the_day_it_was_made_known():
    known = [OLD, NEW]

    assert term_in_force(date(2026, 12, 31), known) == OLD
    assert term_in_force(date(2027, 1, 1), known) == NEW
    assert term_in_force(date(2025, 1, 1), known) == OLD


def test_the_last_day_counts_as_a_whole_in_viet_nam():
    assert last_day_to_appeal(LATER) == date(2026, 12, 1)


# --- Raising -----------------------------------------------------------------------------------


def test_a_learner_appeals_about_a_question_and_about_the_whole(marked, questions):
    about_one = appeal(marked, questions[0])
    about_all = appeal(marked)

    assert (about_one.question, about_all.question) == (questions[0], None)
    assert AuditEntry.objects.filter(act="appeal_raised").count() == 2


def test_an_appeal_keeps_the_name_it_was_first_given_in_the_log(marked):
    raised = appeal(marked)

    assert AuditEntry.objects.get(act="appeal_raised").subject == f"exams.appeal:{raised.pk}"
    assert [each.sentence for each in acts_told([raised], {"appeal_raised": "%(who)s"})] == [
        marked.person.full_name
    ]


def test_the_same_appeal_sent_twice_is_one(marked, learner):
    name = uuid4()
    both = [
        raise_appeal(marked, "Sai", question_id=None, client_id=name, by=learner, at=LATER)
        for _ in range(2)
    ]

    assert both[0] == both[1]
    assert Appeal.objects.count() == 1


def test_the_last_day_is_in_time_and_the_next_is_too_late(marked, questions):
    appeal(marked, questions[0], at=LATER + 10 * DAY)

    with pytest.raises(TimeToAppealIsOver):
        appeal(marked, questions[1], at=LATER + 11 * DAY)


def test_a_result_that_changed_can_be_appealed_anew_from_that_day(marked, questions):
    Remarking.objects.create(
        attempt=marked,
        cause="key_correction",
        points_before=3,
        points_after=2,
        passed_before=True,
        passed_after=False,
        remarked_at=LATER + 20 * DAY,
    )

    assert appeal(marked, at=LATER + 30 * DAY)


def test_a_voided_attempt_can_be_appealed(waiting, officer):
    Attempt.objects.update(voided_at=LATER, voided_by=officer, void_reason="Nhờ người làm")
    waiting.refresh_from_db()

    assert appeal(waiting, text="Tôi tự làm bài")


def test_there_is_nothing_to_appeal_before_the_marking(waiting):
    with pytest.raises(NoResultYet):
        appeal(waiting)


def test_a_question_is_appealed_once(marked, questions):
    appeal(marked, questions[0])

    with pytest.raises(AlreadyAppealed):
        appeal(marked, questions[0])


def test_the_database_keeps_one_appeal_about_the_whole_too(marked):
    first = appeal(marked)

    with pytest.raises(DatabaseError), transaction.atomic():
        Appeal.objects.create(
            attempt=marked, client_id=uuid4(), text="Nữa", raised_at=first.raised_at
        )


def test_an_appeal_says_something(marked):
    with pytest.raises(NothingIsSaid):
        appeal(marked, text="  \n ")


def test_a_question_of_another_test_is_not_appealed(marked):
    with pytest.raises(QuestionIsNotInThisTest):
        appeal(marked, question_of(Kind.SINGLE, "KHAC"))


def test_nobody_appeals_for_somebody_else(marked, classmate, officer):
    for someone in (classmate, officer):
        with pytest.raises(NotAllowed):
            appeal(marked, by=someone)


# --- Answering ---------------------------------------------------------------------------------


def test_whoever_runs_the_class_answers_and_the_learner_reads_it(marked, officer, questions):
    answered_now = answer_appeal(appeal(marked, questions[0]), REFUSED, by=officer, at=LATER)

    assert (answered_now.upheld, answered_now.answered_by) == (False, officer)
    (shown,) = appeals_of(marked, {questions[0].pk: 2}, LATER).appeals
    assert (shown.number, shown.appeal.answer) == (2, "Đáp án đúng")


def test_an_answer_sent_twice_is_one_and_another_is_refused(marked, officer):
    raised = appeal(marked)
    answer_appeal(raised, REFUSED, by=officer, at=LATER)

    assert answer_appeal(raised, REFUSED, by=officer, at=LATER + MINUTE).answered_at == LATER
    with pytest.raises(AppealIsAnswered):
        answer_appeal(raised, Ruling(upheld=True, answer="Đúng vậy"), by=officer, at=LATER)


def test_an_answer_says_why(marked, officer):
    with pytest.raises(NothingIsSaid):
        answer_appeal(appeal(marked), Ruling(upheld=True, answer=" "), by=officer, at=LATER)


def test_officers_elsewhere_see_and_answer_nothing(marked, stranger):
    raised = appeal(marked)

    assert not appeals_open_to(stranger).exists()
    with pytest.raises(NotAllowed):
        answer_appeal(raised, REFUSED, by=stranger, at=LATER)


def test_nobody_answers_their_own_appeal(marked, learner, commune):
    grant(learner, "training_officer", commune)
    raised = appeal(marked)

    assert not appeals_open_to(learner).exists()
    with pytest.raises(NotAllowed):
        answer_appeal(raised, REFUSED, by=learner, at=LATER)


def test_whoever_marked_an_answer_does_not_judge_the_appeal_about_it(
    *, waiting, essay, markers, sitting, officer, commune
):
    appoint_marker(sitting, officer, by=officer, at=LATER)
    give(waiting, essay, officer, 1)
    give(waiting, essay, markers[0], 1)
    waiting.refresh_from_db()

    with pytest.raises(NotAllowed):
        answer_appeal(appeal(waiting, essay), FRESH, by=officer, at=LATER)


def test_an_appeal_is_due_fifteen_days_after_it_was_raised(marked):
    assert due_on(appeal(marked, at=LATER + DAY)) == date(2026, 12, 7)


def test_what_was_raised_and_what_was_answered_never_change(marked, officer):
    raised = answer_appeal(appeal(marked), REFUSED, by=officer, at=LATER)

    for change in ({"text": "Khác"}, {"answer": "Khác"}, {"upheld": True}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Appeal.objects.filter(pk=raised.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        raised.delete()


# --- What it leads to --------------------------------------------------------------------------


def test_an_upheld_appeal_has_the_answer_marked_by_others_and_the_result_follows(
    *, marked_by_people, essay, markers, sitting, officer, commune, learner
):
    answer_appeal(appeal(marked_by_people, essay), FRESH, by=officer, at=LATER)
    other = grant(person("Vũ Chấm Khác"), "teacher", commune)
    appoint_marker(sitting, other, by=officer, at=LATER)
    assert not answers_to_mark_by(markers[0]).exists()
    assert appeals_of(marked_by_people, {}, LATER).appeals[0].is_being_marked

    for each in (markers[2], other):
        give(marked_by_people, essay, each, 4)

    marked_by_people.refresh_from_db()
    assert marked_by_people.points == 7
    assert Remarking.objects.get().cause == "appeal"
    assert [each.points for each in results_of(learner)] == [7]
    assert not appeals_of(marked_by_people, {}, LATER).appeals[0].is_being_marked


def test_until_others_have_settled_it_the_old_result_stands(
    marked_by_people, essay, markers, officer, learner
):
    answer_appeal(appeal(marked_by_people, essay), FRESH, by=officer, at=LATER)

    give(marked_by_people, essay, markers[2], 4)

    marked_by_people.refresh_from_db()
    assert marked_by_people.points == 4
    assert [each.points for each in results_of(learner)] == [4]


def test_only_written_answers_that_were_marked_are_marked_afresh(marked, questions, officer):
    about_one, about_all = appeal(marked, questions[0]), appeal(marked)

    for each in (about_one, about_all):
        with pytest.raises(CannotBeMarkedAfresh):
            answer_appeal(each, FRESH, by=officer, at=LATER)
    assert not FreshMarking.objects.exists()


def test_an_appeal_that_is_not_upheld_has_nothing_marked_afresh(marked_by_people, essay, officer):
    ruling = Ruling(upheld=False, answer="Không", remedy=Remedy.FRESH_MARKING)

    with pytest.raises(CannotBeMarkedAfresh):
        answer_appeal(appeal(marked_by_people, essay), ruling, by=officer, at=LATER)
