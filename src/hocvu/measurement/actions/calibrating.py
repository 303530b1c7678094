"""Calibration: from everybody's answers to the parameters of questions.

Asked for by one person, calculated by a job, approved by another person. A killed worker leaves
the row as it was: the next minute's job begins again, and what was written is written whole.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from math import isfinite

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs

from hocvu.audit.actions import record
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.measurement import policies
from hocvu.measurement.models import Calibration, ItemCalibration, Scale
from hocvu.measurement.queries.answers import AnswerTable, answer_table
from hocvu.measurement.queries.scales import newest_approved, under_way
from hocvu.measurement.rules.calibrations import LEAST_ANCHORS, LEAST_ANSWERS, Refusal
from hocvu.people.models import Person
from hocvu.psychometrics import calibration as psychometrics
from hocvu.psychometrics.curves import NOT_PRESENTED, ItemParameters

# One calculation of a calibration at a time, in this and every other process.
CALCULATION = 0x6861_03


class CalibrationIsNotMade(NotPossible):
    """It waits for its job, or could not be calculated."""


class CalibrationDidNotConverge(NotPossible):
    """The search ended before it had found the parameters."""


class CalibrationIsNotLinked(NotPossible):
    """It would move the scale: another calibration counts there, and it was not anchored to it."""


def ask_for_calibration(
    scale: Scale, *, least_answers: int = LEAST_ANSWERS, by: Person, at: datetime
) -> Calibration:
    """Have a job calculate the scale anew; the calibration that waits already, if there is one."""
    with transaction.atomic():
        scale = Scale.objects.select_for_update().get(pk=scale.pk)
        if not policies.can_calibrate(by):
            raise NotAllowed(
                _("Only those who write questions for the whole nation can calibrate its scales."),
                _("Please ask the agency that keeps the national question bank."),
            )
        waiting = under_way(scale.pk)
        if waiting is not None:
            return waiting
        last = scale.calibrations.aggregate(last=Max("number"))["last"] or 0
        calibration = Calibration.objects.create(
            scale=scale,
            number=last + 1,
            asked_for_by=by,
            asked_for_at=at,
            settings={"model": scale.model, "least_answers": least_answers},
        )
        record("calibration_asked_for", calibration, by=by, at=at, scale_id=scale.pk)
        calculate_asked_calibration.defer(calibration_id=calibration.pk)
        return calibration


@jobs.task(queue="calibration", pass_context=False)
def calculate_asked_calibration(calibration_id: int) -> None:
    """The job behind a calibration; run again it finds what is already made."""
    calculate_calibration(Calibration.objects.get(pk=calibration_id), at=timezone.now())


@jobs.periodic(cron="* * * * *")
@jobs.task(queueing_lock="finish_calibrations", queue="calibration", pass_context=False)
def finish_calibrations(timestamp: int) -> None:
    """Every minute: what a killed process left is calculated from its beginning."""
    for calibration in Calibration.objects.filter(made_at=None, refused="").order_by("pk"):
        calculate_calibration(calibration, at=datetime.fromtimestamp(timestamp, UTC))


def calculate_calibration(calibration: Calibration, *, at: datetime) -> Calibration:
    """Read the answers, calibrate, write the parameters; nothing if it is made, or being made.

    Takes minutes when a nation has answered: for jobs, never within a request. Questions with
    parameters in the newest approved calibration keep them and hold the scale (fixed anchors).
    """
    with _alone(calibration.pk) as is_free:
        waits = Calibration.objects.filter(pk=calibration.pk, made_at=None, refused="")
        if is_free and waits.update(begun_at=at, people=None, questions=None):
            _calculate(calibration.pk, at)
    return Calibration.objects.select_related("scale__framework").get(pk=calibration.pk)


@contextmanager
def _alone(calibration_id: int) -> Iterator[bool]:
    """Whether nobody else calculates this one. The lock goes with the connection of the dead."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [CALCULATION, calibration_id])
        is_free = bool(cursor.fetchone()[0])
        try:
            yield is_free
        finally:
            if is_free:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [CALCULATION, calibration_id])


def _calculate(calibration_id: int, at: datetime) -> None:
    calibration = Calibration.objects.select_related("scale__framework").get(pk=calibration_id)
    table = answer_table(calibration.scale)
    held = _held(calibration.scale)
    anchors = _anchors(table, held)
    Calibration.objects.filter(pk=calibration_id).update(
        people=len(table.answers), questions=len(table.question_ids)
    )
    if held and len(anchors) < LEAST_ANCHORS:
        _refuse(calibration, Refusal.TOO_FEW_ANCHORS, at)
        return
    least = int(calibration.settings["least_answers"])
    try:
        found = psychometrics.calibrate(
            table.answers,
            model="3pl" if calibration.scale.model == "3pl" else "2pl",
            anchors=anchors,
            settings=psychometrics.Settings(least_answers=least),
        )
    except psychometrics.NothingToCalibrate:
        _refuse(calibration, Refusal.TOO_FEW_ANSWERS, at)
        return
    _write(calibration, _rows(table, found, held), found, at=at)


def _held(scale: Scale) -> dict[int, ItemCalibration]:
    """What the calibration that counts says of each question; empty on a new scale."""
    counts = newest_approved(scale.pk)
    if counts is None:
        return {}
    return {item.question_id: item for item in counts.items.filter(refused="")}


def _anchors(table: AnswerTable, held: Mapping[int, ItemCalibration]) -> dict[int, ItemParameters]:
    """By column, the questions that somebody answered and that keep their parameters."""
    answered = (table.answers != NOT_PRESENTED).any(axis=0).tolist()
    return {
        column: _parameters(held[question_id])
        for column, question_id in enumerate(table.question_ids)
        if question_id in held and answered[column]
    }


def _parameters(item: ItemCalibration) -> ItemParameters:
    # The constraint `a_calibrated_question_has_parameters_or_a_reason` holds: none is empty.
    return ItemParameters(item.a or 0.0, item.b or 0.0, item.c or 0.0)


def _refuse(calibration: Calibration, why: Refusal, at: datetime) -> None:
    with transaction.atomic():
        waits = Calibration.objects.filter(pk=calibration.pk, made_at=None, refused="")
        if waits.update(refused=why.value):
            record("calibration_refused", calibration, by=None, at=at, why=why.value)


def _rows(
    table: AnswerTable, found: psychometrics.Calibration, held: Mapping[int, ItemCalibration]
) -> list[tuple[object, ...]]:
    """An anchor keeps the errors it was once estimated with."""
    rows: list[tuple[object, ...]] = []
    for item in found.items:
        question_id = table.question_ids[item.item]
        before = held[question_id] if item.anchored else None
        errors = before or ItemCalibration(
            se_a=_finite(item.errors.a), se_b=_finite(item.errors.b), se_c=_finite(item.errors.c)
        )
        rows.append(
            (
                *(question_id, item.answers),
                *(item.parameters.a, item.parameters.b, item.parameters.c),
                *(errors.se_a, errors.se_b, errors.se_c),
                *(_finite(item.fit.infit), _finite(item.fit.outfit), item.anchored, ""),
            )
        )
    nothing = (None,) * 8
    for refused in found.refused:
        why = refused.reason.name.lower()
        rows.append((table.question_ids[refused.item], refused.answers, *nothing, False, why))
    return rows


def _finite(number: float) -> float | None:
    return number if isfinite(number) else None


_COPY_ITEMS = """
COPY measurement_itemcalibration
    (calibration_id, question_id, answers, a, b, c, se_a, se_b, se_c, infit, outfit, is_anchor,
     refused)
FROM STDIN
"""


def _write(
    calibration: Calibration,
    rows: list[tuple[object, ...]],
    found: psychometrics.Calibration,
    *,
    at: datetime,
) -> None:
    with transaction.atomic():
        with connection.cursor() as cursor, cursor.copy(_COPY_ITEMS) as copy:
            for row in rows:
                copy.write_row((calibration.pk, *row))
        Calibration.objects.filter(pk=calibration.pk).update(
            made_at=at,
            is_linked=any(item.anchored for item in found.items),
            people=found.people,
            questions=len(found.items),
            log_likelihood=found.log_likelihood,
            iterations=found.iterations,
            converged=found.converged,
            reliability=_finite(found.reliability),
            population_mean=found.population.mean,
            population_sd=found.population.sd,
        )
        record(
            *("calibration_calculated", calibration),
            by=None,
            at=at,
            people=found.people,
            questions=len(found.items),
        )


def approve_calibration(calibration: Calibration, *, by: Person, at: datetime) -> Calibration:
    """Let a calibration count from now on. Approving twice changes nothing."""
    with transaction.atomic():
        Scale.objects.select_for_update().get(pk=calibration.scale_id)
        calibration = Calibration.objects.select_related("scale").get(pk=calibration.pk)
        if not policies.can_approve(by, calibration):
            raise NotAllowed(
                _("A calibration is approved by somebody else than the person who asked for it."),
                _("Please ask a colleague who writes questions for the whole nation."),
            )
        if calibration.approved_at is not None:
            return calibration
        _refuse_to_approve(calibration)
        calibration.approved_by, calibration.approved_at = by, at
        calibration.save(update_fields=["approved_by", "approved_at"])
        record(*("calibration_approved", calibration), by=by, at=at, scale_id=calibration.scale_id)
        return calibration


def _refuse_to_approve(calibration: Calibration) -> None:
    if calibration.made_at is None:
        raise CalibrationIsNotMade(
            _("This calibration has not been calculated."),
            _("Please wait until it is, or have it calculated again."),
        )
    if not calibration.converged:
        raise CalibrationDidNotConverge(
            _("The search for the parameters did not come to its end."),
            _("Please have the scale calibrated again when there are more answers."),
        )
    if not calibration.is_linked and newest_approved(calibration.scale_id) is not None:
        raise CalibrationIsNotLinked(
            _("Another calibration counts on this scale, and this one is not anchored to it."),
            _("Please have the scale calibrated again; it will be anchored then."),
        )
