"""Ending runs: the level, what it shows of each component, and telling the rooms above."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_DOWN, Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs

from hocvu.audit.actions import record
from hocvu.competency.actions import NewResult, record_results
from hocvu.competency.rules import Share
from hocvu.kernel.errors import NotAllowed
from hocvu.kernel.events import publish
from hocvu.kernel.time import day_of
from hocvu.measurement import policies
from hocvu.measurement.events import RunsEnded
from hocvu.measurement.models import AdaptiveRun, AdaptiveStep, StopReason
from hocvu.measurement.queries.pools import pool_of
from hocvu.measurement.queries.runs import answered
from hocvu.measurement.queries.scales import cuts_of_all
from hocvu.measurement.rules.measuring import (
    Cut,
    Expected,
    estimate,
    expected_by_component,
    plain_estimate,
    standing,
)
from hocvu.measurement.rules.timing import GRACE, months_after
from hocvu.people.models import Person

_AT_ONCE = 500
_WRITTEN = (
    *("ended_at", "stop_reason", "theta", "se", "plain_theta", "plain_se", "low", "high", "level"),
)


@dataclass(frozen=True)
class Ending:
    run: AdaptiveRun
    reason: StopReason


def locked_runs(*, skip_locked: bool = False) -> QuerySet[AdaptiveRun]:
    return AdaptiveRun.objects.select_for_update(
        of=("self",), skip_locked=skip_locked
    ).select_related("sitting__test__scale__framework", "person")


def end_run(run: AdaptiveRun, *, by: Person, at: datetime) -> AdaptiveRun:
    """Break off: the answers given so far count. Ending twice changes nothing."""
    with transaction.atomic():
        run = locked_runs().get(pk=run.pk)
        if not policies.can_answer(by, run):
            raise NotAllowed(
                _("Only the person who takes a test can end it."),
                _("Please sign in with your own account."),
            )
        if run.ended_at is None:
            record("skills_run_broken_off", run, by=by, at=at)
            finish([Ending(run, StopReason.ENDED)], at=at)
        return run


def end_overdue(at: datetime, *, person: Person | None = None) -> int:
    """End, by the server's clock, the runs whose time is over; the number of them.

    Runs somebody else is ending at this moment are left to them.
    """
    with transaction.atomic():
        overdue = locked_runs(skip_locked=True).filter(ended_at=None, must_end_at__lt=at - GRACE)
        if person is not None:
            overdue = overdue.filter(person=person)
        runs = list(overdue.order_by("must_end_at", "pk")[:_AT_ONCE])
        if runs:
            record("overdue_runs_ended", "measurement.adaptiverun", by=None, at=at, runs=len(runs))
            finish([Ending(run, StopReason.TIME) for run in runs], at=at)
        return len(runs)


@jobs.periodic(cron="* * * * *")
@jobs.task(queueing_lock="end_runs_whose_time_is_over", pass_context=False)
def end_runs_whose_time_is_over(timestamp: int) -> None:
    """Every minute."""
    at = datetime.fromtimestamp(timestamp, UTC)
    while end_overdue(at) == _AT_ONCE:
        pass


def finish(endings: Sequence[Ending], *, at: datetime) -> None:
    """End runs that are locked, record what they showed, and tell. Few statements, many runs.

    A run with fewer answers than its test asks at least is kept with its estimate, but it has no
    level and is no result.
    """
    steps = _steps_of([ending.run for ending in endings])
    scales = {ending.run.sitting.test.scale for ending in endings}
    cuts = cuts_of_all(scales, at)
    measured = []
    for ending in endings:
        run = ending.run
        asked = steps.get(run.pk, [])
        _enter(ending, asked, cuts[run.sitting.test.scale_id], at=at)
        if len(asked) >= run.sitting.test.least_questions:
            measured.append(run)
    runs = [ending.run for ending in endings]
    AdaptiveRun.objects.bulk_update(runs, _WRITTEN)
    record_results([_result(run, steps[run.pk]) for run in measured], at=at)
    for run in runs:
        record("skills_run_ended", run, by=None, at=at, because=run.stop_reason)
    publish(RunsEnded(tuple(run.pk for run in runs), at))


def _steps_of(runs: Sequence[AdaptiveRun]) -> dict[int, list[AdaptiveStep]]:
    found: dict[int, list[AdaptiveStep]] = {}
    steps = AdaptiveStep.objects.filter(run__in=runs, answered_at__isnull=False)
    for step in steps.order_by("run_id", "number"):
        found.setdefault(step.run_id, []).append(step)
    return found


def _enter(
    ending: Ending, steps: Sequence[AdaptiveStep], cuts: Sequence[Cut], *, at: datetime
) -> None:
    """Put the outcome on the run, not yet in the database."""
    run, asked = ending.run, answered(steps)
    known, plain = estimate(asked), plain_estimate(asked)
    found = standing(known, cuts)
    run.ended_at, run.stop_reason = min(at, run.must_end_at), ending.reason
    run.theta, run.se, run.low, run.high = known.theta, known.se, found.low, found.high
    run.plain_theta = plain.theta if plain else None
    run.plain_se = plain.se if plain else None
    run.level = found.level if len(asked) >= run.sitting.test.least_questions else ""


def _result(run: AdaptiveRun, steps: Sequence[AdaptiveStep]) -> NewResult:
    """Components the run asked about, each with what is to be expected of its whole bank."""
    test, pool = run.sitting.test, pool_of(run.calibration_id)
    components = dict(zip(pool.question_ids, pool.components, strict=True))
    touched = {components[step.question_id] for step in steps}
    expected = expected_by_component(run.theta or 0.0, pool.curves, pool.components)
    shares = {code: _share(expected[code]) for code in sorted(touched)}
    ended_at = run.ended_at or run.must_end_at
    months = test.months_valid
    return NewResult(
        person_id=run.person_id,
        framework_id=test.scale.framework_id,
        level=run.level,
        passed=bool(run.level),
        points=_total(shares, "points"),
        out_of=_total(shares, "out_of"),
        assessed_at=ended_at,
        evidence=f"measurement.run:{run.pk}",
        components=shares,
        valid_until=months_after(day_of(ended_at), months) if months else None,
    )


def _share(expected: Expected) -> Share:
    points = Decimal(expected.right).quantize(Decimal("0.001"), ROUND_DOWN)
    return Share(points, Decimal(expected.questions))


def _total(shares: Mapping[str, Share], part: str) -> Decimal:
    return sum((getattr(share, part) for share in shares.values()), Decimal(0))
