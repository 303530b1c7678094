"""Which organisation a token belongs to, and who sees the keys."""

import hmac
from hashlib import sha256

from django.db.models import QuerySet

from hocvu.people.models import Person
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission
from hocvu.units.models import Unit
from hocvu.verification.models import AccessKey


def administers_everything(person: Person) -> bool:
    """Whether this person is an administrator of the whole tree, not of a part of it."""
    scope = scope_of(person)
    roots = Unit.objects.filter(parent=None)
    return any(scope.covers(Permission.GRANT_ROLES, root) for root in roots)


def access_keys_open_to(person: Person) -> QuerySet[AccessKey]:
    """All keys, for whoever may grant them; none for anybody else."""
    keys = AccessKey.objects.select_related("granted_by", "withdrawn_by")
    return keys if administers_everything(person) else keys.none()


def key_of(token: str) -> AccessKey | None:
    """The key in force that this token opens."""
    public, _dot, secret = token.partition(".")
    key = AccessKey.objects.filter(public_part=public, withdrawn_at=None).first()
    known = key.secret_sha256 if key else "0" * 64
    fits = hmac.compare_digest(known, sha256(secret.encode()).hexdigest())
    return key if fits else None
