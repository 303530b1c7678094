"""Links, requests and signed credentials of those who hold certificates."""

from datetime import timedelta
from uuid import uuid4

from django.conf import settings

from hocvu.verification.models import AccessKey, CheckCount
from hocvu.wallet.models import (
    CorrectionRequest,
    PortableCredential,
    Share,
    SharedCertificate,
    ShareOpening,
)
from hocvu.wallet.rules.shares import hash_of, token_of


def make_wallets(world):
    for certificate in world.certificates:
        _share(world, certificate)
        _request(world, certificate)
        _looks(world, certificate)
        if world.chance.random() < 0.5:
            world.credentials.append(_credential(world, certificate))


def _share(world, certificate):
    seed = world.chance.randbytes(16)
    share = Share.objects.create(
        holder=certificate.entry.person, client_id=uuid4(), purpose=f"Việc {world.mark()}",
        with_file=True, made_at=world.now, expires_at=world.now + timedelta(days=7), seed=seed,
        token_sha256=hash_of(token_of(settings.SECRET_KEY.encode(), seed)),
    )  # fmt: skip
    SharedCertificate.objects.create(share=share, position=1, certificate=certificate)
    minute = world.now.replace(second=0, microsecond=0)
    ShareOpening.objects.create(share=share, minute=minute, way="page", count=1)
    world.shares.append(share)


def _request(world, certificate):
    world.requests.append(
        CorrectionRequest.objects.create(
            certificate=certificate, client_id=uuid4(), subject="name",
            should_say=f"Tên {world.mark()}", evidence=f"Giấy {world.mark()}",
            asked_by=certificate.entry.person, asked_at=world.now,
        )
    )  # fmt: skip


def _looks(world, certificate):
    CheckCount.objects.create(
        certificate=certificate, checked_on=world.today, way="program", count=1,
        access_key=AccessKey.objects.first(),
    )  # fmt: skip


def _credential(world, certificate):
    return PortableCredential.objects.create(
        certificate=certificate, identifier=uuid4(), token=world.mark(), document=world.mark(),
        signed_at=world.now,
    )  # fmt: skip
