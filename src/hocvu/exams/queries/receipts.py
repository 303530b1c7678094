"""Standing answers, and the codes a learner keeps of them."""

from collections.abc import Iterable

from django.conf import settings

from hocvu.exams import rules
from hocvu.exams.models import Answer


def answers_of(attempt_ids: Iterable[int]) -> dict[int, list[Answer]]:
    """The standing answers of many attempts, by attempt. One query."""
    found: dict[int, list[Answer]] = {}
    for answer in Answer.objects.filter(attempt__in=list(attempt_ids)).order_by("question_id"):
        found.setdefault(answer.attempt_id, []).append(answer)
    return found


def stored(answer: Answer) -> rules.StoredAnswer:
    return rules.StoredAnswer(answer.question_id, tuple(answer.chosen), answer.sequence)


def receipt_of_answer(attempt_id: int, answer: rules.StoredAnswer) -> str:
    return rules.answer_receipt(settings.SECRET_KEY.encode(), attempt_id, answer)


def receipt_of_attempt(attempt_id: int, answers: Iterable[Answer]) -> str:
    """The code a learner keeps: anybody can later see whether these answers are still the same."""
    return rules.attempt_receipt(settings.SECRET_KEY.encode(), attempt_id, map(stored, answers))
