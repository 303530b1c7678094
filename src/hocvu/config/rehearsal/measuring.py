"""The scale of digital competence, calibrated from the rehearsal's answers, and a test on it."""

from datetime import datetime, timedelta
from uuid import uuid4

from hocvu.classes.models import TrainingClass
from hocvu.config.rehearsal import cast
from hocvu.config.rehearsal.answers import Trait, known_share
from hocvu.config.rehearsal.replies import reply_lines
from hocvu.config.rehearsal.stage import Stage, officer
from hocvu.kernel.time import VIETNAM
from hocvu.measurement.actions import (
    answer_step,
    approve_calibration,
    ask_for_calibration,
    calculate_calibration,
    calculate_quality,
    offer_test,
    start_run,
)
from hocvu.measurement.models import AdaptiveRun, AdaptiveStep, AdaptiveTest, Purpose, Scale
from hocvu.people.models import Person
from hocvu.questions.queries import item_of

_CLASS = "AI-TDH-K2"
_BEFORE, _PACE = timedelta(minutes=40), timedelta(seconds=45)
_SKILLS = (-0.6, 0.4, 1.2, 2.0)  # of those who have taken the test


def scale_is_calibrated(stage: Stage) -> None:
    """Asked for by the teacher, calculated here and now, approved by somebody else."""
    scale, at = Scale.objects.get(code="circular-02-2025"), stage.earlier_today
    calibration = ask_for_calibration(scale, by=cast.player(cast.TEACHER.username), at=at)
    calibration = calculate_calibration(calibration, at=at)
    approve_calibration(calibration, by=officer(), at=at)
    calculate_quality(at=stage.at)


def skills_are_tested(stage: Stage) -> None:
    """Offered to the class that starts today; a few people have taken it already."""
    training_class = TrainingClass.objects.get(code=_CLASS)
    opens = datetime.combine(training_class.starts_on, datetime.min.time(), VIETNAM)
    sitting = offer_test(
        AdaptiveTest.objects.filter(code="digital-skills").latest("version"),
        training_class,
        purpose=Purpose.MEASURE,
        opens_at=opens,
        closes_at=opens + timedelta(days=60),
        by=officer(),
        at=stage.at,
    )
    point = training_class.bridge_points.get(unit__code=cast.WARD)
    learners = Person.objects.filter(
        pk__in=point.enrolments.values("person"), account=None
    ).order_by("pk")
    for person, skill in zip(learners, _SKILLS, strict=False):
        run = start_run(sitting, by=person, at=max(opens, stage.at - _BEFORE))
        _answer_to_the_end(run, person, skill, stage)


def _answer_to_the_end(run: AdaptiveRun, person: Person, skill: float, stage: Stage) -> None:
    number = 1
    while run.ended_at is None:
        step = AdaptiveStep.objects.select_related("question").get(run=run, number=number)
        known = known_share(Trait.of(step.question), skill)
        answer_step(
            run,
            number,
            reply_lines(item_of(step.question), known=known, chance=stage.chance),
            client_id=uuid4(),
            by=person,
            at=min(stage.at, run.started_at + _PACE * number),
        )
        number += 1
        run.refresh_from_db()
