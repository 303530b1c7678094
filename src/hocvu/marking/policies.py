"""Who may mark written answers, appeal, and answer an appeal."""

from hocvu.exams.models import Attempt, Sitting
from hocvu.exams.policies import can_run_tests, learns_in
from hocvu.marking.models import Appeal, Marker, Marking
from hocvu.people.models import Person


def can_mark(person: Person, attempt: Attempt) -> bool:
    """The markers of its sitting, as long as nothing forbids it (see `can_be_a_marker`)."""
    if not can_be_a_marker(person, attempt.sitting) or attempt.person_id == person.pk:
        return False
    return Marker.objects.filter(
        sitting=attempt.sitting_id, person=person, released_at=None
    ).exists()


def can_be_a_marker(person: Person, sitting: Sitting) -> bool:
    """Not the supervisor of the class, who knows the learners by their writing and answers for how
    the class does; nor anybody who learns in it, who would be measured against those they mark.
    """
    training_class = sitting.training_class
    return training_class.supervisor_id != person.pk and not learns_in(person, training_class.pk)


def can_appeal(person: Person, attempt: Attempt) -> bool:
    return attempt.person_id == person.pk


def can_answer_appeal(person: Person, appeal: Appeal) -> bool:
    """Who runs the class; not the learner, and nobody who marked what it is about."""
    attempt = appeal.attempt
    if attempt.person_id == person.pk:
        return False
    marked = Marking.objects.filter(attempt=attempt, marker=person)
    if appeal.question_id is not None:
        marked = marked.filter(question=appeal.question_id)
    return can_run_tests(person, attempt.sitting.training_class) and not marked.exists()
