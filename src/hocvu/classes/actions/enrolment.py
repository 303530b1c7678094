"""Enrolling and withdrawing learners."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.classes.actions.bridge_points import PersonOutOfReach
from hocvu.classes.actions.locks import class_to_change
from hocvu.classes.events import LearnersEnrolled
from hocvu.classes.models import Enrolment, TrainingClass
from hocvu.kernel.errors import NotPossible
from hocvu.kernel.events import publish
from hocvu.kernel.time import day_of
from hocvu.people.models import Person, Post
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission


class ClassIsFull(NotPossible):
    """More learners than the class has places."""


class AlreadyEnrolled(NotPossible):
    """Somebody is in this class already, at another bridge point than the one asked for."""


class BridgePointOfAnotherClass(NotPossible):
    """A place was asked for at a bridge point this class does not have."""


@transaction.atomic
def enrol_learners(
    training_class: TrainingClass,
    placements: Mapping[int, int | None],
    *,
    by: Person,
    at: datetime,
) -> int:
    """Enrol people (ids) at bridge points (ids; none is the main one); how many are new.

    Whoever is enrolled at that very bridge point already is passed over: asking twice is harmless.
    """
    training_class = class_to_change(training_class, by=by)
    points = dict(training_class.bridge_points.values_list("pk", "is_main"))
    main = next(point_id for point_id, is_main in points.items() if is_main)
    asked = {person_id: point_id or main for person_id, point_id in placements.items()}
    if not set(asked.values()) <= points.keys():
        raise BridgePointOfAnotherClass(
            _("A bridge point named here does not belong to this class."),
            _("Please load the page again and choose once more."),
        )
    fresh = _without_the_enrolled(training_class, asked)
    units = _units_within_reach(fresh, by=by, at=at)
    _must_have_room(training_class, len(fresh))
    if not fresh:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO classes_enrolment"
            " (training_class_id, person_id, unit_id, bridge_point_id, enrolled_at)"
            " SELECT %s, person, unit, point, %s"
            " FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) AS asked(person, unit, point)",
            [
                training_class.pk,
                at,
                list(fresh),
                [units[person_id] for person_id in fresh],
                list(fresh.values()),
            ],
        )
    record("learners_enrolled", training_class, by=by, at=at, enrolled=len(fresh))
    publish(LearnersEnrolled(training_class.pk, tuple(fresh), at))
    return len(fresh)


@transaction.atomic
def withdraw_learner(
    enrolment: Enrolment, *, reason: str = "", by: Person, at: datetime
) -> Enrolment:
    """Take a learner out of a class; the marks made so far are kept."""
    class_to_change(enrolment.training_class, by=by)
    enrolment.refresh_from_db(fields=["withdrawn_at"])
    if enrolment.withdrawn_at is None:
        enrolment.withdrawn_at = at
        enrolment.save(update_fields=["withdrawn_at"])
        record(
            "learner_withdrawn",
            enrolment.training_class,
            by=by,
            at=at,
            reason=reason,
            enrolment_id=enrolment.pk,
        )
    return enrolment


def _without_the_enrolled(training_class: TrainingClass, asked: dict[int, int]) -> dict[int, int]:
    enrolled: dict[int, int] = dict(
        Enrolment.objects.active()
        .filter(training_class=training_class)
        .values_list("person_id", "bridge_point_id")
    )
    elsewhere = sum(
        1 for person_id, point in asked.items() if enrolled.get(person_id, point) != point
    )
    if elsewhere:
        raise AlreadyEnrolled(
            _("%(count)s of these people are already in this class, at another bridge point.")
            % {"count": elsewhere},
            _("Withdraw them there first if they are to follow the class here."),
        )
    return {person_id: point for person_id, point in asked.items() if person_id not in enrolled}


def _units_within_reach(person_ids: Iterable[int], *, by: Person, at: datetime) -> dict[int, int]:
    """The unit of each person's main post today, all of them within reach."""
    wanted = list(person_ids)
    units: dict[int, int] = dict(
        Post.objects.held_on(day_of(at))
        .filter(scope_of(by).reach(Permission.SEE_PEOPLE), is_main=True, person_id__in=wanted)
        .values_list("person_id", "unit_id")
    )
    missing = len(wanted) - len(units)
    if missing:
        raise PersonOutOfReach(
            _("%(count)s of these people work outside the units you may act for.")
            % {"count": missing},
            _("Nobody was enrolled. Please choose people of your own units."),
        )
    return units


def _must_have_room(training_class: TrainingClass, newcomers: int) -> None:
    if training_class.capacity is None or not newcomers:
        return
    taken = training_class.enrolments.filter(withdrawn_at=None).count()
    if taken + newcomers > training_class.capacity:
        raise ClassIsFull(
            _("Of %(capacity)s places %(taken)s are taken; %(newcomers)s more people do not fit.")
            % {
                "capacity": training_class.capacity,
                "taken": taken,
                "newcomers": newcomers,
            },
            _("Nobody was enrolled. Choose fewer people, or open another class."),
        )
