"""How the learners and the bridge points of an exercise did."""

from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Count, F, FloatField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast

from hocvu.classes.models import BridgePoint, Enrolment
from hocvu.kernel.vietnamese import fold
from hocvu.people.models import Person
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission
from hocvu.situations.models import Exercise, Run

Row = TypeVar("Row", Enrolment, BridgePoint)


def learners_in(person: Person, exercise: Exercise) -> QuerySet[Enrolment]:
    """The learners whose results this person may see, with the run of each.

    Rows carry `run_id`, `run_points`, `run_out_of`, `run_share` (to sort by), `run_passed`,
    `run_finished_at`, `run_marked_at`.
    """
    runs = Run.objects.filter(exercise=exercise, person=OuterRef("person"))
    reached = _reached(person, exercise, "unit")
    learners = Enrolment.objects.active().filter(reached, training_class=exercise.training_class_id)
    return _with_run(learners.select_related("person", "unit"), runs)


def points_in(person: Person, exercise: Exercise) -> QuerySet[BridgePoint]:
    """The bridge points this person may see results of, with the run of each, as above."""
    runs = Run.objects.filter(exercise=exercise, bridge_point=OuterRef("pk"))
    members = Run.objects.filter(exercise=exercise, bridge_point=OuterRef("pk"))
    points = BridgePoint.objects.filter(
        _reached(person, exercise, "unit"), training_class=exercise.training_class_id
    ).annotate(
        member_count=Subquery(members.annotate(n=Count("members")).values("n")[:1]),
    )
    return _with_run(points.select_related("unit"), runs)


def narrowed(learners: QuerySet[Enrolment], search: str) -> QuerySet[Enrolment]:
    return learners.filter(person__search_key__contains=fold(search)) if search else learners


@dataclass(frozen=True)
class Tally:
    """How many learners or bridge points stand where."""

    everybody: int
    passed: int
    failed: int
    waiting: int
    under_way: int

    @property
    def absent(self) -> int:
        return self.everybody - self.passed - self.failed - self.waiting - self.under_way


def tally(rows: QuerySet[Enrolment] | QuerySet[BridgePoint]) -> Tally:
    """Rows of `learners_in` or `points_in`, counted in one query."""
    started = Q(run_id__isnull=False)
    counts = rows.aggregate(
        everybody=Count("pk"),
        passed=Count("pk", filter=Q(run_passed=True)),
        failed=Count("pk", filter=Q(run_passed=False)),
        waiting=Count("pk", filter=started & Q(run_marked_at=None, run_finished_at__isnull=False)),
        under_way=Count("pk", filter=started & Q(run_finished_at=None)),
    )
    return Tally(**counts)


def _with_run(rows: QuerySet[Row], runs: QuerySet[Run]) -> QuerySet[Row]:
    with_run: QuerySet[Row] = rows.annotate(
        run_id=Subquery(runs.values("pk")[:1]),
        run_points=Subquery(runs.values("points")[:1]),
        run_out_of=Subquery(runs.values("out_of")[:1]),
        run_passed=Subquery(runs.values("passed")[:1]),
        run_finished_at=Subquery(runs.values("finished_at")[:1]),
        run_marked_at=Subquery(runs.values("marked_at")[:1]),
        run_share=Cast(F("run_points") / F("run_out_of"), FloatField()),
    )
    return with_run


def _reached(person: Person, exercise: Exercise, unit: str) -> Q:
    scope, training_class = scope_of(person), exercise.training_class
    if training_class.supervisor_id == person.pk or scope.covers(
        Permission.SEE_RESULTS, training_class.host_unit
    ):
        return Q()
    return scope.reach(Permission.SEE_RESULTS, unit)
