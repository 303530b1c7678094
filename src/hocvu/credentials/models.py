"""Recognition decisions, certificates, the root register and its Merkle log.

Everything here is append-only: triggers refuse UPDATE and DELETE on the register's tables.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hocvu.classes.models import Enrolment, TrainingClass
from hocvu.people.models import Person
from hocvu.units.models import Unit


class RecognitionDecision(models.Model):
    """A decision that recognises completion: its number is unique in a year for its issuer."""

    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="+")
    issuer = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    symbol = models.CharField(max_length=40)  # "QĐ-HVCTQG"
    decided_on = models.DateField()
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    place = models.CharField(max_length=60)  # "Hải Phòng", in front of the date
    capacity = models.CharField(max_length=60, blank=True)  # "KT. HIỆU TRƯỞNG"
    signer_title = models.CharField(max_length=150)
    signer_name = models.CharField(max_length=150)
    # As they read on that day: a class or programme renamed later changes no certificate.
    programme_name = models.CharField(max_length=300)
    starts_on = models.DateField()
    ends_on = models.DateField()
    mode = models.CharField(max_length=12)
    learner_count = models.PositiveIntegerField()  # article 1 names it; the annex must match

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "year", "number"],
                name="a_decision_number_is_unique_in_its_year",
            ),
            models.CheckConstraint(
                condition=Q(learner_count__gt=0), name="a_decision_recognises_somebody"
            ),
        ]

    def __str__(self) -> str:
        return self.number_and_symbol

    @property
    def number_and_symbol(self) -> str:
        """`05/QĐ-TCT`: numbers below ten get a leading zero (Decree 30/2020, annex I)."""
        return f"{self.number:02d}/{self.symbol}"


class DecisionEntry(models.Model):
    """One line of a decision's annexed list, as it read on that day."""

    decision = models.ForeignKey(RecognitionDecision, models.PROTECT, related_name="entries")
    position = models.PositiveIntegerField()
    enrolment = models.OneToOneField(Enrolment, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    full_name = models.CharField(max_length=150)
    birth_text = models.CharField(max_length=10, blank=True)
    post_title = models.CharField(max_length=200, blank=True)
    unit_name = models.CharField(max_length=500)

    class Meta:
        ordering = ["decision_id", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "position"], name="positions_are_unique_in_a_decision"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id}/{self.position}"


class Certificate(models.Model):
    """An issued certificate: the signed file, its numbers, and what was printed on it."""

    entry = models.OneToOneField(DecisionEntry, models.PROTECT, related_name="certificate")
    serial_number = models.CharField(max_length=40, unique=True)  # số hiệu
    register_year = models.PositiveSmallIntegerField()
    register_number = models.PositiveIntegerField()  # số vào sổ gốc, within issuer and year
    issuer = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    verification_code = models.CharField(max_length=16, unique=True, db_collation="C")
    issued_at = models.DateTimeField()
    file = models.BinaryField()
    file_sha256 = models.CharField(max_length=64, unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "register_year", "register_number"],
                name="a_register_number_is_unique_in_its_year",
            ),
        ]

    def __str__(self) -> str:
        return self.serial_number


class RegisterEvent(models.TextChoices):
    ISSUE = "issue", _("issued")
    REVOKE = "revoke", _("revoked")


class RegisterEntry(models.Model):
    """One event of the root register and its place in the Merkle log (`leaf_index`).

    The leaf commits to every column of the certificate's record with a salt, so the log itself
    holds no personal data and yet any change to the record shows.
    """

    leaf_index = models.BigIntegerField(primary_key=True)
    event = models.CharField(max_length=10, choices=RegisterEvent.choices)
    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="register_entries")
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500, blank=True)  # of a revocation: decision and cause
    salt = models.BinaryField()
    leaf_hash = models.BinaryField()

    class Meta:
        verbose_name_plural = "register entries"
        constraints = [
            models.UniqueConstraint(
                fields=["certificate", "event"], name="a_certificate_meets_an_event_once"
            ),
            models.CheckConstraint(
                condition=~Q(event="revoke") | ~Q(reason=""), name="a_revocation_gives_its_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.leaf_index} {self.event}"


class LogCheckpoint(models.Model):
    """A signed head of the log: the tree's size and root, as a C2SP signed note."""

    size = models.BigIntegerField(primary_key=True)
    note = models.TextField()
    frontier = models.BinaryField()  # what appending needs, so the log is never reread
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"size {self.size}"
