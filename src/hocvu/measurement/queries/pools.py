"""The questions a calibration has parameters of, and which of them may be asked now."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import lru_cache

import numpy as np
from django.db.models import Exists, OuterRef

from hocvu.exams.models import Answer, KeyCorrection
from hocvu.measurement.models import (
    AdaptiveRun,
    AdaptiveStep,
    AdaptiveTest,
    Calibration,
    ItemCalibration,
)
from hocvu.measurement.rules.choosing import (
    Openings,
    RunRules,
    domain_of,
    domains_that_lack,
    exposures,
)
from hocvu.psychometrics.curves import ItemCurves

_RECENT_RUNS = 1_000


@dataclass(frozen=True, eq=False)
class CalibratedPool:
    """Every question with parameters, in the order of their ids."""

    question_ids: tuple[int, ...]
    curves: ItemCurves
    components: tuple[str, ...]
    groups: tuple[str, ...]


@lru_cache(maxsize=32)
def pool_of(calibration_id: int) -> CalibratedPool:
    """Read once in a process: a calibration that was made never changes, nor do its questions."""
    Calibration.objects.get(pk=calibration_id, made_at__isnull=False)
    rows = list(
        ItemCalibration.objects.filter(calibration=calibration_id, refused="")
        .order_by("question_id")
        .values_list(
            *("question_id", "a", "b", "c"), "question__component_code", "question__target_group"
        )
    )
    return CalibratedPool(
        question_ids=tuple(row[0] for row in rows),
        curves=ItemCurves(*(np.array([row[at] for row in rows], dtype=float) for at in (1, 2, 3))),
        components=tuple(row[4] for row in rows),
        groups=tuple(row[5] for row in rows),
    )


def rules_of(test: AdaptiveTest) -> RunRules:
    return RunRules(
        least=test.least_questions,
        most=test.most_questions,
        target_se=test.target_se,
        most_exposure=test.most_exposure,
        shares={domain: Fraction(share) for domain, share in test.quotas.items()},
    )


@dataclass(frozen=True, eq=False)
class OpenPool:
    """What a test may ask now. `openings` in the order of `question_ids`; `asked` are places."""

    question_ids: tuple[int, ...]
    openings: Openings
    asked: tuple[int, ...]
    met_before: int


def open_pool(run: AdaptiveRun, asked_ids: Collection[int], *, at: datetime) -> OpenPool:
    """One query, and two more the first time: what this person met, what was shown lately.

    Questions retired since leave the pool, but for those this run has asked. What this person
    had met before the run, in another or in an exam, is asked when nothing else is left.
    """
    test, pool = run.sitting.test, pool_of(run.calibration_id)
    usable = _in_use(run.calibration_id) | set(asked_ids)
    places = [
        place
        for place, question_id in enumerate(pool.question_ids)
        if question_id in usable and _is_for(test, pool.groups[place])
    ]
    ids = tuple(pool.question_ids[place] for place in places)
    shown, runs = _shown_lately(test.pk, int(at.timestamp()) // 60)
    exposure = exposures([shown[question_id] for question_id in ids], runs)
    met = _met_before(run.pk) & set(ids)
    exposure[[place for place, question_id in enumerate(ids) if question_id in met]] = 1.0
    domains = [domain_of(pool.components[place]) for place in places]
    asked = tuple(place for place, question_id in enumerate(ids) if question_id in asked_ids)
    openings = Openings(pool.curves.take(places), domains, exposure)
    return OpenPool(ids, openings, asked, len(met))


def domains_lacking(test: AdaptiveTest, calibration: Calibration) -> list[str]:
    """Domains of which the test asks more questions than are calibrated and in use."""
    pool = pool_of(calibration.pk)
    usable = _in_use(calibration.pk)
    domains = [
        domain_of(component)
        for question_id, component, group in zip(
            pool.question_ids, pool.components, pool.groups, strict=True
        )
        if question_id in usable and _is_for(test, group)
    ]
    return domains_that_lack(rules_of(test), domains)


def _in_use(calibration_id: int) -> set[int]:
    """Calibrated questions that are in use and were not withdrawn by a corrected key."""
    withdrawn = KeyCorrection.objects.filter(question=OuterRef("question"), key__everybody=True)
    calibrated = ItemCalibration.objects.filter(
        calibration=calibration_id,
        refused="",
        question__put_in_use_at__isnull=False,
        question__retired_at=None,
    ).exclude(Exists(withdrawn))
    return set(calibrated.values_list("question_id", flat=True))


def _is_for(test: AdaptiveTest, group: str) -> bool:
    return not test.target_group or group == test.target_group


@lru_cache(maxsize=64)
def _shown_lately(test_id: int, _minute: int) -> tuple[Counter[int], int]:
    """How many of the latest runs of a test asked each question, as known in this minute."""
    latest = AdaptiveRun.objects.filter(sitting__test=test_id).order_by("-pk")[:_RECENT_RUNS]
    run_ids = list(latest.values_list("pk", flat=True))
    asked = AdaptiveStep.objects.filter(run__in=run_ids).order_by()
    return Counter(asked.values_list("question_id", flat=True)), len(run_ids)


@lru_cache(maxsize=4_096)
def _met_before(run_id: int) -> frozenset[int]:
    """Questions whoever takes this run had met when it began; so it never changes."""
    run = AdaptiveRun.objects.get(pk=run_id)
    steps = AdaptiveStep.objects.filter(run__person=run.person_id, shown_at__lt=run.started_at)
    answers = Answer.objects.filter(attempt__person=run.person_id, saved_at__lt=run.started_at)
    met = steps.order_by().values_list("question_id", flat=True)
    return frozenset(met.union(answers.values_list("question_id", flat=True)))
