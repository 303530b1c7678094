"""Exercises as one learner or coordinator meets them."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from django.db.models import Q

from hocvu.classes.models import BridgePoint, Enrolment
from hocvu.people.models import Person
from hocvu.situations.models import Debrief, Exercise, Mode, Run
from hocvu.situations.queries.shown import said
from hocvu.ui.languages import in_language


class ExerciseState(Enum):
    NOT_OPEN_YET = "not_open_yet"
    CAN_START = "can_start"
    UNDER_WAY = "under_way"
    WAITS = "waits"  # finished; somebody is still marking what was written
    MARKED = "marked"
    CLOSED = "closed"  # never started


@dataclass(frozen=True)
class ExerciseMet:
    """An exercise as one person meets it, alone or at one bridge point.

    `decides` tells whether they are the one to decide; other members of a group only look on.
    """

    exercise: Exercise
    bridge_point: BridgePoint | None
    run: Run | None
    state: ExerciseState
    decides: bool
    debrief_is_open: bool

    @property
    def title(self) -> str:
        return in_language(self.exercise.case.title, self.exercise.case.title_en)

    @property
    def summary(self) -> str:
        return said(self.exercise.case.written.summary)

    @property
    def role(self) -> str:
        return said(self.exercise.case.written.role)


def exercises_of(person: Person, at: datetime) -> list[ExerciseMet]:
    """Exercises to answer alone, then those of bridge points; the next to close first.

    Four queries, however many exercises.
    """
    enrolments = list(
        Enrolment.objects.active().filter(person=person).select_related("bridge_point")
    )
    points = {each.bridge_point_id: each.bridge_point for each in enrolments}
    points |= {each.pk: each for each in BridgePoint.objects.filter(coordinator=person)}
    exercises = list(
        Exercise.objects.filter(
            Q(mode=Mode.INDIVIDUAL, training_class__in=[e.training_class_id for e in enrolments])
            | Q(
                mode=Mode.BRIDGE_POINT,
                training_class__in=[each.training_class_id for each in points.values()],
            )
        )
        .select_related("case", "training_class")
        .order_by("closes_at", "pk")
    )
    runs = {
        (run.exercise_id, run.bridge_point_id): run
        for run in Run.objects.filter(
            Q(person=person) | Q(bridge_point__in=points), exercise__in=exercises
        )
    }
    alone = [
        _as_met(each, None, runs.get((each.pk, None)), at, decides=True)
        for each in exercises
        if not each.is_for_groups
    ]
    in_groups = [
        _as_met(
            *(each, point, runs.get((each.pk, point.pk)), at),
            decides=point.coordinator_id == person.pk,
        )
        for each in exercises
        if each.is_for_groups
        for point in sorted(points.values(), key=lambda point: point.pk)
        if point.training_class_id == each.training_class_id
    ]
    return alone + in_groups


def exercise_met(person: Person, exercise: Exercise, at: datetime) -> list[ExerciseMet]:
    """One exercise, alone or at each bridge point where this person has to do with it."""
    return [each for each in exercises_of(person, at) if each.exercise.pk == exercise.pk]


def exercises_ahead_of(person: Person, at: datetime) -> list[ExerciseMet]:
    """What a person has still to decide: not closed, and not finished."""
    ahead = {ExerciseState.NOT_OPEN_YET, ExerciseState.CAN_START, ExerciseState.UNDER_WAY}
    return [each for each in exercises_of(person, at) if each.decides and each.state in ahead]


def debrief_is_open(run: Run, exercise: Exercise, at: datetime) -> bool:
    """The key is given away when the run is finished, or only when everybody's is."""
    if run.finished_at is None:
        return False
    return exercise.debrief == Debrief.FINISHED or at >= exercise.closes_at


def _as_met(
    exercise: Exercise,
    bridge_point: BridgePoint | None,
    run: Run | None,
    at: datetime,
    *,
    decides: bool,
) -> ExerciseMet:
    may_read = run is not None and debrief_is_open(run, exercise, at)
    return ExerciseMet(exercise, bridge_point, run, _state(exercise, run, at), decides, may_read)


def _state(exercise: Exercise, run: Run | None, at: datetime) -> ExerciseState:
    if run is not None and run.marked_at is not None:
        return ExerciseState.MARKED
    if run is not None:
        return ExerciseState.WAITS if run.finished_at else ExerciseState.UNDER_WAY
    if at >= exercise.closes_at:
        return ExerciseState.CLOSED
    return ExerciseState.CAN_START if at >= exercise.opens_at else ExerciseState.NOT_OPEN_YET
