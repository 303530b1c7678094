"""Marking attempts again: a key was wrong, late answers count, an appeal was upheld."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import cast

from django.db import connection

from hocvu.competency.actions import withdraw_results
from hocvu.exams import rules
from hocvu.exams.actions.marking import hold_keys, record_shown
from hocvu.exams.events import AttemptsRemarked
from hocvu.exams.models import Attempt, KeyCorrection, Remarking
from hocvu.exams.queries.marked import lines_given, marked_papers
from hocvu.exams.queries.remarkings import evidence_of, times_marked
from hocvu.exams.queries.settled import settled_points
from hocvu.kernel.events import publish
from hocvu.people.models import Person


def mark_anew(
    attempts: Sequence[Attempt],
    *,
    cause: str,
    at: datetime,
    correction: KeyCorrection | None = None,
) -> list[Remarking]:
    """Mark these marked attempts by the keys and answers as they stand now; what changed.

    They are locked by the caller, inside its transaction, with `sitting.paper` at hand. One whose
    written answers wait for people keeps the result it has. What a changed attempt showed before
    is withdrawn, and what it shows now is recorded, unless it was declared void.
    """
    hold_keys()
    answers = lines_given(attempt.pk for attempt in attempts)
    papers = marked_papers(attempts, answers, by_people=settled_points(attempts))
    changes = [
        _change(attempt, papers[attempt.pk], cause=cause, at=at, correction=correction)
        for attempt in attempts
        if attempt.marked_at is not None and _differs(attempt, papers[attempt.pk])
    ]
    if changes:
        Remarking.objects.bulk_create(changes)
        _write_anew(changes)
        counting = [each.attempt for each in changes if each.attempt.voided_at is None]
        if counting:
            _tell_anew(counting, papers, changes[0], by=correction.made_by if correction else None)
    return changes


def _differs(attempt: Attempt, paper: rules.MarkedPaper) -> bool:
    now = rules.as_stored(paper.total.points), paper.passed
    return not paper.is_waiting and (attempt.points, attempt.passed) != now


def _change(
    attempt: Attempt,
    paper: rules.MarkedPaper,
    *,
    cause: str,
    at: datetime,
    correction: KeyCorrection | None,
) -> Remarking:
    # The constraint `a_marked_attempt_has_its_result` holds: nothing here is empty.
    return Remarking(
        attempt=attempt,
        correction=correction,
        cause=cause,
        points_before=cast("Decimal", attempt.points),
        points_after=rules.as_stored(paper.total.points),
        passed_before=cast("bool", attempt.passed),
        passed_after=paper.passed,
        remarked_at=at,
    )


def _tell_anew(
    attempts: Sequence[Attempt],
    papers: Mapping[int, rules.MarkedPaper],
    change: Remarking,
    *,
    by: Person | None,
) -> None:
    """The old results count no more: a lower one now would otherwise change nothing."""
    ids = [attempt.pk for attempt in attempts]
    at = change.remarked_at
    times = times_marked(ids)
    names = {pk: rules.evidence(pk, times[pk]) for pk in ids}
    old = [name for name in evidence_of(ids) if name not in set(names.values())]
    withdraw_results(old, reason=f"{change.cause}: {change.correction or '-'}", by=by, at=at)
    record_shown(attempts, papers, names, at)
    publish(AttemptsRemarked(tuple(ids), change.cause, at))


_WRITE_ANEW = """
UPDATE exams_attempt AS attempt SET points = written.points, passed = written.passed
FROM unnest(%s::bigint[], %s::numeric[], %s::boolean[]) AS written (id, points, passed)
WHERE attempt.id = written.id
"""


def _write_anew(changes: Sequence[Remarking]) -> None:
    for each in changes:
        each.attempt.points, each.attempt.passed = each.points_after, each.passed_after
    names = ("pk", "points", "passed")
    columns = [[getattr(each.attempt, name) for each in changes] for name in names]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE_ANEW, columns)
