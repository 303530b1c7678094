"""A learner checks in: by the code scanned, or by the six digits typed. Both are equal."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from hocvu.classes.actions.locks import locked_roll
from hocvu.classes.actions.roll_call import RollIsNotOpen, must_be_under_way, put_mark
from hocvu.classes.models import CodeAttempt, Enrolment, MarkMethod, Presence, Roll, RollMark
from hocvu.classes.queries import check_in_secret
from hocvu.classes.rules import (
    READING_COUNTS_FOR,
    Reading,
    read_token,
    read_typed,
    shows_a_typed_code,
)
from hocvu.kernel.errors import NotPossible
from hocvu.people.models import Person

ATTEMPTS_ALLOWED: Final = 10
ATTEMPTS_COUNT_FOR: Final = timedelta(minutes=5)


class CodeIsUnknown(NotPossible):
    """No screen of ours ever showed this code."""


class CodeHasExpired(NotPossible):
    """The code was genuine, but the screen has moved on."""


class CodeIsForAnotherRoll(NotPossible):
    """The code is of a bridge point where this learner does not follow the class."""


class NotEnrolledHere(NotPossible):
    """The code is of a class this person does not learn in."""


class TooManyAttempts(NotPossible):
    """Codes are read from a screen, not guessed."""


def check_in(
    code_text: str,
    *,
    client_id: UUID,
    by: Person,
    at: datetime,
    read_at: datetime | None = None,
) -> RollMark:
    """Mark oneself present with the code on the screen. Checking in twice is checking in once.

    `read_at` is when the phone first showed us the code, which may be before its owner signed in;
    it counts for ten minutes. Attempts at typing are counted in a transaction of their own, so that
    a refusal does not take the count back.
    """
    code = "".join(code_text.split()).rstrip("/").rpartition("/")[2]
    if not shows_a_typed_code(code):
        shown_at = read_at if read_at and at - READING_COUNTS_FOR <= read_at <= at else at
        reading = read_token(check_in_secret(), code, shown_at)
        return _check_in_with(reading, MarkMethod.QR, client_id=client_id, by=by, at=at)
    _count_attempt(by, at)
    own, others = _open_rolls_of(by)
    if not own and not others:
        raise RollIsNotOpen(
            _("None of your classes is calling its roll now."),
            _("Please wait for the coordinator of the bridge point to open it."),
        )
    reading = read_typed(check_in_secret(), code, own, others, at)
    return _check_in_with(reading, MarkMethod.CODE, client_id=client_id, by=by, at=at)


@transaction.atomic
def _check_in_with(
    reading: Reading | None, method: MarkMethod, *, client_id: UUID, by: Person, at: datetime
) -> RollMark:
    if reading is None:
        raise CodeIsUnknown(
            _("This is not the code of one of your sessions."),
            _("Please look at the screen and read it once more."),
        )
    learner = _learner_for(reading, by)
    roll = locked_roll(
        Roll.objects.get(session=reading.session_id, bridge_point=learner.bridge_point_id)
    )
    present = RollMark.objects.filter(
        roll=roll, enrolment=learner, superseded_at=None, presence=Presence.PRESENT
    ).first()
    if present:
        return present
    must_be_under_way(roll)
    if not reading.is_in_time:
        raise CodeHasExpired(
            _("This code expired at %(time)s.")
            % {"time": localtime(reading.expired_at).strftime("%H:%M:%S")},
            _("Please scan the new code on the screen, or tell the coordinator."),
        )
    return put_mark(
        roll, learner, Presence.PRESENT, method=method, client_id=client_id, by=by, at=at
    )


def _learner_for(reading: Reading, by: Person) -> Enrolment:
    learner = (
        Enrolment.objects.active()
        .filter(person=by, training_class__sessions=reading.session_id)
        .select_related("bridge_point")
        .first()
    )
    if learner is None:
        raise NotEnrolledHere(
            _("You are not on the list of this class."),
            _("Please tell the coordinator of the bridge point."),
        )
    if learner.bridge_point_id != reading.bridge_point_id:
        raise CodeIsForAnotherRoll(
            _("This code is of another bridge point; you follow the class at %(point)s.")
            % {"point": learner.bridge_point.name},
            _("Please use the code on the screen there, or tell the coordinator."),
        )
    return learner


def _open_rolls_of(person: Person) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Open rolls of the sessions this person is enrolled for: at their own points, at others."""
    points: dict[int, int] = dict(
        Enrolment.objects.active()
        .filter(person=person, training_class__closed_at=None)
        .values_list("training_class_id", "bridge_point_id")
    )
    rolls = Roll.objects.filter(
        session__training_class__in=points, opened_at__isnull=False, closed_at=None
    ).values_list("session_id", "bridge_point_id")
    at_own = set(points.values())
    own = [roll for roll in rolls if roll[1] in at_own]
    return own, [roll for roll in rolls if roll[1] not in at_own]


@transaction.atomic
def _count_attempt(person: Person, at: datetime) -> None:
    since = at - ATTEMPTS_COUNT_FOR
    CodeAttempt.objects.filter(person=person, tried_at__lte=since).delete()
    CodeAttempt.objects.create(person=person, tried_at=at)
    if CodeAttempt.objects.filter(person=person).count() > ATTEMPTS_ALLOWED:
        raise TooManyAttempts(
            _("Too many codes were typed in the last five minutes."),
            _("Please wait a few minutes, scan the code, or tell the coordinator."),
        )
