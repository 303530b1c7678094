"""Keys with which organisations check many certificates at once."""

from hocvu.people.models import RoleGrant
from hocvu.verification.models import AccessKey


def make_access_keys(world):
    """One key, and who granted it: an administrator of the whole tree."""
    by = world.chance.choice(
        [grant.person for grant in world.grants if grant.role == "administrator"] or world.people
    )
    root = next(unit for unit in world.units if unit.parent is None)
    world.grants.append(
        RoleGrant.objects.create(
            person=by, role="administrator", unit=root, from_on=world.today, until_on=None
        )
    )
    AccessKey.objects.create(
        organisation=f"Công ty {world.mark()}",
        purpose=f"Tuyển dụng {world.mark()}",
        public_part=world.digits(8),
        secret_sha256=f"{world.chance.getrandbits(256):064x}",
        granted_by=by,
        granted_at=world.now,
    )
