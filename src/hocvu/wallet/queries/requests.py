"""Requests for corrections, as their holders and the registrars see them."""

from django.db.models import QuerySet

from hocvu.credentials.models import Certificate
from hocvu.people.models import Person
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission
from hocvu.wallet.models import CorrectionRequest

_HOST = "certificate__entry__decision__training_class__host_unit"


def requests_of(person: Person) -> QuerySet[CorrectionRequest]:
    """What a person asked for, newest first."""
    return _shaped().filter(asked_by=person).order_by("-asked_at", "-pk")


def requests_open_to(person: Person) -> QuerySet[CorrectionRequest]:
    """What registrars within reach are asked to correct, settled or not."""
    return _shaped().filter(scope_of(person).reach(Permission.ISSUE_CERTIFICATES, _HOST))


def requests_about(certificate: Certificate) -> QuerySet[CorrectionRequest]:
    """What was asked about any edition of this certificate, newest first."""
    return _shaped().filter(certificate__entry=certificate.entry_id).order_by("-asked_at", "-pk")


def _shaped() -> QuerySet[CorrectionRequest]:
    return CorrectionRequest.objects.select_related(
        _HOST, "certificate__correction", "certificate__issuer", "asked_by", "settled_by"
    ).defer("certificate__stored_file", "certificate__tail")
