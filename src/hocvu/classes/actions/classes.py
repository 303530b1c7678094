"""Opening and closing a class."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.classes import policies
from hocvu.classes.actions.bridge_points import UnitIsClosed, make_rolls
from hocvu.classes.actions.locks import locked_class
from hocvu.classes.events import ClassClosed, ClassOpened
from hocvu.classes.models import BridgePoint, ClassSession, Roll, TrainingClass
from hocvu.classes.rules import held_on, hours_of
from hocvu.courses.models import Programme
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.kernel.events import publish
from hocvu.people.models import Person
from hocvu.units.models import Unit


class ClassCodeIsTaken(NotPossible):
    """Another class has this code."""


class ProgrammeNotInForce(NotPossible):
    """The programme begins to hold only after the class does."""


class SessionsNotHeld(NotPossible):
    """A class cannot be closed while a session has no closed roll, or a roll is still open."""


@transaction.atomic
def open_class(
    programme: Programme,
    *,
    code: str,
    name: str,
    host_unit: Unit,
    starts_on: date,
    supervisor: Person | None = None,
    capacity: int | None = None,
    opening_decision: str = "",
    by: Person,
    at: datetime,
) -> TrainingClass:
    """Open a class with its sessions from the model timetable and its main bridge point.

    The same class opened twice (a double click) is the class that is there already.
    """
    if not policies.can_open_classes_at(by, host_unit):
        raise NotAllowed(
            _("You may open classes only at units where you are a training officer."),
            _("Please choose one of your own units."),
        )
    if host_unit.closed_on:
        raise UnitIsClosed(
            _("%(unit)s no longer exists.") % {"unit": host_unit.name},
            _("Please choose the unit that took its place."),
        )
    if programme.valid_from > starts_on:
        raise ProgrammeNotInForce(
            _("The programme is not yet in force on the day the class starts."),
            _("Please choose a later day or another programme."),
        )
    training_class, is_new = TrainingClass.objects.get_or_create(
        code=code.strip(),
        defaults={
            "programme": programme,
            "name": name,
            "host_unit": host_unit,
            "mode": programme.mode,
            "starts_on": starts_on,
            "ends_on": held_on(starts_on, programme.days),
            "supervisor": supervisor,
            "capacity": capacity,
            "opening_decision": opening_decision,
            "opened_at": at,
        },
    )
    if not is_new:
        return _the_same(training_class, programme, host_unit, starts_on)
    main = BridgePoint.objects.create(
        training_class=training_class, unit=host_unit, name=host_unit.name, is_main=True
    )
    _make_sessions(training_class, programme)
    make_rolls(training_class, [main.pk])
    record("class_opened", training_class, by=by, at=at, programme_id=programme.pk)
    publish(ClassOpened(class_id=training_class.pk, at=at))
    return training_class


@transaction.atomic
def close_class(training_class: TrainingClass, *, by: Person, at: datetime) -> TrainingClass:
    """Close a class whose sessions have all been held. Closing it again changes nothing."""
    locked = locked_class(training_class, by=by)
    if locked.is_closed:
        return locked
    rolls = Roll.objects.filter(session__training_class=locked)
    still_open = rolls.filter(opened_at__isnull=False, closed_at=None).count()
    if still_open:
        raise SessionsNotHeld(
            _("%(count)s rolls are still open.") % {"count": still_open},
            _("Please have them closed with a head count first."),
        )
    held = rolls.exclude(closed_at=None).values("session_id")
    to_hold = ClassSession.objects.filter(training_class=locked, called_off_at=None)
    ahead = to_hold.exclude(pk__in=held).count()
    if ahead:
        raise SessionsNotHeld(
            _("%(count)s sessions have no closed roll yet.") % {"count": ahead},
            _("A class is closed after its last session."),
        )
    locked.closed_at = at
    locked.save(update_fields=["closed_at"])
    record("class_closed", locked, by=by, at=at)
    publish(ClassClosed(class_id=locked.pk, at=at))
    return locked


def _the_same(
    known: TrainingClass, programme: Programme, host_unit: Unit, starts_on: date
) -> TrainingClass:
    told = (programme.pk, host_unit.pk, starts_on)
    if (known.programme_id, known.host_unit_id, known.starts_on) != told:
        raise ClassCodeIsTaken(
            _("Another class already has the code %(code)s.") % {"code": known.code},
            _("Please give this class a code of its own."),
        )
    return known


def _make_sessions(training_class: TrainingClass, programme: Programme) -> None:
    sessions = []
    slots = list(programme.timetable.prefetch_related("also"))
    for number, slot in enumerate(slots, start=1):
        day = held_on(training_class.starts_on, slot.day)
        hours = hours_of(day, slot.half)
        sessions.append(
            ClassSession(
                training_class=training_class,
                number=number,
                held_on=day,
                half=slot.half,
                starts_at=hours.starts_at,
                ends_at=hours.ends_at,
                topic_id=slot.topic_id,
            )
        )
    made = ClassSession.objects.bulk_create(sessions)
    further = ClassSession.also_topics.through
    further.objects.bulk_create(
        further(classsession_id=session.pk, topic_id=topic.pk)
        for session, slot in zip(made, slots, strict=True)
        for topic in slot.also.all()
    )
