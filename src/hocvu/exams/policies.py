"""Who may offer a test, take in answers, and sit."""

from hocvu.classes.models import BridgePoint, Enrolment, TrainingClass
from hocvu.exams.models import Attempt
from hocvu.people.models import Person
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission


def can_run_tests(person: Person, training_class: TrainingClass) -> bool:
    """Officers who run classes where this one is hosted, and its supervisor."""
    return training_class.supervisor_id == person.pk or scope_of(person).covers(
        Permission.RUN_CLASSES, training_class.host_unit
    )


def can_take_in_sheets_of(
    person: Person, training_class: TrainingClass, learner_ids: set[int]
) -> bool:
    """Those who run its tests, and coordinators for learners of their own bridge points."""
    if can_run_tests(person, training_class):
        return True
    own_points = BridgePoint.objects.filter(training_class=training_class, coordinator=person)
    own_learners = Enrolment.objects.active().filter(
        bridge_point__in=own_points, person__in=learner_ids
    )
    return own_learners.count() == len(learner_ids)


def can_answer(person: Person, attempt: Attempt) -> bool:
    return attempt.person_id == person.pk
