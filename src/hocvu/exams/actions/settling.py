"""What people settled about written answers; how they come to it is for the room above."""

from datetime import datetime
from fractions import Fraction

from django.db import transaction

from hocvu.audit.actions import record
from hocvu.exams.actions.marking import finish_marking
from hocvu.exams.actions.remarking import mark_anew
from hocvu.exams.models import Attempt, SettledAnswer
from hocvu.exams.queries.settled import settled_points
from hocvu.people.models import Person
from hocvu.questions.models import Question


def settle_answer(
    attempt: Attempt,
    question: Question,
    share: Fraction,
    *,
    is_last: bool,
    cause: str,
    by: Person,
    at: datetime,
) -> None:
    """From now on this written answer earned this share of its points.

    `is_last`: no other answer of the attempt waits for people, so it is marked. One that was marked
    before is marked anew, for this `cause`. `by`: whose mark settled it.
    """
    with transaction.atomic():
        locked = Attempt.objects.select_for_update(of=("self",)).select_related("sitting__paper")
        attempt = locked.get(pk=attempt.pk)
        SettledAnswer.objects.update_or_create(
            attempt=attempt,
            question=question,
            defaults={"share": str(share), "settled_at": at},
        )
        record("answer_settled", attempt, by=by, at=at, question_id=question.pk)
        if attempt.marked_at is not None:
            mark_anew([attempt], cause=cause, at=at)
        elif is_last:
            finish_marking([attempt], settled_points([attempt]), at=at)
