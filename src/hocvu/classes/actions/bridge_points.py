"""Bridge points of a class, and who has a duty there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.classes.actions.locks import class_to_change
from hocvu.classes.models import BridgePoint, TrainingClass
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.kernel.time import day_of
from hocvu.people.models import Person, Post
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission
from hocvu.units.models import Unit


class UnitIsClosed(NotPossible):
    """A unit that no longer exists hosts nothing."""


class PersonOutOfReach(NotAllowed):
    """Somebody named here works outside the units this person may act for."""


@dataclass(frozen=True)
class Appointment:
    """Who has which duty at a bridge point; nobody named means no change."""

    bridge_point_id: int
    chair_id: int | None = None
    coordinator_id: int | None = None
    technical_contact_id: int | None = None


@transaction.atomic
def add_bridge_points(
    training_class: TrainingClass, units: Iterable[Unit], *, by: Person, at: datetime
) -> int:
    """Let the class be followed at these units too; how many were new. Makes their rolls."""
    training_class = class_to_change(training_class, by=by)
    chosen = list(units)
    paths = scope_of(by).paths(Permission.RUN_CLASSES)
    if not all(unit.path.startswith(paths) for unit in chosen):
        raise NotAllowed(
            _("Some of these units lie outside those you may run classes for."),
            _("Please choose units of your own, or ask the level above."),
        )
    closed = [unit.name for unit in chosen if unit.closed_on]
    if closed:
        raise UnitIsClosed(
            _("These units no longer exist: %(units)s.") % {"units": ", ".join(closed[:5])},
            _("Please choose the units that took their place."),
        )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO classes_bridgepoint (training_class_id, unit_id, name, is_main)"
            " SELECT %s, unit.id, unit.name, false FROM units_unit unit WHERE unit.id = ANY(%s)"
            " ORDER BY unit.path ON CONFLICT DO NOTHING RETURNING id",
            [training_class.pk, [unit.pk for unit in chosen]],
        )
        added = [point_id for (point_id,) in cursor.fetchall()]
    if added:
        make_rolls(training_class, added)
        record("bridge_points_added", training_class, by=by, at=at, added=len(added))
    return len(added)


def make_rolls(training_class: TrainingClass, point_ids: Sequence[int]) -> None:
    """A roll for every session at these bridge points."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO classes_roll (session_id, bridge_point_id, difference_note)"
            " SELECT session.id, point.id, '' FROM classes_classsession session"
            " CROSS JOIN unnest(%s::bigint[]) AS point(id)"
            " WHERE session.training_class_id = %s ON CONFLICT DO NOTHING",
            [list(point_ids), training_class.pk],
        )


@transaction.atomic
def appoint(
    bridge_point: BridgePoint,
    *,
    chair: Person | None = None,
    coordinator: Person | None = None,
    technical_contact: Person | None = None,
    by: Person,
    at: datetime,
) -> BridgePoint:
    """Name who chairs, coordinates or looks after the lines; what is not named stays."""
    class_to_change(bridge_point.training_class, by=by)
    named = {
        "chair": chair,
        "coordinator": coordinator,
        "technical_contact": technical_contact,
    }
    changed = {
        duty: person
        for duty, person in named.items()
        if person and getattr(bridge_point, f"{duty}_id") != person.pk
    }
    _must_reach({person.pk for person in changed.values()}, by=by, at=at)
    if not changed:
        return bridge_point
    for duty, person in changed.items():
        setattr(bridge_point, duty, person)
    bridge_point.save(update_fields=list(changed))
    facts: dict[str, Any] = {f"{duty}_id": person.pk for duty, person in changed.items()}
    record("bridge_point_appointed", bridge_point, by=by, at=at, **facts)
    return bridge_point


@transaction.atomic
def appoint_at_points(
    training_class: TrainingClass,
    appointments: Sequence[Appointment],
    *,
    by: Person,
    at: datetime,
) -> int:
    """Name the people on duty at many bridge points at once; how many points were named for."""
    training_class = class_to_change(training_class, by=by)
    named = {
        person_id
        for each in appointments
        for person_id in (each.chair_id, each.coordinator_id, each.technical_contact_id)
        if person_id
    }
    _must_reach(named, by=by, at=at)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE classes_bridgepoint point"
            " SET chair_id = coalesce(named.chair, point.chair_id),"
            " coordinator_id = coalesce(named.coordinator, point.coordinator_id),"
            " technical_contact_id = coalesce(named.contact, point.technical_contact_id)"
            " FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])"
            " AS named(id, chair, coordinator, contact)"
            " WHERE point.id = named.id AND point.training_class_id = %s",
            [
                [each.bridge_point_id for each in appointments],
                [each.chair_id for each in appointments],
                [each.coordinator_id for each in appointments],
                [each.technical_contact_id for each in appointments],
                training_class.pk,
            ],
        )
        appointed: int = cursor.rowcount
    record("duties_appointed", training_class, by=by, at=at, points=appointed)
    return appointed


def _must_reach(person_ids: set[int], *, by: Person, at: datetime) -> None:
    reached = (
        Post.objects.held_on(day_of(at))
        .filter(scope_of(by).reach(Permission.SEE_PEOPLE), person_id__in=person_ids)
        .values("person_id")
        .distinct()
        .count()
    )
    if reached < len(person_ids):
        raise PersonOutOfReach(
            _("Somebody named here works outside the units you may act for."),
            _("Please choose people of your own units."),
        )
