"""How the learners of an adaptive sitting did, as far as somebody may see."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from hocvu.classes.models import Enrolment
from hocvu.kernel.vietnamese import fold
from hocvu.measurement.models import AdaptiveRun, AdaptiveSitting
from hocvu.measurement.queries.access import learners_reached
from hocvu.measurement.queries.growth import Pair, change_between, measured_runs
from hocvu.measurement.rules.measuring import Estimate
from hocvu.people.models import Person
from hocvu.psychometrics.growth import Change

_OF_A_RUN = ("pk", "theta", "se", "low", "high", "level", "ended_at", "plain_theta", "plain_se")


def results_open_to(
    person: Person, sitting: AdaptiveSitting, pair: Pair | None = None
) -> QuerySet[Enrolment]:
    """The learners whose results this person may see.

    Rows carry `run_…` of the run that counts (pk, theta, se, low, high, level, ended_at,
    plain_theta, plain_se), `is_under_way`, `has_started`, and `before_theta`, `before_se` where the
    sitting is the second of a pair.
    """
    runs = AdaptiveRun.objects.filter(sitting=sitting, person=OuterRef("person"))
    counts = _counting(sitting)
    rows = learners_reached(person, sitting.training_class).select_related("person", "unit")
    found: dict[str, Any] = {f"run_{name}": Subquery(counts.values(name)) for name in _OF_A_RUN}
    if pair is not None and pair.after.pk == sitting.pk:
        before = _counting(pair.before)
        found["before_theta"] = Subquery(before.values("plain_theta"))
        found["before_se"] = Subquery(before.values("plain_se"))
        found["gain"] = F("run_plain_theta") - F("before_theta")
    return rows.annotate(
        **found, is_under_way=Exists(runs.filter(ended_at=None)), has_started=Exists(runs)
    )


def _counting(sitting: AdaptiveSitting) -> QuerySet[AdaptiveRun]:
    measured = measured_runs([sitting]).filter(person=OuterRef("person"))
    return measured.order_by("-number")[:1]


def results_called(results: QuerySet[Enrolment], search: str) -> QuerySet[Enrolment]:
    return results.filter(person__search_key__contains=fold(search)) if search else results


def change_of(row: Any) -> Change | None:
    """Of a row of `results_open_to` with its two measurements."""
    if row.before_theta is None or row.run_plain_theta is None:
        return None
    return change_between(
        Estimate(row.before_theta, row.before_se), Estimate(row.run_plain_theta, row.run_plain_se)
    )


@dataclass(frozen=True)
class Tally:
    """How many learners stand where."""

    learners: int
    measured: int
    under_way: int
    broken_off: int

    @property
    def absent(self) -> int:
        return self.learners - self.measured - self.under_way - self.broken_off


def tally(results: QuerySet[Enrolment]) -> Tally:
    """Rows of `results_open_to`, counted in one query."""
    not_measured = Q(run_pk=None)
    return Tally(
        **results.aggregate(
            learners=Count("pk"),
            measured=Count("pk", filter=~not_measured),
            under_way=Count("pk", filter=not_measured & Q(is_under_way=True)),
            broken_off=Count("pk", filter=not_measured & Q(is_under_way=False, has_started=True)),
        )
    )
