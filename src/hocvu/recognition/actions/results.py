"""Approving the results of a closed class: what recognition will rest on."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.classes.models import TrainingClass
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.people.models import Person
from hocvu.recognition import policies
from hocvu.recognition.models import ResultLine, ResultRecord
from hocvu.recognition.queries.candidates import (
    Candidate,
    candidates_of,
    fingerprint_of,
    marking_is_under_way,
)
from hocvu.recognition.queries.results import are_current, latest_results


class ClassIsStillOpen(NotPossible):
    """Results can still change: they are approved after a class was closed."""


class MarkingIsUnderWay(NotPossible):
    """Answers wait to be marked."""


class ListHasChanged(NotPossible):
    """The people or results are not those who were shown."""


class NobodyTookPart(NotPossible):
    """A class without learners has no results."""


@transaction.atomic
def approve_results(
    training_class: TrainingClass, *, shown: str | None = None, by: Person, at: datetime
) -> ResultRecord:
    """Approve every learner's result as it stands now.

    `shown` is the fingerprint of the list that was looked at; another one is refused. Approving
    what is approved already gives the same record back.
    """
    training_class = TrainingClass.objects.select_for_update().get(pk=training_class.pk)
    if not policies.can_approve_results(by, training_class.host_unit):
        raise NotAllowed(
            _("Only a training officer or registrar of the unit that ran the class can do this.")
        )
    if not training_class.is_closed:
        raise ClassIsStillOpen(
            _("The class is still open, so results can change."), _("Close the class first.")
        )
    if marking_is_under_way(training_class):
        raise MarkingIsUnderWay(
            _("Some answers of this class wait to be marked."),
            _("Approve the results when all of them are marked."),
        )
    candidates = candidates_of(training_class)
    if not candidates:
        raise NobodyTookPart(_("Nobody is enrolled in this class."))
    if shown is not None and shown != fingerprint_of(candidates):
        raise ListHasChanged(
            _("The list has changed since you opened it."),
            _("Look at the new list and confirm again."),
        )
    last = latest_results(training_class)
    if last is not None and are_current(last, candidates):
        return last
    approved = _write(training_class, candidates, last.number + 1 if last else 1, by=by, at=at)
    record("results_approved", approved, by=by, at=at, learners=len(candidates))
    return approved


def _write(
    training_class: TrainingClass,
    candidates: list[Candidate],
    number: int,
    *,
    by: Person,
    at: datetime,
) -> ResultRecord:
    approved = ResultRecord.objects.create(
        training_class=training_class,
        number=number,
        required_attendance=training_class.programme.min_attendance,
        paper_code=training_class.programme.paper_code,
        learner_count=len(candidates),
        earned_count=sum(each.has_earned_it for each in candidates),
        fingerprint=fingerprint_of(candidates),
        approved_by=by,
        approved_at=at,
    )
    ResultLine.objects.bulk_create(
        [_line(approved, position, each) for position, each in enumerate(candidates, start=1)],
        batch_size=2_000,
    )
    return approved


def _line(approved: ResultRecord, position: int, candidate: Candidate) -> ResultLine:
    attempt = candidate.attempt
    return ResultLine(
        record=approved,
        position=position,
        enrolment_id=candidate.enrolment_id,
        attended=candidate.evidence.attended,
        held=candidate.evidence.held,
        attempt_id=attempt.attempt_id if attempt else None,
        points=attempt.points if attempt else None,
        out_of=attempt.out_of if attempt else None,
        passed=attempt.passed if attempt else None,
        reasons=",".join(reason.value for reason in candidate.reasons),
    )
