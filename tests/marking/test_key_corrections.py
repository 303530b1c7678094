"""A key was wrong: everybody who was marked by it is marked anew, and nobody else."""

import random
from dataclasses import astuple
from datetime import date, timedelta
from decimal import Decimal
from threading import Event, Thread

import pytest
from django.db import DatabaseError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from exams.kinds import question_of
from exams.marking_scene import LATER, all_right, answered
from exams.scenes import MINUTE, NINE, enrol, grant, person
from hocvu.audit.models import AuditEntry
from hocvu.campaigns.models import StandingToReview
from hocvu.competency.models import Result
from hocvu.competency.queries import passed_results_in_force, results_of
from hocvu.exams.actions import (
    carry_out_correction,
    correct_key,
    finish_corrections,
    hand_in,
    mark_everybody_anew,
    start_attempt,
)
from hocvu.exams.actions.key_corrections import (
    DecisionIsIncomplete,
    KeyDoesNotFit,
    KeyIsAlreadySo,
)
from hocvu.exams.events import AttemptsMarked, AttemptsRemarked
from hocvu.exams.models import Attempt, KeyCorrection, Remarking, Sitting
from hocvu.exams.rules import Correction
from hocvu.exams.rules.corrections import Decision
from hocvu.items.content import Kind
from hocvu.kernel import events
from hocvu.kernel.errors import NotAllowed
from hocvu.marking.queries.corrections import (
    changes_open_to,
    corrections_open_to,
    effect_of,
    outcome_of,
    questions_to_correct_by,
)
from hocvu.papers.models import BlueprintCell, Paper
from marking.giving import give

DECISION = Decision("12/QĐ-UBND", date(2026, 11, 21), "Đáp án in sai")
EVERYBODY = Correction(everybody=True)


def right(*options):
    return Correction(right=frozenset(options))


@pytest.fixture(autouse=True)
def owned(questions, commune):
    """The questions belong to the commune of the officer."""
    for each in questions:
        each.owner = commune
        each.save()


@pytest.fixture
def passed(sitting, learner, questions):
    """All right by the key as it is printed."""
    return hand_in(answered(sitting, learner, all_right(questions)), by=learner, at=LATER)


@pytest.fixture
def failed(sitting, classmate, questions):
    """Chose c where the key says b."""
    chosen = all_right(questions) | {questions[0]: ["c"]}
    return hand_in(answered(sitting, classmate, chosen), by=classmate, at=LATER)


def corrected(question, key, by, at=LATER + MINUTE):
    correction = correct_key(question, key, DECISION, by=by, at=at)
    mark_everybody_anew(correction, at=at)
    correction.refresh_from_db()
    return correction


def test_the_effect_is_known_before_anything_is_done(passed, failed, questions):
    effect = effect_of(questions[0], right("c"))

    assert (effect.attempts, effect.more, effect.fewer) == (2, 1, 1)
    assert (effect.gained, effect.lost) == (1, 1)
    assert not KeyCorrection.objects.exists()
    assert not Remarking.objects.exists()


def test_what_was_foreseen_is_what_happens(passed, failed, questions, officer):
    foreseen = effect_of(questions[0], right("c"))

    correction = corrected(questions[0], right("c"), officer)

    happened = outcome_of(correction)
    assert (correction.attempts, happened.changed) == (foreseen.attempts, len(foreseen.changes))
    assert (happened.gained, happened.lost) == (foreseen.gained, foreseen.lost)
    assert {(r.attempt_id, r.points_after) for r in Remarking.objects.all()} == {
        (each.attempt_id, each.points_after) for each in foreseen.changes
    }


@pytest.mark.parametrize(
    ("at", "key"),
    [(0, right("c")), (0, EVERYBODY), (1, right("a", "b")), (1, right("d", "e")), (1, EVERYBODY)],
)
def test_the_effect_is_exact_whatever_people_answered(
    *, sitting, training_class, commune, questions, officer, at, key
):
    """Question 1 is worth thirds: what is kept, cut to thousandths, cannot be added up."""
    picks = random.Random(at)
    for n in range(12):
        someone = person(f"Học Viên {n}")
        enrol(training_class, someone, commune)
        chosen = {
            questions[0]: [picks.choice("abc")],
            questions[1]: sorted(picks.sample("abcde", picks.randint(1, 3))),
            questions[2]: [picks.choice("abc")],
        }
        hand_in(answered(sitting, someone, chosen), by=someone, at=LATER)

    foreseen = effect_of(questions[at], key)
    corrected(questions[at], key, officer)

    told = [
        (r.attempt_id, r.points_before, r.points_after, r.passed_before, r.passed_after)
        for r in Remarking.objects.all()
    ]
    assert sorted(told) == sorted(astuple(each) for each in foreseen.changes)
    assert told


def test_a_withdrawn_question_can_be_given_a_key_again(failed, questions, officer):
    corrected(questions[0], EVERYBODY, officer)
    foreseen = effect_of(questions[0], right("b"))

    corrected(questions[0], right("b"), officer, at=LATER + 2 * MINUTE)

    failed.refresh_from_db()
    assert [each.points_after for each in foreseen.changes] == [failed.points] == [2]


def test_whoever_falls_is_not_proficient_any_more_and_the_movement_counts_anew(
    passed, learner, questions, framework, officer
):
    StandingToReview.objects.all().delete()

    corrected(questions[0], right("c"), officer)

    assert not passed_results_in_force(framework, date(2026, 11, 22)).exists()
    (standing,) = results_of(learner)
    assert (standing.evidence, standing.passed) == (f"exams.attempt:{passed.pk}/2", False)
    assert Result.objects.count() == 2  # the old one stays written
    assert StandingToReview.objects.filter(person=learner).exists()


def test_whoever_rises_is_proficient_by_the_new_result(
    failed, classmate, questions, framework, officer
):
    corrected(questions[0], right("b", "c"), officer)

    (standing,) = passed_results_in_force(framework, date(2026, 11, 22))
    assert standing.evidence == f"exams.attempt:{failed.pk}/2"
    assert standing.assessed_at == LATER


def test_corrected_twice_only_the_latest_result_stands(passed, learner, questions, officer):
    corrected(questions[0], right("c"), officer)
    corrected(questions[0], right("b"), officer, at=LATER + 2 * MINUTE)

    (standing,) = results_of(learner)
    assert (standing.evidence, standing.points) == (f"exams.attempt:{passed.pk}/3", 3)


def test_a_withdrawn_question_gives_everybody_its_points(failed, questions, officer):
    corrected(questions[0], EVERYBODY, officer)

    failed.refresh_from_db()
    assert (failed.points, failed.passed) == (3, True)


def test_whose_result_does_not_change_keeps_it_untouched(passed, questions, officer):
    corrected(questions[0], right("b", "c"), officer)

    assert not Remarking.objects.exists()
    assert Result.objects.get().evidence == f"exams.attempt:{passed.pk}"


def test_a_voided_attempt_is_marked_anew_and_shows_nothing(passed, questions, officer):
    Attempt.objects.update(voided_at=LATER, voided_by=officer, void_reason="Nhờ người làm")

    corrected(questions[0], right("c"), officer)

    passed.refresh_from_db()
    assert passed.points == 2
    assert Result.objects.count() == 1


def test_an_attempt_that_waits_for_people_is_marked_by_the_new_key_when_they_have_done(
    waiting, essay, markers, questions, officer
):
    corrected(questions[0], right("c"), officer)

    for each in markers[:2]:
        give(waiting, essay, each, 4)

    waiting.refresh_from_db()
    assert waiting.points == 6
    assert not Remarking.objects.exists()


def test_what_people_gave_stays_when_a_key_is_corrected(
    waiting, essay, markers, questions, officer
):
    for each in markers[:2]:
        give(waiting, essay, each, "3.5")

    corrected(questions[0], right("c"), officer)

    waiting.refresh_from_db()
    assert waiting.points == Decimal("5.5")


def test_drawn_forms_are_found_and_those_not_asked_the_question_are_left_alone(
    *, questions, framework, training_class, learner, classmate, officer
):
    paper = Paper.objects.create(
        code="rut",
        version=1,
        title="Rút",
        title_en="Drawn",
        minutes=30,
        pass_mark="7/10",
        framework=framework,
        level="CB2",
    )
    BlueprintCell.objects.create(paper=paper, position=1, questions=1, component_code="1.2")
    drawn = Sitting.objects.create(
        paper=paper,
        training_class=training_class,
        opens_at=NINE,
        closes_at=NINE + 120 * MINUTE,
    )
    common = {"sitting": drawn, "number": 1, "seed": 1, "started_at": NINE}
    common |= {"must_end_at": NINE + 30 * MINUTE, "handed_in_at": LATER, "marked_at": LATER}
    common |= {"points": 1, "out_of": 1, "passed": True}
    Attempt.objects.create(person=learner, form=[questions[0].pk], **common)
    Attempt.objects.create(person=classmate, form=[questions[1].pk], **common)

    assert corrected(questions[0], right("c"), officer).attempts == 1


def test_a_correction_is_announced_with_the_attempts_it_changed(
    passed, failed, questions, officer, monkeypatch
):
    heard = []
    monkeypatch.setitem(events._reactions, AttemptsRemarked, [heard.append])
    monkeypatch.setitem(events._reactions, AttemptsMarked, [heard.append])

    corrected(questions[0], right("c"), officer)

    ids = tuple(sorted([passed.pk, failed.pk]))
    assert heard == [AttemptsRemarked(ids, "key_correction", LATER + MINUTE)]


def test_the_job_carries_it_out_once_however_often_it_runs(passed, questions, officer):
    correction = correct_key(questions[0], right("c"), DECISION, by=officer, at=LATER)
    assert ProcrastinateJob.objects.get().args == {"correction_id": correction.pk}

    carry_out_correction(correction.pk)
    carry_out_correction(correction.pk)
    finish_corrections(0)

    assert Remarking.objects.count() == 1
    assert AuditEntry.objects.filter(act="key_correction_carried_out").count() == 1


def test_what_a_killed_process_left_undone_is_done(passed, questions, officer):
    correct_key(questions[0], right("c"), DECISION, by=officer, at=LATER)

    finish_corrections(0)

    assert Remarking.objects.count() == 1


# --- Refusals ----------------------------------------------------------------------------------


def test_only_officers_of_the_unit_that_owns_the_question_correct_it(
    passed, questions, stranger, commune, markers
):
    for someone in (stranger, markers[0]):  # elsewhere; a teacher, who does not run classes
        with pytest.raises(NotAllowed):
            correct_key(questions[0], right("c"), DECISION, by=someone, at=LATER)
        assert not questions_to_correct_by(someone).exists()


def test_a_question_of_everybody_is_corrected_by_the_nation(questions, officer, nation):
    questions[0].owner = None
    questions[0].save()
    national = grant(person("Cán Bộ Trung Ương"), "training_officer", nation)

    with pytest.raises(NotAllowed):
        correct_key(questions[0], right("c"), DECISION, by=officer, at=LATER)
    assert questions[0] not in questions_to_correct_by(officer)

    assert correct_key(questions[0], right("c"), DECISION, by=national, at=LATER)
    assert questions[0] in questions_to_correct_by(national)


@pytest.mark.parametrize("key", [right(), right("z"), right("b", "z")])
def test_a_key_names_options_of_the_question(questions, officer, key):
    with pytest.raises(KeyDoesNotFit):
        correct_key(questions[0], key, DECISION, by=officer, at=LATER)


def test_other_kinds_of_question_are_only_withdrawn(questions, officer, commune):
    number = question_of(Kind.NUMERIC, "SO")
    number.owner = commune
    number.save()

    with pytest.raises(KeyDoesNotFit):
        correct_key(number, right("12"), DECISION, by=officer, at=LATER)
    assert correct_key(number, EVERYBODY, DECISION, by=officer, at=LATER)


def test_the_same_key_again_is_refused(questions, officer):
    with pytest.raises(KeyIsAlreadySo):
        correct_key(questions[0], right("b"), DECISION, by=officer, at=LATER)
    correct_key(questions[0], right("c"), DECISION, by=officer, at=LATER)
    with pytest.raises(KeyIsAlreadySo):
        correct_key(questions[0], right("c"), DECISION, by=officer, at=LATER)


@pytest.mark.parametrize(
    "decision",
    [
        Decision(" ", date(2026, 11, 21), "Sai"),
        Decision("1", date(2026, 11, 21), " "),
        Decision("1", LATER.date() + timedelta(days=1), "Sai"),
    ],
)
def test_a_correction_stands_on_a_decision_that_was_made(questions, officer, decision):
    with pytest.raises(DecisionIsIncomplete):
        correct_key(questions[0], right("c"), decision, by=officer, at=LATER)


def test_a_correction_and_its_changes_are_written_once(passed, questions, officer):
    correction = corrected(questions[0], right("c"), officer)

    for change in (
        lambda: KeyCorrection.objects.filter(pk=correction.pk).update(reason="Khác"),
        lambda: KeyCorrection.objects.filter(pk=correction.pk).update(remarked_at=NINE),
        lambda: Remarking.objects.update(points_after=3),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


# --- Who sees what -----------------------------------------------------------------------------


def test_changes_are_seen_where_results_are_seen(
    *, passed, failed, questions, officer, stranger, other_commune
):
    correction = corrected(questions[0], right("c"), officer)

    assert changes_open_to(officer, correction).count() == 2
    seen = [each.attempt for each in changes_open_to(stranger, correction)]
    assert seen == [failed]  # a learner of the stranger's own commune
    assert correction in corrections_open_to(stranger)


def test_learners_see_no_corrections_and_no_changes(passed, questions, officer, learner):
    correction = corrected(questions[0], right("c"), officer)

    assert not changes_open_to(learner, correction).exists()


# --- At once -----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_nobody_handed_in_while_a_key_is_corrected_is_forgotten(
    sitting, training_class, commune, questions, officer
):
    learners = [person(f"Học Viên {n}") for n in range(6)]
    for each in learners:
        enrol(training_class, each, commune)
    attempts = [answered(sitting, each, all_right(questions)) for each in learners]
    done = Event()

    def hand_in_all_of_them():
        for attempt, each in zip(attempts, learners, strict=True):
            hand_in(attempt, by=each, at=LATER)
        connection.close()
        done.set()

    Thread(target=hand_in_all_of_them).start()
    correction = correct_key(questions[0], right("c"), DECISION, by=officer, at=LATER)
    mark_everybody_anew(correction, at=LATER)
    done.wait(30)

    assert set(Attempt.objects.values_list("points", flat=True)) == {2}


def test_marking_anew_takes_as_many_statements_for_many_as_for_one(
    *, sitting, training_class, commune, questions, officer, django_assert_max_num_queries
):
    def marked_anew(count, key):
        for n in range(count):
            someone = person(f"Học Viên {count} {n}")
            enrol(training_class, someone, commune)
            attempt = start_attempt(sitting, by=someone, at=NINE)
            hand_in(attempt, by=someone, at=LATER)
        correction = correct_key(questions[0], key, DECISION, by=officer, at=LATER)
        with django_assert_max_num_queries(60) as asked:
            mark_everybody_anew(correction, at=LATER)
        return len(asked)

    assert marked_anew(1, EVERYBODY) == marked_anew(12, right("c"))
