"""Certificates in the form that digital wallets carry."""

from django.db import models

from hocvu.credentials.models import Certificate


class PortableCredential(models.Model):
    """A certificate as Open Badges 3.0, signed once on its holder's wish and given as it is."""

    certificate = models.OneToOneField(
        Certificate, models.PROTECT, primary_key=True, related_name="+"
    )
    identifier = models.UUIDField(unique=True)  # its `id`; says nothing about the holder
    token = models.TextField()  # VC-JWT
    document = models.TextField()  # JSON-LD with its proof inside
    signed_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.identifier)
