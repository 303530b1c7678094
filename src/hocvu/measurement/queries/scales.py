"""Scales, the calibrations that count on them, and their cut scores."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Exists, F, OuterRef, QuerySet, Value, When

from hocvu.measurement.models import Calibration, CutScore, ItemCalibration, Scale
from hocvu.measurement.queries.wording import ability, level_in_words, refusal, state_of
from hocvu.measurement.rules.measuring import Cut, in_order
from hocvu.people.models import Person
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission
from hocvu.questions.queries.reach import questions_open_to, writes_for_everybody


def sees_scales(person: Person) -> bool:
    """Those who write questions anywhere may know how difficult questions are."""
    return scope_of(person).may_anywhere(Permission.WRITE_QUESTIONS)


def scales_open_to(person: Person) -> QuerySet[Scale]:
    return (
        Scale.objects.select_related("framework") if sees_scales(person) else Scale.objects.none()
    )


def calibrations_open_to(person: Person) -> QuerySet[Calibration]:
    if not sees_scales(person):
        return Calibration.objects.none()
    return Calibration.objects.select_related("scale__framework", "asked_for_by", "approved_by")


def calibrates(person: Person) -> bool:
    """Who writes questions for the whole nation calibrates its scales."""
    return writes_for_everybody(person)


def scales_calibrated_by(person: Person) -> QuerySet[Scale]:
    """Those on which this person has questions calibrated and lines drawn."""
    return scales_open_to(person) if calibrates(person) else Scale.objects.none()


def newest_approved(scale_id: int) -> Calibration | None:
    """The calibration that counts now."""
    approved = Calibration.objects.filter(scale=scale_id, approved_at__isnull=False)
    return approved.order_by("-number").first()


def under_way(scale_id: int) -> Calibration | None:
    """The calibration that waits or is being calculated."""
    return Calibration.objects.filter(scale=scale_id, made_at=None, refused="").first()


def cuts_of(scale: Scale, at: datetime) -> tuple[Cut, ...]:
    """The newest cut score of each level at a moment, from the lowest level up. One query."""
    return cuts_of_all([scale], at)[scale.pk]


def cuts_of_all(scales: Iterable[Scale], at: datetime) -> dict[int, tuple[Cut, ...]]:
    by_id = {scale.pk: scale for scale in scales}
    newest = (
        CutScore.objects.filter(scale__in=by_id, set_at__lte=at)
        .order_by("scale_id", "level", "-set_at", "-pk")
        .distinct("scale_id", "level")
    )
    found: dict[int, dict[str, float]] = {scale_id: {} for scale_id in by_id}
    for cut in newest:
        found[cut.scale_id][cut.level] = cut.theta
    return {
        scale_id: in_order(found[scale_id], [str(each["code"]) for each in scale.framework.levels])
        for scale_id, scale in by_id.items()
    }


def items_of_calibration(calibration: Calibration, reader: Person) -> QuerySet[ItemCalibration]:
    """What a calibration says of each question; `is_reached` of those the reader finds in the bank.

    Others belong to units that do not share them: their figures are told, not which they are.
    """
    reached = questions_open_to(reader).filter(pk=OuterRef("question")).order_by()
    items = ItemCalibration.objects.filter(calibration=calibration).select_related("question")
    named = items.annotate(is_reached=Exists(reached))
    return named.annotate(
        code=Case(When(is_reached=True, then=F("question__code")), default=Value(""))
    )


@dataclass(frozen=True)
class CalibrationLine:
    calibration: Calibration
    tone: str
    words: str
    refusal: str


@dataclass(frozen=True)
class ScalePage:
    """A scale with its calibrations, newest first; `waiting` is the one not yet calculated."""

    scale: Scale
    calibrations: tuple[CalibrationLine, ...]
    waiting: CalibrationLine | None
    counts: Calibration | None
    cuts: tuple[tuple[str, str], ...]  # level in words, ability as it is written


def scale_page(scale: Scale, at: datetime) -> ScalePage:
    """Two queries."""
    found = scale.calibrations.select_related("asked_for_by", "approved_by").order_by("-number")
    lines = tuple(_line(each) for each in found)
    approved = (each.calibration for each in lines if each.calibration.approved_at is not None)
    unmade = (
        each for each in lines if each.calibration.made_at is None and not each.calibration.refused
    )
    return ScalePage(
        scale=scale,
        calibrations=lines,
        waiting=next(unmade, None),
        counts=next(approved, None),
        cuts=tuple(
            (level_in_words(scale.framework, cut.level), ability(cut.theta))
            for cut in cuts_of(scale, at)
        ),
    )


def _line(calibration: Calibration) -> CalibrationLine:
    return CalibrationLine(calibration, *state_of(calibration), refusal(calibration))
