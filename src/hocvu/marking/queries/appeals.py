"""Appeals as learners see their own, and as those who run classes find them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Q, QuerySet

from hocvu.exams.models import Attempt, Remarking
from hocvu.exams.queries.access import learns_in
from hocvu.exams.queries.settled import settled_shares
from hocvu.items.content import MARKED_BY_PEOPLE
from hocvu.kernel.time import day_of
from hocvu.marking.models import Appeal
from hocvu.marking.queries.pages import Remark, remarks_on
from hocvu.marking.queries.waiting import answers_waiting
from hocvu.marking.rules.appeals import answer_is_due, last_day_to_appeal
from hocvu.people.models import Person
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission


def appeals_open_to(person: Person) -> QuerySet[Appeal]:
    """Of the classes this person runs, and does not learn in."""
    run = scope_of(person).reach(
        Permission.RUN_CLASSES, "attempt__sitting__training_class__host_unit"
    )
    return (
        Appeal.objects.filter(
            run | Q(attempt__sitting__training_class__supervisor=person),
            ~learns_in(person, "attempt__sitting__training_class"),
        )
        .exclude(attempt__person=person)
        .select_related(
            "attempt__person",
            "attempt__sitting__paper",
            "attempt__sitting__training_class__host_unit",
            "question",
            "answered_by",
        )
    )


def known_at(attempt: Attempt) -> datetime | None:
    """When the result that stands was made known: marked, marked anew or declared void.

    And its key: where that is shown only when the test has closed, nobody's time to appeal runs out
    before. None while there is no result; until then an appeal may be raised all the same.
    """
    changed = Remarking.objects.filter(attempt=attempt).aggregate(at=Max("remarked_at"))["at"]
    moments = [each for each in (attempt.marked_at, attempt.voided_at, changed) if each]
    if moments and not attempt.sitting.paper.shows_key_at_once:
        moments.append(attempt.sitting.closes_at)
    return max(moments, default=None)


def can_be_marked_afresh(appeal: Appeal) -> bool:
    """It is about a written answer that people have settled."""
    if appeal.question is None or appeal.question.kind not in MARKED_BY_PEOPLE:
        return False
    return (appeal.attempt_id, appeal.question.pk) in settled_shares([appeal.attempt_id])


def due_on(appeal: Appeal) -> date:
    """The day by which it is to be answered."""
    return answer_is_due(appeal.attempt.marked_at or appeal.raised_at, appeal.raised_at)


@dataclass(frozen=True)
class AppealShown:
    """One appeal on the page of a result."""

    appeal: Appeal
    number: int | None  # the question's number on that page; none: the attempt as a whole
    due_on: date
    is_being_marked: bool  # upheld, and others have not settled it yet


@dataclass(frozen=True)
class ChangeShown:
    """One change of a result. `reason`: of the decision that corrected a key, where it is told."""

    change: Remarking
    reason: str


@dataclass(frozen=True)
class AppealsOfAttempt:
    """What the page of a result shows about appeals."""

    appeals: tuple[AppealShown, ...]
    last_day: date | None
    can_appeal: bool
    changes: tuple[ChangeShown, ...]  # of the result, oldest first
    remarks: tuple[Remark, ...]


def appeals_of(
    attempt: Attempt, numbers: Mapping[int, int], at: datetime, *, told: Collection[int] = ()
) -> AppealsOfAttempt:
    """`numbers`: of the questions, as the page shows them; `told`: those whose key it shows, for
    what markers and decisions say would tell it. Few queries.
    """
    known = known_at(attempt)
    last_day = last_day_to_appeal(known) if known else None
    changes = Remarking.objects.filter(attempt=attempt).select_related("correction")
    open_keys = {pk: number for pk, number in numbers.items() if pk in told}
    return AppealsOfAttempt(
        appeals=_appeals_shown(attempt, numbers),
        last_day=last_day,
        can_appeal=bool(last_day and day_of(at) <= last_day),
        changes=tuple(_change_shown(each, open_keys) for each in changes.order_by("pk")),
        remarks=remarks_on(attempt, open_keys),
    )


def _change_shown(change: Remarking, told: Collection[int]) -> ChangeShown:
    correction = change.correction
    is_told = correction is not None and correction.question_id in told
    return ChangeShown(change, correction.reason if correction is not None and is_told else "")


def _appeals_shown(attempt: Attempt, numbers: Mapping[int, int]) -> tuple[AppealShown, ...]:
    found = Appeal.objects.filter(attempt=attempt).select_related("attempt", "fresh_marking")
    appeals = list(found.order_by("raised_at", "pk"))
    waiting: set[int] = set()
    if any(hasattr(each, "fresh_marking") for each in appeals):
        questions = answers_waiting().filter(attempt=attempt).values_list("question", flat=True)
        waiting = set(questions)
    return tuple(
        AppealShown(
            each,
            numbers.get(each.question_id) if each.question_id else None,
            due_on(each),
            is_being_marked=hasattr(each, "fresh_marking") and each.question_id in waiting,
        )
        for each in appeals
    )
