"""Papers as they are asked."""

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import get_language

from hocvu.exams import rules
from hocvu.exams.models import Attempt, Paper, PaperQuestion, Sitting
from hocvu.questions.models import Question, QuestionKind


def latest_papers() -> QuerySet[Paper]:
    """The newest version of every paper."""
    newest = Paper.objects.filter(code=OuterRef("code")).order_by("-version").values("pk")[:1]
    return Paper.objects.filter(pk=Subquery(newest)).order_by("code")


def questions_of(paper_id: int) -> list[Question]:
    """The questions of a paper in written order. One query."""
    rows = PaperQuestion.objects.filter(paper=paper_id).select_related("question")
    return [row.question for row in rows.order_by("position", "pk")]


def number_of_questions(paper_id: int) -> int:
    return PaperQuestion.objects.filter(paper=paper_id).count()


def key_of(question: Question) -> rules.Key:
    return rules.Key(
        question_id=question.pk,
        takes_many=question.kind == QuestionKind.MULTIPLE,
        options=tuple(option["id"] for option in question.options),
        right=frozenset(option["id"] for option in question.options if option["right"]),
        component=question.component_code,
    )


def keys_of(paper_id: int) -> list[rules.Key]:
    return [key_of(question) for question in questions_of(paper_id)]


def question_asked_in(attempt: Attempt, question_id: int) -> Question | None:
    """The question, if it stands in this attempt's paper."""
    paper = Sitting.objects.filter(pk=attempt.sitting_id).values("paper")
    asked = PaperQuestion.objects.filter(paper__in=paper, question=question_id)
    row = asked.select_related("question").first()
    return row.question if row else None


def in_language(vietnamese: str, english: str) -> str:
    return english if english and (get_language() or "vi").startswith("en") else vietnamese
