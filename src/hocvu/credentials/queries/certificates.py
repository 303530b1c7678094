"""Decisions and certificates, as each person may see them."""

from django.db.models import Count, Exists, Max, OuterRef, QuerySet

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

# The signed file weighs 80 KB: no list fetches it.
_REVOKED = RegisterEntry.objects.filter(certificate=OuterRef("pk"), event=RegisterEvent.REVOKE)


def decisions_open_to(person: Person) -> QuerySet[RecognitionDecision]:
    """Decisions within reach, newest first, with `issued` certificates counted."""
    reach = scope_of(person).reach(Permission.SEE_CERTIFICATES, "training_class__host_unit")
    return (
        RecognitionDecision.objects.filter(reach)
        .select_related("training_class", "issuer")
        .annotate(issued=Count("entries__certificate"))
    )


def certificates_open_to(person: Person) -> QuerySet[Certificate]:
    """The root register within reach, with `is_revoked`."""
    reach = scope_of(person).reach(
        Permission.SEE_CERTIFICATES, "entry__decision__training_class__host_unit"
    )
    return _shaped(Certificate.objects.filter(reach))


def certificates_of(person: Person) -> QuerySet[Certificate]:
    """A person's own certificates, newest first."""
    return _shaped(Certificate.objects.filter(entry__person=person)).order_by("-issued_at")


def _shaped(certificates: QuerySet[Certificate]) -> QuerySet[Certificate]:
    return (
        certificates.defer("file")
        .select_related("entry__decision", "issuer")
        .annotate(is_revoked=Exists(_REVOKED))
    )


def next_number(issuer: Unit, year: int) -> int:
    """The next free decision number of an issuer in a year."""
    given = RecognitionDecision.objects.filter(issuer=issuer, year=year)
    return (given.aggregate(last=Max("number"))["last"] or 0) + 1


def last_decision_of(issuer: Unit) -> RecognitionDecision | None:
    """What this issuer decided last: its signer is probably the next one's too."""
    return RecognitionDecision.objects.filter(issuer=issuer).order_by("-issued_at").first()
