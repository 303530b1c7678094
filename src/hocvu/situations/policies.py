"""Who may offer an exercise, decide in a run, and mark what was written."""

from hocvu.classes.models import BridgePoint, TrainingClass
from hocvu.classes.policies import can_run
from hocvu.people.models import Person
from hocvu.situations.models import Disposition, Exercise, Run


def can_open_exercises(person: Person, training_class: TrainingClass) -> bool:
    """Officers who run classes where this one is hosted, and its supervisor."""
    return can_run(person, training_class)


def can_run_for(person: Person, point: BridgePoint, exercise: Exercise) -> bool:
    """The coordinator of a bridge point enters what its group decides."""
    return (
        point.training_class_id == exercise.training_class_id and point.coordinator_id == person.pk
    )


def can_decide(person: Person, run: Run) -> bool:
    """Whose run it is; in a group's run, whoever coordinates the bridge point now."""
    if run.bridge_point is not None:
        return run.bridge_point.coordinator_id == person.pk
    return run.person_id == person.pk


def can_mark(person: Person, disposition: Disposition) -> bool:
    """Those who may open exercises for the class, but never on a run they had a hand in."""
    run = disposition.run
    had_a_hand_in_it = (
        run.person_id == person.pk
        or disposition.versions.filter(saved_by=person).exists()
        or run.members.filter(person=person).exists()
    )
    return not had_a_hand_in_it and can_open_exercises(person, run.exercise.training_class)
