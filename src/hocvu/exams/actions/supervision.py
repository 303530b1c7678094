"""What a supervisor does: extra minutes, handing in for somebody, voiding an attempt."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from hocvu.audit.actions import label_of, record
from hocvu.audit.models import AuditEntry
from hocvu.classes.models import Enrolment
from hocvu.competency.actions import withdraw_results
from hocvu.exams import policies
from hocvu.exams.actions.marking import hand_in_all
from hocvu.exams.actions.rooms import locked_room, must_supervise
from hocvu.exams.events import AttemptsVoided
from hocvu.exams.models import Attempt, ExamRoom, Sitting, TimeAllowance
from hocvu.exams.queries.remarkings import evidence_of
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.kernel.events import publish
from hocvu.people.models import Person

MOST_EXTRA_MINUTES = 240


class ReasonIsMissing(NotPossible):
    """Whoever acts on somebody else's attempt says why."""


class TooManyMinutes(NotPossible):
    pass


class NotALearnerOfThisClass(NotPossible):
    pass


def give_minutes(
    room: ExamRoom,
    minutes: int,
    *,
    reason: str,
    client_id: UUID,
    attempt_ids: Collection[int] | None = None,
    by: Person,
    at: datetime,
) -> int:
    """Move the end of attempts under way in a room, of all or of these; how many.

    The same wish sent twice (`client_id`) is granted once: the room is the lock, the log remembers.
    """
    with transaction.atomic():
        room = locked_room(room)
        must_supervise(room, by)
        _must_say_why(reason)
        _refuse_odd(minutes)
        if _was_done(room, "minutes_given", client_id):
            return 0
        chosen = _under_way_in(room, attempt_ids)
        ids = list(
            chosen.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True)
        )
        Attempt.objects.filter(pk__in=ids).update(
            must_end_at=F("must_end_at") + timedelta(minutes=minutes)
        )
        record(
            *("minutes_given", room),
            by=by,
            at=at,
            reason=reason,
            minutes=minutes,
            attempt_ids=ids,
            attempts=len(ids),
            client_id=str(client_id),
        )
        return len(ids)


def allow_time(
    sitting: Sitting, person: Person, minutes: int, *, reason: str, by: Person, at: datetime
) -> TimeAllowance:
    """Extra minutes for one person in every attempt of this sitting; given again, it replaces.

    An attempt under way gets what is new at once. Minutes that were promised are not taken back:
    less than before counts from the next attempt on.
    """
    with transaction.atomic():
        if not policies.can_run_tests(by, sitting.training_class):
            raise NotAllowed(
                _("Only officers who run this class, or its supervisor, can give extra time."),
                _("Please ask the unit that hosts the class."),
            )
        _must_say_why(reason)
        _refuse_odd(minutes)
        _lock_learner(sitting, person)
        before = TimeAllowance.objects.filter(sitting=sitting, person=person).first()
        if before is not None and (before.minutes, before.reason) == (minutes, reason):
            return before
        given, _made = TimeAllowance.objects.update_or_create(
            sitting=sitting,
            person=person,
            defaults={"minutes": minutes, "reason": reason, "granted_by": by, "granted_at": at},
        )
        more = minutes - (before.minutes if before else 0)
        if more > 0:
            Attempt.objects.filter(sitting=sitting, person=person, handed_in_at=None).update(
                must_end_at=F("must_end_at") + timedelta(minutes=more)
            )
        record("time_allowed", given, by=by, at=at, reason=reason, minutes=minutes)
        return given


def hand_in_for(
    room: ExamRoom, attempt_ids: Collection[int], *, reason: str, by: Person, at: datetime
) -> int:
    """Hand in attempts under way for their learners; how many were still under way."""
    with transaction.atomic():
        room = locked_room(room)
        must_supervise(room, by)
        _must_say_why(reason)
        attempts = _locked(_under_way_in(room, attempt_ids))
        if attempts:
            ids = [attempt.pk for attempt in attempts]
            record(
                *("attempts_handed_in_for", room),
                by=by,
                at=at,
                reason=reason,
                attempt_ids=ids,
                attempts=len(ids),
            )
            hand_in_all(attempts, at=at)
        return len(attempts)


def void_attempts(
    room: ExamRoom, attempt_ids: Collection[int], *, reason: str, by: Person, at: datetime
) -> int:
    """These attempts count for nothing; they stay in sight with the reason. How many were new.

    One under way is handed in first, and shows nothing about its learner's skills; what one that
    was handed in before has shown is withdrawn.
    """
    with transaction.atomic():
        room = locked_room(room)
        must_supervise(room, by)
        _must_say_why(reason)
        attempts = _locked(Attempt.objects.filter(room=room, pk__in=attempt_ids, voided_at=None))
        if not attempts:
            return 0
        under_way = [attempt for attempt in attempts if attempt.handed_in_at is None]
        if under_way:
            hand_in_all(under_way, at=at, tells=False)
        ids = [attempt.pk for attempt in attempts]
        Attempt.objects.filter(pk__in=ids).update(voided_at=at, voided_by=by, void_reason=reason)
        record(
            *("attempts_voided", room),
            by=by,
            at=at,
            reason=reason,
            attempt_ids=ids,
            attempts=len(ids),
        )
        withdraw_results(evidence_of(ids), reason=reason, by=by, at=at)
        publish(AttemptsVoided(tuple(ids), at))
        return len(ids)


def _under_way_in(room: ExamRoom, attempt_ids: Collection[int] | None) -> QuerySet[Attempt]:
    under_way = Attempt.objects.filter(room=room, handed_in_at=None)
    return under_way if attempt_ids is None else under_way.filter(pk__in=attempt_ids)


def _locked(attempts: QuerySet[Attempt]) -> list[Attempt]:
    locked = attempts.select_for_update(of=("self",)).select_related("sitting__paper")
    return list(locked.order_by("pk"))


def _lock_learner(sitting: Sitting, person: Person) -> None:
    """As starting an attempt does, so that an attempt begun meanwhile is not missed."""
    learner = Enrolment.objects.active().select_for_update(of=("self",))
    if not learner.filter(training_class=sitting.training_class_id, person=person).first():
        raise NotALearnerOfThisClass(
            _("This person does not learn in the class."), _("Please choose a learner of it.")
        )


def _was_done(room: ExamRoom, act: str, client_id: UUID) -> bool:
    named = f"{label_of(room)}:{room.pk}"
    done = AuditEntry.objects.filter(subject=named, act=act)
    return done.filter(facts__client_id=str(client_id)).exists()


def _must_say_why(reason: str) -> None:
    if not reason.strip():
        raise ReasonIsMissing(_("A reason is needed."), _("Please say why in a few words."))


def _refuse_odd(minutes: int) -> None:
    if not 0 < minutes <= MOST_EXTRA_MINUTES:
        raise TooManyMinutes(
            _("Between 1 and %s minutes can be given at once.") % MOST_EXTRA_MINUTES,
            _("Please choose another number."),
        )
