"""Which template is in force, and the templates a person may see."""

from datetime import date

from django.db.models import Case, Count, F, IntegerField, Max, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from hocvu.kernel.errors import NotPossible
from hocvu.people.models import Person, Post
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission
from hocvu.stationery.models import CertificateTemplate, IssuerImage, Kind, TemplateVersion
from hocvu.units.models import Unit


class NoTemplateInForce(NotPossible):
    """Nothing says how this kind of document looks on that day."""


def template_in_force(issuer: Unit, kind: Kind | str, on: date) -> TemplateVersion:
    """The version that documents of this issuer are printed with on a day.

    The issuer's own comes first, then that of the nearest unit above it, then the packaged one;
    of several in use, the one whose day came last. Raises NoTemplateInForce.
    """
    above = issuer.ancestor_paths
    nearest = Case(
        *(When(template__issuer__path=path, then=Value(depth)) for depth, path in enumerate(above)),
        default=Value(-1),
        output_field=IntegerField(),
    )
    found = (
        TemplateVersion.objects.in_use_on(on)
        .filter(Q(template__issuer=None) | Q(template__issuer__path__in=above), template__kind=kind)
        .select_related("template__issuer")
        .order_by(nearest.desc(), "-effective_from", "-approved_at", "-pk")
        .first()
    )
    if found is None:
        raise NoTemplateInForce(
            _("No template for this kind of document is in use at %s.") % issuer.name,
            _("Put a template in use first."),
        )
    return found


def templates_open_to(person: Person) -> QuerySet[CertificateTemplate]:
    """Templates of issuers whose certificates this person may see, and the packaged ones."""
    scope = scope_of(person)
    if not scope.may_anywhere(Permission.SEE_CERTIFICATES):
        return CertificateTemplate.objects.none()
    return (
        CertificateTemplate.objects.filter(
            Q(issuer=None) | scope.reach(Permission.SEE_CERTIFICATES, "issuer")
        )
        .select_related("issuer")
        .annotate(
            version_count=Count("versions"),
            last_written_at=Max("versions__written_at"),
            draft_count=Count("versions", filter=Q(versions__approved_at=None)),
        )
    )


def versions_open_to(person: Person) -> QuerySet[TemplateVersion]:
    return TemplateVersion.objects.filter(
        template__in=templates_open_to(person).values("pk")
    ).select_related("template__issuer", "written_by", "approved_by", "retired_by")


def issuers_open_to(person: Person) -> QuerySet[Unit]:
    """Units this person may design templates and keep blanks for, their own one first."""
    scope = scope_of(person)
    own = Post.objects.filter(person=person, until_on=None).values("unit")
    return Unit.objects.filter(
        scope.reach(Permission.ISSUE_CERTIFICATES, ""), closed_on=None
    ).order_by(Case(When(pk__in=own, then=Value(0)), default=Value(1)), "path")


def images_open_to(person: Person) -> QuerySet[IssuerImage]:
    scope = scope_of(person)
    return (
        IssuerImage.objects.filter(scope.reach(Permission.SEE_CERTIFICATES, "issuer"))
        .select_related("issuer", "added_by", "withdrawn_by")
        .order_by("kind", F("withdrawn_at").desc(nulls_first=True), "signer_name", "pk")
    )


def images_in_use(issuer: Unit) -> QuerySet[IssuerImage]:
    return IssuerImage.objects.filter(issuer=issuer, withdrawn_at=None)


def versions_to_begin_from(person: Person) -> QuerySet[TemplateVersion]:
    """Versions that were put in use and that this person may see: the packaged ones first."""
    return (
        versions_open_to(person)
        .filter(approved_at__isnull=False)
        .order_by(F("template__issuer").asc(nulls_first=True), "template__name", "-number")
    )
