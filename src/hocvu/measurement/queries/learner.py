"""Adaptive tests as one learner meets them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from django.db.models import Count, Q

from hocvu.measurement.models import AdaptiveRun, AdaptiveSitting
from hocvu.measurement.queries.access import sittings_open_to
from hocvu.measurement.queries.scales import newest_approved
from hocvu.people.models import Person
from hocvu.ui.languages import in_language

MOST_RUNS = 3  # of one person in one sitting, when the first broke off too early to say anything


class SittingState(Enum):
    NOT_OPEN_YET = "not_open_yet"
    NOT_CALIBRATED = "not_calibrated"
    CAN_START = "can_start"
    UNDER_WAY = "under_way"
    MEASURED = "measured"
    TOO_SHORT = "too_short"  # ended with too few answers, and cannot begin again
    CLOSED = "closed"


@dataclass(frozen=True)
class SittingMet:
    """A sitting as one person meets it, with their latest run."""

    sitting: AdaptiveSitting
    run: AdaptiveRun | None
    state: SittingState

    @property
    def title(self) -> str:
        return in_language(self.sitting.test.title, self.sitting.test.title_en)

    @property
    def about(self) -> str:
        return in_language(self.sitting.test.about, self.sitting.test.about_en)


def sittings_of(person: Person, at: datetime) -> list[SittingMet]:
    """All sittings of a person's classes, the last to close first. Few queries, many sittings."""
    sittings = list(sittings_open_to(person).order_by("-closes_at", "pk"))
    runs: dict[int, list[AdaptiveRun]] = {}
    found = AdaptiveRun.objects.filter(sitting__in=sittings, person=person)
    for run in found.order_by("sitting_id", "number"):
        runs.setdefault(run.sitting_id, []).append(run)
    measured = _measured([run for each in runs.values() for run in each])
    calibrated = {
        scale_id: newest_approved(scale_id) is not None
        for scale_id in {each.test.scale_id for each in sittings}
    }
    return [
        _met(each, runs.get(each.pk, []), measured, calibrated[each.test.scale_id], at)
        for each in sittings
    ]


def sitting_met(person: Person, sitting: AdaptiveSitting, at: datetime) -> SittingMet:
    """One sitting. Three queries."""
    runs = list(AdaptiveRun.objects.filter(sitting=sitting, person=person).order_by("number"))
    calibrated = newest_approved(sitting.test.scale_id) is not None
    return _met(sitting, runs, _measured(runs), calibrated, at)


def may_begin(runs: Sequence[AdaptiveRun]) -> bool:
    """Once is enough; a run that ended before its least number of answers may be taken again."""
    return len(runs) < MOST_RUNS and not _measured(runs)


def is_measured(run: AdaptiveRun) -> bool:
    """Whether an ended run has enough answers to be a result."""
    return run.pk in _measured([run])


def _measured(runs: Iterable[AdaptiveRun]) -> set[int]:
    """Ended runs with at least as many answers as their test asks. One query."""
    ids = [run.pk for run in runs if run.ended_at is not None]
    if not ids:
        return set()
    given = Count("steps", filter=Q(steps__answered_at__isnull=False))
    counted = AdaptiveRun.objects.filter(pk__in=ids).annotate(given=given)
    rows = counted.values_list("pk", "given", "sitting__test__least_questions")
    return {pk for pk, given_answers, least in rows if given_answers >= least}


def _met(
    sitting: AdaptiveSitting,
    runs: Sequence[AdaptiveRun],
    measured: set[int],
    calibrated: bool,  # noqa: FBT001 — of the test's scale
    at: datetime,
) -> SittingMet:
    counts = next((run for run in runs if run.pk in measured), None)
    last = counts or (runs[-1] if runs else None)
    return SittingMet(sitting, last, _state(sitting, runs, counts, calibrated, at))


def _state(
    sitting: AdaptiveSitting,
    runs: Sequence[AdaptiveRun],
    counts: AdaptiveRun | None,
    calibrated: bool,  # noqa: FBT001 — as above
    at: datetime,
) -> SittingState:
    if counts is not None:
        return SittingState.MEASURED
    if runs and runs[-1].ended_at is None:
        return SittingState.UNDER_WAY
    if at >= sitting.closes_at or len(runs) >= MOST_RUNS:
        return SittingState.TOO_SHORT if runs else SittingState.CLOSED
    if at < sitting.opens_at:
        return SittingState.NOT_OPEN_YET
    return SittingState.CAN_START if calibrated else SittingState.NOT_CALIBRATED
