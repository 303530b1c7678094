"""Certificates, as each person may see them."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from hocvu.credentials.models import Certificate, RegisterEntry, RegisterEvent
from hocvu.people.models import Person
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission

_OWN = RegisterEntry.objects.filter(certificate=OuterRef("pk")).order_by("-leaf_index")
_FORCE = _OWN.filter(event__in=[RegisterEvent.REVOKE, RegisterEvent.REINSTATE])
_SUPERSEDED = _OWN.filter(event=RegisterEvent.SUPERSEDE)


def with_state(certificates: QuerySet[Certificate]) -> QuerySet[Any]:
    """With `is_revoked` and `is_corrected`, as the register's entries say."""
    last = Subquery(_FORCE.values("event")[:1])
    return certificates.annotate(last_event=last).annotate(
        is_revoked=Q(last_event__isnull=False, last_event=RegisterEvent.REVOKE),
        is_corrected=Exists(_SUPERSEDED),
    )


def certificates_open_to(person: Person) -> QuerySet[Certificate]:
    """The root register within reach, with `is_revoked` and `is_corrected`."""
    reach = scope_of(person).reach(
        Permission.SEE_CERTIFICATES, "entry__decision__training_class__host_unit"
    )
    return _shaped(Certificate.objects.filter(reach))


def certificates_of(person: Person) -> QuerySet[Certificate]:
    """A person's own certificates, newest first; of one that was corrected, the latest edition."""
    own = _shaped(Certificate.objects.filter(entry__person=person))
    return own.order_by("-issued_at", "-edition")


def _shaped(certificates: QuerySet[Certificate]) -> QuerySet[Any]:
    # The signed file weighs 80 KB: no list fetches it.
    return with_state(certificates.defer("stored_file", "tail")).select_related(
        "entry__decision", "issuer", "correction"
    )


def editions_of(certificate: Certificate) -> list[Certificate]:
    """Every edition under this register number, the first one first."""
    return list(
        Certificate.objects.filter(entry=certificate.entry_id)
        .select_related("entry__decision", "issuer", "correction")
        .order_by("edition")
    )


def is_revoked(certificate: Certificate) -> bool:
    """Whether the last word of the register about this certificate is a revocation."""
    last = (
        RegisterEntry.objects.filter(
            certificate=certificate, event__in=[RegisterEvent.REVOKE, RegisterEvent.REINSTATE]
        )
        .order_by("-leaf_index")
        .first()
    )
    return last is not None and last.event == RegisterEvent.REVOKE
