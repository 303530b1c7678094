"""Appeals: a learner asks for a result to be looked at again; whoever runs the class answers."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.exams.models import Attempt
from hocvu.exams.queries.asked import question_asked_in
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.kernel.time import day_of
from hocvu.marking import policies
from hocvu.marking.actions.double_marking import call_fresh_marking
from hocvu.marking.models import Appeal
from hocvu.marking.queries.appeals import can_be_marked_afresh, known_at
from hocvu.marking.rules.appeals import Remedy, Ruling, last_day_to_appeal
from hocvu.people.models import Person


class NoResultYet(NotPossible):
    """There is nothing to appeal against before the attempt is marked or declared void."""


class TimeToAppealIsOver(NotPossible):
    pass


class AlreadyAppealed(NotPossible):
    """An attempt, or a question of it, is appealed once."""


class NothingIsSaid(NotPossible):
    """An appeal says what is wrong, an answer says why."""


class QuestionIsNotInThisTest(NotPossible):
    pass


class AppealIsAnswered(NotPossible):
    """An answer stands."""


class CannotBeMarkedAfresh(NotPossible):
    """Only a written answer that people have settled is marked afresh by others."""


def raise_appeal(
    attempt: Attempt,
    text: str,
    *,
    question_id: int | None,
    client_id: UUID,
    by: Person,
    at: datetime,
) -> Appeal:
    """Ask for the attempt, or one question of it, to be looked at again. Sent twice is one."""
    with transaction.atomic():
        attempt = Attempt.objects.select_for_update(of=("self",)).get(pk=attempt.pk)
        if not policies.can_appeal(by, attempt):
            raise NotAllowed(
                _("Only the person who took a test can appeal against its result."),
                _("Please sign in with your own account."),
            )
        before = Appeal.objects.filter(client_id=client_id).first()
        if before is not None and before.attempt_id == attempt.pk:
            return before
        _refuse(attempt, text, question_id, at)
        appeal = Appeal.objects.create(
            attempt=attempt,
            question_id=question_id,
            client_id=client_id,
            text=text.strip(),
            raised_at=at,
        )
        record("appeal_raised", appeal, by=by, at=at, attempt_id=attempt.pk)
        return appeal


def _refuse(attempt: Attempt, text: str, question_id: int | None, at: datetime) -> None:
    known = known_at(attempt)
    if known is None:
        raise NoResultYet(
            _("This attempt has no result yet."), _("Please come back when it has been marked.")
        )
    if day_of(at) > last_day_to_appeal(known):
        raise TimeToAppealIsOver(
            _("The time to appeal against this result is over."),
            _("If something is wrong, please tell the class supervisor."),
        )
    if not text.strip():
        raise NothingIsSaid(
            _("An appeal says what should be looked at."),
            _("Please write what you think is wrong."),
        )
    if question_id is not None and question_asked_in(attempt, question_id) is None:
        raise QuestionIsNotInThisTest(
            _("This question is not part of this test."),
            _("Please load the page of the test again."),
        )
    if Appeal.objects.filter(attempt=attempt, question=question_id).exists():
        raise AlreadyAppealed(
            _("You have already appealed about this."),
            _("The answer will stand on the page of the result."),
        )


def answer_appeal(appeal: Appeal, ruling: Ruling, *, by: Person, at: datetime) -> Appeal:
    """Uphold it or not, with the reason. An answer stands; sent twice is one.

    Upheld, it may have a written answer marked from the beginning by others. A key is corrected by
    those who may, for everybody: see `correct_key`.
    """
    with transaction.atomic():
        attempts = Attempt.objects.select_for_update(of=("self",))
        attempts.get(pk=appeal.attempt_id)
        appeal = Appeal.objects.select_related(
            "attempt__sitting__training_class__host_unit", "question"
        ).get(pk=appeal.pk)
        if not policies.can_answer_appeal(by, appeal):
            raise NotAllowed(
                _("You cannot answer this appeal."),
                _("It is answered by those who run the class and have not marked the answer."),
            )
        if appeal.answered_at is not None:
            return _same_answer(appeal, ruling, by)
        _refuse_ruling(appeal, ruling)
        appeal.answered_by, appeal.answered_at = by, at
        appeal.upheld, appeal.answer = ruling.upheld, ruling.answer.strip()
        appeal.save(update_fields=["answered_by", "answered_at", "upheld", "answer"])
        record(
            *("appeal_answered", appeal),
            by=by,
            at=at,
            upheld=ruling.upheld,
            remedy=ruling.remedy.value,
        )
        if ruling.remedy is Remedy.FRESH_MARKING and appeal.question_id is not None:
            call_fresh_marking(
                appeal.attempt, [appeal.question_id], cause="appeal", by=by, at=at, appeal=appeal
            )
        return appeal


def _same_answer(appeal: Appeal, ruling: Ruling, by: Person) -> Appeal:
    said = appeal.answered_by_id, appeal.upheld, appeal.answer
    if said != (by.pk, ruling.upheld, ruling.answer.strip()):
        raise AppealIsAnswered(
            _("This appeal has been answered, and the answer stands."),
            _("Please load the page again to read it."),
        )
    return appeal


def _refuse_ruling(appeal: Appeal, ruling: Ruling) -> None:
    if not ruling.answer.strip():
        raise NothingIsSaid(
            _("An answer to an appeal says why."), _("Please write the reason for the learner.")
        )
    if ruling.remedy is not Remedy.FRESH_MARKING:
        return
    if not ruling.upheld or not can_be_marked_afresh(appeal):
        raise CannotBeMarkedAfresh(
            _("Only a written answer that people have marked can be marked afresh."),
            _("Choose another outcome, or answer without one."),
        )
