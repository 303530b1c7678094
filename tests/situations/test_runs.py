from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from hocvu.competency.models import ComponentResult, Result
from hocvu.kernel.errors import NotAllowed
from hocvu.kernel.events import _reactions, reacts_to
from hocvu.situations.actions import (
    decide,
    finish_overdue,
    finish_run,
    let_time_run_out,
    open_exercise,
    open_node,
    save_disposition,
    start_run,
)
from hocvu.situations.actions.dispositions import NothingIsWrittenHere, TimeIsOver
from hocvu.situations.actions.exercises import (
    CaseIsAlreadyOffered,
    ClassIsClosed,
    ExerciseEndsBeforeItOpens,
)
from hocvu.situations.actions.running import (
    DecisionIsNotOffered,
    DispositionIsEmpty,
    ExerciseIsClosed,
    ExerciseIsForGroups,
    ExerciseIsNotOpenYet,
    NodeIsNotOpened,
    RunIsFinished,
    RunStandsElsewhere,
)
from hocvu.situations.events import RunMarked
from hocvu.situations.models import Case, Debrief, Exercise, Mode, Run, Step
from situations.situation_scene import MINUTE, NINE, SECOND, offer


@pytest.fixture
def told():
    """Every RunMarked announced during a test."""
    heard = []
    reaction = reacts_to(RunMarked)(heard.append)
    yield heard
    _reactions[RunMarked].remove(reaction)


# --- Offering ----------------------------------------------------------------------------------


@pytest.fixture
def case(exercise):
    return Case.objects.get()


def open_it(case, training_class, by, **changes):
    wish = {
        "mode": Mode.BRIDGE_POINT,
        "debrief": Debrief.CLOSED,
        "opens_at": NINE,
        "closes_at": NINE + 60 * MINUTE,
    }
    return open_exercise(case, training_class, by=by, at=NINE, **(wish | changes))


def test_an_officer_of_the_host_unit_offers_a_case_to_a_class(case, training_class, officer):
    opened = open_it(case, training_class, officer)

    assert opened.is_for_groups


def test_the_same_wish_sent_twice_opens_one_exercise(case, training_class, officer):
    assert open_it(case, training_class, officer) == open_it(case, training_class, officer)


def test_the_same_case_with_other_times_is_refused(case, training_class, officer):
    open_it(case, training_class, officer)

    with pytest.raises(CaseIsAlreadyOffered):
        open_it(case, training_class, officer, closes_at=NINE + 61 * MINUTE)


def test_an_officer_of_another_unit_may_not_offer_it(case, training_class, stranger):
    with pytest.raises(NotAllowed):
        open_it(case, training_class, stranger)


def test_an_exercise_may_not_close_before_it_opens(case, training_class, officer):
    with pytest.raises(ExerciseEndsBeforeItOpens):
        open_it(case, training_class, officer, closes_at=NINE)


def test_a_closed_class_gets_no_exercise(case, training_class, officer):
    training_class.closed_at = NINE
    training_class.save()

    with pytest.raises(ClassIsClosed):
        open_it(case, training_class, officer)


# --- Starting ----------------------------------------------------------------------------------


def test_a_learner_starts_at_the_first_node(run):
    assert (run.node, run.finished_at) == ("desk", None)


def test_starting_twice_goes_on_with_the_same_run(exercise, learner, run):
    assert start_run(exercise, by=learner, at=NINE + MINUTE) == run


def test_only_learners_of_the_class_start_it(exercise, officer):
    with pytest.raises(NotAllowed):
        start_run(exercise, by=officer, at=NINE)


@pytest.mark.parametrize(
    ("at", "refusal"),
    [(NINE - SECOND, ExerciseIsNotOpenYet), (NINE + 121 * MINUTE, ExerciseIsClosed)],
)
def test_nobody_starts_outside_the_exercise(exercise, learner, at, refusal):
    with pytest.raises(refusal):
        start_run(exercise, by=learner, at=at)


def test_a_learner_does_not_run_alone_what_is_for_groups(framework, training_class, learner):
    for_groups = offer(framework, training_class, mode="bridge_point")

    with pytest.raises(ExerciseIsForGroups):
        start_run(for_groups, by=learner, at=NINE)


# --- Deciding ----------------------------------------------------------------------------------


def test_a_decision_moves_the_run_on(run, choose):
    step = choose(run, "desk", "half")

    run.refresh_from_db()
    assert (step.sequence, run.node) == (1, "flood")


def test_the_same_delivery_twice_makes_one_step(run, choose):
    name = uuid4()

    first = choose(run, "desk", "half", client_id=name)

    assert choose(run, "desk", "half", client_id=name) == first
    assert Step.objects.count() == 1


def test_a_decision_once_made_stands(run, choose):
    first = choose(run, "desk", "half")

    assert choose(run, "desk", "good") == first
    assert Step.objects.count() == 1


def test_a_lost_reply_is_answered_even_after_the_case_has_ended(run, choose):
    name = uuid4()
    first = choose(run, "desk", "bad", client_id=name)

    assert choose(run, "desk", "bad", client_id=name, at=NINE + 200 * MINUTE) == first


def test_an_enquiry_stays_at_its_node_and_is_made_once(run, choose):
    first = choose(run, "desk", "ask")
    again = choose(run, "desk", "ask")

    run.refresh_from_db()
    assert again == first
    assert run.node == "desk"
    assert choose(run, "desk", "good").sequence == 2


def test_steps_are_written_once(run, choose):
    step = choose(run, "desk", "half")
    step.decision = "good"

    with pytest.raises(DatabaseError), transaction.atomic():
        step.save()


def test_only_whose_run_it_is_decides(run, classmate):
    with pytest.raises(NotAllowed):
        decide(run, "desk", "good", client_id=uuid4(), by=classmate, at=NINE)


@pytest.mark.parametrize("made_up", ["wonder", "timed_out"])
def test_what_is_not_offered_cannot_be_decided(run, choose, made_up):
    with pytest.raises(DecisionIsNotOffered):
        choose(run, "desk", made_up)


def test_a_node_the_run_has_not_come_to_cannot_be_decided(run, choose):
    with pytest.raises(RunStandsElsewhere):
        choose(run, "flood", "good")


def test_after_the_end_nothing_more_is_decided(run, choose):
    choose(run, "desk", "bad")

    with pytest.raises(RunIsFinished):
        choose(run, "flood", "good")


def test_after_the_exercise_has_closed_nothing_is_decided(run, choose):
    with pytest.raises(ExerciseIsClosed):
        choose(run, "desk", "good", at=NINE + 121 * MINUTE)


# --- Time pressure -----------------------------------------------------------------------------


@pytest.fixture
def at_the_flood(run, choose, learner):
    choose(run, "desk", "good")
    return open_node(run, "flood", by=learner, at=NINE)


def test_time_runs_only_once_the_node_is_opened(run, choose):
    choose(run, "desk", "good")

    with pytest.raises(NodeIsNotOpened):
        choose(run, "flood", "good", at=NINE + 10 * MINUTE)


def test_opening_again_does_not_set_the_clock_back(at_the_flood, learner):
    again = open_node(at_the_flood, "flood", by=learner, at=NINE + 30 * SECOND)

    assert again.node_opened_at == NINE


def test_a_stranger_cannot_start_the_clock(run, choose, classmate):
    choose(run, "desk", "good")

    with pytest.raises(NotAllowed):
        open_node(run, "flood", by=classmate, at=NINE)


def test_a_decision_on_its_way_when_time_ran_out_still_counts(at_the_flood, choose):
    step = choose(at_the_flood, "flood", "good", at=NINE + 64 * SECOND)

    assert not step.timed_out


def test_a_late_decision_is_what_the_case_says_of_time_that_ran_out(at_the_flood, choose):
    name = uuid4()

    step = choose(at_the_flood, "flood", "good", at=NINE + 66 * SECOND, client_id=name)

    at_the_flood.refresh_from_db()
    assert (step.timed_out, step.decision, at_the_flood.node) == (True, "timed_out", "storm")
    assert choose(at_the_flood, "flood", "good", client_id=name) == step


def test_the_clock_moves_a_run_on_that_nobody_moves(at_the_flood):
    assert let_time_run_out(at_the_flood, at=NINE + 60 * SECOND) is None

    step = let_time_run_out(at_the_flood, at=NINE + 66 * SECOND)

    at_the_flood.refresh_from_db()
    assert (step.timed_out, step.decided_by, at_the_flood.finished_at is not None) == (
        *(True, None),
        True,
    )
    assert let_time_run_out(at_the_flood, at=NINE + 70 * SECOND) is None


# --- Writing -----------------------------------------------------------------------------------


def save(run, text, *, node="note", by=None, at=NINE, client_id=None):
    name = client_id or uuid4()
    return save_disposition(run, node, text, client_id=name, by=by or run.person, at=at)


def test_every_saved_text_is_kept_and_the_newest_stands(run, at_the_note):
    at_the_note(run)

    save(run, "Một")
    save(run, "Hai")

    texts = run.dispositions.get().versions.values_list("number", "text")
    assert list(texts) == [(1, "Một"), (2, "Hai")]


def test_the_same_text_or_the_same_delivery_makes_no_new_version(run, at_the_note):
    at_the_note(run)
    name = uuid4()
    first = save(run, "Một", client_id=name)
    save(run, "Hai")

    assert save(run, "Một", client_id=name) == first
    assert save(run, "Hai").number == 2


def test_nothing_is_written_where_the_run_does_not_stand(run):
    with pytest.raises(NothingIsWrittenHere):
        save(run, "Sớm quá")


def test_nobody_writes_in_another_persons_run(run, at_the_note, classmate):
    at_the_note(run)

    with pytest.raises(NotAllowed):
        save(run, "Chen vào", by=classmate)


def test_a_text_after_closing_is_refused(run, at_the_note):
    at_the_note(run)

    with pytest.raises(TimeIsOver):
        save(run, "Muộn", at=NINE + 121 * MINUTE)


def test_an_empty_text_is_not_handed_in(run, at_the_note, choose):
    at_the_note(run)
    save(run, "   ")

    with pytest.raises(DispositionIsEmpty):
        choose(run, "note", "written")


# --- Finishing ---------------------------------------------------------------------------------


def test_a_run_without_anything_to_mark_is_marked_at_its_end(run, choose, told):
    choose(run, "desk", "bad")

    run.refresh_from_db()
    assert (run.points, run.out_of, run.passed) == (0, 6, False)
    assert told == [RunMarked(run.pk, (run.person_id,), NINE)]


def test_the_result_names_its_evidence_and_its_components(run, choose):
    choose(run, "desk", "bad")

    result = Result.objects.get()
    assert (result.evidence, result.passed) == (f"situations.run:{run.pk}", False)
    shares = ComponentResult.objects.values_list("component__code", "points", "out_of")
    assert sorted(shares) == [("1.2", 0, 3), ("6.1", 0, 3)]


def test_a_run_whose_text_waits_for_markers_has_no_result_yet(run, finished_with_text):
    finished_with_text(run)

    run.refresh_from_db()
    assert run.finished_at == NINE
    assert run.marked_at is None
    assert not Result.objects.exists()


def test_breaking_off_counts_what_was_decided(run, choose, learner):
    choose(run, "desk", "half")

    ended = finish_run(run, by=learner, at=NINE + MINUTE)

    assert (ended.points, ended.out_of) == (1, 6)
    assert finish_run(run, by=learner, at=NINE + 2 * MINUTE).finished_at == NINE + MINUTE


def test_nobody_breaks_off_another_persons_run(run, classmate):
    with pytest.raises(NotAllowed):
        finish_run(run, by=classmate, at=NINE)


def test_when_the_exercise_closes_runs_end_where_they_stand(run, choose):
    choose(run, "desk", "good")

    assert finish_overdue(NINE + 121 * MINUTE) == 1

    run.refresh_from_db()
    assert (run.finished_at, run.points) == (NINE + 120 * MINUTE, 2)
    assert finish_overdue(NINE + 122 * MINUTE) == 0


def test_a_text_saved_but_not_handed_in_is_handed_in_by_the_clock(run, at_the_note):
    at_the_note(run)
    save(run, "Chưa kịp trình")

    finish_overdue(NINE + 121 * MINUTE)

    run.refresh_from_db()
    last = run.steps.last()
    assert (last.decision, last.timed_out) == ("written", True)
    assert run.marked_at is None  # it waits for its markers


def test_a_text_that_was_taken_back_earns_nothing_and_waits_for_nobody(run, at_the_note):
    at_the_note(run)
    save(run, "Nháp")
    save(run, "")

    finish_overdue(NINE + 121 * MINUTE)

    run.refresh_from_db()
    assert (run.points, run.out_of) == (4, 6)


def test_runs_of_exercises_still_open_are_left_alone(run):
    assert finish_overdue(NINE + 119 * MINUTE) == 0
    assert Run.objects.get().finished_at is None
    assert Exercise.objects.count() == 1
