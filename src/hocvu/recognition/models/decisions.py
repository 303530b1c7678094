"""Recognition decisions: proposed, approved by somebody else, and their annexed lists."""

from dataclasses import fields

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hocvu.classes.models import Enrolment, TrainingClass
from hocvu.people.models import Person
from hocvu.recognition.models.results import ResultLine, ResultRecord
from hocvu.recognition.rules.decision_text import DecisionText
from hocvu.recognition.rules.holders import Holder
from hocvu.units.models import Unit


class CertificateKind(models.TextChoices):
    """What recognition gives its holder; deadlines and titles differ."""

    COMPLETION = "completion", _("certificate of completion")
    STATUTORY = "certificate", _("certificate (statutory)")


class WrittenDecision(models.Model):
    """What a registrar writes on a decision; a proposal and what became of it share it."""

    kind = models.CharField(
        max_length=12,
        choices=CertificateKind.choices,
        default=CertificateKind.COMPLETION,
        db_default=CertificateKind.COMPLETION,
    )
    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    symbol = models.CharField(max_length=40)  # "QĐ-HVCTQG"
    decided_on = models.DateField()
    place = models.CharField(max_length=60)  # "Hải Phòng", in front of the date
    capacity = models.CharField(max_length=60, blank=True)  # "KT. HIỆU TRƯỞNG"
    signer_title = models.CharField(max_length=150)
    signer_name = models.CharField(max_length=150)
    learner_count = models.PositiveIntegerField()  # article 1 names it; the annex must match

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.number_and_symbol

    @property
    def number_and_symbol(self) -> str:
        return self.text.number_and_symbol

    @property
    def text(self) -> DecisionText:
        return DecisionText(*(getattr(self, each.name) for each in fields(DecisionText)))


class Proposal(WrittenDecision):
    """A recognition decision that waits for somebody other than its proposer to approve it.

    A trigger lets nothing of it change but, once, what became of it.
    """

    log_label = "credentials.proposal"  # kept there first, and a name in the log stays

    result_record = models.ForeignKey(ResultRecord, models.PROTECT, related_name="+")
    fingerprint = models.CharField(max_length=64)  # of the list that was proposed
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    returned_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    returned_at = models.DateTimeField(null=True)
    return_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["training_class"],
                condition=Q(approved_at=None, returned_at=None),
                name="a_class_has_one_open_proposal",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("proposed_by")),
                name="nobody_approves_their_own_proposal",
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by=None)
                | Q(approved_at__isnull=False, approved_by__isnull=False, returned_at=None),
                name="a_proposal_is_approved_by_somebody_or_returned",
            ),
            models.CheckConstraint(
                condition=Q(returned_at=None, returned_by=None)
                | (Q(returned_at__isnull=False, returned_by__isnull=False) & ~Q(return_reason="")),
                name="a_returned_proposal_says_why",
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.approved_at is None and self.returned_at is None


class RecognitionDecision(WrittenDecision):
    """A decision that recognises completion: its number is unique in a year for its issuer."""

    log_label = "credentials.recognitiondecision"

    issuer = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(Person, models.PROTECT, related_name="+")  # who approved it
    # As they read on that day: a class or programme renamed later changes no certificate.
    programme_name = models.CharField(max_length=300)
    class_code = models.CharField(max_length=40, blank=True, db_default="")
    class_name = models.CharField(max_length=300, blank=True, db_default="")
    opening_decision = models.CharField(max_length=100, blank=True, db_default="")
    starts_on = models.DateField()
    ends_on = models.DateField()
    mode = models.CharField(max_length=12)
    # Nothing in what was issued before results were approved and decisions proposed.
    result_record = models.ForeignKey(
        ResultRecord, models.PROTECT, null=True, related_name="decisions"
    )
    proposal = models.OneToOneField(Proposal, models.PROTECT, null=True, related_name="decision")
    # Of those results and that proposal; nothing in what was issued before this was kept.
    evidence_hash = models.CharField(max_length=64, blank=True, db_default="")

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
    sex = models.CharField(max_length=6, blank=True, db_default="")
    birth_place = models.CharField(max_length=200, blank=True, db_default="")
    ethnic_group = models.CharField(max_length=60, blank=True, db_default="")
    nationality = models.CharField(max_length=60, blank=True, db_default="")
    grade = models.CharField(max_length=60, blank=True, db_default="")  # xếp loại
    result_line = models.OneToOneField(ResultLine, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["decision_id", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "position"], name="positions_are_unique_in_a_decision"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id}/{self.position}"

    @property
    def holder(self) -> Holder:
        """What the line says; what a later edition of its certificate says, that one keeps."""
        return Holder.read_from(self)
