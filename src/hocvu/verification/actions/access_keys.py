"""Keys for organisations that check many certificates; an administrator grants and withdraws."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.kernel.errors import NotAllowed
from hocvu.kernel.ids import readable_code
from hocvu.people.models import Person
from hocvu.verification.models import AccessKey
from hocvu.verification.policies import can_grant_access_keys

_SECRET_BYTES = 32


@dataclass(frozen=True)
class GrantedKey:
    """What the organisation is given once. The secret is kept nowhere here."""

    key: AccessKey
    token: str


def grant_access_key(organisation: str, purpose: str, *, by: Person, at: datetime) -> GrantedKey:
    """Make a key for this organisation."""
    _must_be_allowed(by)
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    with transaction.atomic():
        key = AccessKey.objects.create(
            organisation=organisation,
            purpose=purpose,
            public_part=readable_code(8),
            secret_sha256=sha256(secret.encode()).hexdigest(),
            granted_by=by,
            granted_at=at,
        )
        record("access_key_granted", key, by=by, at=at, reason=purpose)
    return GrantedKey(key, f"{key.public_part}.{secret}")


def withdraw_access_key(key: AccessKey, *, by: Person, at: datetime) -> AccessKey:
    """End a key at once. Doing it twice changes nothing."""
    _must_be_allowed(by)
    with transaction.atomic():
        held = AccessKey.objects.select_for_update().get(pk=key.pk)
        if held.withdrawn_at is None:
            held.withdrawn_at, held.withdrawn_by = at, by
            held.save(update_fields=["withdrawn_at", "withdrawn_by"])
            record("access_key_withdrawn", held, by=by, at=at)
    return held


def _must_be_allowed(by: Person) -> None:
    if not can_grant_access_keys(by):
        raise NotAllowed(
            _("Only an administrator of the whole installation can grant or withdraw keys."),
            _("Ask the administrator of the agency that runs this installation."),
        )
