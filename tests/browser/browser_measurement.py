"""A skills test offered to the class of today, on a calibration of the packaged bank."""

from datetime import timedelta
from random import Random
from uuid import uuid4

from browser_scene import LEARNER, NATIONAL, NEIGHBOUR, OFFICER, REGISTRAR, TEACHER, player
from django.utils import timezone

from hocvu.classes.models import TrainingClass
from hocvu.config.rehearsal import cast
from hocvu.items.content import Kind
from hocvu.kernel.time import day_of
from hocvu.measurement.actions import (
    answer_step,
    close_panel,
    end_run,
    offer_test,
    open_panel,
    open_second_round,
    rate_question,
    set_cut_score,
    start_run,
)
from hocvu.measurement.models import (
    AdaptiveRun,
    AdaptiveSitting,
    AdaptiveTest,
    Calibration,
    CutScore,
    ItemCalibration,
    Panel,
    Purpose,
    Scale,
)
from hocvu.people.actions import grant_role
from hocvu.questions.models import Question
from hocvu.units.queries import unit_with_code

_QUESTIONS = 60


def scale() -> Scale:
    return Scale.objects.order_by("pk").first()


def calibration() -> Calibration:
    """Figures instead of the answers of thousands: as a job would have written them."""
    found = Calibration.objects.filter(approved_at__isnull=False).first()
    if found is not None:
        return found
    now, chance = timezone.now(), Random(1945)
    asked = Question.objects.in_use().filter(owner=None, kind=Kind.SINGLE.value)[:_QUESTIONS]
    made = Calibration.objects.create(
        scale=scale(), number=1, asked_for_by=player(TEACHER), asked_for_at=now, begun_at=now,
        made_at=now, people=2_000, questions=len(asked), log_likelihood=-9_000, iterations=40,
        converged=True, reliability=0.9, population_mean=0, population_sd=1,
        approved_by=player(NATIONAL), approved_at=now,
    )  # fmt: skip
    ItemCalibration.objects.bulk_create(
        ItemCalibration(
            calibration=made, question=question, answers=900, a=1 + chance.random(),
            b=chance.gauss(0, 1), c=0.2, se_a=0.1, se_b=0.1, se_c=0.02, infit=1, outfit=1,
        )
        for question in asked
    )  # fmt: skip
    return made


def sitting() -> AdaptiveSitting:
    calibration()
    now, training_class = timezone.now(), TrainingClass.objects.get(code="AI-K2")
    offered = AdaptiveSitting.objects.filter(training_class=training_class).first()
    return offered or offer_test(
        AdaptiveTest.objects.filter(scale=scale()).order_by("code").first(), training_class,
        purpose=Purpose.MEASURE, opens_at=now - timedelta(hours=1),
        closes_at=now + timedelta(days=7), by=player(OFFICER), at=now,
    )  # fmt: skip


def run() -> AdaptiveRun:
    found = AdaptiveRun.objects.filter(person=player(NEIGHBOUR), ended_at=None).first()
    return found or start_run(sitting(), by=player(NEIGHBOUR), at=timezone.now())


def ended_run() -> AdaptiveRun:
    """Answered as long as it takes to be a result."""
    learner = player(LEARNER)
    found = AdaptiveRun.objects.filter(person=learner).first()
    if found is not None:
        return found
    started = start_run(sitting(), by=learner, at=timezone.now())
    for number in range(1, sitting().test.least_questions + 1):
        lines = ["a"] if number % 3 else ["b"]
        reply = answer_step(
            started, number, lines, client_id=uuid4(), by=learner, at=timezone.now()
        )
        if reply.run_has_ended:
            break
    started.refresh_from_db()
    return started if started.ended_at else end_run(started, by=learner, at=timezone.now())


def panel() -> Panel:
    """Three judges who write questions, none of them who opened it; nobody has begun."""
    found = Panel.objects.first()
    if found is not None:
        return found
    calibration()
    registrar, now = player(REGISTRAR), timezone.now()
    grant_role(registrar, "teacher", unit_with_code(cast.CITY), by=None, at=now)
    questions = [item.question for item in ItemCalibration.objects.select_related("question")[:20]]
    return open_panel(
        scale(), level=scale().framework.levels[1]["code"], title="Hội đồng bậc 2",
        borderline="Làm được việc quen tay, còn lúng túng khi gặp tình huống mới.",
        judges=[player(OFFICER), player(TEACHER), registrar], questions=questions,
        by=player(NATIONAL), at=now,
    )  # fmt: skip


def closed_panel() -> Panel:
    """Rated in both rounds by everybody, and closed."""
    open_one = panel()
    if open_one.closed_at is None:
        _rate(open_one)
        open_one = open_second_round(open_one, by=player(NATIONAL), at=timezone.now())
        _rate(open_one)
        open_one = close_panel(open_one, by=player(NATIONAL), at=timezone.now())
    return open_one


def _rate(of: Panel) -> None:
    for at, judge in enumerate(of.judges.select_related("person").order_by("pk")):
        for question in of.panel_questions.select_related("panel"):
            rate_question(
                question, percent=40 + 10 * at + question.position, panel_round=of.round,
                by=judge.person, at=timezone.now(),
            )  # fmt: skip


def decided_panel() -> Panel:
    closed = closed_panel()
    if not CutScore.objects.filter(panel=closed).exists():
        now = timezone.now()
        set_cut_score(
            closed, decision_number="15/QĐ-HVCTQG", decided_on=day_of(now),
            reason="Theo kết quả của hội đồng.", by=player(NATIONAL), at=now,
        )  # fmt: skip
    return closed
