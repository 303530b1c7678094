"""Who may design templates, put them in use, keep blanks, and say how numbers are written."""

from django.utils.translation import gettext as _

from hocvu.kernel.errors import NotAllowed
from hocvu.people.models import Person
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission
from hocvu.stationery.models import TemplateVersion
from hocvu.units.models import Unit


def must_issue_somewhere(person: Person) -> None:
    """Only registrars begin templates, add images and enter blanks. Raises NotAllowed."""
    if not scope_of(person).may_anywhere(Permission.ISSUE_CERTIFICATES):
        raise NotAllowed(
            _("Only a registrar of an issuing unit can enter this."),
            _("Ask a registrar of your unit."),
        )


def can_design_for(person: Person, issuer: Unit | None) -> bool:
    """Registrars of the issuer or of a unit above it. Nobody changes what came with the system."""
    return issuer is not None and scope_of(person).covers(Permission.ISSUE_CERTIFICATES, issuer)


def can_put_in_use(person: Person, version: TemplateVersion) -> bool:
    """Whoever approves decisions of the issuer, but never the writer of the version."""
    issuer = version.template.issuer
    return (
        issuer is not None
        and version.written_by_id != person.pk
        and scope_of(person).covers(Permission.APPROVE_DECISIONS, issuer)
    )


def can_keep_blanks_of(person: Person, issuer: Unit) -> bool:
    return scope_of(person).covers(Permission.ISSUE_CERTIFICATES, issuer)


def can_number_for(person: Person, issuer: Unit) -> bool:
    """Who says how the numbers of an issuer are written."""
    return scope_of(person).covers(Permission.ISSUE_CERTIFICATES, issuer)
