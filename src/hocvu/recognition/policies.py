"""Who may approve results, propose a decision, approve it and return it."""

from hocvu.people.models import Person
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission
from hocvu.recognition.models import Proposal
from hocvu.units.models import Unit


def can_approve_results(person: Person, host_unit: Unit) -> bool:
    """Whoever runs classes for this unit, or recognises their completion."""
    scope = scope_of(person)
    return scope.covers(Permission.RUN_CLASSES, host_unit) or can_issue_for(person, host_unit)


def can_issue_for(person: Person, host_unit: Unit) -> bool:
    """A registrar of the unit that ran the class, or of one above it."""
    return scope_of(person).covers(Permission.ISSUE_CERTIFICATES, host_unit)


def can_settle(person: Person, proposal: Proposal) -> bool:
    """Who may approve or return a proposal: never the one who proposed it."""
    host_unit = proposal.training_class.host_unit
    reaches = scope_of(person).covers(Permission.APPROVE_DECISIONS, host_unit)
    return reaches and person.pk != proposal.proposed_by_id


def can_withdraw(person: Person, proposal: Proposal) -> bool:
    """A proposer may take back what they proposed."""
    return person.pk == proposal.proposed_by_id
