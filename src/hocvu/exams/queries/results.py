"""How the learners of a class did."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Exists, F, FloatField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast

from hocvu.classes.models import Enrolment, TrainingClass
from hocvu.exams.models import Attempt, Sitting
from hocvu.kernel.vietnamese import fold
from hocvu.people.models import Person
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission


@dataclass(frozen=True)
class MarkedAttempt:
    attempt_id: int
    points: Decimal
    out_of: Decimal
    passed: bool
    handed_in_at: datetime


def best_marked_attempts(training_class: TrainingClass) -> dict[int, MarkedAttempt]:
    """The best marked attempt of everybody who sat the test that completes this class's programme.

    A passed one before a failed one, then the greatest share, then the earliest; never a voided
    one. One query.
    Where the programme names no paper, every paper the class sat counts.
    """
    attempts = Attempt.objects.filter(
        sitting__training_class=training_class, marked_at__isnull=False, voided_at=None
    )
    if paper_code := training_class.programme.paper_code:
        attempts = attempts.filter(sitting__paper__code=paper_code)
    best = attempts.order_by(
        "person_id", F("passed").desc(), (F("points") / F("out_of")).desc(), "handed_in_at", "pk"
    ).distinct("person_id")
    rows = best.values_list("person_id", "pk", "points", "out_of", "passed", "handed_in_at")
    # The constraint `a_marked_attempt_has_its_result` holds: nothing here is empty.
    return {person_id: MarkedAttempt(*row) for person_id, *row in rows}  # type: ignore[arg-type]


def results_open_to(person: Person, sitting: Sitting) -> QuerySet[Enrolment]:
    """The learners of a sitting whose results this person may see, with how each one did.

    Rows carry `attempt_id`, `best_points`, `best_out_of`, `best_share` (to sort by), `best_passed`,
    `best_handed_in_at`, `attempts`, `is_under_way`. Voided attempts do not count.
    """
    attempts = Attempt.objects.filter(sitting=sitting, person=OuterRef("person"), voided_at=None)
    best = attempts.filter(marked_at__isnull=False).order_by(
        F("passed").desc(), F("points").desc(), "handed_in_at", "pk"
    )
    counted = attempts.order_by().values("person").annotate(n=Count("pk")).values("n")
    return (
        Enrolment.objects.active()
        .filter(_results_reached(person, sitting), training_class=sitting.training_class_id)
        .select_related("person", "unit")
        .annotate(
            attempt_id=Subquery(best.values("pk")[:1]),
            best_points=Subquery(best.values("points")[:1]),
            best_out_of=Subquery(best.values("out_of")[:1]),
            best_passed=Subquery(best.values("passed")[:1]),
            best_handed_in_at=Subquery(best.values("handed_in_at")[:1]),
            best_share=Cast(F("best_points") / F("best_out_of"), FloatField()),
            attempts=Subquery(counted),
            is_under_way=Exists(attempts.filter(handed_in_at=None)),
            is_waiting=Exists(attempts.filter(handed_in_at__isnull=False, marked_at=None)),
        )
    )


def results_matching(
    results: QuerySet[Enrolment], *, search: str, outcome: str
) -> QuerySet[Enrolment]:
    """Rows of `results_open_to`, narrowed to a name and to how it went."""
    if search:
        results = results.filter(person__search_key__contains=fold(search))
    narrowed = {
        "passed": Q(best_passed=True),
        "failed": Q(best_passed=False),
        "under_way": Q(is_under_way=True),
        "absent": Q(attempts=None),
    }
    return results.filter(narrowed.get(outcome, Q()))


@dataclass(frozen=True)
class Tally:
    """How many learners stand where."""

    learners: int
    passed: int
    failed: int
    under_way: int
    waiting: int  # handed in, and no mark counts yet
    absent: int


def tally(results: QuerySet[Enrolment]) -> Tally:
    """Rows of `results_open_to`, counted in one query."""
    counts = results.aggregate(
        learners=Count("pk"),
        passed=Count("pk", filter=Q(best_passed=True)),
        failed=Count("pk", filter=Q(best_passed=False)),
        under_way=Count("pk", filter=Q(is_under_way=True)),
        waiting=Count("pk", filter=Q(is_waiting=True, attempt_id=None, is_under_way=False)),
        absent=Count("pk", filter=Q(attempts=None)),
    )
    return Tally(**counts)


def _results_reached(person: Person, sitting: Sitting) -> Q:
    scope = scope_of(person)
    training_class = sitting.training_class
    if training_class.supervisor_id == person.pk or scope.covers(
        Permission.SEE_RESULTS, training_class.host_unit
    ):
        return Q()
    return scope.reach(Permission.SEE_RESULTS)
