"""Decisions and certificates, as each person may see them."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from hocvu.credentials.models import (
    Certificate,
    RecognitionDecision,
    RegisterEntry,
    RegisterEvent,
)
from hocvu.people.models import Person
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission
from hocvu.units.models import Unit

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


def decisions_open_to(person: Person) -> QuerySet[RecognitionDecision]:
    """Decisions within reach, with `issued` certificates counted."""
    reach = scope_of(person).reach(Permission.SEE_CERTIFICATES, "training_class__host_unit")
    return (
        RecognitionDecision.objects.filter(reach)
        .select_related("training_class__host_unit", "issuer")
        .annotate(issued=Count("entries", filter=Q(entries__certificate__edition=1)))
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


def last_decision_of(issuer: Unit) -> RecognitionDecision | None:
    """What this issuer decided last: its signer is probably the next one's too."""
    return RecognitionDecision.objects.filter(issuer=issuer).order_by("-issued_at").first()
