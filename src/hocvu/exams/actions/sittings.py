"""Offering a test to a class, and sitting down to it."""

import secrets
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.classes.models import Enrolment, TrainingClass
from hocvu.exams import policies, rules
from hocvu.exams.actions.marking import hand_in_overdue
from hocvu.exams.models import Attempt, Paper, Sitting
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.people.models import Person


class SittingEndsBeforeItOpens(NotPossible):
    pass


class ClassIsClosed(NotPossible):
    pass


class PaperIsAlreadySat(NotPossible):
    """The class has a sitting of this paper with other times."""


class SittingIsNotOpenYet(NotPossible):
    pass


class SittingIsClosed(NotPossible):
    pass


class NoAttemptsLeft(NotPossible):
    pass


def open_sitting(
    paper: Paper,
    training_class: TrainingClass,
    *,
    opens_at: datetime,
    closes_at: datetime,
    attempts_allowed: int | None = None,
    by: Person,
    at: datetime,
) -> Sitting:
    """Offer this paper to the learners of a class between two moments."""
    with transaction.atomic():
        training_class = TrainingClass.objects.select_for_update(of=("self",)).get(
            pk=training_class.pk
        )
        if not policies.can_run_tests(by, training_class):
            raise NotAllowed(
                _("Only officers who run this class, or its supervisor, can open a test for it."),
                _("Please ask the unit that hosts the class."),
            )
        if closes_at <= opens_at:
            raise SittingEndsBeforeItOpens(
                _("The test would close before it opens."),
                _("Choose a closing time after the opening time."),
            )
        before = Sitting.objects.filter(paper=paper, training_class=training_class).first()
        if before is not None:
            return _same_sitting(before, opens_at, closes_at, attempts_allowed)
        if training_class.is_closed:
            raise ClassIsClosed(
                _("This class has been closed."), _("Open the test in a class that is running.")
            )
        sitting = Sitting.objects.create(
            paper=paper,
            training_class=training_class,
            opens_at=opens_at,
            closes_at=closes_at,
            attempts_allowed=attempts_allowed,
        )
        record("sitting_opened", sitting, by=by, at=at, class_id=training_class.pk)
        return sitting


def _same_sitting(
    before: Sitting, opens_at: datetime, closes_at: datetime, attempts_allowed: int | None
) -> Sitting:
    """The sitting opened before, when this is the same wish sent twice."""
    asked = (opens_at, closes_at, attempts_allowed)
    if (before.opens_at, before.closes_at, before.attempts_allowed) != asked:
        raise PaperIsAlreadySat(
            _("This class already has this test, with other times or another number of attempts."),
            _("Use that one, or choose another paper."),
        )
    return before


def start_attempt(sitting: Sitting, *, by: Person, at: datetime) -> Attempt:
    """Begin an attempt, or go on with the one under way; the enrolment row is the lock."""
    with transaction.atomic():
        enrolment = (
            Enrolment.objects.active()
            .select_for_update(of=("self",))
            .filter(training_class=sitting.training_class_id, person=by)
            .first()
        )
        if enrolment is None:
            raise NotAllowed(
                _("Only learners of this class can take its test."),
                _("If you should be on the list of learners, please tell the class supervisor."),
            )
        hand_in_overdue(at, person=by)
        own = Attempt.objects.filter(sitting=sitting, person=by)
        under_way = own.filter(handed_in_at=None).first()
        if under_way is not None:
            return under_way
        _refuse_outside_the_sitting(sitting, at)
        last = own.aggregate(last=Max("number"))["last"] or 0
        if sitting.attempts_allowed is not None and own.count() >= sitting.attempts_allowed:
            raise NoAttemptsLeft(
                _("You have used every attempt this test allows."),
                _("If you need another one, please ask the class supervisor."),
            )
        attempt = Attempt.objects.create(
            sitting=sitting,
            person=by,
            number=last + 1,
            seed=secrets.randbits(63),
            started_at=at,
            must_end_at=rules.must_end_at(at, sitting.paper.minutes, sitting.closes_at),
        )
        record("attempt_started", attempt, by=by, at=at, sitting_id=sitting.pk)
        return attempt


def _refuse_outside_the_sitting(sitting: Sitting, at: datetime) -> None:
    if at < sitting.opens_at:
        raise SittingIsNotOpenYet(
            _("This test is not open yet."), _("Please come back when it opens.")
        )
    if at >= sitting.closes_at:
        raise SittingIsClosed(
            _("This test has closed."),
            _("If you could not take it in time, please tell the class supervisor."),
        )
