"""Who may offer a test, supervise, take in answers, and sit."""

from hocvu.classes.models import Enrolment, TrainingClass
from hocvu.exams.models import Attempt, ExamRoom, Sitting
from hocvu.exams.queries.sheets import learners_to_bring_in, sittings_on_paper_for
from hocvu.people.models import Person
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission
from hocvu.questions.models import Question
from hocvu.questions.queries.reach import writes_for_everybody


def learns_in(person: Person, training_class_id: int) -> bool:
    learners = Enrolment.objects.active().filter(training_class=training_class_id)
    return learners.filter(person=person).exists()


def can_run_tests(person: Person, training_class: TrainingClass) -> bool:
    """Officers who run classes where this one is hosted, and its supervisor.

    Nobody who learns in the class: they would supervise, void, prolong and judge their own test.
    """
    runs = training_class.supervisor_id == person.pk or scope_of(person).covers(
        Permission.RUN_CLASSES, training_class.host_unit
    )
    return runs and not learns_in(person, training_class.pk)


def can_bring_in_sheets(person: Person, sitting: Sitting) -> bool:
    """Who runs the class, supervises a room at a bridge point, or coordinates one."""
    return sittings_on_paper_for(person).filter(pk=sitting.pk).exists()


def can_print_booklet(person: Person, sitting: Sitting) -> bool:
    """Of those, whoever does not learn in the class: nobody reads the test before they sit it."""
    return can_bring_in_sheets(person, sitting) and not learns_in(person, sitting.training_class_id)


def can_take_in_sheets_of(person: Person, sitting: Sitting, learner_ids: set[int]) -> bool:
    """Who runs the tests of the class; for learners of their rooms and points, their supervisors
    and coordinators.

    A coordinator may learn there too; their own sheet is for others to bring in.
    """
    if can_run_tests(person, sitting.training_class):
        return True
    own = learners_to_bring_in(person, sitting).filter(person__in=learner_ids)
    return own.count() == len(learner_ids)


def can_answer(person: Person, attempt: Attempt) -> bool:
    return attempt.person_id == person.pk


def can_supervise(person: Person, room: ExamRoom) -> bool:
    """The supervisor of the room, and whoever runs the class; nobody who may sit in it."""
    training_class = room.sitting.training_class
    if room.supervisor_id == person.pk:
        return not learns_in(person, training_class.pk)
    return can_run_tests(person, training_class)


def can_correct_key(person: Person, question: Question) -> bool:
    """Officers of the unit that owns it, who answer for its questions and for classes as well.

    A corrected key reaches every class that was asked the question, so a teacher alone, or the
    supervisor of one class, does not decide it. Questions that belong to everybody are the
    nation's.
    """
    scope = scope_of(person)
    if question.owner is None:
        runs = scope.paths(Permission.RUN_CLASSES)
        return writes_for_everybody(person) and any(path.count(".") == 1 for path in runs)
    both = Permission.WRITE_QUESTIONS, Permission.RUN_CLASSES
    return all(scope.covers(each, question.owner) for each in both)


def can_decide_late(person: Person, attempt: Attempt) -> bool:
    """Who runs the class, and so nobody who learns in it; nobody about their own answers."""
    return attempt.person_id != person.pk and can_run_tests(person, attempt.sitting.training_class)
