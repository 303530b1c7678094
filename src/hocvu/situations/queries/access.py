"""Who may see which cases, exercises, runs and dispositions."""

from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from hocvu.classes.models import BridgePoint, Enrolment, TrainingClass
from hocvu.classes.queries import classes_run_by
from hocvu.people.models import Person
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission
from hocvu.situations.models import Case, Disposition, DispositionVersion, Exercise, Run, RunMember


def classes_to_open_an_exercise_for(person: Person) -> QuerySet[TrainingClass]:
    return classes_run_by(person)


def may_see_keys(person: Person) -> bool:
    """Those who run classes anywhere. The key of a case is not for those who still answer it."""
    if scope_of(person).may_anywhere(Permission.RUN_CLASSES):
        return True
    return TrainingClass.objects.filter(supervisor=person).exists()


def cases_open_to(person: Person, at: datetime) -> QuerySet[Case]:
    """Cases with their keys: for those who run classes, but not while they have one to answer."""
    if not may_see_keys(person):
        return Case.objects.none()
    to_answer = _exercises_to_answer(person, at).filter(case__code=OuterRef("code"))
    return Case.objects.exclude(Exists(to_answer)).select_related("framework")


def has_to_answer(person: Person, case: Case, at: datetime) -> bool:
    """Whether somebody has this case, in any version, still to answer: its key is not for them."""
    return _exercises_to_answer(person, at).filter(case__code=case.code).exists()


def exercises_open_to(person: Person) -> QuerySet[Exercise]:
    """Exercises this person answers, coordinates a bridge point for, or may see results of."""
    points = BridgePoint.objects.filter(
        training_class=OuterRef("training_class"), coordinator=person
    )
    return Exercise.objects.filter(
        Exists(_enrolments_of(person, "training_class")) | Exists(points) | _results_reach(person)
    ).select_related("case", "training_class__host_unit")


def exercises_whose_results_open_to(person: Person) -> QuerySet[Exercise]:
    return Exercise.objects.filter(_results_reach(person)).select_related(
        "case", "training_class__host_unit"
    )


def runs_open_to(person: Person) -> QuerySet[Run]:
    """A person's own runs, those of their group, and those whose results they may see."""
    enrolled = Enrolment.objects.filter(
        scope_of(person).reach(Permission.SEE_RESULTS),
        training_class=OuterRef("exercise__training_class"),
        person=OuterRef("person"),
    )
    member = RunMember.objects.filter(run=OuterRef("pk"), person=person)
    return Run.objects.filter(
        Q(person=person)
        | Q(bridge_point__coordinator=person)
        | Exists(member)
        | _class_is_reached(person, "exercise__training_class__")
        | Exists(enrolled)
    ).select_related(*_OF_A_RUN)


def runs_decided_by(person: Person) -> QuerySet[Run]:
    """Runs in which this person decides: their own, and their bridge points'."""
    return Run.objects.filter(
        Q(person=person) | Q(bridge_point__coordinator=person)
    ).select_related(*_OF_A_RUN)


def dispositions_to_mark_by(person: Person) -> QuerySet[Disposition]:
    """What this person may mark now, the longest waiting first; nobody marks what is theirs."""
    run = scope_of(person).reach(Permission.RUN_CLASSES, "run__exercise__training_class__host_unit")
    own_text = DispositionVersion.objects.filter(disposition=OuterRef("pk"), saved_by=person)
    own_group = RunMember.objects.filter(run=OuterRef("run"), person=person)
    written = DispositionVersion.objects.filter(disposition=OuterRef("pk"))
    return (
        Disposition.objects.filter(
            run | Q(run__exercise__training_class__supervisor=person),
            Exists(written),
            settled_at=None,
            run__finished_at__isnull=False,
        )
        .exclude(run__person=person)
        .exclude(Exists(own_text))
        .exclude(Exists(own_group))
        .exclude(marks__marker=person)
        .select_related("run__exercise__case", "run__exercise__training_class")
        .order_by("run__finished_at", "pk")
    )


def dispositions_marked_by(person: Person) -> QuerySet[Disposition]:
    return Disposition.objects.filter(marks__marker=person)


_OF_A_RUN = (
    "exercise__case__framework",
    "exercise__training_class__host_unit",
    "bridge_point",
    "person",
)


def _enrolments_of(person: Person, training_class: str) -> QuerySet[Enrolment]:
    return Enrolment.objects.active().filter(training_class=OuterRef(training_class), person=person)


def _exercises_to_answer(person: Person, at: datetime) -> QuerySet[Exercise]:
    return Exercise.objects.filter(
        Exists(_enrolments_of(person, "training_class")), closes_at__gt=at
    ).exclude(Exists(_finished_by(person)))


def _finished_by(person: Person) -> QuerySet[Run]:
    own = Q(person=person) | Q(members__person=person)
    return Run.objects.filter(own, exercise=OuterRef("pk"), finished_at__isnull=False)


def _class_is_reached(person: Person, to_class: str = "training_class__") -> Q:
    seen = scope_of(person).reach(Permission.SEE_RESULTS, f"{to_class}host_unit")
    return seen | Q(**{f"{to_class}supervisor": person})


def _results_reach(person: Person) -> Q:
    reached = Enrolment.objects.active().filter(
        scope_of(person).reach(Permission.SEE_RESULTS), training_class=OuterRef("training_class")
    )
    return _class_is_reached(person) | Q(Exists(reached))


def own_points_in(person: Person, exercise: Exercise) -> QuerySet[BridgePoint]:
    """Bridge points of the exercise's class that this person coordinates."""
    return BridgePoint.objects.filter(
        training_class=exercise.training_class_id, coordinator=person
    ).order_by(F("is_main").desc(), "name", "pk")
