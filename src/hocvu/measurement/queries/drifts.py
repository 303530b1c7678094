"""Which questions have changed their difficulty since their scale was calibrated."""

from collections.abc import Iterator

from hocvu.measurement.models import Calibration, Scale
from hocvu.measurement.queries.marked_answers import Reading
from hocvu.measurement.queries.scales import newest_approved
from hocvu.measurement.rules.calibrations import LEAST_ANSWERS
from hocvu.measurement.rules.drifting import Before, Change, OldScale, changes
from hocvu.psychometrics.curves import ItemParameters


def changes_of_all(reading: Reading) -> dict[int, Change]:
    """By question, of every scale with a calibration that counts. Minutes for a nation: a job."""
    found: dict[int, Change] = {}
    for calibration in _counting():
        old = _old_scale(calibration)
        question_ids = [each for each in old.questions if each in reading.keys]
        since = reading.answers_since(question_ids, calibration.asked_for_at)
        if len(since.answers) >= LEAST_ANSWERS:
            found |= changes(since.answers, since.question_ids, old)
    return found


def _counting() -> Iterator[Calibration]:
    for scale in Scale.objects.order_by("pk"):
        calibration = newest_approved(scale.pk)
        if calibration is not None:
            yield calibration


def _old_scale(calibration: Calibration) -> OldScale:
    rows = calibration.items.filter(refused="", a__isnull=False).values_list(
        "question_id", "a", "b", "c", "se_b"
    )
    return OldScale(
        model="3pl" if calibration.scale.model == "3pl" else "2pl",
        mean=calibration.population_mean or 0.0,
        sd=calibration.population_sd or 1.0,
        questions={
            # No constraint lets one of the three be empty without the others.
            question_id: Before(ItemParameters(a or 0.0, b or 0.0, c or 0.0), se_b or 0.0)
            for question_id, a, b, c, se_b in rows
        },
    )
