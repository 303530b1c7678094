"""The first administrator of an installation."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from hocvu.kernel.errors import NotPossible
from hocvu.people.actions import (
    NewPerson,
    add_people,
    create_account,
    grant_role,
    reset_password,
)
from hocvu.people.models import Account, Category, Person, Role
from hocvu.units.queries import unit_with_code

_NATION = "VN"


class PasswordIsWeak(NotPossible):
    """It is short or everybody's: an administrator's account opens all the others."""


@transaction.atomic
def create_admin(username: str, name: str, password: str) -> None:
    """A person at the root of the tree who may grant roles to everybody else."""
    try:
        validate_password(password)
    except ValidationError as weak:
        raise PasswordIsWeak(" ".join(weak.messages), _("Please choose another one.")) from weak
    now, nation = timezone.now(), unit_with_code(_NATION)
    [person_id] = add_people(
        [NewPerson(full_name=name, unit_id=nation.pk, category=Category.OTHER)], by=None, at=now
    )
    person = Person.objects.get(pk=person_id)
    grant_role(person, Role.ADMINISTRATOR, nation, by=None, at=now)
    create_account(person, username, password, by=None, at=now)


def issue_password(username: str) -> str:
    """A one-time password for whom no administrator can help: the only administrator."""
    account = Account.objects.filter(username=username.lower()).first()
    if account is None:
        raise NotPossible(
            _("There is no account of this name."), _("Check the spelling of the name.")
        )
    return reset_password(account, by=None, at=timezone.now())
