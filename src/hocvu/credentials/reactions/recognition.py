"""What is proposed and approved can be printed, and what is approved is issued.

In the same transaction: a refusal here is one of the act, and nothing was proposed or approved.
"""

from hocvu.credentials.actions.issuing import issue_certificates_job
from hocvu.credentials.actions.unprintable import refuse_unprintable
from hocvu.credentials.queries.printing import common_of
from hocvu.credentials.queries.specimens import common_of_proposal, holders_proposed
from hocvu.kernel.events import reacts_to
from hocvu.recognition.events import DecisionApproved, DecisionProposed
from hocvu.recognition.models import Proposal, RecognitionDecision


@reacts_to(DecisionProposed)
def try_what_is_proposed(event: DecisionProposed) -> None:
    proposal = Proposal.objects.select_related(
        "training_class__host_unit", "training_class__programme"
    ).get(pk=event.proposal_id)
    refuse_unprintable(
        common_of_proposal(proposal),
        holders_proposed(proposal),
        proposal.training_class.host_unit,
        at=event.at,
    )


@reacts_to(DecisionApproved)
def issue_what_is_approved(event: DecisionApproved) -> None:
    decision = RecognitionDecision.objects.select_related(
        "issuer", "training_class__programme"
    ).get(pk=event.decision_id)
    holders = [each.holder for each in decision.entries.order_by("position")]
    refuse_unprintable(common_of(decision), holders, decision.issuer, at=event.at)
    issue_certificates_job.defer(decision_id=decision.pk, by_id=event.by_id)
