"""Answers that came after the end: which attempts wait for a decision, and what it is about."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet
from django.utils.safestring import SafeString

from hocvu.exams.models import (
    Answer,
    Attempt,
    HandedInFile,
    LateAnswer,
    Remarking,
    Sitting,
)
from hocvu.exams.queries.rooms import sittings_run_by
from hocvu.exams.queries.sealed import numbering_of
from hocvu.exams.queries.shown import QuestionShown, Standing, question_shown
from hocvu.items.content import Kind
from hocvu.people.models import Person
from hocvu.questions.models import Question


def late_attempts_run_by(person: Person) -> QuerySet[Attempt]:
    """Attempts with late answers, of the sittings this person decides about."""
    late = LateAnswer.objects.filter(attempt=OuterRef("pk"))
    return Attempt.objects.filter(
        Exists(late), sitting__in=sittings_run_by(person), handed_in_at__isnull=False
    ).select_related("person", "sitting__paper", "sitting__training_class__host_unit")


def late_attempts_of(sitting: Sitting, *, decided: bool = False) -> QuerySet[Attempt]:
    """Attempts of a sitting whose late answers wait for a decision, or about which one was made.

    Rows carry `late` (how many), `late_questions` (ids), `late_from` and `late_until` (how long
    after the end the first and the last came). A voided attempt waits for nothing.
    """
    concerned = Q(late_answers__decided_at__isnull=not decided)
    attempts = Attempt.objects.filter(sitting=sitting, handed_in_at__isnull=False)
    if not decided:
        attempts = attempts.filter(voided_at=None)
    return (
        attempts.annotate(
            late=Count("late_answers", filter=concerned),
            late_questions=ArrayAgg("late_answers__question", filter=concerned, distinct=True),
            late_from=Min("late_answers__arrived_at", filter=concerned) - F("handed_in_at"),
            late_until=Max("late_answers__arrived_at", filter=concerned) - F("handed_in_at"),
        )
        .filter(late__gt=0)
        .select_related("person")
    )


def late_waiting_in(sitting: Sitting) -> int:
    """How many attempts of a sitting wait for a decision."""
    waiting = LateAnswer.objects.filter(
        attempt__sitting=sitting,
        attempt__handed_in_at__isnull=False,
        attempt__voided_at=None,
        decided_at=None,
    )
    return waiting.order_by().values("attempt").distinct().count()


# --- One attempt -------------------------------------------------------------------------------


@dataclass(frozen=True)
class CameLate:
    """One late answer: what it says, how long after the end it came, and what it would do."""

    words: tuple[str, ...]
    after: timedelta
    arrived_at: datetime
    would_stand: bool


@dataclass(frozen=True)
class LateQuestion:
    """A question with late answers that wait, beside the answer that stands now."""

    number: int
    stem: SafeString
    situation: SafeString
    stands: tuple[str, ...]
    came: tuple[CameLate, ...]


@dataclass(frozen=True)
class LateDecision:
    """What somebody decided, and the points before and after where it changed them."""

    decided_at: datetime
    decided_by: str
    counts: bool
    reason: str
    answers: int
    before: Decimal | None
    after: Decimal | None


@dataclass(frozen=True)
class LatePage:
    """Late answers of one attempt: those that wait, by question, and the decisions so far.

    Whether an answer is right is not on it: it must not weigh in the decision.
    """

    attempt: Attempt
    questions: tuple[LateQuestion, ...]
    waiting: int
    decisions: tuple[LateDecision, ...]


def late_page(attempt: Attempt) -> LatePage:
    """Eight queries at most. `attempt` with its sitting and paper at hand."""
    rows = LateAnswer.objects.filter(attempt=attempt).select_related("decided_by")
    late = list(rows.order_by("sequence", "client_id"))
    waiting = [each for each in late if each.decided_at is None]
    return LatePage(
        attempt, tuple(_questions(attempt, waiting)), len(waiting), _decisions(attempt, late)
    )


def _questions(attempt: Attempt, waiting: Sequence[LateAnswer]) -> list[LateQuestion]:
    """In the order of their numbers."""
    came: dict[int, list[LateAnswer]] = {}
    for each in waiting:
        came.setdefault(each.question_id, []).append(each)
    asked = Question.objects.in_bulk(came)
    rows = Answer.objects.filter(attempt=attempt, question__in=came)
    standing = {each.question_id: each for each in rows}
    numbers = numbering_of(attempt.sitting)(attempt) if came else {}
    files = dict(HandedInFile.objects.filter(attempt=attempt).values_list("sha256", "name"))
    found = [
        _question(attempt, (numbers[pk], asked[pk]), standing.get(pk), late, files)
        for pk, late in came.items()
    ]
    return sorted(found, key=lambda each: each.number)


def _question(
    attempt: Attempt,
    asked: tuple[int, Question],
    standing: Answer | None,
    came: Sequence[LateAnswer],
    files: Mapping[str, str],
) -> LateQuestion:
    number, question = asked

    def shown(answer: Answer | LateAnswer | None) -> QuestionShown:
        stands = Answer(chosen=answer.chosen, sequence=answer.sequence) if answer else None
        seed = attempt.seed if attempt.sitting.paper.shuffle else None
        return question_shown(question, number, Standing(stands), seed=seed)

    newest = came[-1]
    counts = standing is None or _rank(newest) > _rank(standing)
    ended = attempt.handed_in_at or attempt.must_end_at
    late = [
        CameLate(
            _words(shown(each), files),
            each.arrived_at - ended,
            each.arrived_at,
            would_stand=counts and each is newest,
        )
        for each in came
    ]
    now = shown(standing)
    return LateQuestion(number, now.stem, now.situation, _words(now, files), tuple(late))


def _rank(answer: Answer | LateAnswer) -> tuple[int, str]:
    return answer.sequence, str(answer.client_id)


def _words(shown: QuestionShown, files: Mapping[str, str]) -> tuple[str, ...]:
    """What an answer says, as its learner saw it; nothing where nothing was chosen."""
    if shown.kind == Kind.ESSAY:
        return (shown.written,) if shown.written else ()
    if shown.kind == Kind.FILE:
        return (files.get(shown.file, shown.file),) if shown.file else ()
    if shown.parts:
        return tuple(
            f"{part.number}. {part.plain}: {part.given_words}"
            if part.plain
            else f"{part.number}. {part.given_words}"
            for part in shown.parts
            if part.given
        )
    return tuple(option.plain for option in shown.options if option.chosen)


def _decisions(attempt: Attempt, late: Iterable[LateAnswer]) -> tuple[LateDecision, ...]:
    """Newest first."""
    changes = {
        each.remarked_at: each
        for each in Remarking.objects.filter(attempt=attempt, cause="late_answers")
    }
    made: dict[datetime, list[LateAnswer]] = {}
    for each in late:
        if each.decided_at is not None:
            made.setdefault(each.decided_at, []).append(each)
    return tuple(_decision(at, made[at], changes.get(at)) for at in sorted(made, reverse=True))


def _decision(
    at: datetime, decided: Sequence[LateAnswer], change: Remarking | None
) -> LateDecision:
    first = decided[0]
    return LateDecision(
        at,
        first.decided_by.full_name if first.decided_by else "",
        bool(first.counts),
        first.reason,
        len(decided),
        change.points_before.normalize() if change else None,
        change.points_after.normalize() if change else None,
    )
