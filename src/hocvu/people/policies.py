"""Who may do what with people."""

from django.db.models import Q
from django.utils import timezone

from hocvu.kernel.time import day_of
from hocvu.people.models import Person, RoleGrant
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission
from hocvu.units.models import Unit


def can_import_into(actor: Person | None, unit: Unit) -> bool:
    """The system itself (no actor) may; a training officer may in the subtree they answer for."""
    return actor is None or scope_of(actor).covers(Permission.IMPORT_PEOPLE, unit)


def can_grant_roles_on(actor: Person | None, unit: Unit) -> bool:
    return actor is None or scope_of(actor).covers(Permission.GRANT_ROLES, unit)


def can_manage_account_of(actor: Person | None, person: Person) -> bool:
    """An administrator of the person's unit and of every unit where the person holds a role.

    Whoever issues a password could sign in with it, so it must open nothing they do not govern.
    """
    if actor is None:
        return True
    posts = person.posts.filter(until_on=None, is_main=True).select_related("unit")
    not_over = Q(until_on=None) | Q(until_on__gt=day_of(timezone.now()))
    grants = RoleGrant.objects.filter(not_over, person=person).select_related("unit")
    units = [post.unit for post in posts]
    return bool(units) and all(
        can_grant_roles_on(actor, unit) for unit in [*units, *(grant.unit for grant in grants)]
    )


def can_see_identity_number(actor: Person, person: Person) -> bool:
    """One's own, and those of the people whose rosters one keeps."""
    return _keeps_dossier_of(actor, person)


def can_see_ethnic_group(actor: Person, person: Person) -> bool:
    """Nobody but those who keep the dossier: ethnic origin is sensitive (Law 91/2025/QH15)."""
    return _keeps_dossier_of(actor, person)


def _keeps_dossier_of(actor: Person, person: Person) -> bool:
    if actor.pk == person.pk:
        return True
    reached = scope_of(actor).reach(Permission.IMPORT_PEOPLE)
    return person.posts.filter(reached, until_on=None, is_main=True).exists()
