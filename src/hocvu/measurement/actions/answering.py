"""Answering one question of a run.

Devices lose replies and repeat themselves. An answer is named by its `client_id`; delivered again
it gets the reply it got before. The first answer to a step stands: any later one for that step is
replied to with what stands.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.exams.actions.answering import refuse_unfit
from hocvu.exams.queries.keys import keys_of
from hocvu.exams.rules import mark
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.measurement import policies
from hocvu.measurement.actions.ending import Ending, finish, locked_runs
from hocvu.measurement.actions.running import ask_next
from hocvu.measurement.models import AdaptiveRun, AdaptiveStep, StopReason
from hocvu.measurement.queries.runs import answered
from hocvu.measurement.rules.measuring import estimate
from hocvu.measurement.rules.timing import is_over
from hocvu.people.models import Person
from hocvu.questions.models import Question


class StepIsNotAsked(NotPossible):
    """The run has not come to this question, or has ended before it."""


class AnswerBelongsElsewhere(NotPossible):
    """An answer with this name was given to another question."""


@dataclass(frozen=True)
class Reply:
    """The answer that stands for a step; `stands` says whether it is the one just delivered.

    `was_in_time` is false for an answer that came when the time of the run was over: it is not
    kept.
    """

    step: AdaptiveStep
    stands: bool
    run_has_ended: bool
    was_in_time: bool = True


def answer_step(
    run: AdaptiveRun,
    number: int,
    lines: Collection[str],
    *,
    client_id: UUID,
    by: Person,
    at: datetime,
) -> Reply:
    """Answer question `number` of a run and have the next one chosen; no lines: "I do not know".

    Full points are right, anything less is not. An answer that cannot be one to the question is
    refused (`hocvu.exams.actions.answering.AnswerDoesNotFit`).
    """
    with transaction.atomic():
        run = locked_runs().get(pk=run.pk)
        if not policies.can_answer(by, run):
            raise NotAllowed(
                _("Only the person who takes a test can answer its questions."),
                _("Please sign in with your own account."),
            )
        steps = list(AdaptiveStep.objects.filter(run=run).order_by("number"))
        step = _step_asked(steps, number)
        if step.answered_at is not None:
            stands = step.client_id == client_id
            return Reply(step, stands=stands, run_has_ended=run.ended_at is not None)
        if run.ended_at is None and is_over(run.must_end_at, at):
            finish([Ending(run, StopReason.TIME)], at=at)
        if run.ended_at is not None:
            return Reply(step, stands=False, run_has_ended=True, was_in_time=False)
        _refuse_borrowed(client_id)
        _write(step, steps, lines, client_id=client_id, at=at)
        record("skills_step_answered", run, by=by, at=at, number=number)
        following = ask_next(run, steps, at=at)
        return Reply(step, stands=True, run_has_ended=following is None)


def _step_asked(steps: list[AdaptiveStep], number: int) -> AdaptiveStep:
    if not 1 <= number <= len(steps):
        raise StepIsNotAsked(
            _("The test has not come to this question."),
            _("Please load the page of the test again."),
        )
    return steps[number - 1]


def _refuse_borrowed(client_id: UUID) -> None:
    if AdaptiveStep.objects.filter(client_id=client_id).exists():
        raise AnswerBelongsElsewhere(
            _("This answer was given to another question."),
            _("Please load the page of the test again."),
        )


def _write(
    step: AdaptiveStep,
    steps: list[AdaptiveStep],
    lines: Collection[str],
    *,
    client_id: UUID,
    at: datetime,
) -> None:
    question = Question.objects.get(pk=step.question_id)
    chosen = sorted(lines)
    refuse_unfit(question, chosen)
    [key] = keys_of([question])
    found = mark(key, chosen)
    step.chosen, step.client_id, step.answered_at = chosen, client_id, at
    step.right = found.points is not None and found.points == found.out_of
    known = estimate(answered(steps))
    step.theta_after, step.se_after = known.theta, known.se
    step.save(
        update_fields=["chosen", "client_id", "answered_at", "right", "theta_after", "se_after"]
    )
