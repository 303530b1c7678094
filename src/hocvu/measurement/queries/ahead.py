"""Adaptive tests that may still ask a person something, so that its keys would help them."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q

from hocvu.exams.rules import is_too_late
from hocvu.measurement.models import AdaptiveRun, AdaptiveSitting, ItemCalibration
from hocvu.measurement.queries.learner import SittingMet, SittingState, sittings_of
from hocvu.measurement.queries.scales import newest_approved
from hocvu.people.models import Person
from hocvu.questions.queries.withheld import MayBeAsked


def tests_that_may_ask(person: Person, at: datetime) -> Iterator[MayBeAsked]:
    """Every question of the scale of a test that can be begun now, or of a run under way.

    As with papers that are drawn, the bank is what one learns from until the test opens.
    """
    for met in sittings_of(person, at):
        run = _run_under_way(met, at)
        if run is not None:
            yield MayBeAsked(_of(met.sitting, run.calibration_id), run.must_end_at)
        elif met.state is SittingState.CAN_START:
            counts = newest_approved(met.sitting.test.scale_id)
            if counts is not None:
                yield MayBeAsked(_of(met.sitting, counts.pk), met.sitting.closes_at)


def _run_under_way(met: SittingMet, at: datetime) -> AdaptiveRun | None:
    if met.state is not SittingState.UNDER_WAY or met.run is None:
        return None
    return None if is_too_late(met.run.must_end_at, at) else met.run


def _of(sitting: AdaptiveSitting, calibration_id: int) -> Q:
    items = ItemCalibration.objects.filter(calibration=calibration_id, refused="")
    if sitting.test.target_group:
        items = items.filter(question__target_group=sitting.test.target_group)
    return Q(pk__in=items.order_by().values("question"))
