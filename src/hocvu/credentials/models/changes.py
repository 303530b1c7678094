"""Corrections, copies and questions: what happens to a certificate after its issue."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hocvu.people.models import Person
from hocvu.units.models import Unit

_CERTIFICATE = "credentials.Certificate"


class Correction(models.Model):
    """What a certificate says from now on. The old file stays, and verifies as corrected.

    The decision behind it and its cause stand in the register's entry.
    """

    certificate = models.OneToOneField(_CERTIFICATE, models.PROTECT, related_name="corrected_by")
    full_name = models.CharField(max_length=150)
    birth_text = models.CharField(max_length=10, blank=True)
    sex = models.CharField(max_length=6, blank=True)
    birth_place = models.CharField(max_length=200, blank=True)
    ethnic_group = models.CharField(max_length=60, blank=True)
    nationality = models.CharField(max_length=60, blank=True)
    post_title = models.CharField(max_length=200, blank=True)
    unit_name = models.CharField(max_length=500)
    entered_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.certificate_id}: {self.full_name}"


class WrittenCopy(models.Model):
    """What a copy from the register says of itself; one that waits to be signed shares it."""

    issuer = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    copy_number = models.CharField(max_length=40)  # số vào sổ cấp bản sao, as it is written
    recipient = models.CharField(max_length=150)
    purpose = models.CharField(max_length=200, blank=True)
    place = models.CharField(max_length=60)
    capacity = models.CharField(max_length=60, blank=True)
    signer_title = models.CharField(max_length=150)
    signer_name = models.CharField(max_length=150)
    client_id = models.UUIDField(unique=True)  # made with the form: sent twice, issued once

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.copy_number


class RegisterCopy(WrittenCopy):
    """A copy from the root register, numbered in a book of its own (bản sao từ sổ gốc)."""

    certificate = models.ForeignKey(_CERTIFICATE, models.PROTECT, related_name="copies")
    issued_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    file = models.BinaryField()
    file_sha256 = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name_plural = "register copies"
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "year", "number"],
                name="a_copy_number_is_unique_in_its_year",
            ),
        ]


class Outcome(models.TextChoices):
    """What a registrar decides about a certificate whose ground fell away."""

    KEPT = "kept", _("stays in force")
    REVOKED = "revoked", _("was revoked")


class QuestionedCertificate(models.Model):
    """A certificate whose ground fell away; a registrar decides, nothing is revoked by itself."""

    certificate = models.ForeignKey(_CERTIFICATE, models.PROTECT, related_name="questions")
    reasons = models.CharField(max_length=120)  # values of `Reason`: what is lacking now
    noted_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    explanation = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["certificate"],
                condition=Q(settled_at=None),
                name="a_certificate_is_questioned_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, outcome="")
                | (Q(settled_at__isnull=False, settled_by__isnull=False) & ~Q(outcome="")),
                name="a_settled_question_says_how",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="kept") | ~Q(explanation=""),
                name="who_keeps_a_questioned_certificate_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id}: {self.outcome or 'open'}"
