"""A case offered to the class of today: run by one learner, finished by another."""

from datetime import timedelta
from uuid import uuid4

from browser_scene import LATECOMER, LEARNER, NEIGHBOUR, OFFICER, player
from django.utils import timezone

from hocvu.classes.models import TrainingClass
from hocvu.situations.actions import (
    decide,
    finish_run,
    open_exercise,
    open_node,
    save_disposition,
    start_run,
)
from hocvu.situations.models import Case, Debrief, Disposition, Exercise, Mode, Run
from hocvu.situations.queries.running import has_text
from hocvu.situations.rules.cases import WRITTEN, NodeKind

_TEXT = "Giao đồng chí phụ trách một cửa xử lý trước 17 giờ hôm nay, báo cáo kết quả cho tôi."


def case() -> Case:
    """The first in which something is written."""
    return next(
        each
        for each in Case.objects.order_by("code", "-version")
        if any(node.rubric for node in each.written.nodes.values())
    )


def exercise() -> Exercise:
    now, training_class = timezone.now(), TrainingClass.objects.get(code="AI-K2")
    offered = Exercise.objects.filter(training_class=training_class).first()
    return offered or open_exercise(
        case(), training_class, mode=Mode.INDIVIDUAL, debrief=Debrief.FINISHED,
        opens_at=now - timedelta(hours=1), closes_at=now + timedelta(days=7),
        by=player(OFFICER), at=now,
    )  # fmt: skip


def run() -> Run:
    return start_run(exercise(), by=player(LEARNER), at=timezone.now())


def finished_run() -> Run:
    """Broken off by a neighbour after a decision."""
    neighbour = player(NEIGHBOUR)
    started = start_run(exercise(), by=neighbour, at=timezone.now())
    if started.finished_at is None:
        _take_a_step(started, neighbour)
        finish_run(started, by=neighbour, at=timezone.now())
        started.refresh_from_db()
    return started


def to_mark() -> Disposition:
    """What a third learner wrote on the way to the end."""
    latecomer = player(LATECOMER)
    started = start_run(exercise(), by=latecomer, at=timezone.now())
    while started.finished_at is None:
        _take_a_step(started, latecomer)
        started.refresh_from_db()
    return started.dispositions.earliest("pk")


def _take_a_step(started: Run, who) -> None:
    """The best decision that leads on; where something is to be written, it is."""
    node, now = started.exercise.case.written[started.node], timezone.now()
    open_node(started, node.id, by=who, at=now)
    if node.kind is NodeKind.DISPOSITION:
        if not has_text(started, node.id):
            save_disposition(started, node.id, _TEXT, client_id=uuid4(), by=who, at=now)
        chosen = WRITTEN
    else:
        scored = [each for each in node.decisions if each.credit is not None]
        chosen = max(scored, key=lambda each: each.credit).id
    decide(started, node.id, chosen, client_id=uuid4(), by=who, at=now)
