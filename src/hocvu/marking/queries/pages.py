"""What markers see: the question, the rubric and the text; never the learner, never other marks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet

from hocvu.classes.models import Enrolment
from hocvu.exams.models import Answer, Attempt, HandedInFile, Sitting
from hocvu.exams.queries.files import file_standing
from hocvu.exams.queries.shown import QuestionShown, Standing, question_shown
from hocvu.kernel.vietnamese import fold
from hocvu.marking.models import Marker, Marking
from hocvu.marking.rules.double_marking import rubric_of
from hocvu.people.models import Person, RoleGrant
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission, roles_that_may
from hocvu.ui.languages import in_language


@dataclass(frozen=True)
class CriterionShown:
    """One line points are given for; without a text, the answer as a whole."""

    id: str
    text: str
    points: Decimal


@dataclass(frozen=True)
class AnswerToMark:
    """One written answer as its markers see it. `number` stands for whoever wrote it."""

    number: int
    question: QuestionShown
    criteria: tuple[CriterionShown, ...]
    file: HandedInFile | None

    @property
    def out_of(self) -> Decimal:
        return sum((each.points for each in self.criteria), Decimal(0)).normalize()


def answer_to_mark(answer: Answer) -> AnswerToMark:
    shown = question_shown(answer.question, 1, Standing(answer), seed=None)
    criteria = tuple(
        CriterionShown(each.id, in_language(each.text, each.text_en), each.points)
        for each in rubric_of(shown.item)
    )
    file = file_standing(answer.attempt, answer.question_id).first() if shown.file else None
    return AnswerToMark(answer.pk, shown, criteria, file)


def may_be_markers(person: Person, sitting: Sitting, name: str, on: date) -> QuerySet[Person]:
    """People with a role that marks for the class's unit, or among those this person sees.

    Without those who mark already, the supervisor of the class, and those who learn in it.
    """
    host = sitting.training_class.host_unit.path.split(".")[:-1]
    above = [".".join(host[: depth + 1]) + "." for depth in range(len(host))]
    roles = RoleGrant.objects.in_force_on(on).filter(
        Q(unit__path__in=above) | scope_of(person).reach(Permission.SEE_PEOPLE),
        role__in=roles_that_may(Permission.MARK_ANSWERS),
    )
    people = Person.objects.filter(pk__in=roles.values("person"))
    for word in fold(name).split():
        people = people.filter(search_key__contains=word)
    marking = Marker.objects.filter(sitting=sitting, released_at=None).values("person")
    learning = Enrolment.objects.active().filter(training_class=sitting.training_class_id)
    return (
        people.exclude(pk__in=marking)
        .exclude(pk__in=learning.values("person"))
        .exclude(pk=sitting.training_class.supervisor_id or 0)
        .order_by("sort_key", "pk")
    )


@dataclass(frozen=True)
class Remark:
    """What a marker wrote about an answer; the learner is not told who."""

    number: int  # of the question, as the page shows it
    key: str  # its anchor there
    text: str


def remarks_on(attempt: Attempt, numbers: Mapping[int, int]) -> tuple[Remark, ...]:
    """For the learner, once everything is marked."""
    if attempt.marked_at is None:
        return ()
    given = Marking.objects.filter(attempt=attempt).exclude(remarks="").order_by("pk")
    return tuple(
        Remark(numbers[each.question_id], str(each.question_id), each.remarks)
        for each in given
        if each.question_id in numbers
    )
