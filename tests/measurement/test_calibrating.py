"""From everybody's answers to the parameters of questions, by a job, with four eyes."""

import json
from uuid import uuid4

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from exams.scenes import MINUTE, NINE, question
from hocvu.audit.models import AuditEntry
from hocvu.exams.models import Answer, KeyCorrection
from hocvu.kernel.errors import NotAllowed
from hocvu.measurement.actions import (
    CalibrationDidNotConverge,
    CalibrationIsNotLinked,
    CalibrationIsNotMade,
    approve_calibration,
    ask_for_calibration,
    calculate_calibration,
)
from hocvu.measurement.actions.calibrating import CALCULATION, finish_calibrations
from hocvu.measurement.models import Calibration, ItemCalibration
from hocvu.measurement.queries.answers import answer_table
from hocvu.measurement.queries.scales import newest_approved
from measurement.sessions import SOON, answers_of_a_crowd, attempts_at, crowd, exam_of

DIFFICULTIES = np.linspace(-1.5, 1.5, 10)
NEW_DIFFICULTIES = np.linspace(0, 2, 5)


@pytest.fixture
def exam(framework, training_class):
    return exam_of(framework, training_class)


@pytest.fixture
def asked(questions):
    """The ten questions the crowd answers."""
    return questions[: len(DIFFICULTIES)]


@pytest.fixture
def answered_by_many(exam, asked):
    return answers_of_a_crowd(exam, crowd(400), asked, DIFFICULTIES)


@pytest.fixture
def abler(made, exam, asked, questions, colleague):
    """After the approval, abler people answered five of the old questions and five new ones."""
    approve_calibration(made, by=colleague, at=SOON)
    people = crowd(300)
    theta = np.random.default_rng(3).normal(1.0, 1.0, len(people))
    later = exam_of(exam.paper.framework, exam.training_class, "bai-2")
    difficulties = [*DIFFICULTIES[:5], *NEW_DIFFICULTIES]
    answers_of_a_crowd(
        later, people, [*asked[:5], *questions[10:15]], difficulties, abilities=theta
    )
    return people


@pytest.fixture
def made(scale, answered_by_many, bank_keeper):
    asked_for = ask_for_calibration(scale, by=bank_keeper, at=NINE)
    return calculate_calibration(asked_for, at=SOON)


# --- Asking ------------------------------------------------------------------------------------


def test_asking_leaves_a_row_and_its_job(scale, bank_keeper):
    calibration = ask_for_calibration(scale, by=bank_keeper, at=NINE)

    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE queue_name = 'calibration'")
        jobs = [json.loads(row[0]) for row in cursor.fetchall()]
    assert jobs == [{"calibration_id": calibration.pk}]
    assert (calibration.number, calibration.made_at) == (1, None)
    assert AuditEntry.objects.filter(act="calibration_asked_for", actor_id=bank_keeper.pk).exists()


def test_asking_twice_is_asking_once(scale, bank_keeper, colleague):
    first = ask_for_calibration(scale, by=bank_keeper, at=NINE)

    second = ask_for_calibration(scale, by=colleague, at=SOON)

    assert second == first
    assert second.asked_for_by == bank_keeper


def test_only_who_writes_for_the_nation_may_ask(scale, officer):
    with pytest.raises(NotAllowed):
        ask_for_calibration(scale, by=officer, at=NINE)


# --- What is read ------------------------------------------------------------------------------


def test_full_points_are_right_and_anything_less_is_not(scale, exam):
    several = question("M1", "multiple", "a* b* c", "1.1")
    people = crowd(3)
    attempts = attempts_at(exam, people)
    for attempt, chosen in zip(attempts, (["a", "b"], ["a"], ["c"]), strict=True):
        _answer(attempt, several, chosen)

    table = answer_table(scale)

    assert table.answers[:, table.question_ids.index(several.pk)].tolist() == [1, 0, 0]


def test_only_a_persons_first_answer_to_a_question_counts(scale, exam, questions):
    [someone] = crowd(1)
    [later] = attempts_at(exam, [someone], number=2, at=SOON)
    _answer(later, questions[0], ["a"])
    [first] = attempts_at(exam, [someone], number=1, at=NINE)
    _answer(first, questions[0], ["b"])

    table = answer_table(scale)

    assert table.answers[:, table.question_ids.index(questions[0].pk)].tolist() == [0]


def test_a_voided_attempt_and_one_not_marked_are_left_out(scale, exam, questions, officer):
    voided, unmarked = crowd(2)
    void = {"voided_at": SOON, "voided_by": officer, "void_reason": "Chép bài"}
    not_yet = {"marked_at": None, "points": None, "out_of": None, "passed": None}
    [one], [two] = attempts_at(exam, [voided], **void), attempts_at(exam, [unmarked], **not_yet)
    for attempt in (one, two):
        _answer(attempt, questions[0], ["a"])

    assert len(answer_table(scale).answers) == 0


def test_a_question_that_was_shown_and_not_answered_says_nothing(scale, exam, questions):
    [attempt] = attempts_at(exam, crowd(1))
    _answer(attempt, questions[0], ["a"])
    _answer(attempt, questions[1], [])

    table = answer_table(scale)

    assert table.answers[0, table.question_ids.index(questions[1].pk)] == -1


def test_the_key_as_corrected_decides(scale, exam, questions, officer):
    [attempt] = attempts_at(exam, crowd(1))
    _answer(attempt, questions[0], ["b"])
    _answer(attempt, questions[1], ["b"])
    _correct(questions[0], {"right": ["b"]}, officer)
    _correct(questions[1], {"everybody": True}, officer)

    table = answer_table(scale)

    assert table.answers[0, table.question_ids.index(questions[0].pk)] == 1
    assert questions[1].pk not in table.question_ids


def test_questions_for_markers_and_of_other_frameworks_stay_out(scale, questions):
    essay = question("E1", "essay", "", "1.1")
    foreign = question("F1", "single", "a* b", "9.9")

    assert {essay.pk, foreign.pk}.isdisjoint(answer_table(scale).question_ids)


# --- Calculating -------------------------------------------------------------------------------


def test_the_parameters_come_near_the_truth(made, asked):
    items = {item.question_id: item for item in made.items.filter(refused="")}

    found = np.array([items[each.pk].b for each in asked])
    errors = np.array([items[each.pk].se_b for each in asked])
    assert np.corrcoef(found, DIFFICULTIES)[0, 1] > 0.98
    assert (np.abs(found - DIFFICULTIES) < 3.5 * errors).all()
    assert ((errors > 0) & (errors < 0.4)).all()
    assert (made.people, made.questions, made.converged) == (400, 10, True)


def test_a_question_with_too_few_answers_is_kept_with_its_reason(made, questions):
    item = ItemCalibration.objects.get(calibration=made, question=questions[-1])

    assert (item.refused, item.a) == ("never_presented", None)


def test_too_few_answers_are_a_reason_not_an_error(scale, bank_keeper, exam, asked):
    answers_of_a_crowd(exam, crowd(5), asked, DIFFICULTIES)
    asked_for = ask_for_calibration(scale, by=bank_keeper, at=NINE)

    refused = calculate_calibration(asked_for, at=SOON)

    assert (refused.refused, refused.made_at) == ("too_few_answers", None)
    assert refused.items.count() == 0


def test_calculating_again_changes_nothing(made):
    again = calculate_calibration(made, at=SOON + MINUTE)

    assert again.made_at == SOON


def test_a_calculation_that_was_cut_off_begins_anew(scale, answered_by_many, bank_keeper):
    cut_off = ask_for_calibration(scale, by=bank_keeper, at=NINE)
    Calibration.objects.filter(pk=cut_off.pk).update(begun_at=NINE, people=400, questions=30)

    finish_calibrations(int(SOON.timestamp()))

    cut_off.refresh_from_db()
    assert (cut_off.begun_at, cut_off.made_at) == (SOON, SOON)
    assert cut_off.items.filter(refused="").count() == 10


def test_two_workers_do_not_calculate_the_same(scale, answered_by_many, bank_keeper):
    asked_for = ask_for_calibration(scale, by=bank_keeper, at=NINE)
    other_worker = connection.copy()
    with other_worker.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [CALCULATION, asked_for.pk])

    left_alone = calculate_calibration(asked_for, at=SOON)

    with other_worker.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock_all()")  # as when its connection ends
    other_worker.close()
    assert left_alone.made_at is None
    assert calculate_calibration(asked_for, at=SOON).made_at == SOON


def test_the_next_calibration_is_anchored_to_the_approved_one(
    made, abler, asked, questions, bank_keeper
):
    linked = calculate_calibration(
        ask_for_calibration(made.scale, by=bank_keeper, at=SOON), at=SOON
    )

    kept = ItemCalibration.objects.get(calibration=linked, question=asked[0])
    before = ItemCalibration.objects.get(calibration=made, question=asked[0])
    new = [ItemCalibration.objects.get(calibration=linked, question=q).b for q in questions[10:15]]
    assert linked.is_linked
    assert (kept.is_anchor, kept.b, kept.se_b) == (True, before.b, before.se_b)
    assert new == pytest.approx(NEW_DIFFICULTIES, abs=0.5)
    assert linked.population_mean > 0.2


def test_a_calibration_without_common_questions_is_refused(scale, calibration, questions, exam):
    fresh = [question(f"N{at}", "single", "a* b", "1.1") for at in range(5)]
    answers_of_a_crowd(exam, crowd(150), fresh, np.linspace(-1, 1, 5))
    waiting = Calibration.objects.create(
        scale=scale, number=2, asked_for_at=NINE, settings={"least_answers": 100}
    )

    refused = calculate_calibration(waiting, at=SOON)

    assert refused.refused == "too_few_anchors"


# --- Approving ---------------------------------------------------------------------------------


def test_somebody_else_approves(made, scale, colleague):
    assert newest_approved(scale.pk) is None

    approve_calibration(made, by=colleague, at=SOON)

    assert newest_approved(scale.pk) == made


def test_who_asked_may_not_approve(made, bank_keeper):
    with pytest.raises(NotAllowed):
        approve_calibration(made, by=bank_keeper, at=SOON)


def test_who_does_not_keep_the_bank_may_not_approve(made, officer):
    with pytest.raises(NotAllowed):
        approve_calibration(made, by=officer, at=SOON)


def test_approving_twice_changes_nothing(made, colleague, nation):
    approve_calibration(made, by=colleague, at=SOON)

    again = approve_calibration(made, by=colleague, at=SOON + MINUTE)

    assert again.approved_at == SOON


def test_what_is_not_calculated_cannot_be_approved(scale, bank_keeper, colleague):
    waiting = ask_for_calibration(scale, by=bank_keeper, at=NINE)

    with pytest.raises(CalibrationIsNotMade):
        approve_calibration(waiting, by=colleague, at=SOON)


def test_a_search_that_did_not_end_cannot_be_approved(made, colleague):
    Calibration.objects.filter(pk=made.pk).update(converged=False)

    with pytest.raises(CalibrationDidNotConverge):
        approve_calibration(made, by=colleague, at=SOON)


def test_a_calibration_that_would_move_the_scale_cannot_be_approved(made, colleague):
    """It was calculated before the other was approved, so it was not anchored to it."""
    other = Calibration.objects.create(
        scale=made.scale, number=2, asked_for_at=NINE, made_at=NINE, converged=True
    )
    approve_calibration(other, by=colleague, at=SOON)

    with pytest.raises(CalibrationIsNotLinked):
        approve_calibration(made, by=colleague, at=SOON)


def _answer(attempt, to, chosen):
    return Answer.objects.create(
        attempt=attempt, question=to, chosen=chosen, sequence=1, client_id=uuid4(), saved_at=SOON
    )


def _correct(wrong, key, by):
    return KeyCorrection.objects.create(
        question=wrong,
        key=key,
        decision_number="12/QĐ",
        decided_on=NINE.date(),
        reason="Đáp án sai",
        made_by=by,
        made_at=SOON,
    )


def test_answers_are_gathered_where_statements_are_logged_too(scale, exam, questions):
    [attempt] = attempts_at(exam, crowd(1))
    _answer(attempt, questions[0], ["b"])

    with CaptureQueriesContext(connection):
        table = answer_table(scale)

    assert len(table.answers) == 1
