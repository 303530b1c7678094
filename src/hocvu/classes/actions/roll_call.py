"""The roll call of one session at one bridge point."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.classes import policies
from hocvu.classes.actions.locks import ClassIsClosed, locked_roll
from hocvu.classes.events import RollClosed
from hocvu.classes.models import (
    ClassSession,
    Enrolment,
    MarkMethod,
    Presence,
    Roll,
    RollMark,
)
from hocvu.classes.queries import present_at
from hocvu.classes.rules import unexplained_difference
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.kernel.events import publish
from hocvu.kernel.time import day_of
from hocvu.people.models import Person


class SessionIsAhead(NotPossible):
    """A roll opens on the day of its session, not before."""


class SessionIsCalledOff(NotPossible):
    """Nobody is called at a session that is not held."""


class RollIsNotOpen(NotPossible):
    """Nobody can be marked before the roll is opened."""


class RollIsClosed(NotPossible):
    """A closed roll changes only by a correction, with a reason, by whoever runs the class."""


class NotOnThisRoll(NotPossible):
    """The learner follows the class at another bridge point, or not at all."""


class ReasonIsMissing(NotPossible):
    """An excused absence, or a correction after the end, needs a reason."""


class MarkBelongsElsewhere(NotPossible):
    """The identifier made by the device already names another mark."""


class DifferenceUnexplained(NotPossible):
    """Heads and names differ, and no note says why."""


@transaction.atomic
def open_roll(roll: Roll, *, by: Person, at: datetime) -> Roll:
    """Begin the roll call. Opening it again changes nothing."""
    roll = locked_roll(roll)
    _must_take_roll(by, roll)
    if roll.opened_at:
        return roll
    _class_must_be_open(roll)
    session_must_be_held(roll.session)
    if day_of(at) < roll.session.held_on:
        raise SessionIsAhead(
            _("This session is held on %(day)s.")
            % {"day": roll.session.held_on.strftime("%d/%m/%Y")},
            _("Its roll can be opened on that day."),
        )
    roll.opened_at = at
    roll.save(update_fields=["opened_at"])
    record("roll_opened", roll, by=by, at=at, session=roll.session.number)
    return roll


@transaction.atomic
def mark_presence(
    roll: Roll,
    enrolment_id: int,
    presence: Presence,
    *,
    method: MarkMethod,
    client_id: UUID,
    by: Person,
    at: datetime,
    reason: str = "",
) -> RollMark:
    """Mark a learner. A mark that stood before is kept, superseded; a repeated one stands as is."""
    roll = locked_roll(roll)
    _must_take_roll(by, roll)
    made = RollMark.objects.filter(client_id=client_id).first()
    if made:
        return _made_before(made, roll, enrolment_id)
    _must_take_marks(roll, by=by, reason=reason)
    if presence == Presence.EXCUSED and not reason.strip():
        raise ReasonIsMissing(
            _("An excused absence needs its reason."), _("Please write the reason in a few words.")
        )
    learner = learner_on(roll, enrolment_id)
    return put_mark(
        roll, learner, presence, method=method, client_id=client_id, by=by, at=at, reason=reason
    )


@transaction.atomic
def close_roll(roll: Roll, *, head_count: int, note: str = "", by: Person, at: datetime) -> Roll:
    """End the roll call with the heads counted in the room. The same end twice is one end."""
    roll = locked_roll(roll)
    _must_take_roll(by, roll)
    if roll.closed_at:
        return _closed_before(roll, head_count)
    if not roll.opened_at:
        raise RollIsNotOpen(
            _("This roll has not been opened."), _("Open it and mark the learners first.")
        )
    present = present_at(roll)
    difference = unexplained_difference(head_count, present, note)
    if difference:
        raise DifferenceUnexplained(
            _("%(heads)s heads were counted, but %(names)s names are marked present.")
            % {"heads": head_count, "names": present},
            _("Please mark or count again, or write in the note why they differ."),
        )
    roll.closed_at, roll.closed_by = at, by
    roll.head_count, roll.difference_note = head_count, note.strip()
    roll.save(update_fields=["closed_at", "closed_by", "head_count", "difference_note"])
    record(
        "roll_closed",
        roll,
        by=by,
        at=at,
        session=roll.session.number,
        present=present,
        heads=head_count,
    )
    publish(RollClosed(roll_id=roll.pk, at=at))
    return roll


def session_must_be_held(session: ClassSession) -> None:
    if session.is_called_off:
        raise SessionIsCalledOff(
            _("Session %(number)s was called off: %(reason)s.")
            % {"number": session.number, "reason": session.called_off_because.rstrip(".")},
            _("If it is held after all, whoever runs the class gives it a new day."),
        )


def learner_on(roll: Roll, enrolment_id: int) -> Enrolment:
    """The active enrolment at the roll's bridge point."""
    learner = (
        Enrolment.objects.active()
        .filter(pk=enrolment_id, bridge_point=roll.bridge_point_id)
        .first()
    )
    if learner is None:
        raise NotOnThisRoll(
            _("This person is not on the roll of this bridge point."),
            _("Please load the roll again."),
        )
    return learner


def put_mark(
    roll: Roll,
    learner: Enrolment,
    presence: Presence,
    *,
    method: MarkMethod,
    client_id: UUID,
    by: Person,
    at: datetime,
    reason: str = "",
) -> RollMark:
    """Let this presence stand on a roll that is locked; the caller has asked who may."""
    standing = RollMark.objects.filter(roll=roll, enrolment=learner, superseded_at=None).first()
    if standing and standing.presence == presence and standing.reason == reason.strip():
        return standing
    if standing:
        standing.superseded_at = at
        standing.save(update_fields=["superseded_at"])
    mark = RollMark.objects.create(
        roll=roll,
        enrolment=learner,
        presence=presence,
        method=method,
        marked_by=by,
        marked_at=at,
        client_id=client_id,
        reason=reason.strip(),
    )
    act = "presence_corrected" if standing else "presence_marked"
    facts = {"enrolment_id": learner.pk, "presence": str(presence), "mark_id": mark.pk}
    record(act, roll, by=by, at=at, reason=reason.strip() if standing else "", **facts)
    return mark


def must_be_under_way(roll: Roll) -> None:
    """The roll is open: not before its beginning, not after its end."""
    _class_must_be_open(roll)
    if roll.opened_at is None:
        raise RollIsNotOpen(
            _("The roll of this session has not been opened yet."),
            _("Please wait for the coordinator of the bridge point to open it."),
        )
    if roll.closed_at:
        raise RollIsClosed(
            _("The roll of this session is closed."),
            _("Please tell the coordinator or the class supervisor, who can have it corrected."),
        )


def _must_take_marks(roll: Roll, *, by: Person, reason: str) -> None:
    """An open roll takes marks; a closed one corrections with a reason, by who runs the class."""
    if not roll.closed_at or not policies.can_run(by, roll.session.training_class):
        must_be_under_way(roll)
        return
    _class_must_be_open(roll)
    if not reason.strip():
        raise ReasonIsMissing(
            _("This roll is closed: a correction needs its reason."),
            _("Please write what shows that the mark was wrong."),
        )


def _must_take_roll(by: Person, roll: Roll) -> None:
    if not policies.can_take_roll(by, roll):
        raise NotAllowed(
            _("Only the chair and the coordinator of this bridge point may call its roll."),
            _("Please ask whoever runs the class to appoint you."),
        )


def _class_must_be_open(roll: Roll) -> None:
    if roll.session.training_class.is_closed:
        raise ClassIsClosed(_("This class is closed."), _("Its rolls stay as they are."))


def _made_before(made: RollMark, roll: Roll, enrolment_id: int) -> RollMark:
    if (made.roll_id, made.enrolment_id) != (roll.pk, enrolment_id):
        raise MarkBelongsElsewhere(
            _("This mark was already used for somebody else."),
            _("Please load the roll again and mark once more."),
        )
    return made


def _closed_before(roll: Roll, head_count: int) -> Roll:
    if roll.head_count != head_count:
        raise RollIsClosed(
            _("This roll is already closed, with %(heads)s heads counted.")
            % {"heads": roll.head_count},
            _("Its head count stays as it is."),
        )
    return roll
