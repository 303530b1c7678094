"""Handing in, and marking at once what needs no people.

An attempt with written answers that wait for people is handed in and stays unmarked until
`finish_marking` gets the points they gave.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from fractions import Fraction

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
from hocvu.exams.queries.marked import marked_papers
from hocvu.exams.queries.receipts import answers_of, seal_of
from hocvu.kernel.errors import NotAllowed
from hocvu.kernel.events import publish
from hocvu.people.models import Person

_AT_ONCE = 5_000

# Held by whoever marks, together; alone by whoever corrects a key. So nobody marks by a key that
# was corrected in between, and a correction finds all who were marked by the old one.
_KEYS_LOCK = 0x6861_0003
_LOCK_TOGETHER = "SELECT pg_advisory_xact_lock_shared(%s)"
_LOCK_ALONE = "SELECT pg_advisory_xact_lock(%s)"


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
        record("attempt_handed_in", attempt, by=by, at=at)
        hand_in_all([attempt], at=at)
        return attempt


def hand_in_all(attempts: Sequence[Attempt], *, at: datetime, tells: bool = True) -> None:
    """Hand in, seal and mark attempts under way that the caller has locked. Set-based.

    Not told, nothing is recorded of what they showed: so are attempts that are voided.
    """
    hold_keys()
    answers = answers_of([attempt.pk for attempt in attempts])
    for attempt in attempts:
        attempt.handed_in_at = rules.handed_in_at(attempt.started_at, attempt.must_end_at, at)
        attempt.seal = seal_of(attempt, answers.get(attempt.pk, []))
    marked = marked_papers(attempts, answers)
    _enter_and_write(attempts, marked, at=at, tells=tells)


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
            record("overdue_handed_in", "exams.attempt", by=None, at=at, attempts=len(attempts))
            hand_in_all(attempts, at=at)
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


def finish_marking(
    attempts: Sequence[Attempt],
    by_people: Mapping[tuple[int, int], Fraction],
    *,
    at: datetime,
) -> list[Attempt]:
    """Mark what waited for people, now that they have given points; those done come back.

    `attempts` are locked by the caller, handed in and not marked, with `sitting.paper` at hand;
    `by_people` holds the final points by attempt and question, on the scale of the question's
    points. An attempt with an answer nobody has settled yet goes on waiting.
    """
    hold_keys()
    answers = answers_of([attempt.pk for attempt in attempts])
    marked = marked_papers(attempts, answers, by_people=by_people)
    return _enter_and_write(attempts, marked, at=at)


def hold_keys(*, alone: bool = False) -> None:
    """Until the end of the transaction, no key is corrected; alone: nobody marks either."""
    lock = _LOCK_ALONE if alone else _LOCK_TOGETHER
    with connection.cursor() as cursor:
        cursor.execute(lock, [_KEYS_LOCK])


def _enter_and_write(
    attempts: Sequence[Attempt],
    marked: Mapping[int, rules.MarkedPaper],
    *,
    at: datetime,
    tells: bool = True,
) -> list[Attempt]:
    """Those that are now marked come back; the others wait for people."""
    done = [attempt for attempt in attempts if not marked[attempt.pk].is_waiting]
    for attempt in done:
        enter_marks(attempt, marked[attempt.pk], at=at)
    _write(attempts)
    if tells and done:
        tell(done, marked, at=at)
    return done


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
    record_shown(attempts, marked, {each.pk: rules.evidence(each.pk, 1) for each in attempts}, at)
    publish(AttemptsMarked(tuple(attempt.pk for attempt in attempts), at))


def record_shown(
    attempts: Sequence[Attempt],
    marked: Mapping[int, rules.MarkedPaper],
    evidence: Mapping[int, str],
    at: datetime,
) -> None:
    """Record what the attempts showed; `evidence` names each result, by attempt."""
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
                evidence=evidence[attempt.pk],
                components={
                    code: Share(rules.as_stored(score.points), rules.as_stored(score.out_of))
                    for code, score in marked[attempt.pk].by_component.items()
                },
            )
            for attempt in attempts
        ],
        at=at,
    )


_WRITE = """
UPDATE exams_attempt AS attempt
SET handed_in_at = written.handed_in_at, seal = written.seal, marked_at = written.marked_at,
    points = written.points, out_of = written.out_of, passed = written.passed
FROM unnest(%s::bigint[], %s::timestamptz[], %s::bytea[], %s::timestamptz[], %s::numeric[],
            %s::numeric[], %s::boolean[])
    AS written (id, handed_in_at, seal, marked_at, points, out_of, passed)
WHERE attempt.id = written.id
"""


def _write(attempts: Sequence[Attempt]) -> None:
    """One statement, however many attempts."""
    names = ("pk", "handed_in_at", "seal", "marked_at", "points", "out_of", "passed")
    columns = [[getattr(attempt, name) for attempt in attempts] for name in names]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, columns)
