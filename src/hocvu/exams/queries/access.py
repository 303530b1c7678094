"""Who may see which sittings and attempts."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from hocvu.classes.models import Enrolment, TrainingClass
from hocvu.exams.models import Attempt, Sitting
from hocvu.people.models import Person
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission


def learns_in(person: Person, to_class: str) -> Exists:
    """Whether a person learns in the class a row belongs to: `to_class` is the way there.

    Learners of a class do not run its tests, supervise its rooms or mark its answers.
    """
    return Exists(
        Enrolment.objects.active().filter(person=person, training_class=OuterRef(to_class))
    )


def sittings_open_to(person: Person) -> QuerySet[Sitting]:
    """Sittings this person learns in, supervises, or may see results of."""
    scope = scope_of(person)
    enrolled = Enrolment.objects.active().filter(
        Q(person=person) | scope.reach(Permission.SEE_RESULTS),
        training_class=OuterRef("training_class"),
    )
    return Sitting.objects.filter(
        Q(training_class__supervisor=person)
        | scope.reach(Permission.SEE_RESULTS, "training_class__host_unit")
        | Exists(enrolled)
    ).select_related("paper__framework", "paper__owner", "training_class__host_unit")


def sittings_whose_results_open_to(person: Person) -> QuerySet[Sitting]:
    """Sittings in which there are results this person may see as an officer."""
    scope = scope_of(person)
    reached = Enrolment.objects.filter(
        scope.reach(Permission.SEE_RESULTS), training_class=OuterRef("training_class")
    )
    return Sitting.objects.filter(
        Q(training_class__supervisor=person)
        | scope.reach(Permission.SEE_RESULTS, "training_class__host_unit")
        | Exists(reached)
    ).select_related("paper", "training_class")


def attempts_open_to(person: Person) -> QuerySet[Attempt]:
    """A person's own attempts, and those of learners whose results they may see."""
    scope = scope_of(person)
    enrolled = Enrolment.objects.filter(
        scope.reach(Permission.SEE_RESULTS),
        training_class=OuterRef("sitting__training_class"),
        person=OuterRef("person"),
    )
    return Attempt.objects.filter(
        Q(person=person)
        | Q(sitting__training_class__supervisor=person)
        | scope.reach(Permission.SEE_RESULTS, "sitting__training_class__host_unit")
        | Exists(enrolled)
    ).select_related("person", "sitting__paper__framework", "sitting__training_class__programme")


def attempts_of(person: Person) -> QuerySet[Attempt]:
    """A person's own attempts: the only ones they may answer and hand in."""
    return Attempt.objects.filter(person=person).select_related(
        "sitting__paper__framework", "sitting__training_class"
    )


def classes_to_open_a_sitting_for(person: Person) -> QuerySet[TrainingClass]:
    run = Q(supervisor=person) | scope_of(person).reach(Permission.RUN_CLASSES, "host_unit")
    classes = TrainingClass.objects.filter(run, ~learns_in(person, "pk"))
    return classes.select_related("host_unit", "programme")


def enrolment_of(person: Person, sitting: Sitting) -> QuerySet[Enrolment]:
    return Enrolment.objects.active().filter(
        training_class=sitting.training_class_id, person=person
    )
