"""Offering a test to a class, and sitting down to it."""

import secrets
from datetime import datetime

from django.db import transaction
from django.db.models import IntegerField, OuterRef, Subquery
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.classes.models import Enrolment, TrainingClass
from hocvu.exams import policies, rules
from hocvu.exams.actions.drawing import draw_form
from hocvu.exams.actions.marking import hand_in_overdue
from hocvu.exams.actions.rooms import (
    OutsideTheRoomsNetwork,
    RoomIsNotEntered,
    TooManyRoomCodes,
    enter_room,
)
from hocvu.exams.models import Attempt, ExamRoom, Sitting, TimeAllowance
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.papers.actions.drawing import refuse_if_short
from hocvu.papers.actions.writing import PaperIsRetired
from hocvu.papers.models import Paper
from hocvu.papers.queries.drawing import pool_of
from hocvu.people.models import Person

__all__ = [
    "ClassIsClosed",
    "NoAttemptsLeft",
    "OutsideTheRoomsNetwork",
    "PaperIsAlreadySat",
    "RoomIsNotEntered",
    "SittingEndsBeforeItOpens",
    "SittingIsClosed",
    "SittingIsNotOpenYet",
    "TooManyRoomCodes",
    "open_sitting",
    "start_attempt",
]


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
    is_supervised: bool = False,
    by: Person,
    at: datetime,
) -> Sitting:
    """Offer this paper to the learners of a class between two moments.

    Supervised, it is entered only through its rooms. A paper that cannot be drawn is refused.
    """
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
            return _same_sitting(before, (opens_at, closes_at, attempts_allowed, is_supervised))
        if training_class.is_closed:
            raise ClassIsClosed(
                _("This class has been closed."), _("Open the test in a class that is running.")
            )
        if paper.retired_at is not None:
            raise PaperIsRetired(
                _("This paper has been retired."), _("Please choose another paper.")
            )
        refuse_if_short(pool_of(paper, at, anew=True))
        sitting = Sitting.objects.create(
            paper=paper,
            training_class=training_class,
            opens_at=opens_at,
            closes_at=closes_at,
            attempts_allowed=attempts_allowed,
            is_supervised=is_supervised,
        )
        record("sitting_opened", sitting, by=by, at=at, class_id=training_class.pk)
        return sitting


def _same_sitting(before: Sitting, asked: tuple[datetime, datetime, int | None, bool]) -> Sitting:
    """The sitting opened before, when this is the same wish sent twice."""
    had = (before.opens_at, before.closes_at, before.attempts_allowed, before.is_supervised)
    if had != asked:
        raise PaperIsAlreadySat(
            _(
                "This class already has this test, with other times, another number of attempts "
                "or other supervision."
            ),
            _("Use that one, or choose another paper."),
        )
    return before


def start_attempt(
    sitting: Sitting, *, by: Person, at: datetime, room_code: str = "", address: str = ""
) -> Attempt:
    """Begin an attempt, or go on with the one under way; the enrolment row is the lock.

    A supervised sitting asks for the code of a room, and the room may ask for its network:
    `address` is where the request came from. Eight statements when all is well.
    """
    room = None
    if sitting.is_supervised and not _under_way(sitting, by):
        room = enter_room(sitting, room_code, address=address, by=by, at=at)
    with transaction.atomic():
        enrolment = _locked_enrolment(sitting, by)
        own = _own_attempts(sitting, by, at)
        if own and own[-1].handed_in_at is None:
            return own[-1]
        started_at = rules.started_at(at, own[-1].handed_in_at if own else None)
        _refuse_outside_the_sitting(sitting, started_at)
        _refuse_without_attempts_left(sitting, own)
        if sitting.is_supervised and room is None:
            raise RoomIsNotEntered(
                _("This test is taken in a supervised room."),
                _("Please type the code of the room, as the supervisor reads it out."),
            )
        attempt = _begun(sitting, enrolment, own, room, started_at)
        room_id = room.pk if room else None
        record(*("attempt_started", attempt), by=by, at=at, sitting_id=sitting.pk, room_id=room_id)
        return attempt


def _under_way(sitting: Sitting, person: Person) -> bool:
    return Attempt.objects.filter(sitting=sitting, person=person, handed_in_at=None).exists()


def _locked_enrolment(sitting: Sitting, by: Person) -> Enrolment:
    """The learner's place in the class, with the `extra_minutes` they were given."""
    allowance = TimeAllowance.objects.filter(sitting=sitting, person=OuterRef("person"))
    enrolment = (
        Enrolment.objects.active()
        .select_for_update(of=("self",))
        .annotate(extra_minutes=Subquery(allowance.values("minutes"), IntegerField()))
        .filter(training_class=sitting.training_class_id, person=by)
        .first()
    )
    if enrolment is None:
        raise NotAllowed(
            _("Only learners of this class can take its test."),
            _("If you should be on the list of learners, please tell the class supervisor."),
        )
    return enrolment


def _own_attempts(sitting: Sitting, by: Person, at: datetime) -> list[Attempt]:
    """In their order; one that was forgotten is handed in first, by the server's clock."""
    own = Attempt.objects.filter(sitting=sitting, person=by).order_by("number")
    found = list(own)
    if found and found[-1].handed_in_at is None and rules.is_too_late(found[-1].must_end_at, at):
        hand_in_overdue(at, person=by, sitting=sitting)
        found = list(own.all())
    return found


def _begun(
    sitting: Sitting,
    enrolment: Enrolment,
    own: list[Attempt],
    room: ExamRoom | None,
    started_at: datetime,
) -> Attempt:
    """The attempt as it lives on the server from its first second."""
    seed = secrets.randbits(63)
    return Attempt.objects.create(
        sitting=sitting,
        person_id=enrolment.person_id,
        number=own[-1].number + 1 if own else 1,
        seed=seed,
        form=draw_form(sitting.paper, person_id=enrolment.person_id, seed=seed, at=started_at),
        room=room,
        started_at=started_at,
        must_end_at=rules.must_end_at(
            started_at,
            sitting.paper.minutes,
            sitting.closes_at,
            extra=getattr(enrolment, "extra_minutes", None) or 0,
        ),
    )


def _refuse_without_attempts_left(sitting: Sitting, own: list[Attempt]) -> None:
    """A voided attempt does not count as used."""
    used = sum(attempt.voided_at is None for attempt in own)
    if sitting.attempts_allowed is not None and used >= sitting.attempts_allowed:
        raise NoAttemptsLeft(
            _("You have used every attempt this test allows."),
            _("If you need another one, please ask the class supervisor."),
        )


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
