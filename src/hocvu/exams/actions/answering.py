"""Saving answers while an attempt is under way, and keeping those that come later.

Devices lose replies, repeat themselves and overtake themselves. The answer with the greatest
sequence stands, whatever order deliveries arrive in; a delivery that would change nothing is
answered with what stands, even after the attempt was handed in. What comes after the end is kept
aside (`LateAnswer`) until somebody decides whether it counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.exams import policies, rules
from hocvu.exams.models import Attempt, LateAnswer
from hocvu.exams.queries.asked import question_asked_in
from hocvu.exams.queries.receipts import answers_of, receipt_of_answer
from hocvu.exams.rules.delivery import HEARD_EVERY, Delivery, Fate, Found, fate_of
from hocvu.exams.rules.statements import HEARD, KEEP_LATE, LOOK, SAVE, parameters
from hocvu.items.marking import AnswerFlaw, flaw_in
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.people.models import Person
from hocvu.questions.models import Question
from hocvu.questions.queries import item_of


class QuestionIsNotAsked(NotPossible):
    """The question does not stand in this paper."""


class AnswerDoesNotFit(NotPossible):
    """What was chosen or written cannot answer this question."""


class AnswerChangedTooOften(NotPossible):
    """No person changes an answer so often; a device that does must not fill the disk."""


class AttemptIsVoided(NotPossible):
    """A voided attempt takes no answers, not even late ones."""


class TooManyLateAnswers(NotPossible):
    """More was delivered after the end than a person can have answered."""


@dataclass(frozen=True)
class Receipt:
    """What stands for a question after a delivery; `code` is for the learner to see and keep."""

    question_id: int
    chosen: tuple[str, ...]
    sequence: int
    code: str


@dataclass(frozen=True)
class KeptLate:
    """The answer came after the end: it is kept aside, and does not count unless decided so."""

    question_id: int
    chosen: tuple[str, ...]
    sequence: int


def save_answer(
    attempt: Attempt,
    question_id: int,
    chosen: Sequence[str],
    *,
    sequence: int,
    client_id: UUID,
    by: Person,
    at: datetime,
) -> Receipt | KeptLate:
    """Keep this answer, unless a later one already stands. The stored row is its own record.

    Choosing nothing takes an answer back. Two statements when all is well.
    """
    if not policies.can_answer(by, attempt):
        raise NotAllowed(
            _("Only the person who takes a test can answer it."),
            _("Please sign in with your own account."),
        )
    refuse_unfit(question_asked_in(attempt, question_id), chosen)
    delivery = Delivery(
        attempt_id=attempt.pk,
        person_id=by.pk,
        question_id=question_id,
        chosen=tuple(sorted(chosen)),
        sequence=sequence,
        client_id=client_id,
        at=at,
    )
    standing = write(delivery) or _instead(delivery)
    if standing is None:
        return KeptLate(question_id, delivery.chosen, sequence)
    code = receipt_of_answer(attempt.pk, standing)
    return Receipt(standing.question_id, standing.chosen, standing.sequence, code)


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
    what differs is saved, and never over an answer the page had not seen. Sent after the end it is
    kept aside, and sent once more then, it is kept once.
    """
    with transaction.atomic():
        standing = {each.question_id: each for each in answers_of([attempt.pk]).get(attempt.pk, [])}
        kept = _last_kept(attempt) if attempt.handed_in_at is not None else {}
        changed_elsewhere, saved = [], 0
        for question_id, chosen in choices.items():
            before = standing.get(question_id)
            if sorted(chosen) == kept.get(question_id, before.chosen if before else []):
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


def _last_kept(attempt: Attempt) -> dict[int, list[str]]:
    """The last lines that were kept aside, by question."""
    rows = LateAnswer.objects.filter(attempt=attempt).order_by("sequence", "client_id")
    return dict(rows.values_list("question_id", "chosen"))


def refuse_unfit(question: Question | None, chosen: Sequence[str]) -> None:
    """Raise unless these lines can answer this question of the attempt."""
    if question is None:
        raise QuestionIsNotAsked(
            _("This question is not part of this test."),
            _("Please load the page of the test again."),
        )
    flaw = flaw_in(item_of(question), chosen)
    if flaw is not None:
        raise AnswerDoesNotFit(*_FLAWS.get(flaw, _does_not_belong)())


def _does_not_belong() -> tuple[str, str]:
    return (
        _("This option does not belong to the question."),
        _("Please load the page of the test again."),
    )


_FLAWS = {
    AnswerFlaw.TOO_MANY_OPTIONS: lambda: (
        _("This question takes one option only."),
        _("Please choose one option."),
    ),
    AnswerFlaw.NOT_A_NUMBER: lambda: (
        _("This is not a number."),
        _("Please write a number, for example 12.5."),
    ),
    AnswerFlaw.PLACE_TWICE: lambda: (
        _("Two of these have the same place."),
        _("Please give each its own place."),
    ),
    AnswerFlaw.TOO_LONG: lambda: (
        _("This answer is too long."),
        _("Please shorten it."),
    ),
    AnswerFlaw.NOT_TEXT: lambda: (
        _("This answer has characters that cannot be kept."),
        _("Please type it again instead of pasting it."),
    ),
}


def write(delivery: Delivery) -> rules.StoredAnswer | None:
    """Write one answer, if its attempt takes it and nothing newer stands; what stands then.

    The caller has seen to it that the answer fits.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute(SAVE, parameters([delivery]))
            row = cursor.fetchone()
    except IntegrityError as refused:
        if "an_answer_changes_at_most_5000_times" not in str(refused):
            raise
        raise AnswerChangedTooOften(
            _("This answer has been changed too often."), _("The last one that was saved counts.")
        ) from refused
    if row is None:
        return None
    return rules.StoredAnswer(
        delivery.question_id, delivery.chosen, delivery.sequence, bytes(row[2])
    )


def _instead(delivery: Delivery) -> rules.StoredAnswer | None:
    """Nothing was written: what stands instead, or nothing, once the answer is kept aside."""
    with connection.cursor() as cursor:
        cursor.execute(LOOK, parameters([delivery]))
        found = Found(*cursor.fetchone())
    match fate_of(delivery, found):
        case Fate.STANDS:
            return found.standing
        case Fate.VOIDED:
            raise AttemptIsVoided(
                _("This attempt was declared void, so it takes no more answers."),
                _("If you do not know why, please ask the class supervisor."),
            )
        case Fate.AGAIN:
            return write(delivery) or _instead(delivery)
        case Fate.LATE:
            _keep_late(delivery)
            return None


def _keep_late(delivery: Delivery) -> None:
    with connection.cursor() as cursor:
        cursor.execute(KEEP_LATE, parameters([delivery]))
        if cursor.fetchone() is None:
            raise TooManyLateAnswers(
                _("This attempt has ended, and too many answers came after its end."),
                _("Please tell the class supervisor."),
            )


def hear_device(attempt: Attempt, *, at: datetime) -> None:
    """A device of this attempt has asked something: the supervisor's board shows it as connected.

    Written at most every twenty seconds; no evidence of anything.
    """
    heard: dict[str, Any] = {"attempt": attempt.pk, "at": at, "heard_every": HEARD_EVERY}
    with connection.cursor() as cursor:
        cursor.execute(HEARD, heard)


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)
