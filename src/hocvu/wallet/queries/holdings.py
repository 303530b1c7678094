"""What a person holds: their own certificates, each in its newest edition."""

from typing import Any

from django.db.models import QuerySet

from hocvu.credentials.models import Certificate
from hocvu.credentials.queries.certificates import certificates_of
from hocvu.people.models import Person


def certificates_held_by(person: Person) -> QuerySet[Any]:
    """Newest first; with `is_revoked`. An edition that was corrected is not held any more."""
    own: QuerySet[Any] = certificates_of(person)
    return own.filter(is_corrected=False)


def certificates_ever_held_by(person: Person) -> QuerySet[Certificate]:
    """Every edition there ever was of what a person holds."""
    return Certificate.objects.filter(entry__person=person)


def earlier_editions_of(certificate: Certificate) -> list[Certificate]:
    """What this certificate replaced, the newest first."""
    earlier = Certificate.objects.filter(
        entry=certificate.entry_id, edition__lt=certificate.edition
    )
    return list(earlier.defer("stored_file", "tail").order_by("-edition"))
