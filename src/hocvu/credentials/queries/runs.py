"""How the certificates of a decision come to be."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from hocvu.credentials.models import Certificate, IssuingRun, StopReason
from hocvu.credentials.queries.stop_reasons import next_step_of
from hocvu.credentials.rules.deadlines import last_day_to_issue
from hocvu.credentials.rules.pace import Pace
from hocvu.kernel.time import day_of
from hocvu.people.models import Person
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission
from hocvu.recognition.models import DecisionEntry, RecognitionDecision


@dataclass(frozen=True)
class RunNow:
    """What a decision's page shows of its run."""

    issued: int
    missing: int
    pace: Pace | None
    stopped: str  # why it stands still, and who does what; "" while it goes on
    stopped_at: datetime | None
    last_day: date
    is_overdue: bool


def pace_of(decision: RecognitionDecision, at: datetime) -> RunNow:
    """The run of a decision at a moment. One query."""
    issued = Certificate.objects.filter(entry__decision=decision, edition=1).count()
    missing = decision.learner_count - issued
    run = IssuingRun.objects.filter(decision=decision).first()
    last_day = last_day_to_issue(decision.kind, decision.decided_on)
    pace = None
    if run is not None and run.last_batch_at is not None:
        pace = Pace(run.issued, run.last_batch_at - run.begun_at, missing)
    return RunNow(
        issued,
        missing,
        pace,
        _in_words(StopReason(run.stop_reason)) if run and run.stopped_at and missing else "",
        run.stopped_at if run else None,
        last_day,
        is_overdue=missing > 0 and day_of(at) > last_day,
    )


def _in_words(reason: StopReason) -> str:
    return f"{reason.label} {next_step_of(reason)}"


def with_issued(decisions: QuerySet[RecognitionDecision]) -> QuerySet[Any]:
    """Decisions with `issued`: how many of their lines have their certificate."""
    return decisions.annotate(issued=Count("entries", filter=Q(entries__certificate__edition=1)))


def overdue_decisions(person: Person, today: date) -> list[RecognitionDecision]:
    """Decisions a registrar has to see to: not all certificates issued, and the last day over.

    Each carries `issued`. The one that has waited longest first.
    """
    reach = scope_of(person).reach(Permission.ISSUE_CERTIFICATES, "training_class__host_unit")
    unfinished = (
        with_issued(RecognitionDecision.objects.filter(reach))
        .filter(issued__lt=F("learner_count"))
        .order_by("decided_on", "pk")
    )
    return [each for each in unfinished if last_day_to_issue(each.kind, each.decided_on) < today]


def with_serials(entries: QuerySet[DecisionEntry]) -> QuerySet[Any]:
    """Lines of a list with `serial` and `certificate_id` of their latest edition."""
    latest = Certificate.objects.filter(entry=OuterRef("pk")).order_by("-edition")
    return entries.annotate(
        serial=Subquery(latest.values("serial_number")[:1]),
        certificate_id=Subquery(latest.values("pk")[:1]),
    )
