"""Supervised rooms: opening and closing them, and going in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Case, QuerySet, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.classes.models import BridgePoint, Enrolment
from hocvu.exams import policies, rules
from hocvu.exams.models import Attempt, ExamRoom, RoomCodeAttempt, Sitting
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.kernel.ids import as_typed, readable_code
from hocvu.kernel.time import day_of
from hocvu.people.models import Person, Post
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission

_LONGEST_NAME = 200


class SittingIsNotSupervised(NotPossible):
    """Rooms belong to supervised sittings only."""


class SupervisorIsOutOfReach(NotAllowed):
    """Somebody named as a supervisor works outside the units this person may act for."""


class SupervisorIsALearner(NotPossible):
    """Nobody supervises a test they sit themselves."""


class NetworkIsUnknown(NotPossible):
    """What was written is not a network."""


class RoomIsNotEntered(NotPossible):
    """No room of this sitting has this code, or none was typed."""


class RoomIsClosed(NotPossible):
    pass


class TooManyRoomCodes(NotPossible):
    """Codes are heard in the room, not guessed."""


class OutsideTheRoomsNetwork(NotPossible):
    """The device is not on the network this room is locked to."""


@dataclass(frozen=True)
class NewRoom:
    """`networks` such as `203.0.113.0/24`; none means the room can be entered from anywhere."""

    name: str
    supervisor_id: int
    bridge_point_id: int | None = None
    networks: tuple[str, ...] = ()


# --- Opening and closing -----------------------------------------------------------------------


def open_rooms(
    sitting: Sitting, rooms: Sequence[NewRoom], *, by: Person, at: datetime
) -> list[ExamRoom]:
    """Open rooms, each with a code of its own; those that were new. A name is a room once.

    A handful of statements, however many rooms.
    """
    with transaction.atomic():
        _must_run(sitting, by)
        supervisors = {room.supervisor_id for room in rooms}
        _must_reach(supervisors, sitting, by=by, at=at)
        _refuse_learners(supervisors, sitting)
        known = set(ExamRoom.objects.filter(sitting=sitting).values_list("name", flat=True))
        new = {room.name[:_LONGEST_NAME]: room for room in rooms}
        made = [
            ExamRoom(
                sitting=sitting,
                name=name,
                code=code,
                supervisor_id=room.supervisor_id,
                bridge_point_id=room.bridge_point_id,
                networks=_networks(room.networks),
                opened_by=by,
                opened_at=at,
            )
            for (name, room), code in zip(new.items(), _codes(len(new)), strict=True)
            if name not in known
        ]
        ExamRoom.objects.bulk_create(made, batch_size=1_000)
        if made:
            record("rooms_opened", sitting, by=by, at=at, rooms=len(made))
        return made


def open_rooms_at_bridge_points(sitting: Sitting, *, by: Person, at: datetime) -> list[ExamRoom]:
    """A room at every bridge point of the class that has none yet; those that were new.

    Its supervisor is the coordinator there, else the chair, else whoever opens the rooms; of these
    the first who does not learn in the class.
    """
    with transaction.atomic():
        learners = _learners_of(sitting).values("person")
        not_a_learner = [
            Case(When(**{f"{duty}__in": learners}, then=None), default=duty)
            for duty in ("coordinator", "chair")
        ]
        points = (
            BridgePoint.objects.filter(training_class=sitting.training_class_id)
            .exclude(pk__in=_points_with_a_room(sitting))
            .order_by("unit__path")
            .values_list("pk", "name", Coalesce(*not_a_learner))
        )
        taken = set(ExamRoom.objects.filter(sitting=sitting).values_list("name", flat=True))
        rooms = []
        for pk, name, supervisor in points:
            unique = name if name not in taken else f"{name} ({pk})"
            taken.add(unique)
            rooms.append(NewRoom(unique, supervisor or by.pk, pk))
        return open_rooms(sitting, rooms, by=by, at=at)


def change_room(
    room: ExamRoom,
    *,
    supervisor_id: int,
    networks: Sequence[str],
    by: Person,
    at: datetime,
) -> ExamRoom:
    """Another supervisor, other networks. Who is inside already stays."""
    with transaction.atomic():
        room = locked_room(room)
        _must_run(room.sitting, by)
        _must_reach({supervisor_id}, room.sitting, by=by, at=at)
        _refuse_learners({supervisor_id}, room.sitting)
        wanted = supervisor_id, _networks(networks)
        if (room.supervisor_id, list(room.networks)) != (wanted[0], wanted[1]):
            room.supervisor_id, room.networks = wanted
            room.save(update_fields=["supervisor", "networks"])
            record(
                "room_changed", room, by=by, at=at, supervisor_id=supervisor_id, networks=wanted[1]
            )
        return room


def close_room(room: ExamRoom, *, by: Person, at: datetime) -> ExamRoom:
    """Nobody goes in any more; whoever is writing goes on until their time ends."""
    with transaction.atomic():
        room = locked_room(room)
        must_supervise(room, by)
        if room.closed_at is None:
            room.closed_at = max(at, room.opened_at)
            room.save(update_fields=["closed_at"])
            record("room_closed", room, by=by, at=at)
        return room


def locked_room(room: ExamRoom) -> ExamRoom:
    locked = ExamRoom.objects.select_for_update(of=("self",))
    return locked.select_related("sitting__training_class__host_unit").get(pk=room.pk)


def must_supervise(room: ExamRoom, by: Person) -> None:
    if not policies.can_supervise(by, room):
        raise NotAllowed(
            _("Only the supervisor of this room and whoever runs the class can do this."),
            _("Please ask one of them."),
        )


def _must_run(sitting: Sitting, by: Person) -> None:
    if not policies.can_run_tests(by, sitting.training_class):
        raise NotAllowed(
            _("Only officers who run this class, or its supervisor, can arrange its rooms."),
            _("Please ask the unit that hosts the class."),
        )
    if not sitting.is_supervised:
        raise SittingIsNotSupervised(
            _("This test was opened without supervision, so it has no rooms."),
            _("Learners start it from the page of the test."),
        )


def _must_reach(supervisor_ids: set[int], sitting: Sitting, *, by: Person, at: datetime) -> None:
    """People on duty in the class may be named, and people of one's own units."""
    points = BridgePoint.objects.filter(training_class=sitting.training_class_id)
    known = {by.pk, sitting.training_class.supervisor_id}
    for duties in points.values_list("chair", "coordinator", "technical_contact"):
        known |= set(duties)
    others = supervisor_ids - known
    reached = (
        Post.objects.held_on(day_of(at))
        .filter(scope_of(by).reach(Permission.SEE_PEOPLE), person_id__in=others)
        .values("person_id")
        .distinct()
        .count()
    )
    if reached < len(others):
        raise SupervisorIsOutOfReach(
            _("Somebody named here works outside the units you may act for."),
            _("Please choose people of your own units."),
        )


def _refuse_learners(supervisor_ids: set[int], sitting: Sitting) -> None:
    named = _learners_of(sitting).filter(person__in=supervisor_ids).select_related("person").first()
    if named is not None:
        raise SupervisorIsALearner(
            _("%(name)s learns in this class and cannot supervise its test.")
            % {"name": named.person.full_name},
            _("Please choose somebody who does not sit the test."),
        )


def _learners_of(sitting: Sitting) -> QuerySet[Enrolment]:
    return Enrolment.objects.active().filter(training_class=sitting.training_class_id)


def _points_with_a_room(sitting: Sitting) -> Iterable[int]:
    rooms = ExamRoom.objects.filter(sitting=sitting).exclude(bridge_point=None)
    return rooms.values_list("bridge_point", flat=True)


def _networks(written: Sequence[str]) -> list[str]:
    try:
        return sorted({rules.as_network(each) for each in written})
    except rules.NotANetwork as wrong:
        raise NetworkIsUnknown(
            _("“%s” is not a network.") % wrong,
            _("Write networks such as 203.0.113.0/24, one on each line."),
        ) from None


def _codes(number: int) -> list[str]:
    """Codes no room has."""
    codes: set[str] = set()
    while len(codes) < number:
        codes |= {readable_code(rules.ROOM_CODE_LENGTH) for _ in range(number - len(codes))}
        codes -= set(ExamRoom.objects.filter(code__in=codes).values_list("code", flat=True))
    return list(codes)


# --- Going in ----------------------------------------------------------------------------------


def enter_room(sitting: Sitting, code: str, *, address: str, by: Person, at: datetime) -> ExamRoom:
    """The room of this sitting that has this code, if this device may go in.

    Wrong codes are counted in a transaction of their own, so that a refusal does not take the count
    back.
    """
    typed = as_typed(code.strip())
    if not typed:
        raise RoomIsNotEntered(
            _("This test is taken in a supervised room."),
            _("Please type the code of the room, as the supervisor reads it out."),
        )
    _refuse_guessing(by, at)
    room = ExamRoom.objects.filter(sitting=sitting, code=typed).first()
    if room is None:
        RoomCodeAttempt.objects.create(person=by, tried_at=at)
        raise RoomIsNotEntered(
            _("No room of this test has this code."),
            _("Please look at the code in the room and type it once more."),
        )
    if room.closed_at is not None:
        raise RoomIsClosed(
            _("This room has been closed."), _("Please tell the supervisor of the room.")
        )
    _refuse_outside(room, address)
    return room


def must_be_in_its_room(attempt: Attempt, *, address: str) -> None:
    """The page of an attempt opens only on the network its room is locked to.

    Answers of a page that is open already are taken from anywhere: a device that changes networks
    loses nothing.
    """
    if attempt.room is not None:
        _refuse_outside(attempt.room, address)


def _refuse_outside(room: ExamRoom, address: str) -> None:
    if not rules.is_inside(address, room.networks):
        raise OutsideTheRoomsNetwork(
            _("This room can only be entered from its own network."),
            _("Connect this device to the network of the room, or tell the supervisor."),
        )


@transaction.atomic
def _refuse_guessing(person: Person, at: datetime) -> None:
    since = at - rules.WRONG_CODES_COUNT_FOR
    RoomCodeAttempt.objects.filter(person=person, tried_at__lte=since).delete()
    if RoomCodeAttempt.objects.filter(person=person).count() >= rules.WRONG_CODES_ALLOWED:
        raise TooManyRoomCodes(
            _("Too many wrong codes were typed in the last five minutes."),
            _("Please wait a few minutes, or ask the supervisor for the code."),
        )
