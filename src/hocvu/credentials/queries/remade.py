"""Files made anew: which are still to be made, and whose a file is."""

from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from hocvu.credentials.models import Certificate, PreparedAnew, RemadeFile, RemakeOrder
from hocvu.credentials.queries.certificates import with_state
from hocvu.credentials.queries.waiting import still_waiting
from hocvu.kernel.time import day_of
from hocvu.people.models import Person
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission
from hocvu.stationery.models import TemplateVersion
from hocvu.stationery.queries.templates import template_in_force
from hocvu.units.models import Unit


def version_to_make_with(issuer: Unit, kind: str, at: datetime) -> TemplateVersion:
    """The version of the template that an issuer's certificates are made with now."""
    return template_in_force(issuer, kind, day_of(at))


def still_to_make(order: RemakeOrder) -> QuerySet[Certificate]:
    """Certificates in force, issued before the order, whose file it has not made yet."""
    made = RemadeFile.objects.filter(order=order, certificate=OuterRef("pk"))
    certificates = Certificate.objects.filter(
        ~Exists(made),
        issuer=order.issuer,
        issued_at__lt=order.asked_at,
        entry__decision__kind=order.version.template.kind,
    )
    return (
        with_state(certificates)
        .filter(is_revoked=False, is_corrected=False)
        .select_related("entry__decision__training_class__programme", "issuer", "correction")
        .order_by("entry__decision", "pk")
    )


def still_to_prepare(order: RemakeOrder) -> QuerySet[Certificate]:
    """Those of them whose file has not been set either, where somebody signs it elsewhere."""
    prepared = PreparedAnew.objects.filter(
        order=order, certificate=OuterRef("pk"), withdrawn_at=None
    )
    return still_to_make(order).filter(~Exists(prepared))


def orders_open_to(person: Person) -> QuerySet[RemakeOrder]:
    """What was asked for, within a person's reach.

    Each with `made`, the files made so far, and `is_waiting`: some wait for a signature.
    """
    scope = scope_of(person)
    reach = Q(scope.reach(Permission.ISSUE_CERTIFICATES, "issuer")) | Q(
        scope.reach(Permission.APPROVE_DECISIONS, "issuer")
    )
    return (
        RemakeOrder.objects.filter(reach)
        .select_related("issuer", "version__template", "asked_by", "approved_by")
        .annotate(
            made=Count("files"),
            is_waiting=Exists(still_waiting(PreparedAnew.objects.filter(order=OuterRef("pk")))),
        )
    )


def issuers_of(person: Person) -> QuerySet[Unit]:
    """Issuers of certificates for whom this person may ask."""
    issued = Certificate.objects.filter(issuer=OuterRef("pk"))
    reach = scope_of(person).reach(Permission.ISSUE_CERTIFICATES, "")
    return Unit.objects.filter(reach).filter(Exists(issued)).order_by("path")


def serial_of_file(sha256: str) -> str | None:
    """The serial number of the certificate that a file made anew says it is; None: not ours."""
    found = RemadeFile.objects.filter(sha256=sha256)
    return found.values_list("certificate__serial_number", flat=True).first()
