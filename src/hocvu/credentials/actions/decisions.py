"""Approving a proposed recognition decision: it takes effect with its annexed list."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.courses.models import Mode
from hocvu.credentials import policies
from hocvu.credentials.actions.issuing import issue_certificates_job
from hocvu.credentials.actions.proposals import (
    NumberIsTaken,
    ProposalIsSettled,
    locked_proposal,
    refuse_taken_number,
    who_is_to_be_recognised,
)
from hocvu.credentials.actions.results import ListHasChanged
from hocvu.credentials.actions.unprintable import refuse_unprintable
from hocvu.credentials.models import DecisionEntry, Proposal, RecognitionDecision, ResultLine
from hocvu.credentials.queries.candidates import Candidate, candidates_of, fingerprint_of
from hocvu.credentials.queries.evidence import evidence_hash_of
from hocvu.credentials.queries.results import are_current
from hocvu.credentials.queries.specimens import common_of_proposal
from hocvu.credentials.rules.holders import Holder
from hocvu.kernel.errors import NotAllowed
from hocvu.people.models import Person

_GRADE = "Hoàn thành"


@transaction.atomic
def approve_proposal(
    proposal: Proposal, *, shown: str | None = None, by: Person, at: datetime
) -> RecognitionDecision:
    """Approve what somebody else proposed, for the list that was proposed; queue certificates.

    `shown` is the fingerprint of the list the approver saw. A list or results that have changed
    since the proposal are refused: it has to be returned and proposed anew.
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
    common, training_class = common_of_proposal(proposal), proposal.training_class
    holders = refuse_unprintable(common, training_class, earned, at=at)
    proposal.approved_by, proposal.approved_at = by, at
    proposal.save(update_fields=["approved_by", "approved_at"])
    decision = _write_decision(proposal, by=by, at=at)
    _write_annex(decision, earned, holders)
    record("decision_issued", decision, by=by, at=at, learners=len(earned))
    issue_certificates_job.defer(decision_id=decision.pk, by_id=by.pk)
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
                number=proposal.number,
                symbol=proposal.symbol,
                decided_on=proposal.decided_on,
                issued_at=at,
                issued_by=by,
                place=proposal.place,
                capacity=proposal.capacity,
                signer_title=proposal.signer_title,
                signer_name=proposal.signer_name,
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


def _write_annex(
    decision: RecognitionDecision, earned: Sequence[Candidate], holders: Sequence[Holder]
) -> None:
    """The list in article 1's order, each line as the person's dossier reads today."""
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
                full_name=holder.full_name,
                birth_text=holder.birth_text,
                post_title=holder.post_title,
                unit_name=holder.unit_name,
                sex=holder.sex,
                birth_place=holder.birth_place,
                ethnic_group=holder.ethnic_group,
                nationality=holder.nationality,
                grade=_GRADE,
                result_line_id=results[each.enrolment_id],
            )
            for position, (each, holder) in enumerate(zip(earned, holders, strict=True), start=1)
        ],
        batch_size=2_000,
    )
