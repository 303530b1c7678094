"""Changing what was planned: a session moved or called off, another supervisor.

What has begun stays as it was held: a session changes only while none of its rolls was opened.
"""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max, Min
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.classes.actions.locks import class_to_change
from hocvu.classes.models import ClassSession, Roll, TrainingClass
from hocvu.classes.queries.recipients import people_to_tell
from hocvu.classes.rules import hours_of
from hocvu.kernel.errors import NotPossible
from hocvu.notices.actions import News, tell
from hocvu.people.models import Person


class SessionHasBegun(NotPossible):
    """A roll of the session was opened, so it is being held or was held."""


class HalfDayIsTaken(NotPossible):
    """The class has another session in that half day."""


class LastSession(NotPossible):
    """A class whose every session was called off would be nothing to complete."""


class CallingOffNeedsAReason(NotPossible):
    """Who calls a session off says why."""


@transaction.atomic
def move_session(
    session: ClassSession, *, held_on: date, half: str, by: Person, at: datetime
) -> ClassSession:
    """Hold a session in another half day; one that was called off is held after all.

    `half` is a value of `courses.Half`. The class begins and ends with its sessions.
    """
    session = _session_to_change(session, by=by)
    if (session.held_on, session.half) == (held_on, half) and not session.is_called_off:
        return session
    training_class = session.training_class
    others = training_class.sessions.exclude(pk=session.pk).filter(called_off_at=None)
    if taken := others.filter(held_on=held_on, half=half).first():
        raise HalfDayIsTaken(
            _("Session %(number)s is held in that half day.") % {"number": taken.number},
            _("Please choose another half day, or move that session first."),
        )
    hours = hours_of(held_on, half)
    session.held_on, session.half = held_on, half
    session.starts_at, session.ends_at = hours.starts_at, hours.ends_at
    session.called_off_at, session.called_off_because = None, ""
    session.save()
    _fit_days(training_class)
    day = held_on.strftime("%d/%m/%Y")
    record("session_moved", training_class, by=by, at=at, session=session.number, day=day)
    _tell("session_moved", session, at=at)
    return session


@transaction.atomic
def call_off_session(
    session: ClassSession, *, reason: str, by: Person, at: datetime
) -> ClassSession:
    """Hold a session not at all. It counts in nobody's attendance; its page says why."""
    session = _session_to_change(session, by=by)
    if session.is_called_off:
        return session
    if not reason.strip():
        raise CallingOffNeedsAReason(_("Please write why the session is not held."))
    training_class = session.training_class
    if not training_class.sessions.exclude(pk=session.pk).filter(called_off_at=None).exists():
        raise LastSession(
            _("This is the last session of the class that is not called off."),
            _("Move it to another day, or have the learners withdrawn."),
        )
    session.called_off_at, session.called_off_because = at, reason.strip()
    session.save(update_fields=["called_off_at", "called_off_because"])
    _fit_days(training_class)
    record(
        "session_called_off",
        training_class,
        by=by,
        at=at,
        reason=session.called_off_because,
        session=session.number,
    )
    _tell("session_called_off", session, at=at)
    return session


@transaction.atomic
def name_supervisor(
    training_class: TrainingClass, supervisor: Person, *, by: Person, at: datetime
) -> TrainingClass:
    """Give the class another supervisor (chủ nhiệm lớp); the same one again changes nothing."""
    training_class = class_to_change(training_class, by=by)
    if training_class.supervisor_id == supervisor.pk:
        return training_class
    training_class.supervisor = supervisor
    training_class.save(update_fields=["supervisor"])
    record("supervisor_named", training_class, by=by, at=at, supervisor_id=supervisor.pk)
    return training_class


def _session_to_change(session: ClassSession, *, by: Person) -> ClassSession:
    """The session as it is now, its class and its rolls locked, while nothing of it has begun."""
    training_class = class_to_change(session.training_class, by=by)
    session = ClassSession.objects.select_for_update(no_key=True).get(pk=session.pk)
    session.training_class = training_class
    rolls = Roll.objects.select_for_update(no_key=True).filter(session=session).order_by("pk")
    if any(opened for opened in rolls.values_list("opened_at", flat=True)):
        raise SessionHasBegun(
            _("The roll of session %(number)s was opened.") % {"number": session.number},
            _("What has been held stays as it was."),
        )
    return session


def _tell(kind: str, session: ClassSession, *, at: datetime) -> None:
    """Learners and whoever is on duty are told, each once, whatever their number."""
    training_class = session.training_class
    facts = {
        "number": session.number,
        "class_name": training_class.name,
        "starts_at": session.starts_at.isoformat(),
    }
    key = f"{session.pk}:{at.isoformat()}"
    people = people_to_tell(training_class)
    tell(kind, [News(key, each.person_id, each.address, facts) for each in people], at=at)


def _fit_days(training_class: TrainingClass) -> None:
    held = training_class.sessions.filter(called_off_at=None)
    days = held.aggregate(first=Min("held_on"), last=Max("held_on"))
    training_class.starts_on, training_class.ends_on = days["first"], days["last"]
    training_class.save(update_fields=["starts_on", "ends_on"])
