"""What people settled that written answers earned."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from hocvu.exams.models import Attempt, SettledAnswer
from hocvu.questions.models import Question
from hocvu.questions.queries import item_of

Name = tuple[int, int]  # attempt, question


def settled_shares(attempt_ids: Iterable[int]) -> dict[Name, Fraction]:
    """The share of its points each written answer earned, by attempt and question. One query.

    What nobody has settled is absent.
    """
    rows = SettledAnswer.objects.filter(attempt__in=list(attempt_ids))
    stored = rows.values_list("attempt", "question", "share")
    return {(attempt, question): Fraction(share) for attempt, question, share in stored}


def settled_points(attempts: Sequence[Attempt]) -> dict[Name, Fraction]:
    """As `settled_shares`, on the scale of the question's points. Two queries."""
    shares = settled_shares(attempt.pk for attempt in attempts)
    asked = Question.objects.in_bulk({question for _, question in shares}) if shares else {}
    points = {pk: Fraction(item_of(question).points) for pk, question in asked.items()}
    return {answer: share * points[answer[1]] for answer, share in shares.items()}
