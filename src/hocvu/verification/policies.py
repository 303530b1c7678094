"""Who may give organisations a key."""

from hocvu.people.models import Person
from hocvu.verification.queries.access_keys import administers_everything


def can_grant_access_keys(person: Person) -> bool:
    """An administrator of the whole tree: a key reaches the certificates of every issuer."""
    return administers_everything(person)
