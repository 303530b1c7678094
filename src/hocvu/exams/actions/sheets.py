"""Answers collected where there was no network, brought in as sheets."""

import json
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.classes.models import Enrolment
from hocvu.exams import policies, rules
from hocvu.exams.actions.marking import enter_marks, hold_keys, tell
from hocvu.exams.models import Attempt, Sitting
from hocvu.exams.queries.keys import keys_of
from hocvu.items.content import Kind
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.papers.queries.papers import questions_of
from hocvu.people.models import Person


class SheetsDoNotFit(NotPossible):
    """Some sheets cannot be taken in; then none is."""


class PaperIsDrawnAnew(NotPossible):
    """Sheets are printed before anybody sits down: all of them ask the same questions."""


@dataclass(frozen=True)
class AnswerSheet:
    """One learner's attempt without network; `answers` maps question ids to the lines of answers.

    A sheet is named by its learner and the moment it was started.
    """

    person_id: int
    started_at: datetime
    handed_in_at: datetime
    answers: Mapping[int, tuple[str, ...]]


def take_in_answer_sheets(
    sitting: Sitting, sheets: Sequence[AnswerSheet], *, by: Person, at: datetime
) -> int:
    """Take in sheets as attempts, marked by the same rules; the number that were new.

    All or none: a sheet that does not fit refuses the whole delivery. Sheets delivered again
    change nothing.
    """
    with transaction.atomic():
        people = {sheet.person_id for sheet in sheets}
        if not policies.can_take_in_sheets_of(by, sitting.training_class, people):
            raise NotAllowed(
                _("Only officers who run this class and coordinators can bring in answer sheets."),
                _("Coordinators bring in the sheets of their own bridge point, but not their own."),
            )
        if sitting.paper.cells.exists():
            raise PaperIsDrawnAnew(
                _("Each attempt at this test gets questions of its own, so there are no sheets."),
                _("Use a test with a fixed list of questions where there is no network."),
            )
        hold_keys()
        learners = _lock_learners(sitting, people)
        before = _attempts_before(sitting, people)
        new = _not_taken_in_yet(sheets, before)
        keys = keys_of(questions_of(sitting.paper_id))
        _refuse_unfit(sitting, new, learners, before, keys=keys, at=at)
        if not new:
            return 0
        papers = _marked(keys, new, sitting.paper.required_share)
        attempts = _attempts(sitting, new, before, papers, at)
        _write_sealed(attempts, new)
        record("answer_sheets_taken_in", sitting, by=by, at=at, sheets=len(new))
        marked = dict(zip((attempt.pk for attempt in attempts), papers, strict=True))
        done = [attempt for attempt in attempts if attempt.marked_at]
        if done:
            tell(done, marked, at=at)
        return len(new)


@dataclass(frozen=True)
class _Before:
    """What a learner has already sat in this sitting."""

    count: int
    last_number: int
    started_at: frozenset[datetime]


_NOTHING_BEFORE = _Before(0, 0, frozenset())


def _lock_learners(sitting: Sitting, people: set[int]) -> set[int]:
    """Those of these people who learn in the class; their enrolments are the lock."""
    enrolments = Enrolment.objects.active().select_for_update(of=("self",)).order_by("pk")
    mine = enrolments.filter(training_class=sitting.training_class_id, person__in=people)
    return set(mine.values_list("person", flat=True))


def _attempts_before(sitting: Sitting, people: set[int]) -> dict[int, _Before]:
    before: dict[int, _Before] = {}
    rows = Attempt.objects.filter(sitting=sitting, person__in=people)
    for person, number, started_at in rows.values_list("person", "number", "started_at"):
        known = before.get(person, _NOTHING_BEFORE)
        before[person] = _Before(
            known.count + 1, max(known.last_number, number), known.started_at | {started_at}
        )
    return before


def _not_taken_in_yet(
    sheets: Sequence[AnswerSheet], before: Mapping[int, _Before]
) -> list[AnswerSheet]:
    named = {(sheet.person_id, sheet.started_at): sheet for sheet in sheets}
    return [
        named[person, started_at]
        for person, started_at in sorted(named)
        if started_at not in before.get(person, _NOTHING_BEFORE).started_at
    ]


def _refuse_unfit(
    sitting: Sitting,
    sheets: Sequence[AnswerSheet],
    learners: set[int],
    before: Mapping[int, _Before],
    *,
    keys: Sequence[rules.Key],
    at: datetime,
) -> None:
    by_id = {key.question_id: key for key in keys}
    unfit = {
        (question, chosen)
        for question, chosen in _pairs(sheets)
        if question not in by_id or _is_unfit(by_id[question], chosen)
    }
    strangers = sum(sheet.person_id not in learners for sheet in sheets)
    untimely = sum(not _is_timely(sitting, sheet, at) for sheet in sheets)
    odd = sum(not unfit.isdisjoint(sheet.answers.items()) for sheet in sheets) if unfit else 0
    problems = [
        sentence % {"n": count}
        for count, sentence in (
            (strangers, _("%(n)s are not from learners of this class")),
            (untimely, _("%(n)s were written outside the time of the test")),
            (odd, _("%(n)s hold questions or options this paper does not have")),
            (_beyond_allowance(sitting, sheets, before), _("%(n)s exceed the attempts allowed")),
        )
        if count
    ]
    if problems:
        raise SheetsDoNotFit(
            _("Of %(all)s answer sheets, %(problems)s. None was taken in.")
            % {"all": len(sheets), "problems": "; ".join(problems)},
            _("Take these sheets out or correct them, then send all of them again."),
        )


def _is_unfit(key: rules.Key, chosen: Sequence[str]) -> bool:
    """A sheet cannot bring a file along."""
    return rules.flaw_in(key, chosen) is not None or (key.item.kind is Kind.FILE and bool(chosen))


def _is_timely(sitting: Sitting, sheet: AnswerSheet, at: datetime) -> bool:
    end = rules.must_end_at(sheet.started_at, sitting.paper.minutes, sitting.closes_at)
    return (
        sitting.opens_at <= sheet.started_at < sitting.closes_at
        and sheet.started_at <= sheet.handed_in_at <= at
        and not rules.is_too_late(end, sheet.handed_in_at)
    )


def _beyond_allowance(
    sitting: Sitting, sheets: Sequence[AnswerSheet], before: Mapping[int, _Before]
) -> int:
    if sitting.attempts_allowed is None:
        return 0
    return sum(
        max(0, brought + before.get(person, _NOTHING_BEFORE).count - sitting.attempts_allowed)
        for person, brought in Counter(sheet.person_id for sheet in sheets).items()
    )


def _pairs(sheets: Iterable[AnswerSheet]) -> set[tuple[int, tuple[str, ...]]]:
    """The different answers there are: few, however many sheets."""
    return {pair for sheet in sheets for pair in sheet.answers.items()}


def _marked(
    keys: Sequence[rules.Key], sheets: Sequence[AnswerSheet], required: Fraction
) -> list[rules.MarkedPaper]:
    """Each different answer is marked once."""
    asked = _pairs(sheets) | {(key.question_id, ()) for key in keys}
    by_id = {key.question_id: key for key in keys}
    marks = {(question, chosen): rules.mark(by_id[question], chosen) for question, chosen in asked}
    return [
        rules.add_up(
            keys,
            [marks[key.question_id, sheet.answers.get(key.question_id, ())] for key in keys],
            required,
        )
        for sheet in sheets
    ]


def _attempts(
    sitting: Sitting,
    sheets: Sequence[AnswerSheet],
    before: Mapping[int, _Before],
    papers: Sequence[rules.MarkedPaper],
    at: datetime,
) -> list[Attempt]:
    """Marked and handed in; numbers go on from those the learner has used. Not written yet."""
    used: Counter[int] = Counter({person: known.last_number for person, known in before.items()})
    attempts = []
    for key, sheet, paper in zip(_new_keys(len(sheets)), sheets, papers, strict=True):
        used[sheet.person_id] += 1
        end = rules.must_end_at(sheet.started_at, sitting.paper.minutes, sitting.closes_at)
        attempt = Attempt(
            pk=key,
            sitting=sitting,
            person_id=sheet.person_id,
            number=used[sheet.person_id],
            seed=secrets.randbits(63),
            started_at=sheet.started_at,
            must_end_at=end,
            handed_in_at=rules.handed_in_at(sheet.started_at, end, sheet.handed_in_at),
        )
        if not paper.is_waiting:
            enter_marks(attempt, paper, at=at)
        attempts.append(attempt)
    return attempts


def _new_keys(count: int) -> list[int]:
    """Primary keys for as many attempts, known before they are written: the seals need them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('exams_attempt', 'id'))"
            " FROM generate_series(1, %s)",
            [count],
        )
        return [key for (key,) in cursor.fetchall()]


_COPY_ANSWERS = """
COPY exams_answer
    (attempt_id, question_id, chosen, sequence, client_id, saved_at, digest, link) FROM STDIN
"""
_COPY_ATTEMPTS = """
COPY exams_attempt
    (id, sitting_id, person_id, number, seed, started_at, must_end_at, handed_in_at, marked_at,
     points, out_of, passed, seal) FROM STDIN
"""
_COLUMNS = (
    *("pk", "sitting_id", "person_id", "number", "seed", "started_at", "must_end_at"),
    *("handed_in_at", "marked_at", "points", "out_of", "passed", "seal"),
)


def _write_sealed(attempts: Sequence[Attempt], sheets: Sequence[AnswerSheet]) -> None:
    """Two hundred thousand rows in a few seconds. References are looked at when all is written."""
    with connection.cursor() as cursor:
        with cursor.copy(_COPY_ANSWERS) as copy:
            for attempt, sheet in zip(attempts, sheets, strict=True):
                links = []
                for row in _answer_rows(attempt, sheet):
                    copy.write_row(row)
                    links.append((row[1], row[-1]))
                attempt.seal = rules.seal_of(attempt.seed, links)
        with cursor.copy(_COPY_ATTEMPTS) as copy:
            for attempt in attempts:
                copy.write_row([getattr(attempt, name) for name in _COLUMNS])


@lru_cache(maxsize=10_000)
def _as_json(chosen: tuple[str, ...]) -> str:
    return json.dumps(sorted(chosen))


_AnswerRow = tuple[int, int, str, int, UUID, datetime, bytes, bytes]


def _answer_rows(attempt: Attempt, sheet: AnswerSheet) -> Iterator[_AnswerRow]:
    """A sheet has no record of which answer came when: its order of questions is the sequence."""
    answered = ((question, chosen) for question, chosen in sheet.answers.items() if chosen)
    for sequence, (question, chosen) in enumerate(answered, start=1):
        client_id, saved_at = uuid4(), sheet.handed_in_at
        digest = rules.answer_digest(
            attempt.pk, question, chosen, sequence=sequence, client_id=client_id, saved_at=saved_at
        )
        yield (
            *(attempt.pk, question, _as_json(chosen), sequence, client_id, saved_at),
            *(digest, rules.next_link(b"", digest)),
        )
