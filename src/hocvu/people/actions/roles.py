"""Roles are granted on a unit and hold for everything below it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.kernel.errors import NotAllowed
from hocvu.kernel.time import day_of
from hocvu.people import policies
from hocvu.people.models import Person, Role, RoleGrant
from hocvu.units.models import Unit


def grant_role(
    person: Person, role: str, unit: Unit, *, by: Person | None, at: datetime
) -> RoleGrant:
    """Grant a role from today on. A role already held on this unit stays as it is."""
    with transaction.atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        _refuse_unless_allowed(by, unit)
        held = RoleGrant.objects.filter(person=person, role=role, unit=unit, until_on=None).first()
        if held:
            return held
        grant = RoleGrant.objects.create(
            person=person, role=Role(role).value, unit=unit, from_on=day_of(at)
        )
        record("role_granted", grant, by=by, at=at, person_id=person.pk, unit_id=unit.pk, role=role)
    person.__dict__.pop("_scopes", None)
    return grant


def end_role(grant: RoleGrant, *, by: Person | None, at: datetime) -> None:
    """The role is held no longer from today on; ending it twice changes nothing."""
    with transaction.atomic():
        grant = RoleGrant.objects.select_for_update().select_related("unit").get(pk=grant.pk)
        _refuse_unless_allowed(by, grant.unit)
        if grant.until_on is None:
            grant.until_on = day_of(at)
            grant.save(update_fields=["until_on"])
            record("role_ended", grant, by=by, at=at, person_id=grant.person_id)


def _refuse_unless_allowed(by: Person | None, unit: Unit) -> None:
    if not policies.can_grant_roles_on(by, unit):
        raise NotAllowed(
            _("You may not grant roles on %(unit)s.") % {"unit": unit.name},
            _("Please ask an administrator of that unit or of one above it."),
        )
