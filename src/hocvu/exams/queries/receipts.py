"""Standing answers, and the codes a learner keeps of them."""

from collections.abc import Iterable

from django.conf import settings

from hocvu.exams import rules
from hocvu.exams.models import Answer, Attempt, LateAnswer


def answers_of(attempt_ids: Iterable[int]) -> dict[int, list[Answer]]:
    """The standing answers of many attempts, by attempt. One query."""
    found: dict[int, list[Answer]] = {}
    for answer in Answer.objects.filter(attempt__in=list(attempt_ids)).order_by("question_id"):
        found.setdefault(answer.attempt_id, []).append(answer)
    return found


def digest_of(answer: Answer) -> bytes:
    """The digest its content has, whatever was stored. Its lines are text: `chosen`."""
    return rules.answer_digest(
        answer.attempt_id,
        answer.question_id,
        answer.chosen,
        sequence=answer.sequence,
        client_id=answer.client_id,
        saved_at=answer.saved_at,
    )


def link_of(answer: Answer) -> bytes:
    """The stored link; for an answer from before there were any, the one it would have."""
    return bytes(answer.link) or rules.next_link(b"", digest_of(answer))


def stored(answer: Answer) -> rules.StoredAnswer:
    return rules.StoredAnswer(
        answer.question_id, tuple(answer.chosen), answer.sequence, link_of(answer)
    )


def receipt_of_answer(attempt_id: int, answer: rules.StoredAnswer) -> str:
    secret = settings.SECRET_KEY.encode()
    return rules.answer_receipt(secret, attempt_id, answer.question_id, answer.link)


def seal_of(attempt: Attempt, answers: Iterable[Answer]) -> bytes:
    """The seal to be fixed when this attempt is handed in with these answers. No query."""
    return rules.seal_of(
        attempt.seed, ((answer.question_id, link_of(answer)) for answer in answers)
    )


def receipt_of_attempt(attempt: Attempt) -> str:
    """The code a learner keeps of an attempt that was handed in; none while it is under way."""
    return rules.seal_receipt(bytes(attempt.seal)) if attempt.seal is not None else ""


def digest_of_late(late: LateAnswer) -> bytes:
    """The digest a late answer has once it counts: it was saved when it arrived."""
    return rules.answer_digest(
        late.attempt_id,
        late.question_id,
        late.chosen,
        sequence=late.sequence,
        client_id=late.client_id,
        saved_at=late.arrived_at,
    )
