"""Copies from the register that wait for a person's signature."""

import zlib
from functools import cached_property

from django.db import models
from django.db.models import Q

from hocvu.credentials.models.certificates import Certificate
from hocvu.credentials.models.changes import WrittenCopy
from hocvu.people.models import Person
from hocvu.recognition.models.decisions import RecognitionDecision


class PreparedCopy(WrittenCopy):
    """A copy that somebody signs elsewhere, under the number of the book it will have.

    The number is printed on it, so it is reserved and never given again: the book shows a copy that
    was given up with the reason, as it shows one that was issued. Written once, given up once.
    """

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="+")
    packed = models.BinaryField()  # the unsigned file, deflated
    sha256 = models.CharField(max_length=64, unique=True)
    prepared_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    given_up_at = models.DateTimeField(null=True)
    given_up_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    given_up_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name_plural = "prepared copies"
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "year", "number"],
                name="a_copy_number_is_reserved_once_in_its_year",
            ),
            models.CheckConstraint(
                condition=Q(given_up_at=None, given_up_by=None, given_up_reason="")
                | (
                    Q(given_up_at__isnull=False, given_up_by__isnull=False) & ~Q(given_up_reason="")
                ),
                name="a_copy_is_given_up_by_somebody_who_says_why",
            ),
        ]

    @property
    def decision(self) -> RecognitionDecision:
        return self.certificate.entry.decision

    @property
    def shown_number(self) -> str:
        """What the file is called where it waits."""
        return self.copy_number

    @property
    def who_signs(self) -> str:
        return self.signer_name

    @cached_property
    def file(self) -> bytes:
        """The unsigned file, byte for byte as it is sent to the signer."""
        return zlib.decompress(bytes(self.packed))
