"""Certificates and how their issuing goes on. A certificate's row is written once."""

from functools import cached_property

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hocvu.credentials.models.changes import Correction
from hocvu.people.models import Person
from hocvu.recognition.models.decisions import DecisionEntry, RecognitionDecision
from hocvu.recognition.rules.holders import Holder
from hocvu.signing import Form, NotAForm
from hocvu.stationery.rules.numbering import register_entry_number
from hocvu.trust.models import KeyTrouble
from hocvu.units.models import Unit


class PrintedForm(models.Model):
    """What all files of a decision begin with, kept once: the page, its fonts, its signature field.

    `content` is a `signing.Form` in its own notation. Written once.
    """

    id = models.CharField(max_length=64, primary_key=True)  # SHA-256 of `content`
    content = models.BinaryField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.id

    @cached_property
    def form(self) -> Form:
        return Form.from_bytes(bytes(self.content))


class Certificate(models.Model):
    """An issued certificate: the signed file, its numbers, and what was printed on it.

    A corrected certificate is a new edition under the same register number; the row of the old
    one stays as it is.
    """

    entry = models.ForeignKey(
        DecisionEntry,
        models.PROTECT,
        related_name="+",
        related_query_name="certificate",
    )
    edition = models.PositiveSmallIntegerField(default=1, db_default=1)
    correction = models.OneToOneField(
        Correction, models.PROTECT, null=True, related_name="new_edition"
    )
    serial_number = models.CharField(max_length=40, unique=True)  # số hiệu
    register_year = models.PositiveSmallIntegerField()
    register_number = models.PositiveIntegerField()  # số vào sổ gốc, within issuer and year
    entry_number = models.CharField(max_length=40, blank=True, db_default="")  # as it is written
    issuer = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    verification_code = models.CharField(max_length=16, unique=True, db_collation="C")
    issued_at = models.DateTimeField()
    # A file is kept as what it adds to its form; whole where it was issued before there were forms.
    form = models.ForeignKey(PrintedForm, models.PROTECT, null=True, related_name="+")
    tail = models.BinaryField(null=True)
    stored_file = models.BinaryField(db_column="file", null=True)
    file_sha256 = models.CharField(max_length=64, unique=True)
    # Its place in the published list of revocations; none in what was issued before there was one.
    status_list = models.PositiveSmallIntegerField(null=True)
    status_index = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "register_year", "register_number", "edition"],
                name="a_register_number_is_unique_in_its_year",
            ),
            models.UniqueConstraint(
                fields=["entry", "edition"], name="a_line_has_one_certificate_of_an_edition"
            ),
            models.UniqueConstraint(
                fields=["status_list", "status_index"],
                name="a_place_in_a_status_list_is_given_once",
            ),
            models.CheckConstraint(
                condition=Q(stored_file__isnull=False, form=None, tail=None)
                | Q(stored_file=None, form__isnull=False, tail__isnull=False),
                name="a_file_is_kept_whole_or_as_form_and_tail",
            ),
            models.CheckConstraint(
                condition=Q(edition=1, correction=None)
                | Q(edition__gt=1, correction__isnull=False),
                name="a_later_edition_has_its_correction",
            ),
        ]

    def __str__(self) -> str:
        return self.serial_number

    @property
    def file(self) -> bytes:
        """The signed file as its holder has it, byte for byte.

        Rows that make no file any more give an empty one: whoever checks its hash sees that.
        """
        if self.form_id is None:
            return bytes(self.stored_file or b"")
        try:
            if self.form is None:  # fetched ahead with others, and not there
                return b""
            form = self.form.form
            return form.file(form.unpack(bytes(self.tail or b"")))
        except (NotAForm, PrintedForm.DoesNotExist):
            return b""

    @file.setter
    def file(self, whole: bytes) -> None:
        self.stored_file = whole

    @property
    def register_entry_number(self) -> str:
        return self.entry_number or register_entry_number(self.register_year, self.register_number)

    @cached_property
    def holder(self) -> Holder:
        """What this edition says about its holder."""
        return Holder.read_from(self.correction or self.entry)


class StopReason(models.TextChoices):
    """Why a run of issuing stopped before its end: a key's trouble, or one of its own."""

    KEY_AWAY = KeyTrouble.KEY_AWAY.value, KeyTrouble.KEY_AWAY.label
    CERTIFICATE_OVER = KeyTrouble.CERTIFICATE_OVER.value, KeyTrouble.CERTIFICATE_OVER.label
    TIMESTAMP_AWAY = KeyTrouble.TIMESTAMP_AWAY.value, KeyTrouble.TIMESTAMP_AWAY.label
    CANNOT_PRINT = "cannot_print", _("A line of the list cannot be printed.")
    CLOCK = "clock", _("This computer's clock is behind the last entry of the register.")
    REGISTER = "register", _("The register's log does not continue what was published.")
    REFUSED = KeyTrouble.REFUSED.value, KeyTrouble.REFUSED.label
    KEY_MISSING = KeyTrouble.KEY_MISSING.value, KeyTrouble.KEY_MISSING.label
    KEYS_FILE = KeyTrouble.KEYS_FILE.value, KeyTrouble.KEYS_FILE.label
    WRONG_PIN = KeyTrouble.WRONG_PIN.value, KeyTrouble.WRONG_PIN.label
    KEY_UNSUITED = KeyTrouble.KEY_UNSUITED.value, KeyTrouble.KEY_UNSUITED.label
    KEY_OF_ANOTHER = KeyTrouble.KEY_OF_ANOTHER.value, KeyTrouble.KEY_OF_ANOTHER.label
    SIGNER_REVOKED = KeyTrouble.SIGNER_REVOKED.value, KeyTrouble.SIGNER_REVOKED.label
    EVIDENCE = KeyTrouble.EVIDENCE.value, KeyTrouble.EVIDENCE.label


class IssuingRun(models.Model):
    """How the certificates of a decision come to be: how many, how fast, and why it stands still.

    Written in the transaction of every batch, so it never says more than is there.
    """

    decision = models.OneToOneField(
        RecognitionDecision, models.PROTECT, primary_key=True, related_name="+"
    )
    begun_at = models.DateTimeField()  # of the stretch that is running or ran last
    begun_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    issued = models.PositiveIntegerField(default=0)  # in this stretch
    last_batch_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    stop_reason = models.CharField(max_length=14, choices=StopReason.choices, blank=True)
    stop_detail = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(stopped_at=None, stop_reason="")
                | (Q(stopped_at__isnull=False) & ~Q(stop_reason="")),
                name="a_run_that_stopped_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id}: {self.issued}"
