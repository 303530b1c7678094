"""Templates and their versions, images of an issuer, and the register of blanks.

A version that was put in use is never changed again; a blank changes state only by an entry, and
entries are written once (triggers in migration 0002). What is wrong is put right by another entry.
"""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hocvu.people.models import Person
from hocvu.stationery.rules.numbering import PACKAGED_FORMATS, NumberFormats
from hocvu.units.models import Unit


class Kind(models.TextChoices):
    """What is printed (glossary: certificate, completion certificate, copy from the register)."""

    CERTIFICATE = "certificate", _("certificate (chứng chỉ)")
    COMPLETION = "completion", _("completion certificate (giấy chứng nhận)")
    COPY = "copy", _("copy from the root register")


class CertificateTemplate(models.Model):
    """How one kind of document of an issuer looks. Without an issuer it came with the system."""

    issuer = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=150)
    name_en = models.CharField(max_length=150, blank=True)
    code = models.CharField(max_length=40, blank=True)  # of a packaged one
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "kind", "name"], name="a_template_has_its_own_name"
            ),
            models.UniqueConstraint(
                fields=["code"], condition=Q(issuer=None), name="a_packaged_template_has_one_code"
            ),
            models.CheckConstraint(
                condition=Q(issuer=None) | Q(made_by__isnull=False),
                name="a_template_of_an_issuer_has_a_maker",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class State(models.TextChoices):
    DRAFT = "draft", _("draft")
    IN_USE = "in_use", _("in use")
    RETIRED = "retired", _("retired")


class VersionQuerySet(models.QuerySet["TemplateVersion"]):
    def in_use_on(self, day: date) -> "VersionQuerySet":
        """Put in use, and neither before its first day nor after its last."""
        return self.filter(Q(retired_on=None) | Q(retired_on__gt=day), effective_from__lte=day)


class TemplateVersion(models.Model):
    """A template as it was at one time: its typst source and its parameters.

    `look` holds the parameters of `rules.look`. A draft may be changed; put in use by somebody
    else than its last writer, it never changes again, whether or not its day has come.
    """

    template = models.ForeignKey(CertificateTemplate, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    source = models.TextField()
    look = models.JSONField(default=dict)
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    effective_from = models.DateField(null=True)
    retired_on = models.DateField(null=True)  # first day it is no longer in use
    retired_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    objects = VersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["template", "number"], name="a_version_number_is_given_once"
            ),
            models.UniqueConstraint(
                fields=["template"],
                condition=Q(approved_at=None),
                name="a_template_has_one_draft",
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None, effective_from=None, approved_by=None)
                | Q(approved_at__isnull=False, effective_from__isnull=False),
                name="a_version_in_use_says_since_when",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None)
                | Q(written_by=None)
                | ~Q(approved_by=F("written_by")),
                name="who_wrote_a_version_does_not_put_it_in_use",
            ),
            models.CheckConstraint(
                condition=Q(retired_on=None) | Q(effective_from__isnull=False),
                name="only_a_version_in_use_is_retired",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.template_id} v{self.number}"

    @property
    def is_draft(self) -> bool:
        return self.approved_at is None

    def state_on(self, day: date) -> State:
        """Its state as far as it says itself; a later version may have taken its place."""
        if self.approved_at is None:
            return State.DRAFT
        if self.retired_on is not None and self.retired_on <= day:
            return State.RETIRED
        return State.IN_USE


class ImageKind(models.TextChoices):
    SEAL = "seal", _("seal")
    SIGNATURE = "signature", _("signature")


class IssuerImage(models.Model):
    """The seal of an issuer, or the hand signature of somebody who signs for it, as a PNG.

    Decree 30/2020, annex I: the seal red and in real size, the signature blue, both transparent.
    """

    issuer = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=ImageKind.choices)
    signer_name = models.CharField(max_length=150, blank=True)  # as decisions print it
    png = models.BinaryField()
    width_mm = models.DecimalField(max_digits=4, decimal_places=1)
    height_mm = models.DecimalField(max_digits=4, decimal_places=1)
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="seal", signer_name="")
                | (Q(kind="signature") & ~Q(signer_name="")),
                name="a_signature_names_its_signer",
            ),
            models.UniqueConstraint(
                fields=["issuer", "kind", "signer_name"],
                condition=Q(withdrawn_at=None),
                name="one_image_of_a_kind_is_in_use",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.issuer_id}"


class BlankBook(models.Model):
    """A delivery of printed blanks: a series and an unbroken range of serials, and its papers."""

    issuer = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    series = models.CharField(max_length=20, blank=True)  # "A", printed in front of the number
    first_number = models.PositiveIntegerField()
    last_number = models.PositiveIntegerField()
    digits = models.PositiveSmallIntegerField(default=6)
    received_from = models.CharField(max_length=200)
    document_number = models.CharField(max_length=80)
    received_on = models.DateField()
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(last_number__gte=F("first_number")),
                name="a_book_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(last_number__lt=F("first_number") + 100_000),
                name="a_book_holds_at_most_100000_blanks",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.serial_of(self.first_number)}–{self.serial_of(self.last_number)}"

    def serial_of(self, number: int) -> str:
        """`A 000123`: how the number is printed on the paper."""
        return f"{self.series} {number:0{self.digits}d}".strip()


class BlankState(models.TextChoices):
    LEFT = "left", _("left")
    USED = "used", _("used")
    SPOILED = "spoiled", _("spoiled")
    LOST = "lost", _("lost")
    DESTROYED = "destroyed", _("destroyed")


class Blank(models.Model):
    """One sheet of printed stock. Its state is what its last entry says; entries change it."""

    book = models.ForeignKey(BlankBook, models.PROTECT, related_name="blanks")
    issuer = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    series = models.CharField(max_length=20, blank=True)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=BlankState.choices, default=BlankState.LEFT)
    serial_number = models.CharField(max_length=40, blank=True)  # of the certificate on it
    entry_count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "series", "number"], name="a_blank_is_received_once"
            ),
            models.UniqueConstraint(
                fields=["issuer", "serial_number"],
                condition=Q(state="used"),
                name="a_certificate_is_printed_on_one_blank",
            ),
            models.CheckConstraint(
                condition=(Q(state="used") & ~Q(serial_number=""))
                | (~Q(state="used") & Q(serial_number="")),
                name="a_used_blank_names_its_certificate",
            ),
        ]
        indexes = [models.Index(fields=["book", "state", "number"], name="blanks_by_state")]

    def __str__(self) -> str:
        return f"{self.series} {self.number}".strip()


class BlankEntry(models.Model):
    """Something that happened to a blank; a correction takes it back to an earlier state."""

    blank = models.ForeignKey(Blank, models.PROTECT, related_name="entries")
    sequence = models.PositiveIntegerField()
    before = models.CharField(max_length=10, choices=BlankState.choices)
    after = models.CharField(max_length=10, choices=BlankState.choices)
    is_correction = models.BooleanField(default=False)
    serial_number = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    minutes_number = models.CharField(max_length=80, blank=True)  # of destruction or of the loss
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "blank entries"
        constraints = [
            models.UniqueConstraint(
                fields=["blank", "sequence"], name="entries_of_a_blank_follow_each_other"
            ),
            models.CheckConstraint(
                condition=Q(
                    is_correction=False, before="left", after__in=["used", "spoiled", "lost"]
                )
                | Q(is_correction=False, before="used", after__in=["spoiled", "lost"])
                | Q(is_correction=False, before="spoiled", after="destroyed")
                | Q(is_correction=True, before__in=["used", "spoiled", "lost"], after="left"),
                name="a_blank_goes_from_state_to_state_in_order",
            ),
            models.CheckConstraint(
                condition=Q(after="used") | Q(after="left") | ~Q(reason=""),
                name="a_blank_that_is_gone_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(after__in=["destroyed", "lost"]) | ~Q(minutes_number=""),
                name="destroyed_and_lost_blanks_have_their_minutes",
            ),
            models.CheckConstraint(
                condition=Q(is_correction=False) | ~Q(reason=""),
                name="a_correction_gives_its_reason",
            ),
            models.CheckConstraint(
                condition=(Q(after="used") & ~Q(serial_number=""))
                | (~Q(after="used") & Q(serial_number="")),
                name="an_entry_of_use_names_the_certificate",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.blank_id}/{self.sequence} {self.after}"


class NumberFormat(models.Model):
    """How an issuer writes its numbers from a day on; a number once given keeps its writing."""

    log_label = "credentials.numberformat"  # kept there first, and a name in the log stays

    issuer = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    valid_from = models.DateField()
    serial = models.CharField(max_length=80, default=PACKAGED_FORMATS.serial)
    register_entry = models.CharField(max_length=80, default=PACKAGED_FORMATS.register_entry)
    register_copy = models.CharField(max_length=80, default=PACKAGED_FORMATS.register_copy)
    set_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "valid_from"], name="an_issuer_has_one_number_format_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.issuer_id}, {self.valid_from}"

    @property
    def formats(self) -> NumberFormats:
        return NumberFormats(self.serial, self.register_entry, self.register_copy)
