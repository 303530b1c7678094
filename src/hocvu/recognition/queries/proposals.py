"""Proposals that wait, and what has become of the others."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from hocvu.people.models import Person
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission
from hocvu.recognition.models import DecisionEntry, Proposal, ResultLine
from hocvu.recognition.queries.candidates import Candidate, candidates_of, fingerprint_of, ready_of
from hocvu.recognition.queries.results import are_current


def proposals_open_to(person: Person) -> QuerySet[Proposal]:
    """Proposals within the reach of those who propose and those who approve."""
    scope, unit = scope_of(person), "training_class__host_unit"
    reach = scope.reach(Permission.ISSUE_CERTIFICATES, unit)
    reach |= scope.reach(Permission.APPROVE_DECISIONS, unit)
    return Proposal.objects.filter(reach).select_related(
        "training_class__host_unit",
        "training_class__programme",
        "proposed_by",
        "approved_by",
        "returned_by",
        "result_record__approved_by",
        "decision",
    )


def waiting_for(person: Person) -> QuerySet[Proposal]:
    """What this person may approve now."""
    reach = scope_of(person).reach(Permission.APPROVE_DECISIONS, "training_class__host_unit")
    return (
        Proposal.objects.filter(reach, approved_at=None, returned_at=None)
        .exclude(proposed_by=person)
        .select_related("training_class")
        .order_by("proposed_at")
    )


def lines_of(proposal: Proposal) -> QuerySet[ResultLine]:
    """The list that is proposed, from the approved results; of a settled one, as it was decided."""
    lines = ResultLine.objects.filter(record=proposal.result_record, reasons="").select_related(
        "enrolment__person", "enrolment__unit"
    )
    if proposal.approved_at is not None:
        return lines.filter(
            enrolment__in=DecisionEntry.objects.filter(decision__proposal=proposal).values(
                "enrolment"
            )
        )
    recognised = DecisionEntry.objects.filter(
        decision__training_class=proposal.training_class_id
    ).values("enrolment")
    return lines.exclude(Q(enrolment__in=recognised))


@dataclass(frozen=True)
class ListNow:
    """The list as it would be decided at this moment."""

    fingerprint: str
    is_as_proposed: bool
    candidates: list[Candidate]


def list_now(proposal: Proposal) -> ListNow:
    """Whether the class's rolls, tests and dossiers still give the list that was proposed."""
    candidates = candidates_of(proposal.training_class)
    earned = ready_of(candidates)
    fingerprint = fingerprint_of(earned)
    holds = fingerprint == proposal.fingerprint and are_current(proposal.result_record, candidates)
    return ListNow(fingerprint, holds, earned)
