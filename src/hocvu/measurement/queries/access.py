"""Who may reach which sittings and runs."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from hocvu.classes.models import Enrolment, TrainingClass
from hocvu.classes.queries import classes_run_by
from hocvu.measurement.models import AdaptiveRun, AdaptiveSitting
from hocvu.people.models import Person
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission

_OF_A_SITTING = ("test__scale__framework", "training_class__host_unit")
_OF_A_RUN = ("sitting__test__scale__framework", "sitting__training_class__host_unit", "person")


def classes_to_offer_a_test_to(person: Person) -> QuerySet[TrainingClass]:
    return classes_run_by(person)


def sittings_open_to(person: Person) -> QuerySet[AdaptiveSitting]:
    """Sittings of the classes this person learns in."""
    enrolled = Enrolment.objects.active().filter(
        training_class=OuterRef("training_class"), person=person
    )
    return AdaptiveSitting.objects.filter(Exists(enrolled)).select_related(*_OF_A_SITTING)


def sittings_whose_results_open_to(person: Person) -> QuerySet[AdaptiveSitting]:
    reached = Enrolment.objects.active().filter(
        scope_of(person).reach(Permission.SEE_RESULTS), training_class=OuterRef("training_class")
    )
    return AdaptiveSitting.objects.filter(
        _class_is_reached(person, "training_class__") | Exists(reached)
    ).select_related(*_OF_A_SITTING)


def own_runs(person: Person) -> QuerySet[AdaptiveRun]:
    return AdaptiveRun.objects.filter(person=person).select_related(*_OF_A_RUN)


def runs_open_to(person: Person) -> QuerySet[AdaptiveRun]:
    """A person's own runs, and those whose results they may see."""
    enrolled = Enrolment.objects.filter(
        scope_of(person).reach(Permission.SEE_RESULTS),
        training_class=OuterRef("sitting__training_class"),
        person=OuterRef("person"),
    )
    return AdaptiveRun.objects.filter(
        Q(person=person) | _class_is_reached(person, "sitting__training_class__") | Exists(enrolled)
    ).select_related(*_OF_A_RUN)


def learners_reached(person: Person, training_class: TrainingClass) -> QuerySet[Enrolment]:
    """The learners of a class whose results this person may see."""
    scope = scope_of(person)
    learners = Enrolment.objects.active().filter(training_class=training_class.pk)
    if training_class.supervisor_id == person.pk or scope.covers(
        Permission.SEE_RESULTS, training_class.host_unit
    ):
        return learners
    return learners.filter(scope.reach(Permission.SEE_RESULTS))


def _class_is_reached(person: Person, to_class: str) -> Q:
    seen = scope_of(person).reach(Permission.SEE_RESULTS, f"{to_class}host_unit")
    return seen | Q(**{f"{to_class}supervisor": person})
