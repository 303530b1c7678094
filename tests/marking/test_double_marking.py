"""Two markers blind to each other, and a third where they differ too much."""

from decimal import Decimal
from fractions import Fraction
from importlib import import_module
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as some

from exams.marking_scene import LATER, answered
from exams.scenes import MINUTE, NINE, enrol, grant, person
from hocvu.audit.models import AuditEntry
from hocvu.competency.models import Result
from hocvu.exams.actions import hand_in, save_answer
from hocvu.exams.actions.late_answers import decide_late_answers
from hocvu.exams.events import AttemptsMarked
from hocvu.exams.models import Attempt, KeyCorrection, Remarking
from hocvu.exams.queries.settled import settled_shares
from hocvu.items.content import Criterion, Item, Kind
from hocvu.kernel import events
from hocvu.kernel.errors import NotAllowed
from hocvu.marking.actions import appoint_marker, mark_answer, release_marker
from hocvu.marking.actions.double_marking import (
    AnswerDoesNotWait,
    CannotBeAMarker,
    MarkStands,
    PointsDoNotFit,
)
from hocvu.marking.models import Marker, Marking
from hocvu.marking.queries.waiting import answers_to_mark_by, answers_waiting
from hocvu.marking.rules.double_marking import (
    MarkFlaw,
    flaw_in_points,
    needs_another_mark,
    rubric_of,
    settled_share,
)
from marking.giving import give

# --- The rule ----------------------------------------------------------------------------------

shares = some.fractions(0, 1, max_denominator=16)


@given(shares, shares)
def test_two_marks_settle_exactly_when_they_lie_at_most_a_fifth_apart(one, other):
    settled = settled_share([one, other])

    assert (settled is None) == (abs(one - other) > Fraction(1, 5))
    assert settled is None or settled == (one + other) / 2


@given(some.lists(shares, min_size=3, max_size=3))
def test_three_marks_always_settle_between_the_lowest_and_the_highest(three):
    settled = settled_share(three)

    assert min(three) <= settled <= max(three)
    assert settled == settled_share(three[::-1])


def test_the_two_nearest_of_three_count_and_the_middle_one_where_none_is_nearer():
    assert settled_share([Fraction(0), Fraction(1), Fraction(7, 8)]) == Fraction(15, 16)
    assert settled_share([Fraction(0), Fraction(1), Fraction(1, 2)]) == Fraction(1, 2)


def test_exactly_a_fifth_is_agreement_and_a_hair_more_is_not():
    assert not needs_another_mark([Fraction(1, 2), Fraction(7, 10)])
    assert needs_another_mark([Fraction(1, 2), Fraction(7, 10) + Fraction(1, 10**9)])


@given(some.lists(shares, max_size=3))
def test_marks_from_before_were_settled_by_the_same_rule(given_shares):
    """By the migration that wrote down what people had settled."""
    before = import_module("hocvu.exams.migrations.0008_answers_settled_by_people")

    assert before.settled(given_shares) == settled_share(given_shares)


RUBRIC = (Criterion("c1", "Ý", Decimal("2.3")), Criterion("c2", "Lời", Decimal(1)))
WRITTEN = Item(Kind.ESSAY, "Viết", points=Decimal("3.3"), rubric=RUBRIC)


@pytest.mark.parametrize(
    ("points", "flaw"),
    [
        ({"c1": Fraction(2), "c2": Fraction(1, 4)}, None),
        ({"c1": Fraction(23, 10), "c2": Fraction(1)}, None),  # all of it, if no quarter
        ({"c1": Fraction(2)}, MarkFlaw.MISSING_CRITERION),
        ({"c1": Fraction(2), "c2": Fraction(0), "c3": Fraction(0)}, MarkFlaw.UNKNOWN_CRITERION),
        ({"c1": Fraction(5, 2), "c2": Fraction(0)}, MarkFlaw.OUT_OF_RANGE),
        ({"c1": Fraction(-1, 4), "c2": Fraction(0)}, MarkFlaw.OUT_OF_RANGE),
        ({"c1": Fraction(1, 3), "c2": Fraction(0)}, MarkFlaw.TOO_FINE),
    ],
)
def test_points_fit_the_rubric_in_quarters(points, flaw):
    assert flaw_in_points(WRITTEN, points) == flaw


def test_a_question_without_a_rubric_is_marked_as_a_whole():
    (whole,) = rubric_of(Item(Kind.FILE, "Nộp", points=Decimal(2)))

    assert whole.points == 2


# --- Markers -----------------------------------------------------------------------------------


def test_whoever_runs_the_class_appoints_a_marker_once(sitting, officer, commune):
    teacher = grant(person("Vũ Giáo Viên"), "teacher", commune)

    first = appoint_marker(sitting, teacher, by=officer, at=NINE)

    assert appoint_marker(sitting, teacher, by=officer, at=LATER) == first
    assert Marker.objects.get().appointed_at == NINE
    assert AuditEntry.objects.filter(act="marker_appointed").count() == 1


def test_an_officer_of_another_unit_appoints_and_releases_nobody(sitting, markers, stranger):
    with pytest.raises(NotAllowed):
        appoint_marker(sitting, stranger, by=stranger, at=NINE)
    with pytest.raises(NotAllowed):
        release_marker(Marker.objects.first(), by=stranger, at=NINE)


def test_somebody_without_a_role_that_marks_is_no_marker(sitting, officer, learner):
    with pytest.raises(CannotBeAMarker):
        appoint_marker(sitting, learner, by=officer, at=NINE)


def test_the_supervisor_of_the_class_is_no_marker_of_it(sitting, training_class, officer, markers):
    training_class.supervisor = markers[0]
    training_class.save()

    with pytest.raises(CannotBeAMarker):
        appoint_marker(sitting, markers[0], by=officer, at=NINE)


def test_a_marker_who_became_supervisor_marks_no_more(waiting, essay, markers):
    training_class = waiting.sitting.training_class
    training_class.supervisor = markers[0]
    training_class.save()

    with pytest.raises(NotAllowed):
        give(waiting, essay, markers[0], 3)
    assert not answers_to_mark_by(markers[0]).exists()


def test_a_released_marker_marks_no_more_until_appointed_again(
    sitting, waiting, essay, markers, officer
):
    release_marker(Marker.objects.get(person=markers[0]), by=officer, at=LATER)

    assert not answers_to_mark_by(markers[0]).exists()
    with pytest.raises(NotAllowed):
        give(waiting, essay, markers[0], 3)
    appoint_marker(sitting, markers[0], by=officer, at=LATER)
    assert answers_to_mark_by(markers[0]).exists()


# --- What waits --------------------------------------------------------------------------------


def test_a_written_answer_waits_for_every_marker_of_its_sitting_once_handed_in(
    sitting, learner, essay, markers, officer
):
    attempt = answered(sitting, learner, {essay: ["text=Một bài"]})
    assert not answers_waiting().exists()

    hand_in(attempt, by=learner, at=LATER)

    assert all(answers_to_mark_by(each).count() == 1 for each in markers)
    assert not answers_to_mark_by(officer).exists()


def test_blank_answers_wait_for_nobody(sitting, learner, essay, markers):
    hand_in(answered(sitting, learner, {essay: ["text= \n "]}), by=learner, at=LATER)

    assert not answers_waiting().exists()
    assert Attempt.objects.get().marked_at == LATER


def test_a_text_of_many_lines_waits(sitting, learner, essay, markers):
    hand_in(answered(sitting, learner, {essay: ["text=\n\n  Một\nbài"]}), by=learner, at=LATER)

    assert answers_waiting().count() == 1


def test_answers_to_a_withdrawn_question_wait_for_nobody(waiting, essay, officer, markers):
    KeyCorrection.objects.create(
        question=essay,
        key={"everybody": True},
        decision_number="1",
        decided_on=NINE.date(),
        reason="Sai",
        made_by=officer,
        made_at=LATER,
    )

    with pytest.raises(AnswerDoesNotWait):
        give(waiting, essay, markers[0], 3)


def test_what_was_marked_leaves_the_markers_list_and_stays_on_the_others(waiting, essay, markers):
    give(waiting, essay, markers[0], 3)

    assert not answers_to_mark_by(markers[0]).exists()
    assert answers_to_mark_by(markers[1]).exists()


def test_nobody_marks_their_own_answer_even_after_leaving_the_class(
    *, sitting, training_class, commune, officer, markers, essay, waiting
):
    enrolment = enrol(training_class, markers[0], commune)
    own = hand_in(answered(sitting, markers[0], {essay: ["text=Bài tôi"]}), by=markers[0], at=LATER)
    assert not answers_to_mark_by(markers[0]).exists()

    enrolment.withdrawn_at = LATER
    enrolment.save()

    assert [each.attempt for each in answers_to_mark_by(markers[0])] == [waiting]
    with pytest.raises(NotAllowed):
        give(own, essay, markers[0], 4)


def test_answers_of_a_voided_attempt_take_no_marks(waiting, essay, markers, officer):
    Attempt.objects.update(voided_at=LATER, voided_by=officer, void_reason="Nhờ người làm")

    with pytest.raises(AnswerDoesNotWait):
        give(waiting, essay, markers[0], 3)


def test_a_machine_marked_question_takes_no_marks(waiting, questions, markers):
    with pytest.raises(AnswerDoesNotWait):
        give(waiting, questions[0], markers[0], 1)


# --- Marks -------------------------------------------------------------------------------------


def test_one_mark_settles_nothing(waiting, essay, markers):
    give(waiting, essay, markers[0], 3)

    assert settled_shares([waiting.pk]) == {}
    assert Attempt.objects.get().marked_at is None


def test_two_marks_that_agree_finish_the_attempt_and_it_is_announced(
    waiting, essay, markers, monkeypatch
):
    heard = []
    monkeypatch.setitem(events._reactions, AttemptsMarked, [heard.append])
    give(waiting, essay, markers[0], 3)
    give(waiting, essay, markers[1], "2.5", at=LATER + MINUTE)

    waiting.refresh_from_db()
    assert (waiting.points, waiting.out_of, waiting.passed) == (Decimal("5.75"), 7, True)
    assert waiting.marked_at == LATER + MINUTE
    assert Result.objects.get().evidence == f"exams.attempt:{waiting.pk}"
    assert heard == [AttemptsMarked((waiting.pk,), LATER + MINUTE)]


def test_two_marks_that_differ_too_much_call_for_a_third_and_only_for_one(
    *, waiting, essay, markers, sitting, officer, commune
):
    fourth = grant(person("Vũ Chấm Bốn"), "teacher", commune)
    appoint_marker(sitting, fourth, by=officer, at=NINE)
    give(waiting, essay, markers[0], 4)
    give(waiting, essay, markers[1], 3)
    waiting.refresh_from_db()
    assert waiting.marked_at is None

    give(waiting, essay, markers[2], 1)

    waiting.refresh_from_db()
    assert waiting.points == Decimal("6.5")  # 3, and the mean of 4 and 3
    assert list(Marking.objects.values_list("round", flat=True).order_by("pk")) == [1, 2, 3]
    with pytest.raises(AnswerDoesNotWait):
        give(waiting, essay, fourth, 4)


def test_where_two_agree_there_is_no_third_round(waiting, essay, markers):
    give(waiting, essay, markers[0], 4)
    give(waiting, essay, markers[1], "3.25")

    assert not answers_to_mark_by(markers[2]).exists()
    with pytest.raises(AnswerDoesNotWait):
        give(waiting, essay, markers[2], 0)


def test_an_attempt_with_two_written_answers_waits_for_both(
    sitting, learner, essay, paper, markers
):
    from exams.kinds import question_of
    from hocvu.papers.models import PaperQuestion

    second = question_of(Kind.ESSAY, "BAIHAI", component="6.1")
    PaperQuestion.objects.create(paper=paper, question=second, position=10)
    written = {essay: ["text=Một"], second: ["text=Hai"]}
    attempt = hand_in(answered(sitting, learner, written), by=learner, at=LATER)

    for each in markers[:2]:
        give(attempt, essay, each, 4)
    attempt.refresh_from_db()
    assert attempt.marked_at is None

    for each in markers[1:]:
        give(attempt, second, each, 2)
    attempt.refresh_from_db()
    assert attempt.points == 6


def test_the_same_mark_sent_twice_is_one_mark(waiting, essay, markers):
    first = give(waiting, essay, markers[0], 3, "Tốt")

    assert give(waiting, essay, markers[0], 3, "Tốt") == first
    assert AuditEntry.objects.filter(act="answer_marked").count() == 1


def test_a_mark_once_given_stands(waiting, essay, markers):
    give(waiting, essay, markers[0], 3)

    with pytest.raises(MarkStands):
        give(waiting, essay, markers[0], 4)


def test_a_marking_is_written_once(waiting, essay, markers):
    marking = give(waiting, essay, markers[0], 3)

    marking.points = 4
    with pytest.raises(DatabaseError), transaction.atomic():
        marking.save()
    with pytest.raises(DatabaseError), transaction.atomic():
        marking.delete()


@pytest.mark.parametrize("points", [{"c1": Fraction(5)}, {"c1": Fraction(1, 3)}, {}])
def test_points_that_do_not_fit_are_refused(waiting, essay, markers, points):
    with pytest.raises(PointsDoNotFit):
        mark_answer(waiting, essay, points, by=markers[0], at=LATER)


def test_an_officer_who_is_no_marker_marks_nothing(waiting, essay, officer):
    with pytest.raises(NotAllowed):
        give(waiting, essay, officer, 3)


# --- Texts that came late ----------------------------------------------------------------------


def late(attempt, question, text, learner, sequence):
    save_answer(
        attempt,
        question.pk,
        [f"text={text}"],
        sequence=sequence,
        client_id=uuid4(),
        by=learner,
        at=LATER + 60 * MINUTE,
    )


def test_a_late_text_that_counts_is_marked_by_people_and_changes_the_result(
    sitting, learner, officer, markers, essay
):
    attempt = hand_in(answered(sitting, learner, {}), by=learner, at=LATER)
    late(attempt, essay, "Đến muộn", learner, 1)
    decide_late_answers(attempt, counts=True, by=officer, at=LATER, reason="Mất mạng")

    for each in markers[:2]:
        give(attempt, essay, each, 4)

    attempt.refresh_from_db()
    assert attempt.points == 4
    assert Remarking.objects.get().cause == "late_answers"


def test_a_late_text_in_place_of_a_marked_one_is_marked_by_others_from_the_beginning(
    *, waiting, learner, officer, markers, essay, sitting, commune
):
    for each in markers[:2]:
        give(waiting, essay, each, 1)
    late(waiting, essay, "Bản đầy đủ", learner, 99)
    decide_late_answers(waiting, counts=True, by=officer, at=LATER, reason="Mất mạng")

    assert not answers_to_mark_by(markers[0]).exists()
    assert settled_shares([waiting.pk]) == {(waiting.pk, essay.pk): Fraction(1, 4)}

    other = grant(person("Vũ Chấm Khác"), "teacher", commune)
    appoint_marker(sitting, other, by=officer, at=LATER)
    give(waiting, essay, markers[2], 4)
    give(waiting, essay, other, 4)
    waiting.refresh_from_db()
    assert waiting.points == 7
    assert sorted(Marking.objects.values_list("round", flat=True)) == [1, 2, 4, 5]


# --- At once -----------------------------------------------------------------------------------


def at_once(*acts):
    """Runs these together; what each answered or refused."""
    start, told = Barrier(len(acts)), []

    def run(act):
        start.wait()
        try:
            told.append(act())
        except Exception as refused:  # noqa: BLE001 — looked at by the test
            told.append(refused)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[act]) for act in acts]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return told


@pytest.mark.django_db(transaction=True)
def test_two_markers_at_once_are_two_rounds_and_settle_the_answer_once(waiting, essay, markers):
    told = at_once(*(lambda each=each: give(waiting, essay, each, 3).round for each in markers[:2]))

    assert sorted(told) == [1, 2]
    assert Attempt.objects.get().points == 6
    assert Result.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_three_markers_who_agree_at_once_give_two_marks(waiting, essay, markers):
    told = at_once(*(lambda each=each: give(waiting, essay, each, 3).round for each in markers))

    assert sorted(each for each in told if isinstance(each, int)) == [1, 2]
    assert sum(isinstance(each, AnswerDoesNotWait) for each in told) == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_mark_sent_three_times_at_once_is_one_mark(waiting, essay, markers):
    told = at_once(*[lambda: give(waiting, essay, markers[0], 3).pk] * 3)

    assert len(set(told)) == 1
    assert Marking.objects.count() == 1
