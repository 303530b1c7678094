"""Answers collected where there was no network, brought in as sheets."""

import secrets
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.db import transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.classes.models import Enrolment
from hocvu.exams import policies, rules
from hocvu.exams.actions.marking import enter_marks, hold_keys, tell
from hocvu.exams.actions.sheet_writing import (
    AnswerSheet,
    SheetSource,
    new_keys,
    write_origin,
    write_sealed,
)
from hocvu.exams.models import Attempt, Sitting
from hocvu.exams.queries.keys import keys_of
from hocvu.exams.queries.sheets import extra_minutes, is_drawn_anew, rooms_at_points
from hocvu.items.content import Kind
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.papers.queries.papers import questions_of
from hocvu.people.models import Person


class SheetsDoNotFit(NotPossible):
    """Some sheets cannot be taken in; then none is."""


class PaperIsDrawnAnew(NotPossible):
    """Sheets are printed before anybody sits down: all of them ask the same questions."""


def take_in_answer_sheets(
    sitting: Sitting,
    sheets: Sequence[AnswerSheet],
    *,
    by: Person,
    at: datetime,
    source: SheetSource | None = None,
) -> int:
    """Take in sheets as attempts, marked by the same rules; the number that were new.

    All or none: a sheet that does not fit refuses the whole delivery. Sheets delivered again
    change nothing.
    """
    with transaction.atomic():
        people = {sheet.person_id for sheet in sheets}
        if not policies.can_take_in_sheets_of(by, sitting, people):
            raise NotAllowed(
                _("Only officers who run this class and coordinators can bring in answer sheets."),
                _("Coordinators bring in the sheets of their own bridge point, but not their own."),
            )
        refuse_if_drawn_anew(sitting)
        hold_keys()
        learners = lock_learners(sitting, people)
        before = _attempts_before(sitting, people)
        new = _not_taken_in_yet(sheets, before)
        keys = keys_of(questions_of(sitting.paper_id))
        ends = _ends(sitting, new)
        _refuse_unfit(sitting, new, set(learners), before, keys=keys, ends=ends, at=at)
        if not new:
            return 0
        papers = _marked(keys, new, sitting.paper.required_share)
        attempts = _attempts(sitting, new, before, papers, ends=ends, at=at)
        _seat(attempts, learners, rooms_at_points(sitting, by))
        write_sealed(attempts, new)
        write_origin(attempts, source, by=by, at=at)
        facts, reason = (source.facts, source.reason) if source else ({}, "")
        record(
            *("answer_sheets_taken_in", sitting), by=by, at=at, reason=reason,
            sheets=len(new), **facts,
        )  # fmt: skip
        marked = dict(zip((attempt.pk for attempt in attempts), papers, strict=True))
        done = [attempt for attempt in attempts if attempt.marked_at]
        if done:
            tell(done, marked, at=at)
        return len(new)


def refuse_if_drawn_anew(sitting: Sitting) -> None:
    if is_drawn_anew(sitting):
        raise PaperIsDrawnAnew(
            _("Each attempt at this test gets questions of its own, so there are no sheets."),
            _("Use a test with a fixed list of questions where there is no network."),
        )


@dataclass(frozen=True)
class _Before:
    """What a learner has already sat in this sitting."""

    count: int
    last_number: int
    started_at: frozenset[datetime]


_NOTHING_BEFORE = _Before(0, 0, frozenset())


def lock_learners(sitting: Sitting, people: set[int]) -> dict[int, int | None]:
    """Those of these people who learn in the class, each with their bridge point.

    Their enrolments are the lock.
    """
    enrolments = Enrolment.objects.active().select_for_update(of=("self",)).order_by("pk")
    mine = enrolments.filter(training_class=sitting.training_class_id, person__in=people)
    return dict(mine.values_list("person", "bridge_point"))


def _ends(sitting: Sitting, sheets: Sequence[AnswerSheet]) -> list[datetime]:
    """When each must have ended, with the extra minutes of its learner."""
    extra = extra_minutes(sitting)
    return [
        rules.must_end_at(
            sheet.started_at,
            sitting.paper.minutes,
            sitting.closes_at,
            extra=extra.get(sheet.person_id, 0),
        )
        for sheet in sheets
    ]


def _seat(
    attempts: Sequence[Attempt],
    points: Mapping[int, int | None],
    rooms: Mapping[int, int],
) -> None:
    """In the room at the learner's bridge point, so that its board says where they are."""
    for attempt in attempts:
        attempt.room_id = rooms.get(points[attempt.person_id] or 0)


def _attempts_before(sitting: Sitting, people: set[int]) -> dict[int, _Before]:
    """What was declared void counts as not sat, but keeps its number."""
    before: dict[int, _Before] = {}
    rows = Attempt.objects.filter(sitting=sitting, person__in=people)
    for person, number, started_at, voided_at in rows.values_list(
        "person", "number", "started_at", "voided_at"
    ):
        known = before.get(person, _NOTHING_BEFORE)
        counts = voided_at is None
        before[person] = _Before(
            known.count + counts,
            max(known.last_number, number),
            known.started_at | ({started_at} if counts else set()),
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
    ends: Sequence[datetime],
    at: datetime,
) -> None:
    by_id = {key.question_id: key for key in keys}
    unfit = {
        (question, chosen)
        for question, chosen in _pairs(sheets)
        if question not in by_id or _is_unfit(by_id[question], chosen)
    }
    strangers = sum(sheet.person_id not in learners for sheet in sheets)
    untimely = sum(
        _is_untimely(sitting, sheet, end, at) for sheet, end in zip(sheets, ends, strict=True)
    )
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


def _is_untimely(sitting: Sitting, sheet: AnswerSheet, end: datetime, at: datetime) -> bool:
    why = rules.why_untimely(
        sheet.started_at,
        sheet.handed_in_at,
        end,
        opens_at=sitting.opens_at,
        closes_at=sitting.closes_at,
        at=at,
    )
    return why is not None


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
    *,
    ends: Sequence[datetime],
    at: datetime,
) -> list[Attempt]:
    """Marked and handed in; numbers go on from those the learner has used. Not written yet."""
    used: Counter[int] = Counter({person: known.last_number for person, known in before.items()})
    attempts = []
    keys = new_keys(len(sheets))
    for key, sheet, paper, end in zip(keys, sheets, papers, ends, strict=True):
        used[sheet.person_id] += 1
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
