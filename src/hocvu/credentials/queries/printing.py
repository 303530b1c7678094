"""What a decision and its lines give to be printed."""

from hocvu.credentials.models import (
    Certificate,
    DecisionEntry,
    Proposal,
    RecognitionDecision,
    ResultLine,
)
from hocvu.credentials.rules.holders import Holder
from hocvu.credentials.rules.printing import Common, Numbered, ToPrint
from hocvu.people.models import Post

CODE_LENGTH = 16


def common_of(decision: RecognitionDecision) -> Common:
    """What all certificates of a decision say, as it read when it was decided."""
    programme = decision.training_class.programme
    return Common(
        decision.kind,
        decision.issuer.name,
        decision.programme_name,
        programme.name_en if programme.name == decision.programme_name else "",
        programme.code,
        decision.starts_on,
        decision.ends_on,
        decision.mode,
        decision.text,
        decision.issued_at,
    )


def common_of_proposal(proposal: Proposal) -> Common:
    """The same for a decision that waits for approval."""
    training_class = proposal.training_class
    return Common(
        proposal.kind,
        training_class.host_unit.name,
        training_class.programme.name,
        training_class.programme.name_en,
        training_class.programme.code,
        training_class.starts_on,
        training_class.ends_on,
        training_class.mode,
        proposal.text,
        proposal.proposed_at,
    )


def specimen_of(proposal: Proposal, line: ResultLine) -> ToPrint:
    """One line of a proposed list as it would be printed; numbers are not given yet."""
    person = line.enrolment.person
    post = Post.objects.held_on(proposal.decided_on).filter(person=person, is_main=True).first()
    holder = Holder(
        person.full_name,
        person.birth_text,
        person.sex,
        "",
        "",
        "",
        post.title if post else "",
        line.enrolment.unit.name,
    )
    return ToPrint(common_of_proposal(proposal), holder, Numbered("…", "…", "0" * CODE_LENGTH))


def holder_of(entry: DecisionEntry) -> Holder:
    """The holder as the list's line says."""
    return Certificate(entry=entry).holder
