"""Questions as papers need them."""

from collections.abc import Iterable

from hocvu.questions.models import Question


def latest_questions(codes: Iterable[str]) -> dict[str, Question]:
    """The newest version of each of these questions, by code; a code without one is absent."""
    versions = Question.objects.filter(code__in=list(codes)).order_by("code", "-version")
    return {question.code: question for question in versions.distinct("code")}
