"""Quality of questions: calculated every night, or out of turn for one that somebody asks for."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs
from procrastinate.exceptions import AlreadyEnqueued

from hocvu.audit.actions import record
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.measurement import policies
from hocvu.measurement.models import QuestionQuality
from hocvu.measurement.queries.drifts import changes_of_all
from hocvu.measurement.queries.marked_answers import OneQuestion, reading
from hocvu.measurement.queries.quality import newest_of
from hocvu.measurement.rules.drifting import Change
from hocvu.measurement.rules.quality import Figures, Flag, figures, with_drift
from hocvu.people.models import Person
from hocvu.questions.models import Question

FRESH = timedelta(minutes=10)
_ROWS_AT_ONCE = 1_000


class FiguresAreFresh(NotPossible):
    """They were calculated a few minutes ago."""


def ask_for_quality(question: Question, *, by: Person, at: datetime) -> None:
    """Have a job calculate one question's figures now; asking twice is asking once."""
    with transaction.atomic():
        if not policies.can_see_quality(by, question):
            raise NotAllowed(
                _("Only those who write questions can have their figures calculated."),
                _("Please ask the person who keeps the question bank of the unit."),
            )
        last = newest_of(question.pk)
        if last is not None and at - last.calculated_at < FRESH:
            raise FiguresAreFresh(
                _("The figures of this question are only a few minutes old."),
                _("Please come back later, when more people have answered it."),
            )
        record("quality_asked_for", question, by=by, at=at)
        try:
            with transaction.atomic():
                calculate_asked_quality.configure(
                    queueing_lock=f"quality_of_question_{question.pk}"
                ).defer(question_id=question.pk)
        except AlreadyEnqueued:
            return  # the job that waits will do it


@jobs.task(queue="calibration", pass_context=False)
def calculate_asked_quality(question_id: int) -> None:
    """The job behind one question; bounded by `marked_answers.MOST_AT_ONCE` people."""
    calculate_quality_of(Question.objects.get(pk=question_id), at=timezone.now())


@jobs.periodic(cron="40 18 * * *")
@jobs.task(queueing_lock="calculate_quality", queue="calibration", pass_context=False)
def calculate_quality_nightly(timestamp: int) -> None:
    """At 01:40 in Viet Nam; a killed worker leaves nothing behind, the next night begins anew."""
    calculate_quality(at=datetime.fromtimestamp(timestamp, UTC))


def calculate_quality(*, at: datetime) -> int:
    """Figures of every question answered in a marked exam; how many of them are new.

    What has not changed since it was last written is not written again.
    """
    with reading() as found:
        every = [(each.question_id, _figures(each)) for each in found.questions()]
        drifts = changes_of_all(found)
        return _write(every, drifts, at)


def calculate_quality_of(question: Question, *, at: datetime) -> int:
    """Figures of one question from the newest people who met it; its drift stays as it is."""
    with reading(question.pk) as found:
        every = [(each.question_id, _figures(each)) for each in found.questions(question.pk)]
        last = newest_of(question.pk)
        return _write(every, _kept(last) if last is not None else {}, at)


def _figures(one: OneQuestion) -> Figures:
    return figures(one.answers, one.right_options)


def _kept(last: QuestionQuality) -> dict[int, Change]:
    if last.drift is None:
        return {}
    flags = (Flag.BECAME_EASIER, Flag.BECAME_HARDER)
    flag = next((flag for flag in flags if flag.value in last.flags), None)
    return {last.question_id: Change(last.drift, flag)}


def _write(every: list[tuple[int, Figures]], drifts: Mapping[int, Change], at: datetime) -> int:
    wanted = [question_id for question_id, _found in every]
    rows = QuestionQuality.objects.filter(question__in=wanted)
    newest = rows.order_by("question_id", "-calculated_at").distinct("question_id")
    before = {row.question_id: row for row in newest}
    made = [_row(question_id, found, drifts.get(question_id), at) for question_id, found in every]
    changed = [row for row in made if not _is_as(row, before.get(row.question_id))]
    QuestionQuality.objects.bulk_create(changed, batch_size=_ROWS_AT_ONCE, ignore_conflicts=True)
    subject = "measurement.questionquality"
    record("quality_calculated", subject, by=None, at=at, questions=len(made), new=len(changed))
    return len(changed)


def _row(question_id: int, found: Figures, change: Change | None, at: datetime) -> QuestionQuality:
    return QuestionQuality(
        question_id=question_id,
        calculated_at=at,
        answers=found.answers,
        difficulty=found.difficulty,
        discrimination=found.discrimination,
        options=[asdict(each) for each in found.options],
        drift=change.z if change else None,
        differential=[asdict(each) for each in found.groups],
        flags=list(with_drift(found.flags, change.flag if change else None)),
    )


def _is_as(row: QuestionQuality, before: QuestionQuality | None) -> bool:
    said = ("answers", "difficulty", "discrimination", "options", "drift", "differential", "flags")
    return before is not None and all(getattr(row, name) == getattr(before, name) for name in said)
