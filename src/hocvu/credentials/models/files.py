"""Files before and after a certificate's issue: waiting for a person's signature, kept provable."""

import zlib
from functools import cached_property

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hocvu.credentials.models.certificates import Certificate, PrintedForm
from hocvu.people.models import Person
from hocvu.recognition.models.decisions import DecisionEntry, RecognitionDecision
from hocvu.recognition.rules.holders import Holder
from hocvu.stationery.models import TemplateVersion
from hocvu.units.models import Unit


class WaitingFile(models.Model):
    """An unsigned file, finished to the last byte, as it is sent to whoever signs it."""

    form = models.ForeignKey(PrintedForm, models.PROTECT, related_name="+")
    tail = models.BinaryField()
    sha256 = models.CharField(max_length=64, unique=True)
    prepared_at = models.DateTimeField()

    class Meta:
        abstract = True

    @cached_property
    def file(self) -> bytes:
        """The unsigned file, byte for byte as it is sent to the signer."""
        form = self.form.form
        return form.file(form.unpack(bytes(self.tail)))


class PreparedFile(WaitingFile):
    """A finished file that waits for a person's signature, under the numbers it will have.

    Written once, in the order of the list. What is reserved here is what will be issued: triggers
    refuse a certificate that takes a number reserved for another line, or another for this line.
    """

    entry = models.OneToOneField(
        DecisionEntry, models.PROTECT, related_name="+", related_query_name="prepared"
    )
    issuer = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    register_year = models.PositiveSmallIntegerField()
    register_number = models.PositiveIntegerField()
    serial_number = models.CharField(max_length=40, unique=True)
    entry_number = models.CharField(max_length=40)
    verification_code = models.CharField(max_length=16, unique=True, db_collation="C")
    status_list = models.PositiveSmallIntegerField()
    status_index = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "register_year", "register_number"],
                name="a_register_number_is_reserved_once",
            ),
            models.UniqueConstraint(
                fields=["status_list", "status_index"],
                name="a_place_in_a_status_list_is_reserved_once",
            ),
        ]

    def __str__(self) -> str:
        return self.serial_number

    @property
    def decision(self) -> RecognitionDecision:
        return self.entry.decision

    @property
    def shown_number(self) -> str:
        """What the file is called where it waits."""
        return self.serial_number

    @property
    def who_signs(self) -> str:
        """The signature of a first issue is that of the decision's own signer."""
        return self.entry.decision.signer_name


class ArchivedFile(models.Model):
    """Until when a certificate's file can be proved, and what was added behind it for that.

    Ordinal 0 stands for the file as issued; each later one adds revocation lists and an archive
    time stamp behind the one before it. Written once.
    """

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="archived")
    ordinal = models.PositiveSmallIntegerField()
    packed = models.BinaryField()  # what was added, deflated; nothing under ordinal 0
    sha256 = models.CharField(max_length=64, unique=True)  # of the whole file
    protected_until = models.DateTimeField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["certificate", "ordinal"], name="an_archived_file_has_its_ordinal_once"
            ),
            models.CheckConstraint(
                condition=Q(ordinal=0, packed=b"") | (Q(ordinal__gt=0) & ~Q(packed=b"")),
                name="every_archived_file_but_the_first_adds_something",
            ),
        ]
        indexes = [models.Index(fields=["protected_until"], name="archived_by_end")]

    def __str__(self) -> str:
        return f"{self.certificate_id}/{self.ordinal}"

    @property
    def added(self) -> bytes:
        return zlib.decompress(bytes(self.packed)) if self.packed else b""


class ArchiveStop(models.TextChoices):
    """Why a run of renewing stopped before its end."""

    NO_AUTHORITY = "no_authority", _("No timestamp authority is named for this installation.")
    TIMESTAMP_AWAY = "timestamp", _("The timestamp authority does not answer.")
    SETTINGS = "settings", _("The file that names keys and authorities cannot be used.")


class ArchiveRun(models.Model):
    """One run of the job that keeps files provable: how far it came, and why no farther."""

    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    examined = models.PositiveIntegerField(default=0)
    renewed = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(
        default=0
    )  # files that could not be renewed, each by itself
    stop_reason = models.CharField(max_length=14, choices=ArchiveStop.choices, blank=True)
    stop_detail = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(stop_reason="") | Q(ended_at__isnull=False),
                name="an_archive_run_that_stopped_has_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.begun_at:%Y-%m-%d}: {self.renewed}"


class RemakeOrder(models.Model):
    """That the files of an issuer's certificates are made anew, under the template now in use.

    Asked for by one person, approved by another; then a job makes one file after the other.
    """

    issuer = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    version = models.ForeignKey(TemplateVersion, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    approved_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    stop_detail = models.CharField(max_length=300, blank=True)  # why it stands still

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "version"], name="files_are_made_anew_once_for_a_version"
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("asked_by")),
                name="nobody_approves_their_own_order",
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by=None)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="an_order_is_approved_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.issuer_id}: {self.version_id}"

    @property
    def template(self) -> str:
        """The template's name and the number of its version."""
        return f"{self.version.template.name}, {self.version.number}"


class RemadeFile(models.Model):
    """A certificate's file made anew: the same certificate, numbers and code. Written once.

    It is ours because an entry of the register's log names its hash; the older file stays valid.
    """

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="remade")
    order = models.ForeignKey(RemakeOrder, models.PROTECT, related_name="files")
    entry = models.OneToOneField("credentials.RegisterEntry", models.PROTECT, related_name="+")
    form = models.ForeignKey(PrintedForm, models.PROTECT, related_name="+")
    tail = models.BinaryField()
    sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["certificate", "order"], name="a_file_is_made_anew_once_for_an_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id}: {self.sha256}"

    @property
    def file(self) -> bytes:
        """The signed file, byte for byte."""
        form = self.form.form
        return form.file(form.unpack(bytes(self.tail)))


class PreparedAnew(WaitingFile):
    """A file of a certificate that is issued already, waiting for a person's signature.

    Either a corrected edition, with the numbers reserved for it and the ruling behind it, or,
    where an order is named, the certificate's own file made anew. Nothing of the register changes
    before it came back signed. Written once; what waits may be withdrawn.

    Whoever may sign for the issuer when it is set signs it (`queries.office`): the decision's own
    signer may have left.
    """

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="prepared_anew")
    order = models.ForeignKey(RemakeOrder, models.PROTECT, null=True, related_name="prepared")
    edition = models.PositiveSmallIntegerField()
    serial_number = models.CharField(max_length=40)
    verification_code = models.CharField(max_length=16, db_collation="C")
    status_list = models.PositiveSmallIntegerField(null=True)
    status_index = models.PositiveIntegerField(null=True)
    says = models.JSONField(default=dict)  # of an edition: the fields of `rules.holders.Holder`
    reason = models.CharField(max_length=500, blank=True)  # of its ruling, as the register says it
    facts = models.JSONField(default=dict)  # of its ruling, and who signs
    # Nothing in what was set while the decision's own signer signed everything.
    signer_name = models.CharField(max_length=150, blank=True, db_default="")
    prepared_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name_plural = "files prepared anew"
        constraints = [
            models.UniqueConstraint(
                fields=["certificate"],
                condition=Q(order=None, withdrawn_at=None),
                name="one_corrected_edition_waits_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["certificate", "order"],
                condition=Q(withdrawn_at=None),
                name="one_file_waits_for_an_order_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["verification_code"],
                condition=Q(order=None),
                name="a_code_is_reserved_for_one_edition",
            ),
            models.UniqueConstraint(
                fields=["status_list", "status_index"],
                condition=Q(order=None),
                name="a_place_is_reserved_for_one_edition",
            ),
            models.CheckConstraint(
                condition=Q(order__isnull=False, reason="")
                | (Q(order=None, edition__gt=1, status_index__isnull=False) & ~Q(reason="")),
                name="a_file_set_anew_rests_on_an_order_or_a_ruling",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="what_is_withdrawn_is_withdrawn_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.serial_number

    @property
    def decision(self) -> RecognitionDecision:
        return self.certificate.entry.decision

    @property
    def shown_number(self) -> str:
        """What the file is called where it waits."""
        return self.serial_number

    @property
    def who_signs(self) -> str:
        return self.signer_name or self.decision.signer_name

    @cached_property
    def holder(self) -> Holder:
        """What the waiting edition says about its holder."""
        return Holder(**self.says) if self.order_id is None else self.certificate.holder
