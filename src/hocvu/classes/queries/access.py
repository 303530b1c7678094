"""What of this room a person may reach. There is no other way to an object."""

from django.db.models import Q, QuerySet

from hocvu.classes.models import BridgePoint, ClassSession, Enrolment, Roll, TrainingClass
from hocvu.people.models import Person
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission


def classes_open_to(person: Person) -> QuerySet[TrainingClass]:
    """Classes hosted where this person may see classes, and those they supervise."""
    return TrainingClass.objects.filter(_class_is_open(person)).select_related(
        "host_unit", "programme", "supervisor"
    )


def classes_run_by(person: Person) -> QuerySet[TrainingClass]:
    """Classes this person may change."""
    run = scope_of(person).reach(Permission.RUN_CLASSES, "host_unit") | Q(supervisor=person)
    return classes_open_to(person).filter(run)


def sessions_open_to(person: Person) -> QuerySet[ClassSession]:
    return ClassSession.objects.filter(_class_is_open(person, "training_class__")).select_related(
        "training_class__host_unit", "topic"
    )


def bridge_points_open_to(person: Person) -> QuerySet[BridgePoint]:
    """Bridge points of classes this person sees, and those where they have a duty."""
    return BridgePoint.objects.filter(
        _class_is_open(person, "training_class__") | _has_a_duty(person)
    ).select_related(
        "training_class__host_unit", "unit", "chair", "coordinator", "technical_contact"
    )


def rolls_open_to(person: Person) -> QuerySet[Roll]:
    """Rolls of bridge points this person sees or has a duty at."""
    return Roll.objects.filter(
        _class_is_open(person, "session__training_class__") | _has_a_duty(person, "bridge_point__")
    ).select_related("session__training_class__host_unit", "session__topic", "bridge_point")


def enrolments_open_to(person: Person) -> QuerySet[Enrolment]:
    """Learners of the classes and bridge points this person sees."""
    return Enrolment.objects.filter(
        _class_is_open(person, "training_class__") | _has_a_duty(person, "bridge_point__")
    ).select_related("training_class__host_unit", "person", "unit", "bridge_point")


def has_duties(person: Person) -> bool:
    """Whether they chair, coordinate or look after the lines of any bridge point."""
    remembered: bool | None = person.__dict__.get("_has_duties")
    if remembered is None:
        remembered = BridgePoint.objects.filter(_has_a_duty(person)).exists()
        person.__dict__["_has_duties"] = remembered
    return remembered


def _class_is_open(person: Person, to_class: str = "") -> Q:
    seen = scope_of(person).reach(Permission.SEE_CLASSES, f"{to_class}host_unit")
    return seen | Q(**{f"{to_class}supervisor": person})


def _has_a_duty(person: Person, to_point: str = "") -> Q:
    return (
        Q(**{f"{to_point}coordinator": person})
        | Q(**{f"{to_point}chair": person})
        | Q(**{f"{to_point}technical_contact": person})
    )
