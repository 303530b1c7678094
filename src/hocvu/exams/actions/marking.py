"""Handing in, and marking at once."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from hocvu.audit.actions import record
from hocvu.competency.actions import NewResult, record_results
from hocvu.competency.rules import Share
from hocvu.exams import policies, rules
from hocvu.exams.events import AttemptsMarked
from hocvu.exams.models import Attempt, Sitting
from hocvu.exams.queries.papers import keys_of
from hocvu.exams.queries.receipts import answers_of
from hocvu.kernel.errors import NotAllowed
from hocvu.kernel.events import publish
from hocvu.people.models import Person

_AT_ONCE = 5_000


def hand_in(attempt: Attempt, *, by: Person, at: datetime) -> Attempt:
    """Hand in and mark. Handing in twice changes nothing; late, the server's clock has done it."""
    with transaction.atomic():
        attempt = _locked().get(pk=attempt.pk)
        if not policies.can_answer(by, attempt):
            raise NotAllowed(
                _("Only the person who takes a test can hand it in."),
                _("Please sign in with your own account."),
            )
        if attempt.handed_in_at is not None:
            return attempt
        attempt.handed_in_at = min(at, attempt.must_end_at)
        record("attempt_handed_in", attempt, by=by, at=at)
        _mark([attempt], at=at)
        return attempt


def hand_in_overdue(
    at: datetime, *, person: Person | None = None, sitting: Sitting | None = None
) -> int:
    """Hand in, by the server's clock, what nobody handed in before its time was over.

    Attempts somebody else is handing in at this moment are left to them.
    """
    with transaction.atomic():
        overdue = _locked(skip_locked=True).filter(
            handed_in_at=None, must_end_at__lt=at - rules.GRACE
        )
        if person is not None:
            overdue = overdue.filter(person=person)
        if sitting is not None:
            overdue = overdue.filter(sitting=sitting)
        attempts = list(overdue.order_by("must_end_at", "pk")[:_AT_ONCE])
        if attempts:
            for attempt in attempts:
                attempt.handed_in_at = attempt.must_end_at
            record("overdue_handed_in", "exams.attempt", by=None, at=at, attempts=len(attempts))
            _mark(attempts, at=at)
        return len(attempts)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="hand_in_overdue", pass_context=False)
def hand_in_attempts_whose_time_is_over(timestamp: int) -> None:
    """Every minute."""
    at = datetime.fromtimestamp(timestamp, UTC)
    while hand_in_overdue(at) == _AT_ONCE:
        pass


def _locked(*, skip_locked: bool = False) -> QuerySet[Attempt]:
    return Attempt.objects.select_for_update(of=("self",), skip_locked=skip_locked).select_related(
        "sitting__paper"
    )


def _mark(attempts: Sequence[Attempt], *, at: datetime) -> None:
    """Mark attempts that are handed in, write their results down, and tell. Set-based."""
    keys = {paper.pk: keys_of(paper.pk) for paper in {each.sitting.paper for each in attempts}}
    answers = answers_of([attempt.pk for attempt in attempts])
    marked = {}
    for attempt in attempts:
        paper = attempt.sitting.paper
        chosen = {answer.question_id: answer.chosen for answer in answers.get(attempt.pk, [])}
        marked[attempt.pk] = rules.marked_paper(keys[paper.pk], chosen, paper.required_share)
        enter_marks(attempt, marked[attempt.pk], at=at)
    _write_marks(attempts)
    tell(attempts, marked, at=at)


def enter_marks(attempt: Attempt, marked: rules.MarkedPaper, *, at: datetime) -> None:
    """Put the marks on the attempt, not yet in the database."""
    attempt.marked_at = at
    attempt.points = rules.as_stored(marked.total.points)
    attempt.out_of = rules.as_stored(marked.total.out_of)
    attempt.passed = marked.passed


def tell(
    attempts: Sequence[Attempt], marked: Mapping[int, rules.MarkedPaper], *, at: datetime
) -> None:
    """Record what the attempts showed, component by component, and announce them."""
    record_results(
        [
            NewResult(
                person_id=attempt.person_id,
                framework_id=attempt.sitting.paper.framework_id,
                level=attempt.sitting.paper.level,
                passed=marked[attempt.pk].passed,
                points=rules.as_stored(marked[attempt.pk].total.points),
                out_of=rules.as_stored(marked[attempt.pk].total.out_of),
                assessed_at=attempt.handed_in_at or at,
                evidence=f"exams.attempt:{attempt.pk}",
                components={
                    code: Share(rules.as_stored(score.points), rules.as_stored(score.out_of))
                    for code, score in marked[attempt.pk].by_component.items()
                },
            )
            for attempt in attempts
        ],
        at=at,
    )
    publish(AttemptsMarked(tuple(attempt.pk for attempt in attempts), at))


_WRITE_MARKS = """
UPDATE exams_attempt AS attempt
SET handed_in_at = written.handed_in_at, marked_at = written.marked_at,
    points = written.points, out_of = written.out_of, passed = written.passed
FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::numeric[], %s::numeric[],
            %s::boolean[]) AS written (id, handed_in_at, marked_at, points, out_of, passed)
WHERE attempt.id = written.id
"""


def _write_marks(attempts: Sequence[Attempt]) -> None:
    """One statement, however many attempts."""
    names = ("pk", "handed_in_at", "marked_at", "points", "out_of", "passed")
    columns = [[getattr(attempt, name) for attempt in attempts] for name in names]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE_MARKS, columns)
