"""From draft to use and out of it: two persons approve, then somebody puts the question in use."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.items.marking import item_flaws
from hocvu.kernel.errors import NotPossible
from hocvu.people.models import Person
from hocvu.questions.actions.locking import (
    held,
    locked,
    refuse_if_withheld,
    refuse_unless_can_retire,
    refuse_unless_can_review,
    refuse_unless_can_write,
)
from hocvu.questions.models import Question, QuestionReview
from hocvu.questions.queries.items import item_of
from hocvu.questions.queries.places import place_of
from hocvu.questions.queries.words import sentence_of_flaw
from hocvu.questions.rules.states import QuestionState, Said, is_reviewed


class QuestionIsUnfinished(NotPossible):
    """Something must be put right before others look at it."""


class QuestionIsNotInReview(NotPossible):
    """Nobody asked for a review, or it is over."""


class ReviewWasGiven(NotPossible):
    """The same person has said something else about the same version."""


class QuestionIsNotReviewed(NotPossible):
    """Two persons have to approve before a question is asked."""


def send_for_review(questions: Iterable[Question], *, by: Person, at: datetime) -> int:
    """Ask others to look at drafts; how many were sent. Sending twice is once. All or none."""
    with transaction.atomic():
        drafts = [each for each in held(questions) if each.state is not QuestionState.IN_REVIEW]
        for question in drafts:
            refuse_unless_can_write(question, by)
            if question.state is not QuestionState.DRAFT or question.returned_at:
                raise QuestionIsNotInReview(
                    _("Question %(question)s is not a draft that can be sent for review.")
                    % {"question": question},
                    _("Please edit it first: that makes a new version."),
                )
            _refuse_unfinished(question)
        sent = [each.pk for each in drafts]
        Question.objects.filter(pk__in=sent).update(sent_for_review_at=at)
        if sent:
            record("questions_sent_for_review", "questions.question", by=by, at=at, ids=sent)
        return len(sent)


def review_question(
    question: Question, *, approves: bool, remarks: str, by: Person, at: datetime
) -> Question:
    """Say whether a question is fit to be asked. The second approval makes it reviewed.

    An objection returns it to its author. The same word twice is once.
    """
    with transaction.atomic():
        question = locked(question)
        refuse_unless_can_review(question, by)
        refuse_if_withheld(question, by, at)
        said = question.reviews.filter(reviewer=by).first()
        if said:
            return _said_before(question, said, approves=approves)
        if question.state is not QuestionState.IN_REVIEW:
            raise QuestionIsNotInReview(
                _("Question %(question)s is not waiting for a review.") % {"question": question},
                _("Please open it to see where it stands."),
            )
        question.reviews.create(reviewer=by, approves=approves, remarks=remarks, reviewed_at=at)
        _conclude(question, at)
        act = "question_approved" if approves else "question_returned"
        record(act, question, by=by, at=at)
        return question


def put_in_use(questions: Iterable[Question], *, by: Person, at: datetime) -> int:
    """From now on papers may ask these; the version before each is retired. All or none."""
    with transaction.atomic():
        new = [each for each in held(questions) if each.state is not QuestionState.IN_USE]
        for question in new:
            refuse_unless_can_write(question, by)
            if question.state is not QuestionState.REVIEWED:
                raise QuestionIsNotReviewed(
                    _("Question %(question)s has not been approved by two persons.")
                    % {"question": question},
                    _("Please have it reviewed first."),
                )
        _replace_earlier(new, at)
        Question.objects.filter(pk__in=[each.pk for each in new]).update(
            put_in_use_at=at, put_in_use_by=by
        )
        if new:
            named = [each.pk for each in new]
            record("questions_put_in_use", "questions.question", by=by, at=at, ids=named)
        return len(new)


def retire_question(question: Question, *, reason: str, by: Person, at: datetime) -> Question:
    """Take a question out of use, or give up a draft; papers that ask it already keep it."""
    with transaction.atomic():
        question = locked(question)
        refuse_unless_can_retire(question, by)
        if question.state is QuestionState.RETIRED:
            return question
        question.retired_at, question.retired_by, question.retire_reason = at, by, reason
        question.save(update_fields=["retired_at", "retired_by", "retire_reason"])
        record("question_retired", question, by=by, at=at, reason=reason)
        return question


def share_question(question: Question, *, shared: bool, by: Person, at: datetime) -> Question:
    """Let everybody who writes questions see and ask it once it is in use, or no longer."""
    with transaction.atomic():
        question = locked(question)
        refuse_unless_can_write(question, by)
        if question.is_shared == shared:
            return question
        question.is_shared = shared
        question.save(update_fields=["is_shared"])
        record("question_shared" if shared else "question_unshared", question, by=by, at=at)
        return question


def _refuse_unfinished(question: Question) -> None:
    item = item_of(question)
    wanting = [sentence_of_flaw(flaw, item) for flaw in item_flaws(item)]
    if not place_of(question).is_complete:
        wanting.append(_("Its component, level and source are not all given."))
    if wanting:
        raise QuestionIsUnfinished(
            _("Question %(question)s is not finished: %(flaws)s")
            % {"question": question, "flaws": " ".join(wanting)},
            _("Please edit it, then send it for review."),
        )


def _said_before(question: Question, said: QuestionReview, *, approves: bool) -> Question:
    if said.approves is approves:
        return question
    raise ReviewWasGiven(
        _("You have reviewed question %(question)s already, and said otherwise.")
        % {"question": question},
        _("What was said stays; a new version can be reviewed anew."),
    )


def _conclude(question: Question, at: datetime) -> None:
    said = [Said(each.reviewer_id, each.approves) for each in question.reviews.all()]
    if is_reviewed(question.created_by_id, said):
        question.reviewed_at = at
    elif not all(each.approves for each in said):
        question.returned_at = at
    question.save(update_fields=["reviewed_at", "returned_at"])


def _replace_earlier(questions: Iterable[Question], at: datetime) -> None:
    new = {question.code: question for question in questions}
    earlier = list(Question.objects.select_for_update().in_use().filter(code__in=new))
    for question in earlier:
        question.retired_at, question.replaced_by = at, new[question.code]
    Question.objects.bulk_update(earlier, ["retired_at", "replaced_by"])
