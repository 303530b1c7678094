"""Who may recognise completion and revoke."""

from hocvu.credentials.models import Certificate
from hocvu.people.models import Person
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission
from hocvu.units.models import Unit


def can_issue_for(person: Person, host_unit: Unit) -> bool:
    """A registrar of the unit that ran the class, or of one above it."""
    return scope_of(person).covers(Permission.ISSUE_CERTIFICATES, host_unit)


def can_revoke(person: Person, certificate: Certificate) -> bool:
    host_unit = certificate.entry.decision.training_class.host_unit
    return scope_of(person).covers(Permission.ISSUE_CERTIFICATES, host_unit)
