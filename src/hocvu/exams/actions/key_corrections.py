"""Correcting the key of a question: everybody who was marked by it is marked anew."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from hocvu.audit.actions import record
from hocvu.exams import policies, rules
from hocvu.exams.actions.marking import hold_keys
from hocvu.exams.actions.remarking import mark_anew
from hocvu.exams.models import Attempt, KeyCorrection
from hocvu.exams.queries.corrections import attempts_asked, standing_correction
from hocvu.exams.rules.corrections import Decision
from hocvu.items.content import CHOICES
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.kernel.time import day_of
from hocvu.people.models import Person
from hocvu.questions.actions import refuse_if_withheld
from hocvu.questions.models import Question
from hocvu.questions.queries import item_of

_AT_ONCE = 1_000  # answers of so many attempts are in memory together


class KeyDoesNotFit(NotPossible):
    """The corrected key names no option of the question, or the question has none."""


class KeyIsAlreadySo(NotPossible):
    """Nothing would change."""


class DecisionIsIncomplete(NotPossible):
    """A correction stands on a decision: its number, its day and the reason."""


def correct_key(
    question: Question, key: rules.Correction, decision: Decision, *, by: Person, at: datetime
) -> KeyCorrection:
    """From now on this question is marked so; a job marks anew everybody marked before.

    Nobody is being marked while the key changes: an attempt is marked by the old key before, and
    found by the job, or by the new one after.
    """
    with transaction.atomic():
        if not policies.can_correct_key(by, question):
            raise NotAllowed(
                _("You cannot correct the key of this question."),
                _("Please ask an officer of the unit the question belongs to."),
            )
        refuse_if_withheld(question, by, at)
        _refuse_unfit(question, key)
        _refuse_incomplete(decision, at)
        hold_keys(alone=True)
        if key == standing_correction(question):
            raise KeyIsAlreadySo(
                _("The key of this question is already so."),
                _("Please choose other right options, or leave it as it is."),
            )
        correction = KeyCorrection.objects.create(
            question=question,
            key=_as_stored(key),
            decision_number=decision.number,
            decided_on=decision.decided_on,
            reason=decision.reason,
            made_by=by,
            made_at=at,
        )
        record(
            *("key_corrected", correction),
            by=by,
            at=at,
            reason=decision.reason,
            question_id=question.pk,
        )
        carry_out_correction.defer(correction_id=correction.pk)
        return correction


def _refuse_unfit(question: Question, key: rules.Correction) -> None:
    if key.everybody:
        return
    item = item_of(question)
    if item.kind not in CHOICES:
        raise KeyDoesNotFit(
            _("The key of a question of this kind cannot be replaced by other options."),
            _("Give everybody its points, and write a new version of the question."),
        )
    if not key.right or key.right - {option.id for option in item.options}:
        raise KeyDoesNotFit(
            _("The corrected key has no right option among those of the question."),
            _("Please tick every option that is right."),
        )


def _refuse_incomplete(decision: Decision, at: datetime) -> None:
    if not decision.is_complete or decision.decided_on > day_of(at):
        raise DecisionIsIncomplete(
            _("A correction stands on a decision that has been made, with its reason."),
            _("Please write its number, its day and the reason."),
        )


def _as_stored(key: rules.Correction) -> dict[str, Any]:
    return {"everybody": True} if key.everybody else {"right": sorted(key.right)}


def mark_everybody_anew(correction: KeyCorrection, *, at: datetime) -> int:
    """All of them or none, once; how many results changed."""
    with transaction.atomic():
        locked = KeyCorrection.objects.select_for_update(of=("self",))
        correction = locked.select_related("question", "made_by").get(pk=correction.pk)
        if correction.remarked_at is not None:
            return 0
        changed, concerned = 0, 0
        for ids in _in_batches(correction.question):
            attempts = Attempt.objects.select_for_update(of=("self",)).select_related(
                "sitting__paper"
            )
            batch = list(attempts.filter(pk__in=ids).order_by("pk"))
            changes = mark_anew(batch, cause="key_correction", at=at, correction=correction)
            changed, concerned = changed + len(changes), concerned + len(batch)
        correction.remarked_at, correction.attempts = at, concerned
        correction.save(update_fields=["remarked_at", "attempts"])
        record(
            *("key_correction_carried_out", correction),
            by=correction.made_by,
            at=at,
            attempts=concerned,
            changed=changed,
        )
        return changed


def _in_batches(question: Question) -> list[list[int]]:
    ids = list(attempts_asked(question).order_by("pk").values_list("pk", flat=True))
    return [ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE)]


@app.task(queue="corrections", pass_context=False)
def carry_out_correction(correction_id: int) -> None:
    """The job behind a correction; it may run any number of times."""
    mark_everybody_anew(KeyCorrection.objects.get(pk=correction_id), at=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="finish_corrections", queue="corrections", pass_context=False)
def finish_corrections(timestamp: int) -> None:  # noqa: ARG001 — given by the scheduler
    """Every minute: what a killed process left undone is done."""
    for correction in KeyCorrection.objects.filter(remarked_at=None).order_by("pk"):
        mark_everybody_anew(correction, at=timezone.now())
