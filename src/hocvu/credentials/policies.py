"""Who may revoke, correct, hand in what is signed elsewhere, and have files made anew."""

from hocvu.credentials.models import Certificate, RemakeOrder
from hocvu.people.models import Person
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission
from hocvu.recognition.models import RecognitionDecision
from hocvu.recognition.policies import can_issue_for


def can_revoke(person: Person, certificate: Certificate) -> bool:
    """Revoking, correcting and copying belong to the registrar of the unit that ran the class."""
    return can_issue_for(person, certificate.entry.decision.training_class.host_unit)


def can_hand_in(person: Person, decision: RecognitionDecision) -> bool:
    """Who may fetch unsigned files and hand them in signed: leaders and registrars of the unit."""
    scope, host_unit = scope_of(person), decision.training_class.host_unit
    return scope.covers(Permission.APPROVE_DECISIONS, host_unit) or can_issue_for(person, host_unit)


def can_approve_new_files(person: Person, order: RemakeOrder) -> bool:
    """Who may have files made anew: never the one who asked for it."""
    reaches = scope_of(person).covers(Permission.APPROVE_DECISIONS, order.issuer)
    return reaches and person.pk != order.asked_by_id
