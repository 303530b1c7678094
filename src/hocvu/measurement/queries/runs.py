"""Runs as they were: every step again, what can be recomputed, what can be said of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isclose

from hocvu.measurement.models import AdaptiveRun, AdaptiveStep, Calibration
from hocvu.measurement.queries.pools import pool_of
from hocvu.measurement.rules.measuring import Asked, Estimate, estimate, plain_estimate
from hocvu.psychometrics.curves import ItemParameters

_SAME = 1e-9


def steps_of(run: AdaptiveRun) -> list[AdaptiveStep]:
    return list(AdaptiveStep.objects.filter(run=run).order_by("number"))


def answered(steps: Sequence[AdaptiveStep]) -> list[Asked]:
    """The answers of these steps, with the parameters their questions had then."""
    return [
        Asked(ItemParameters(step.a, step.b, step.c), bool(step.right))
        for step in steps
        if step.answered_at is not None
    ]


@dataclass(frozen=True)
class StepExplained:
    """A step, and its estimate recomputed from the answers up to it."""

    step: AdaptiveStep
    recomputed: Estimate
    is_same: bool


@dataclass(frozen=True)
class RunExplained:
    """Every step of a run. `is_same`: all stored estimates follow from the stored answers."""

    run: AdaptiveRun
    steps: tuple[StepExplained, ...]
    plain: Estimate | None
    is_same: bool


def explain_run(run: AdaptiveRun) -> RunExplained:
    """Recompute every estimate of an ended run from what its steps keep. One query."""
    steps = [
        step
        for step in AdaptiveStep.objects.filter(run=run)
        .select_related("question")
        .order_by("number")
        if step.answered_at is not None
    ]
    explained = tuple(_explained(step, steps[:at]) for at, step in enumerate(steps, start=1))
    last = explained[-1].recomputed if explained else estimate([])
    ended_alike = run.ended_at is None or _same(last, Estimate(run.theta or 0.0, run.se or 0.0))
    return RunExplained(
        run=run,
        steps=explained,
        plain=plain_estimate(answered(steps)),
        is_same=ended_alike and all(each.is_same for each in explained),
    )


def _explained(step: AdaptiveStep, until: Sequence[AdaptiveStep]) -> StepExplained:
    found = estimate(answered(until))
    stored = Estimate(step.theta_after or 0.0, step.se_after or 0.0)
    return StepExplained(step, found, _same(found, stored))


@dataclass(frozen=True)
class Rescored:
    """A run by another calibration. `missing`: questions that one has no parameters of."""

    estimates: tuple[Estimate, ...]
    missing: tuple[int, ...]

    @property
    def last(self) -> Estimate:
        return self.estimates[-1] if self.estimates else estimate([])


def rescore_run(run: AdaptiveRun, calibration: Calibration) -> Rescored:
    """The estimate after each answer, as this calibration would have it; nothing is written."""
    pool = pool_of(calibration.pk)
    places = {question_id: place for place, question_id in enumerate(pool.question_ids)}
    steps = [step for step in steps_of(run) if step.answered_at is not None]
    asked = [
        Asked(pool.curves[places[step.question_id]], bool(step.right))
        for step in steps
        if step.question_id in places
    ]
    missing = tuple(step.question_id for step in steps if step.question_id not in places)
    return Rescored(tuple(estimate(asked[:at]) for at in range(1, len(asked) + 1)), missing)


def _same(one: Estimate, other: Estimate) -> bool:
    """Equal but for the rounding of another machine."""
    return isclose(one.theta, other.theta, abs_tol=_SAME) and isclose(
        one.se, other.se, abs_tol=_SAME
    )


def question_asked(run: AdaptiveRun, number: int) -> int:
    """The question of a step; 0 if the run has not come to it."""
    asked = AdaptiveStep.objects.filter(run=run, number=number)
    return asked.values_list("question_id", flat=True).first() or 0
