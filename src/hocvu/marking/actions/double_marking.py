"""Marking written answers: two markers blind to each other, a third where they differ."""

from collections.abc import Collection, Mapping
from datetime import datetime
from fractions import Fraction

from django.db import transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.exams.actions import settle_answer
from hocvu.exams.models import Attempt, Sitting
from hocvu.exams.policies import can_run_tests
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.marking import policies
from hocvu.marking.models import Appeal, FreshMarking, Marker, Marking
from hocvu.marking.queries.markings import rounds_before, share_given
from hocvu.marking.queries.waiting import answers_waiting
from hocvu.marking.rules.double_marking import (
    MarkFlaw,
    flaw_in_points,
    total_of,
    written,
)
from hocvu.people.models import Person
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission
from hocvu.questions.actions import refuse_if_withheld
from hocvu.questions.models import Question
from hocvu.questions.queries import item_of


class CannotBeAMarker(NotPossible):
    """They hold no role that marks, answer for the class, or learn in it."""


class AnswerDoesNotWait(NotPossible):
    """It has all the marks it needs, or needs none."""


class MarkStands(NotPossible):
    """Its marker has marked it before, with other points."""


class PointsDoNotFit(NotPossible):
    """The points cannot be given by this rubric."""


# --- Markers -----------------------------------------------------------------------------------


def appoint_marker(sitting: Sitting, person: Person, *, by: Person, at: datetime) -> Marker:
    """Ask somebody to mark the written answers of a sitting. Asked twice is asked once."""
    with transaction.atomic():
        sitting = _locked(sitting)
        _must_run(by, sitting)
        may_mark = scope_of(person).may_anywhere(Permission.MARK_ANSWERS)
        if not may_mark or not policies.can_be_a_marker(person, sitting):
            raise CannotBeAMarker(
                _("This person cannot be a marker here."),
                _(
                    "Choose somebody with a role that marks, who neither supervises the class nor "
                    "learns in it."
                ),
            )
        appointed, is_new = Marker.objects.get_or_create(
            sitting=sitting,
            person=person,
            defaults={"appointed_by": by, "appointed_at": at},
        )
        if is_new or appointed.released_at is not None:
            appointed.appointed_by, appointed.appointed_at = by, at
            appointed.released_at = None
            appointed.save()
            record("marker_appointed", sitting, by=by, at=at, person_id=person.pk)
        return appointed


def release_marker(marker: Marker, *, by: Person, at: datetime) -> None:
    """The marks they gave stand; they are asked for no more."""
    with transaction.atomic():
        sitting = _locked(marker.sitting)
        _must_run(by, sitting)
        marker = Marker.objects.select_for_update().get(pk=marker.pk)
        if marker.released_at is None:
            marker.released_at = at
            marker.save(update_fields=["released_at"])
            record("marker_released", sitting, by=by, at=at, person_id=marker.person_id)


def _locked(sitting: Sitting) -> Sitting:
    locked = Sitting.objects.select_for_update(of=("self",), no_key=True)
    return locked.select_related("training_class__host_unit").get(pk=sitting.pk)


def _must_run(by: Person, sitting: Sitting) -> None:
    if not can_run_tests(by, sitting.training_class):
        raise NotAllowed(
            _("Only those who run this class choose its markers."),
            _("Please ask the class supervisor."),
        )


# --- Marks -------------------------------------------------------------------------------------


def mark_answer(
    attempt: Attempt,
    question: Question,
    points: Mapping[str, Fraction],
    *,
    remarks: str = "",
    by: Person,
    at: datetime,
) -> Marking:
    """Give points for every criterion of the rubric. A mark once given stands; sent twice is one.

    When this mark settles the answer, and with it the last one of its attempt, the attempt is
    marked; one that was marked before is marked anew.
    """
    with transaction.atomic():
        attempt = (
            Attempt.objects.select_for_update(of=("self",))
            .select_related("sitting__paper", "sitting__training_class")
            .get(pk=attempt.pk)
        )
        given = Marking.objects.filter(attempt=attempt, question=question)
        own = given.filter(marker=by).first()
        if own is not None:
            return _same_mark(own, points, remarks)
        _refuse(attempt, question, points, by)
        refuse_if_withheld(question, by, at)
        marking = Marking.objects.create(
            attempt=attempt,
            question=question,
            marker=by,
            round=_next_round(attempt, question),
            points=total_of(points),
            out_of=item_of(question).points,
            by_criterion=written(points),
            remarks=remarks,
            marked_at=at,
        )
        record("answer_marked", attempt, by=by, at=at, question_id=question.pk, round=marking.round)
        _settle(attempt, question, by=by, at=at)
        return marking


def call_fresh_marking(
    attempt: Attempt,
    question_ids: Collection[int],
    *,
    cause: str,
    by: Person,
    at: datetime,
    appeal: Appeal | None = None,
) -> None:
    """Have answers marked from the beginning, by others. The caller has locked the attempt."""
    for question_id in question_ids:
        FreshMarking.objects.create(
            attempt=attempt,
            question_id=question_id,
            cause=cause,
            appeal=appeal,
            called_by=by,
            called_at=at,
        )
        record("fresh_marking_called", attempt, by=by, at=at, question_id=question_id, cause=cause)


def mark_changed_answers_afresh(
    attempt_id: int, question_ids: Collection[int], *, by_id: int, at: datetime
) -> None:
    """Of these answers, which are others now, have those marked afresh that people had marked."""
    attempt = Attempt.objects.get(pk=attempt_id)
    marked = Marking.objects.filter(attempt=attempt, question__in=question_ids)
    marked_ids = set(marked.values_list("question", flat=True))
    if marked_ids:
        by = Person.objects.get(pk=by_id)
        call_fresh_marking(attempt, marked_ids, cause="late_answers", by=by, at=at)


def _same_mark(own: Marking, points: Mapping[str, Fraction], remarks: str) -> Marking:
    """The mark given before, when this is the same one sent twice."""
    given = {name: Fraction(each) for name, each in own.by_criterion.items()}
    if given != dict(points) or own.remarks != remarks:
        raise MarkStands(
            _("You have marked this answer before, and that mark stands."),
            _("Please choose another answer."),
        )
    return own


def _refuse(
    attempt: Attempt, question: Question, points: Mapping[str, Fraction], by: Person
) -> None:
    if not policies.can_mark(by, attempt):
        raise NotAllowed(
            _("You cannot mark this answer."),
            _("It is marked by the markers of its test. Please choose another answer."),
        )
    if not answers_waiting().filter(attempt=attempt, question=question).exists():
        raise AnswerDoesNotWait(
            _("This answer does not wait for a mark."), _("Please choose another answer.")
        )
    flaw = flaw_in_points(item_of(question), points)
    if flaw is MarkFlaw.TOO_FINE:
        raise PointsDoNotFit(
            _("Points are given in quarters."), _("Please round them to the nearest quarter.")
        )
    if flaw is not None:
        raise PointsDoNotFit(
            _("These points do not fit the rubric."),
            _("Give points for every criterion, from zero to its greatest number."),
        )


def _next_round(attempt: Attempt, question: Question) -> int:
    before = rounds_before(attempt, question)
    given = Marking.objects.filter(attempt=attempt, question=question, round__gt=before)
    return before + given.count() + 1


def _settle(attempt: Attempt, question: Question, *, by: Person, at: datetime) -> None:
    """Hand down what the marks came to, if they have."""
    share = share_given(attempt, question)
    if share is None:
        return
    latest = FreshMarking.objects.filter(attempt=attempt, question=question).order_by("-pk").first()
    settle_answer(
        attempt,
        question,
        share,
        is_last=not answers_waiting().filter(attempt=attempt).exists(),
        cause=latest.cause if latest else "late_answers",
        by=by,
        at=at,
    )
