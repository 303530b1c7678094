"""Approving a proposed recognition decision: it takes effect with its annexed list."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.courses.models import Mode
from hocvu.kernel.errors import NotAllowed
from hocvu.kernel.events import publish
from hocvu.people.models import Person
from hocvu.recognition import policies
from hocvu.recognition.actions.proposals import (
    NumberIsTaken,
    ProposalIsSettled,
    locked_proposal,
    refuse_taken_number,
    who_is_to_be_recognised,
)
from hocvu.recognition.actions.results import ListHasChanged
from hocvu.recognition.events import DecisionApproved
from hocvu.recognition.models import DecisionEntry, Proposal, RecognitionDecision, ResultLine
from hocvu.recognition.queries.candidates import Candidate, candidates_of, fingerprint_of
from hocvu.recognition.queries.evidence import evidence_hash_of
from hocvu.recognition.queries.holders import holders_of
from hocvu.recognition.queries.results import are_current

_GRADE = "Hoàn thành"


@transaction.atomic
def approve_proposal(
    proposal: Proposal, *, shown: str | None = None, by: Person, at: datetime
) -> RecognitionDecision:
    """Approve what somebody else proposed, for the list that was proposed.

    `shown` is the fingerprint of the list the approver saw. A list or results that have changed
    since the proposal are refused: it has to be returned and proposed anew. Rooms above answer at
    once, and may refuse: then nothing was approved.
    """
    proposal = locked_proposal(proposal)
    if not policies.can_settle(by, proposal):
        raise NotAllowed(
            _("You proposed this decision: somebody else has to approve it.")
            if policies.can_withdraw(by, proposal)
            else _("Only a leader or registrar of the unit that ran the class can approve it.")
        )
    if proposal.approved_at is not None:
        return proposal.decision
    if proposal.returned_at is not None:
        raise ProposalIsSettled(
            _("This proposal was returned."), _("Its proposer makes a new one.")
        )
    earned = _list_as_proposed(proposal, shown)
    refuse_taken_number(proposal.training_class, proposal.text, besides=proposal)
    proposal.approved_by, proposal.approved_at = by, at
    proposal.save(update_fields=["approved_by", "approved_at"])
    decision = _write_decision(proposal, by=by, at=at)
    _write_annex(decision, earned)
    record("decision_issued", decision, by=by, at=at, learners=len(earned))
    publish(DecisionApproved(decision.pk, by.pk, at))
    return decision


def _list_as_proposed(proposal: Proposal, shown: str | None) -> list[Candidate]:
    training_class = proposal.training_class
    earned = who_is_to_be_recognised(training_class, shown)
    results_hold = are_current(proposal.result_record, candidates_of(training_class))
    if fingerprint_of(earned) != proposal.fingerprint or not results_hold:
        raise ListHasChanged(
            _("The list is not the one that was proposed: a name, a unit or a result has changed."),
            _("Return the proposal; it has to be made anew."),
        )
    return earned


def _write_decision(proposal: Proposal, *, by: Person, at: datetime) -> RecognitionDecision:
    training_class = proposal.training_class
    try:
        with transaction.atomic():
            return RecognitionDecision.objects.create(
                training_class=training_class,
                kind=proposal.kind,
                issuer=training_class.host_unit,
                year=proposal.decided_on.year,
                issued_at=at,
                issued_by=by,
                **asdict(proposal.text),
                programme_name=training_class.programme.name,
                class_code=training_class.code,
                class_name=training_class.name,
                opening_decision=training_class.opening_decision,
                starts_on=training_class.starts_on,
                ends_on=training_class.ends_on,
                mode=Mode(training_class.mode),
                learner_count=proposal.learner_count,
                result_record=proposal.result_record,
                proposal=proposal,
                evidence_hash=evidence_hash_of(proposal.result_record, proposal),
            )
    except IntegrityError as taken:
        raise NumberIsTaken(
            _("This number was given to another decision a moment ago."),
            _("Enter the next free number."),
        ) from taken


def _write_annex(decision: RecognitionDecision, earned: Sequence[Candidate]) -> None:
    """The list in article 1's order, each line as the person's dossier reads today."""
    holders = holders_of({each.person_id: each.unit_name for each in earned}, decision.decided_on)
    results = dict(
        ResultLine.objects.filter(record=decision.result_record).values_list("enrolment_id", "pk")
    )
    DecisionEntry.objects.bulk_create(
        [
            DecisionEntry(
                decision=decision,
                position=position,
                enrolment_id=each.enrolment_id,
                person_id=each.person_id,
                grade=_GRADE,
                result_line_id=results[each.enrolment_id],
                **asdict(holders[each.person_id]),
            )
            for position, each in enumerate(earned, start=1)
        ],
        batch_size=2_000,
    )
