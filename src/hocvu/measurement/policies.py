"""Who may offer tests, take them, and put questions on a scale."""

from hocvu.classes.models import Enrolment, TrainingClass
from hocvu.classes.policies import can_run
from hocvu.measurement.models import AdaptiveRun, AdaptiveSitting, Calibration
from hocvu.measurement.queries.scales import calibrates
from hocvu.people.models import Person
from hocvu.questions.models import Question
from hocvu.questions.queries.reach import questions_open_to


def can_offer_tests(person: Person, training_class: TrainingClass) -> bool:
    """Officers who run classes where this one is hosted, and its supervisor."""
    return can_run(person, training_class)


def can_take(person: Person, sitting: AdaptiveSitting) -> bool:
    """The learners of the class."""
    enrolled = Enrolment.objects.active().filter(training_class=sitting.training_class_id)
    return enrolled.filter(person=person).exists()


def can_answer(person: Person, run: AdaptiveRun) -> bool:
    return run.person_id == person.pk


def can_calibrate(person: Person) -> bool:
    return calibrates(person)


def can_approve(person: Person, calibration: Calibration) -> bool:
    """Four eyes: who asked for a calibration does not approve it."""
    return calibrates(person) and calibration.asked_for_by_id != person.pk


def can_see_quality(person: Person, question: Question) -> bool:
    """Whoever reaches a question in the bank: its figures show its key."""
    return questions_open_to(person).filter(pk=question.pk).exists()


def can_run_panels(person: Person) -> bool:
    """Who writes questions for the whole nation draws its lines: opens, closes, decides."""
    return calibrates(person)
