"""Saving answers while an attempt is under way.

Devices lose replies, repeat themselves and overtake themselves. The answer with the greatest
sequence stands, whatever order deliveries arrive in; a delivery that would change nothing is
answered with what stands, even after the attempt was handed in.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.exams import policies, rules
from hocvu.exams.models import Answer, Attempt
from hocvu.exams.queries.papers import key_of, question_asked_in
from hocvu.exams.queries.receipts import answers_of, receipt_of_answer, stored
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.people.models import Person


class QuestionIsNotAsked(NotPossible):
    """The question does not stand in this paper."""


class AnswerDoesNotFit(NotPossible):
    """The options chosen cannot answer this question."""


class AttemptIsHandedIn(NotPossible):
    pass


class TimeIsOver(NotPossible):
    pass


@dataclass(frozen=True)
class Receipt:
    """What stands for a question after a delivery; `code` is for the learner to see and keep."""

    question_id: int
    chosen: tuple[str, ...]
    sequence: int
    code: str


# Both checks and the write in one statement: the share lock waits for a hand-in under way and
# then sees its result; of two answers the greater (sequence, client_id) stands.
_SAVE = """
INSERT INTO exams_answer AS standing
    (attempt_id, question_id, chosen, sequence, client_id, saved_at)
SELECT attempt.id, %(question)s, %(chosen)s::jsonb, %(sequence)s, %(client_id)s, %(at)s
FROM exams_attempt AS attempt
WHERE attempt.id = %(attempt)s AND attempt.handed_in_at IS NULL
    AND attempt.must_end_at >= %(still_counts)s
FOR SHARE
ON CONFLICT (attempt_id, question_id) DO UPDATE
SET chosen = excluded.chosen, sequence = excluded.sequence,
    client_id = excluded.client_id, saved_at = excluded.saved_at
WHERE (standing.sequence, standing.client_id) < (excluded.sequence, excluded.client_id)
RETURNING standing.id
"""


def save_answer(
    attempt: Attempt,
    question_id: int,
    chosen: Sequence[str],
    *,
    sequence: int,
    client_id: UUID,
    by: Person,
    at: datetime,
) -> Receipt:
    """Keep this answer, unless a later one already stands. The stored row is its own record.

    Choosing nothing takes an answer back. Two statements when all is well.
    """
    if not policies.can_answer(by, attempt):
        raise NotAllowed(
            _("Only the person who takes a test can answer it."),
            _("Please sign in with your own account."),
        )
    _refuse_unfit(attempt, question_id, chosen)
    answer = rules.StoredAnswer(question_id, tuple(sorted(chosen)), sequence)
    if not _saved(attempt, answer, client_id, at):
        answer = _standing_instead(attempt, answer, at)
    return Receipt(
        answer.question_id,
        answer.chosen,
        answer.sequence,
        receipt_of_answer(attempt.pk, answer),
    )


def save_answers(
    attempt: Attempt,
    choices: Mapping[int, Sequence[str]],
    *,
    seen: Mapping[int, int],
    by: Person,
    at: datetime,
) -> list[int]:
    """Save a whole page sent without scripts; the questions that had changed elsewhere meanwhile.

    `seen` holds the sequence of the answer the page showed for each question (0 for none). Only
    what differs is saved, and never over an answer the page had not seen.
    """
    with transaction.atomic():
        standing = {each.question_id: each for each in answers_of([attempt.pk]).get(attempt.pk, [])}
        changed_elsewhere, saved = [], 0
        for question_id, chosen in choices.items():
            before = standing.get(question_id)
            if sorted(chosen) == (before.chosen if before else []):
                continue
            if (before.sequence if before else 0) != seen.get(question_id, 0):
                changed_elsewhere.append(question_id)
                continue
            save_answer(
                attempt,
                question_id,
                chosen,
                sequence=max(_milliseconds(at), before.sequence + 1 if before else 0),
                client_id=uuid4(),
                by=by,
                at=at,
            )
            saved += 1
        if saved:
            record("answers_saved", attempt, by=by, at=at, answers=saved)
        return changed_elsewhere


def _refuse_unfit(attempt: Attempt, question_id: int, chosen: Sequence[str]) -> None:
    question = question_asked_in(attempt, question_id)
    if question is None:
        raise QuestionIsNotAsked(
            _("This question is not part of this test."),
            _("Please load the page of the test again."),
        )
    flaw = rules.flaw_in(key_of(question), chosen)
    if flaw is rules.AnswerFlaw.TOO_MANY_OPTIONS:
        raise AnswerDoesNotFit(
            _("This question takes one option only."), _("Please choose one option.")
        )
    if flaw is not None:
        raise AnswerDoesNotFit(
            _("This option does not belong to the question."),
            _("Please load the page of the test again."),
        )


def _saved(attempt: Attempt, answer: rules.StoredAnswer, client_id: UUID, at: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            _SAVE,
            {
                "attempt": attempt.pk,
                "question": answer.question_id,
                "chosen": json.dumps(answer.chosen),
                "sequence": answer.sequence,
                "client_id": client_id,
                "at": at,
                "still_counts": at - rules.GRACE,
            },
        )
        return cursor.fetchone() is not None


def _standing_instead(
    attempt: Attempt, answer: rules.StoredAnswer, at: datetime
) -> rules.StoredAnswer:
    """Nothing was written: an answer as new or newer stands, or it is too late to change one."""
    standing = Answer.objects.filter(attempt=attempt, question=answer.question_id).first()
    if standing is not None and standing.sequence >= answer.sequence:
        return stored(standing)
    now = Attempt.objects.get(pk=attempt.pk)
    if now.handed_in_at is None and rules.is_too_late(now.must_end_at, at):
        raise TimeIsOver(
            _("Time is over: this answer came too late to count."),
            _("Your earlier answers are kept and will be marked."),
        )
    raise AttemptIsHandedIn(
        _("This attempt has been handed in, so its answers can no longer change."),
        _("Please open the result."),
    )


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)
