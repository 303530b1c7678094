"""Each next question is chosen for this person; every step is kept, and can be told again."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from exams.scenes import MINUTE, NINE
from hocvu.competency.models import Result
from hocvu.exams.actions.answering import AnswerDoesNotFit
from hocvu.exams.models import KeyCorrection
from hocvu.kernel.errors import NotAllowed
from hocvu.measurement.actions import (
    AnswerBelongsElsewhere,
    SittingIsClosed,
    SittingIsNotOpenYet,
    StepIsNotAsked,
    TestIsNotReady,
    TestIsTaken,
    answer_step,
    end_overdue,
    end_run,
    start_run,
)
from hocvu.measurement.models import (
    AdaptiveRun,
    AdaptiveStep,
    Calibration,
    CutScore,
    ItemCalibration,
    StopReason,
)
from hocvu.measurement.queries.pools import pool_of
from hocvu.measurement.queries.runs import explain_run, rescore_run
from hocvu.questions.models import Question
from measurement.sessions import SOON, answer_until_the_end, attempts_at, exam_of


@pytest.fixture
def run(sitting, learner):
    return start_run(sitting, by=learner, at=NINE)


@pytest.fixture
def cut_scores(scale):
    for level, theta in (("CB1", -1.0), ("CB2", 0.0), ("TC1", 1.0)):
        set_cut(scale, level, theta)


def set_cut(scale, level, theta, at=NINE - MINUTE):
    return CutScore.objects.create(
        scale=scale,
        level=level,
        share=0.5,
        theta=theta,
        se=0.1,
        judges=5,
        decision_number="3/QĐ",
        decided_on=NINE.date(),
        set_at=at,
    )


def answer(run, number, lines, *, at=SOON, client_id=None):
    return answer_step(run, number, lines, client_id=client_id or uuid4(), by=run.person, at=at)


def everything(_step):
    return True


def nothing(_step):
    return False


# --- Beginning ---------------------------------------------------------------------------------


def test_a_run_begins_with_a_question_and_why_it_was_chosen(run):
    step = run.steps.get()

    assert (step.number, step.theta_before, step.se_before) == (1, 0.0, 1.0)
    assert step.candidates == 30
    assert step.why["reasons"] == ["CONTENT_DUE", "DRAWN_AMONG_BEST"]
    assert step.question_id in [question_id for question_id, _ in step.why["best"]]


def test_starting_again_goes_on_with_the_run_under_way(run, sitting, learner):
    assert start_run(sitting, by=learner, at=SOON) == run
    assert run.steps.count() == 1


def test_only_learners_of_the_class_take_its_test(sitting, officer):
    with pytest.raises(NotAllowed):
        start_run(sitting, by=officer, at=NINE)


def test_a_test_is_sat_while_it_is_open(sitting, learner):
    with pytest.raises(SittingIsNotOpenYet):
        start_run(sitting, by=learner, at=NINE - MINUTE)
    with pytest.raises(SittingIsClosed):
        start_run(sitting, by=learner, at=sitting.closes_at)


def test_a_scale_without_an_approved_calibration_cannot_be_sat(sitting, learner, calibration):
    Calibration.objects.filter(pk=calibration.pk).update(approved_at=None)

    with pytest.raises(TestIsNotReady):
        start_run(sitting, by=learner, at=NINE)


def test_a_domain_with_too_few_calibrated_questions_keeps_the_test_shut(sitting, learner):
    Question.objects.filter(component_code="2.1").update(retired_at=NINE, retire_reason="Cũ")

    with pytest.raises(TestIsNotReady, match="2"):
        start_run(sitting, by=learner, at=NINE)


def test_time_ends_with_the_sitting_at_the_latest(sitting, learner):
    late = sitting.closes_at - 5 * MINUTE

    run = start_run(sitting, by=learner, at=late)

    assert run.must_end_at == sitting.closes_at


# --- Choosing ----------------------------------------------------------------------------------


def test_right_answers_lead_to_harder_questions(run, learner):
    ended = answer_until_the_end(run, learner, knows=everything)

    steps = list(ended.steps.order_by("number"))
    assert max(step.b for step in steps) > steps[0].b + 1
    assert [s.theta_after for s in steps] == sorted(s.theta_after for s in steps)
    assert ended.theta > 0.8


def test_a_question_is_asked_once_and_domains_get_their_share(run, learner):
    ended = answer_until_the_end(run, learner, knows=lambda step: step.b < 0.3)

    steps = list(ended.steps.select_related("question"))
    domains = [step.question.component_code[0] for step in steps]
    assert len({step.question_id for step in steps}) == len(steps)
    assert min(domains.count("1"), domains.count("2")) >= 2


def test_the_same_seed_and_answers_choose_the_same_questions(run, learner, sitting, classmate):
    twin = start_run(sitting, by=classmate, at=NINE)
    AdaptiveRun.objects.filter(pk=twin.pk).update(seed=run.seed)
    first = run.steps.get()
    twin_first = AdaptiveStep.objects.filter(run=twin)
    twin_first.update(question=first.question_id, a=first.a, b=first.b, c=first.c)

    answer_until_the_end(run, learner, knows=lambda step: step.b < 0)
    answer_until_the_end(twin, classmate, knows=lambda step: step.b < 0)

    asked = [[s.question_id for s in each.steps.order_by("number")] for each in (run, twin)]
    assert asked[0] == asked[1]


def test_a_question_retired_meanwhile_is_not_asked(run, learner, questions):
    shown = run.steps.get().question_id
    easy = [each.pk for each in questions[:20] if each.pk != shown]
    Question.objects.filter(pk__in=easy).update(retired_at=NINE, retire_reason="Cũ")

    ended = answer_until_the_end(run, learner, knows=nothing)

    assert set(ended.steps.values_list("question_id", flat=True)).isdisjoint(easy)


def test_a_question_withdrawn_by_a_corrected_key_is_not_asked(run, learner, questions, officer):
    shown = run.steps.get().question_id
    middling = [each for each in questions[8:22] if each.pk != shown]
    for each in middling:
        KeyCorrection.objects.create(
            question=each,
            key={"everybody": True},
            decision_number="12/QĐ",
            decided_on=NINE.date(),
            reason="Đáp án sai",
            made_by=officer,
            made_at=NINE,
        )

    ended = answer_until_the_end(run, learner, knows=lambda step: step.b < 0)

    asked = set(ended.steps.values_list("question_id", flat=True))
    assert asked.isdisjoint(each.pk for each in middling)


def test_what_somebody_has_met_in_an_exam_is_asked_last(
    sitting, learner, training_class, questions, skills_test
):
    skills_test.most_questions = 10
    skills_test.save()
    exam = exam_of(skills_test.scale.framework, training_class)
    [attempt] = attempts_at(exam, [learner])
    for each in questions[::2]:
        attempt.answers.create(
            question=each, chosen=["a"], sequence=1, client_id=uuid4(), saved_at=NINE - MINUTE
        )

    run = start_run(sitting, by=learner, at=NINE)
    ended = answer_until_the_end(run, learner, knows=lambda step: step.b < 0)

    asked = set(ended.steps.values_list("question_id", flat=True))
    assert asked.isdisjoint(each.pk for each in questions[::2])
    assert ended.steps.first().why["met_before"] == 15


# --- Answering ---------------------------------------------------------------------------------


def test_an_answer_is_kept_with_what_is_then_known(run):
    reply = answer(run, 1, ["a"])

    step = run.steps.get(number=1)
    assert reply.stands
    assert (step.chosen, step.right) == (["a"], True)
    assert step.theta_after > 0
    assert step.se_after < 1
    assert run.steps.get(number=2).theta_before == step.theta_after


def test_not_knowing_is_an_answer_that_is_not_right(run):
    answer(run, 1, [])

    assert run.steps.get(number=1).right is False


def test_the_same_delivery_again_gets_the_same_reply(run):
    name = uuid4()
    first = answer(run, 1, ["a"], client_id=name)

    again = answer(run, 1, ["a"], client_id=name)

    assert (again.step.theta_after, again.stands) == (first.step.theta_after, True)
    assert run.steps.count() == 2


def test_the_first_answer_to_a_step_stands(run):
    answer(run, 1, ["b"])

    second = answer(run, 1, ["a"])

    assert (second.stands, second.step.right) == (False, False)


def test_an_answered_step_cannot_be_changed_behind_our_back(run):
    answer(run, 1, ["b"])

    with pytest.raises(DatabaseError), transaction.atomic():
        AdaptiveStep.objects.filter(run=run, number=1).update(right=True)


def test_what_cannot_be_an_answer_is_refused_and_the_step_stays_open(run):
    with pytest.raises(AnswerDoesNotFit):
        answer(run, 1, ["z"])

    assert run.steps.get().answered_at is None


def test_a_step_that_was_not_asked_cannot_be_answered(run):
    with pytest.raises(StepIsNotAsked):
        answer(run, 2, ["a"])


def test_the_name_of_an_answer_belongs_to_one_question(run):
    name = uuid4()
    answer(run, 1, ["a"], client_id=name)

    with pytest.raises(AnswerBelongsElsewhere):
        answer(run, 2, ["a"], client_id=name)


def test_nobody_answers_for_another(run, classmate):
    with pytest.raises(NotAllowed):
        answer_step(run, 1, ["a"], client_id=uuid4(), by=classmate, at=SOON)


# --- Stopping ----------------------------------------------------------------------------------


def test_a_run_stops_when_the_level_is_known_well_enough(run, learner, skills_test):
    ended = answer_until_the_end(run, learner, knows=lambda step: step.b < 0.1)

    assert ended.stop_reason == StopReason.PRECISE
    assert ended.se <= skills_test.target_se
    assert skills_test.least_questions <= ended.steps.count() < skills_test.most_questions
    assert ended.low == pytest.approx(ended.theta - 1.96 * ended.se, abs=1e-3)


def test_a_run_stops_at_its_greatest_length(run, learner, skills_test):
    skills_test.target_se = 0.01
    skills_test.save()

    ended = answer_until_the_end(run, learner, knows=lambda step: step.b < 0)

    assert ended.stop_reason == StopReason.LENGTH
    assert ended.steps.count() == skills_test.most_questions


def test_a_run_stops_when_nothing_is_left_to_ask(run, learner, questions, skills_test):
    skills_test.target_se = 0.01
    skills_test.save()
    shown = run.steps.get().question_id
    Question.objects.exclude(pk__in=[shown, *(q.pk for q in questions[:6])]).update(
        retired_at=NINE, retire_reason="Cũ"
    )

    ended = answer_until_the_end(run, learner, knows=lambda step: step.b < 0)

    assert ended.stop_reason == StopReason.NO_QUESTION


def test_an_answer_after_the_time_is_not_kept_and_the_run_ends(run):
    answer(run, 1, ["a"])

    reply = answer(run, 2, ["a"], at=run.must_end_at + timedelta(seconds=11))

    run.refresh_from_db()
    assert (reply.was_in_time, reply.run_has_ended) == (False, True)
    assert (run.stop_reason, run.ended_at) == (StopReason.TIME, run.must_end_at)
    assert run.steps.get(number=2).answered_at is None


def test_an_answer_on_its_way_when_time_ran_out_counts(run):
    reply = answer(run, 1, ["a"], at=run.must_end_at + timedelta(seconds=9))

    assert reply.stands


def test_the_servers_clock_ends_what_nobody_ended(run, sitting, classmate):
    start_run(sitting, by=classmate, at=NINE + 20 * MINUTE)

    ended = end_overdue(NINE + 31 * MINUTE)

    run.refresh_from_db()
    assert ended == 1
    assert (run.stop_reason, run.theta, run.level) == (StopReason.TIME, 0.0, "")


def test_breaking_off_early_says_no_level(run, learner, cut_scores):
    answer(run, 1, ["a"])

    ended = end_run(run, by=learner, at=SOON)

    assert (ended.stop_reason, ended.level) == (StopReason.ENDED, "")
    assert ended.theta > 0
    assert not Result.objects.exists()


def test_nobody_ends_the_run_of_another(run, classmate):
    with pytest.raises(NotAllowed):
        end_run(run, by=classmate, at=SOON)


def test_a_run_that_said_nothing_may_be_taken_again_and_one_that_did_may_not(run, sitting, learner):
    end_run(run, by=learner, at=SOON)
    second = start_run(sitting, by=learner, at=SOON)
    assert second.number == 2
    answer_until_the_end(second, learner, knows=lambda step: step.b < 0)

    with pytest.raises(TestIsTaken):
        start_run(sitting, by=learner, at=SOON)


def test_three_runs_are_the_most(sitting, learner):
    for _ in range(3):
        end_run(start_run(sitting, by=learner, at=NINE), by=learner, at=SOON)

    with pytest.raises(TestIsTaken):
        start_run(sitting, by=learner, at=SOON)


# --- What it shows -----------------------------------------------------------------------------


def test_the_level_is_the_highest_whose_cut_score_is_reached(run, learner, cut_scores):
    ended = answer_until_the_end(run, learner, knows=lambda step: step.b < 0.5)

    assert 0 < ended.theta < 1
    assert ended.level == "CB2"


def test_the_newest_cut_score_of_a_level_counts(run, learner, scale, cut_scores):
    set_cut(scale, "CB2", 0.95, at=NINE)

    ended = answer_until_the_end(run, learner, knows=lambda step: step.b < 0.5)

    assert ended.level == "CB1"


def test_without_cut_scores_the_level_stays_empty(run, learner):
    ended = answer_until_the_end(run, learner, knows=lambda step: step.b < 0.5)

    assert ended.level == ""
    assert Result.objects.get().passed is False


def test_cut_scores_that_contradict_each_other_say_no_level(run, learner, scale, cut_scores):
    set_cut(scale, "CB1", 0.3, at=NINE)

    ended = answer_until_the_end(run, learner, knows=lambda step: step.b < 0.9)

    assert ended.level == ""


def test_a_run_becomes_a_result_with_what_is_expected_of_each_component(run, learner, cut_scores):
    ended = answer_until_the_end(run, learner, knows=lambda step: step.b < 0.5)

    result = Result.objects.get(evidence=f"measurement.run:{ended.pk}")
    parts = {part.component.code: part for part in result.components.select_related("component")}
    asked = set(ended.steps.values_list("question__component_code", flat=True))
    assert (result.person_id, result.level, result.passed) == (learner.pk, "CB2", True)
    assert set(parts) == asked
    assert all(part.out_of == 10 for part in parts.values())
    assert all(5 < part.points < 8 for part in parts.values())
    assert result.valid_until.isoformat() == "2028-11-21"


# --- Telling it again --------------------------------------------------------------------------


def test_every_estimate_follows_again_from_what_the_steps_keep(run, learner, cut_scores):
    ended = answer_until_the_end(run, learner, knows=lambda step: step.number % 3 > 0)

    explained = explain_run(ended)

    assert explained.is_same
    assert len(explained.steps) == ended.steps.count()
    assert explained.plain.theta == ended.plain_theta


def test_an_explanation_notices_an_estimate_that_does_not_follow(run, learner):
    ended = answer_until_the_end(run, learner, knows=lambda step: step.b < 0.5)
    AdaptiveRun.objects.filter(pk=ended.pk).update(theta=ended.theta + 0.01)
    ended.refresh_from_db()

    assert not explain_run(ended).is_same


def test_by_its_own_calibration_a_run_scores_the_same(run, learner, calibration):
    ended = answer_until_the_end(run, learner, knows=lambda step: step.b < 0.5)

    again = rescore_run(ended, calibration)

    stored = [(step.theta_after, step.se_after) for step in ended.steps.order_by("number")]
    assert [(each.theta, each.se) for each in again.estimates] == stored
    assert again.missing == ()


def test_by_a_later_calibration_a_run_scores_as_that_one_says(run, learner, calibration, questions):
    ended = answer_until_the_end(run, learner, knows=lambda step: step.b < 0.5)
    left_out = ended.steps.get(number=1).question_id
    later = Calibration.objects.create(
        scale=calibration.scale, number=2, asked_for_at=SOON, made_at=SOON
    )
    ItemCalibration.objects.bulk_create(
        ItemCalibration(
            calibration=later, question_id=item.question_id, answers=9, a=item.a, b=item.b + 1, c=0
        )
        for item in calibration.items.exclude(question=left_out)
    )

    again = rescore_run(ended, later)

    assert again.last.theta > ended.theta
    assert again.missing == (left_out,)


# --- How fast ----------------------------------------------------------------------------------


def test_the_next_question_takes_few_statements(run, django_assert_max_num_queries):
    answer(run, 1, ["a"])
    pool_of(run.calibration_id)

    with django_assert_max_num_queries(16):
        answer(run, 2, ["a"])
