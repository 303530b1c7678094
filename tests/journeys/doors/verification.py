"""The doors of verification: open to everybody, and they tell nothing but of what one holds."""

from pathlib import Path

from django.conf import settings

from hocvu.verification.models import AccessKey
from journeys.doors.door import Door, acts
from journeys.doors.eyes import Eyes

NOBODYS_CODE = "code=0000000000000000"


def administers_everything(eyes, _thing=None):
    return any(unit.parent_id is None for unit in eyes.granted)


def tell_keys(eyes, _thing=None):
    keys = AccessKey.objects.select_related("granted_by")
    told = (eyes.marks(key.organisation, key.purpose) for key in keys)
    return set().union(*told, eyes.tell_names(*(key.granted_by for key in keys)))


def tell_issuers(eyes, _thing=None):
    """Whose keys are published: everybody may know who issues."""
    return eyes.tell_units({each.issuer for each in eyes.world.decisions})


def is_published(folder, *path):
    return lambda _eyes, _thing: Path(folder(), *path).exists()


def authority():
    return settings.AUTHORITY_FOLDER


def register():
    return settings.REGISTER_FOLDER


DOORS = {
    "verification:verify": Door(is_public=True),
    "verification:bulk": Door(is_public=True),
    "verification:programs": Door(is_public=True),
    "verification:description": Door(is_public=True),
    "verification:api": Door(is_public=True, query=NOBODYS_CODE),
    "verification:offline": Door(is_public=True),
    "verification:manifest": Door(is_public=True),
    "verification:worker": Door(is_public=True),
    "verification:code": Door(
        # Whoever holds a certificate's code is told what stands on it, and of no other.
        is_public=True,
        things=lambda world: world.certificates,
        args=lambda certificate: [certificate.verification_code],
        tells=Eyes.tell_certificate,
    ),
    # The log and the lists name nobody.
    "verification:log": Door(
        is_public=True,
        args=lambda _thing: ["checkpoint"],
        opens=is_published(register, "checkpoint"),
    ),
    "verification:status": Door(
        is_public=True,
        args=lambda _thing: ["revocation", 0],
        opens=is_published(register, "status", "revocation", "0"),
    ),
    "verification:snapshot": Door(is_public=True, opens=is_published(register, "status")),
    "verification:issuers": Door(
        is_public=True, opens=is_published(authority, "issuers.json"), tells=tell_issuers
    ),
    "verification:roots": Door(is_public=True),
    "verification:register_key": Door(is_public=True),
    "verification:did": Door(is_public=True, opens=is_published(authority, "did.json")),
    "verification:keys": Door(opens=administers_everything, tells=tell_keys),
    "verification:grant": Door(
        opens=administers_everything,
        posts=acts(
            administers_everything,
            lambda _eyes, _thing: {"organisation": "Công ty Mẫu", "purpose": "Tuyển dụng"},
        ),
    ),
    "verification:withdraw": Door(
        things=lambda _world: list(AccessKey.objects.all()),
        opens=administers_everything,
        tells=tell_keys,
        posts=acts(administers_everything),
    ),
}
