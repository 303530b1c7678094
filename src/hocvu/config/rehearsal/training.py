"""How a class of the rehearsal is opened, held and tested; all of them have this in common."""

from datetime import datetime, timedelta

from hocvu.classes.actions import enrol_learners, enter_sheets, open_class
from hocvu.classes.models import ClassSession, Enrolment, TrainingClass
from hocvu.config.rehearsal.answers import answer_sheets
from hocvu.config.rehearsal.sheets import signed_sheets
from hocvu.config.rehearsal.stage import Stage, officer
from hocvu.courses.queries import programme_in_force
from hocvu.exams.actions import open_sitting, take_in_answer_sheets
from hocvu.exams.models import Sitting
from hocvu.kernel.time import VIETNAM
from hocvu.papers.queries.papers import latest_papers
from hocvu.units.queries import unit_with_code

_SHEETS_AT_ONCE = 2_000


def opened(stage: Stage, programme: str, code: str, host: str, days_ago: int) -> TrainingClass:
    starts_on = stage.today - timedelta(days=days_ago)
    chosen = programme_in_force(programme, starts_on)
    unit = unit_with_code(host)
    by = officer()
    return open_class(
        chosen,
        code=code,
        name=chosen.name,
        host_unit=unit,
        starts_on=starts_on,
        supervisor=by,
        opening_decision=f"{days_ago + 100}/QĐ-{unit.code}",
        by=by,
        at=stage.at,
    )


def enrol(stage: Stage, training_class: TrainingClass, person_ids: list[int]) -> None:
    placements: dict[int, int | None] = dict.fromkeys(person_ids)
    enrol_learners(training_class, placements, by=officer(), at=stage.at)


def hold_everything(stage: Stage, training_class: TrainingClass, *, present: float) -> None:
    """Every session at every bridge point, from the signed sheets that came in."""
    places = list(
        Enrolment.objects.active()
        .filter(training_class=training_class)
        .order_by("bridge_point_id", "pk")
        .values_list("bridge_point_id", "pk")
    )
    for session in ClassSession.objects.filter(training_class=training_class).order_by("number"):
        sheets = signed_sheets(places, present=present, chance=stage.chance)
        enter_sheets(session, sheets, by=officer(), at=session.ends_at)


def offer_test(stage: Stage, training_class: TrainingClass) -> Sitting:
    paper = latest_papers().get(code=training_class.programme.paper_code)
    opens = datetime.combine(training_class.starts_on, datetime.min.time(), VIETNAM)
    return open_sitting(
        paper,
        training_class,
        opens_at=opens,
        closes_at=opens + timedelta(days=60),
        by=officer(),
        at=stage.at,
    )


def sit_test(
    stage: Stage,
    training_class: TrainingClass,
    *,
    ability: float,
    share: float,
    only: set[int] | None = None,
) -> None:
    """A share of the learners hand in their answers, better or worse from place to place."""
    hand_in_sheets(
        stage, offer_test(stage, training_class), ability=ability, share=share, only=only
    )


def hand_in_sheets(
    stage: Stage, sitting: Sitting, *, ability: float, share: float, only: set[int] | None = None
) -> None:
    sheets = answer_sheets(
        sitting, ability=ability, share=share, only=only, chance=stage.chance, at=stage.at
    )
    for start in range(0, len(sheets), _SHEETS_AT_ONCE):
        batch = sheets[start : start + _SHEETS_AT_ONCE]
        take_in_answer_sheets(sitting, batch, by=officer(), at=stage.at)
