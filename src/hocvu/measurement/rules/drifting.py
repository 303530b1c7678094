"""Whether questions have become easier or harder since they were put on their scale.

A later calibration keeps the parameters of the questions it is anchored to, so comparing two of
them would show nothing. The answers given since are therefore calibrated freely, put on the old
scale by Stocking & Lord, and the difficulties compared (`hocvu.psychometrics.quality.drifting`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

from hocvu.measurement.rules.calibrations import LEAST_ANCHORS, LEAST_ANSWERS
from hocvu.measurement.rules.quality import Flag
from hocvu.psychometrics import calibration
from hocvu.psychometrics.calibration import CalibratedItem
from hocvu.psychometrics.curves import Answers, ItemCurves, ItemParameters
from hocvu.psychometrics.linking import CalibrationsDoNotLink, Link, stocking_lord
from hocvu.psychometrics.quality import Difficulty, Drift, ItemDrift, drift

_FLAGS = {Drift.EASIER: Flag.BECAME_EASIER, Drift.HARDER: Flag.BECAME_HARDER}


@dataclass(frozen=True, slots=True)
class Before:
    """What the scale says of a question: its parameters, and the standard error of b."""

    item: ItemParameters
    error: float


@dataclass(frozen=True, slots=True)
class Change:
    """Of difficulty, in standard errors; `flag` when it is also large enough to matter."""

    z: float
    flag: Flag | None


@dataclass(frozen=True)
class OldScale:
    """The calibration that counts: its model, the spread of its people, and its questions."""

    model: calibration.Model
    mean: float
    sd: float
    questions: Mapping[int, Before]  # by primary key


def changes(answers: Answers, question_ids: Sequence[int], old: OldScale) -> dict[int, Change]:
    """By question. Empty while too few people have answered since to say anything.

    answers   [people, questions] given since the old calibration
    """
    try:
        settings = calibration.Settings(least_answers=LEAST_ANSWERS)
        new = calibration.calibrate(answers, model=old.model, settings=settings)
        common = [each for each in new.items if isfinite(each.errors.b)]
        held = [old.questions[question_ids[each.item]] for each in common]
        if not new.converged or len(common) < LEAST_ANCHORS:
            return {}
        found = _linked(common, held, old)
    except (calibration.NothingToCalibrate, CalibrationsDoNotLink):
        return {}
    return {
        question_ids[item.item]: Change(each.z, _FLAGS.get(each.drift))
        for item, each in zip(common, found, strict=True)
    }


def _linked(
    common: Sequence[CalibratedItem], held: Sequence[Before], old: OldScale
) -> tuple[ItemDrift, ...]:
    """Linked once by all, and once more by those that stood still."""
    found = _drifts(common, held, _link(common, held, old))
    still = [at for at, each in enumerate(found) if each.drift is Drift.NONE]
    if len(still) == len(found) or len(still) < LEAST_ANCHORS:
        return found
    link = _link([common[at] for at in still], [held[at] for at in still], old)
    return _drifts(common, held, link)


def _link(common: Sequence[CalibratedItem], held: Sequence[Before], old: OldScale) -> Link:
    return stocking_lord(
        ItemCurves.of(each.item for each in held),
        ItemCurves.of(each.parameters for each in common),
        mean=old.mean,
        sd=old.sd,
    )


def _drifts(
    common: Sequence[CalibratedItem], held: Sequence[Before], link: Link
) -> tuple[ItemDrift, ...]:
    return drift(
        [Difficulty(each.item.b, each.error) for each in held],
        [Difficulty(each.parameters.b, each.errors.b) for each in common],
        link=link,
    )
