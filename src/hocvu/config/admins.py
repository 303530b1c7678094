"""The first administrator of an installation."""

from django.db import transaction
from django.utils import timezone

from hocvu.people.actions import NewPerson, add_people, create_account, grant_role
from hocvu.people.models import Category, Person, Role
from hocvu.units.queries import unit_with_code

_NATION = "VN"


@transaction.atomic
def create_admin(username: str, name: str, password: str) -> None:
    """A person at the root of the tree who may grant roles to everybody else."""
    now, nation = timezone.now(), unit_with_code(_NATION)
    [person_id] = add_people(
        [NewPerson(full_name=name, unit_id=nation.pk, category=Category.OTHER)], by=None, at=now
    )
    person = Person.objects.get(pk=person_id)
    grant_role(person, Role.ADMINISTRATOR, nation, by=None, at=now)
    create_account(person, username, password, by=None, at=now)
