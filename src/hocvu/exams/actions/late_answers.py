"""Deciding whether answers that came after the end of an attempt count."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.exams import policies
from hocvu.exams.actions.remarking import mark_anew
from hocvu.exams.events import LateAnswersCounted
from hocvu.exams.models import Answer, Attempt, LateAnswer, Remarking
from hocvu.exams.queries.receipts import digest_of, digest_of_late, link_of
from hocvu.exams.rules import next_link
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.kernel.events import publish
from hocvu.people.models import Person


class NothingToDecide(NotPossible):
    """No late answer of this attempt waits."""


class MoreCameMeanwhile(NotPossible):
    """More late answers wait than whoever decides has seen."""


class AttemptIsStillUnderWay(NotPossible):
    """What came late is decided when the attempt has ended."""


class AttemptDoesNotCount(NotPossible):
    """A voided attempt counts for nothing, and so does what came late for it."""


def decide_late_answers(
    attempt: Attempt,
    *,
    counts: bool,
    by: Person,
    at: datetime,
    reason: str,
    seen: int | None = None,
) -> list[Remarking]:
    """Every late answer of this attempt that waits counts, or none does; how its marks changed.

    `seen`: how many of them whoever decides was shown; nobody decides about others.

    What counts is chained to what stood when the attempt was handed in, so the seal made then can
    still be checked. An answer older than the one that stands changes nothing.
    """
    with transaction.atomic():
        locked = Attempt.objects.select_for_update(of=("self",))
        attempt = locked.select_related("sitting__paper", "sitting__training_class").get(
            pk=attempt.pk
        )
        if not policies.can_decide_late(by, attempt):
            raise NotAllowed(
                _("Only those who run this class decide about answers that came late."),
                _("Please ask the class supervisor; nobody decides about their own answers."),
            )
        waiting = _waiting(attempt)
        if seen is not None and seen != len(waiting):
            raise MoreCameMeanwhile(
                _("The late answers of this attempt have changed meanwhile."),
                _("Please look at them again, then decide."),
            )
        for late in waiting:
            late.decided_at, late.decided_by = at, by
            late.counts, late.reason = counts, reason
        LateAnswer.objects.bulk_update(waiting, ["decided_at", "decided_by", "counts", "reason"])
        record(
            "late_answers_decided",
            attempt,
            by=by,
            at=at,
            reason=reason,
            answers=len(waiting),
            counts=counts,
        )
        if not counts:
            return []
        changed = _let_count(attempt, waiting)
        publish(LateAnswersCounted(attempt.pk, tuple(changed), by.pk, at))
        return mark_anew([attempt], cause="late_answers", at=at)


def _waiting(attempt: Attempt) -> list[LateAnswer]:
    """In the order in which the device gave them."""
    if attempt.voided_at is not None:
        raise AttemptDoesNotCount(
            _("This attempt was declared void, so answers that came late cannot count."),
            _("If it should count after all, the learner has to take the test again."),
        )
    if attempt.handed_in_at is None:
        raise AttemptIsStillUnderWay(
            _("This attempt is still under way."), _("Decide when it has been handed in.")
        )
    late = LateAnswer.objects.select_for_update().filter(attempt=attempt, decided_at=None)
    waiting = list(late.order_by("sequence", "client_id"))
    if not waiting:
        raise NothingToDecide(
            _("No late answer of this attempt waits for a decision."),
            _("Please load the page again and decide anew."),
        )
    return waiting


def _let_count(attempt: Attempt, waiting: Sequence[LateAnswer]) -> list[int]:
    """Chain each to what stands, if it is newer; the questions that now have another answer.

    The row of the attempt is the lock.
    """
    standing = {each.question_id: each for each in Answer.objects.filter(attempt=attempt)}
    changed: dict[int, Answer] = {}
    for late in waiting:
        answer = standing.get(late.question_id)
        if answer is not None and _rank(late) <= _rank(answer):
            continue
        digest = digest_of_late(late)
        if answer is None:
            answer = Answer(attempt=attempt, question_id=late.question_id)
            answer.link = next_link(b"", digest)
        else:
            answer.link = next_link(link_of(answer), digest)
            answer.earlier = bytes(answer.earlier) + digest_of(answer)
        answer.digest = digest
        answer.chosen, answer.sequence = late.chosen, late.sequence
        answer.client_id, answer.saved_at = late.client_id, late.arrived_at
        standing[late.question_id] = changed[late.question_id] = answer
    Answer.objects.bulk_update([each for each in changed.values() if each.pk], _COLUMNS)
    Answer.objects.bulk_create([each for each in changed.values() if not each.pk])
    return list(changed)


_COLUMNS = ("chosen", "sequence", "client_id", "saved_at", "digest", "earlier", "link")


def _rank(answer: Answer | LateAnswer) -> tuple[int, UUID]:
    return answer.sequence, answer.client_id
