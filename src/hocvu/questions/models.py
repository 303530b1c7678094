"""Questions, what people said about them, their pictures, and the files they came in."""

from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from hocvu.items.content import Kind
from hocvu.people.models import Person
from hocvu.questions.rules.states import QuestionState, state_of
from hocvu.units.models import Unit

SHA_256 = r"^[0-9a-f]{64}$"


class QuestionKind(models.TextChoices):
    """The kinds of `hocvu.items.content.Kind` with what people call them."""

    SINGLE = Kind.SINGLE.value, _("single choice")
    MULTIPLE = Kind.MULTIPLE.value, _("multiple choice")
    TRUE_FALSE = Kind.TRUE_FALSE.value, _("true or false")
    MATCHING = Kind.MATCHING.value, _("matching")
    ORDERING = Kind.ORDERING.value, _("ordering")
    NUMERIC = Kind.NUMERIC.value, _("number")
    SHORT_TEXT = Kind.SHORT_TEXT.value, _("short text")
    CLOZE = Kind.CLOZE.value, _("text with gaps")
    STATEMENTS = Kind.STATEMENTS.value, _("table of statements")
    IMAGE_CHOICE = Kind.IMAGE_CHOICE.value, _("picture choice")
    FILE = Kind.FILE.value, _("file to hand in")
    ESSAY = Kind.ESSAY.value, _("essay")
    SITUATION = Kind.SITUATION.value, _("situation")


# --- Files of questions ------------------------------------------------------------------------


class BankImport(models.Model):
    """An uploaded file of questions: read, shown question by question, then taken or given up.

    `notes` are what there is to say about the file that belongs to none of its questions. `place`
    is what was given for all questions: component_code, level, topic, target_group, source.
    """

    owner = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    file_name = models.CharField(max_length=250)
    file_sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    format = models.CharField(max_length=20, blank=True)
    encoding = models.CharField(max_length=20, blank=True)
    stated = models.PositiveIntegerField(default=0)
    notes = models.JSONField(default=list)
    media = models.JSONField(default=dict)  # name → sha256
    place = models.JSONField(default=dict)
    taken_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_at=None) | Q(given_up_at=None),
                name="a_bank_file_is_not_both_taken_and_given_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.pk})"


# --- Questions ---------------------------------------------------------------------------------


class QuestionQuerySet(models.QuerySet["Question"]):
    """Filters by state: drafts → in review → reviewed → in use → retired."""

    def drafts(self) -> "QuestionQuerySet":
        return self.filter(Q(sent_for_review_at=None) | Q(returned_at__isnull=False)).unused()

    def in_review(self) -> "QuestionQuerySet":
        sent = self.filter(sent_for_review_at__isnull=False, returned_at=None, reviewed_at=None)
        return sent.unused()

    def reviewed(self) -> "QuestionQuerySet":
        return self.filter(reviewed_at__isnull=False).unused()

    def unused(self) -> "QuestionQuerySet":
        """Neither in use nor retired."""
        return self.filter(put_in_use_at=None, retired_at=None)

    def in_use(self) -> "QuestionQuerySet":
        return self.filter(put_in_use_at__isnull=False, retired_at=None)

    def retired(self) -> "QuestionQuerySet":
        return self.filter(retired_at__isnull=False)

    def standing(self) -> "QuestionQuerySet":
        """Without the versions that a later one has replaced."""
        return self.filter(replaced_by=None)

    def waiting_for(self, person: Person) -> "QuestionQuerySet":
        """Sent for review by others, and not reviewed by this person yet."""
        said = QuestionReview.objects.filter(question=OuterRef("pk"), reviewer=person)
        return self.in_review().exclude(created_by=person).exclude(Exists(said))


class Question(models.Model):
    """One version of a question. What has been put in use is never edited: a new version is.

    `options` is a list of `{"id", "text", "text_en", "right", "why", "why_en"}` in written order,
    with a "credit" ("1/2") where it is neither all nor nothing. `parts` and `settings` are as
    `hocvu.items.storing` writes them; `settings` holds all other fields of the item that differ
    from what a question says anyway. `media` maps the names used in the texts to SHA-256.
    """

    code = models.CharField(max_length=20)
    version = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=QuestionKind.choices)
    stem = models.TextField()
    stem_en = models.TextField(blank=True)
    situation = models.TextField(blank=True)
    situation_en = models.TextField(blank=True)
    options = models.JSONField(default=list)
    parts = models.JSONField(default=list, db_default=[])
    settings = models.JSONField(default=dict, db_default={})
    media = models.JSONField(default=dict, db_default={})
    component_code = models.CharField(max_length=12, blank=True)
    level = models.CharField(max_length=6, blank=True)
    topic = models.CharField(max_length=60, blank=True)
    target_group = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=250, blank=True)
    search_key = models.TextField(blank=True, db_default="")
    fingerprint = models.CharField(max_length=64, blank=True, db_default="", db_index=True)

    owner = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")  # none: everybody
    is_shared = models.BooleanField(default=False, db_default=False)
    bank_import = models.ForeignKey(BankImport, models.PROTECT, null=True, related_name="questions")
    created_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(null=True)
    sent_for_review_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)  # a reviewer asked for changes
    reviewed_at = models.DateTimeField(null=True)  # the second person approved
    put_in_use_at = models.DateTimeField(null=True)
    put_in_use_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    retired_at = models.DateTimeField(null=True)
    retired_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    retire_reason = models.CharField(max_length=300, blank=True, db_default="")
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaces")

    objects = QuestionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="a_question_has_one_version"),
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(put_in_use_at__isnull=False, retired_at=None),
                name="one_version_of_a_question_is_in_use",
            ),
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(put_in_use_at=None, retired_at=None),
                name="one_version_of_a_question_is_being_written",
            ),
            models.CheckConstraint(
                condition=Q(put_in_use_at=None) | Q(reviewed_at__isnull=False) | Q(created_by=None),
                name="a_question_in_use_was_reviewed",
            ),
            models.CheckConstraint(
                condition=Q(retired_at=None) | ~Q(retire_reason="") | Q(replaced_by__isnull=False),
                name="a_retired_question_says_why",
            ),
            models.CheckConstraint(
                condition=Q(replaced_by=None) | ~Q(replaced_by=F("id")),
                name="a_question_does_not_replace_itself",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"

    @property
    def state(self) -> QuestionState:
        return state_of(
            sent=self.sent_for_review_at,
            returned=self.returned_at,
            reviewed=self.reviewed_at,
            in_use=self.put_in_use_at,
            retired=self.retired_at,
        )


class QuestionReview(models.Model):
    """What one person said about one version of a question. Written once."""

    question = models.ForeignKey(Question, models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(Person, models.PROTECT, related_name="+")
    approves = models.BooleanField()
    remarks = models.TextField(blank=True)
    reviewed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["question", "reviewer"], name="a_person_reviews_a_version_once"
            ),
            models.CheckConstraint(
                condition=Q(approves=True) | ~Q(remarks=""), name="an_objection_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question_id}/{self.reviewer_id}"


class QuestionMedia(models.Model):
    """A picture that questions show, kept once under the hash of its bytes."""

    sha256 = models.CharField(max_length=64, unique=True)
    content_type = models.CharField(max_length=40)
    content = models.BinaryField()

    class Meta:
        verbose_name_plural = "question media"
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256__regex=SHA_256), name="media_are_named_by_their_hash"
            ),
        ]

    def __str__(self) -> str:
        return self.sha256


class FoundQuestion(models.Model):
    """A question as it was read from a file, with what there is to say about it.

    `content` is the item as `hocvu.items.storing` writes it, or none where it could not be read.
    `place` is what was given for this question alone. `question` is what it became in the bank, or
    the question with the same content that already stood there.
    """

    bank_import = models.ForeignKey(BankImport, models.CASCADE, related_name="found")
    number = models.PositiveIntegerField()
    line = models.PositiveIntegerField()
    content = models.JSONField(null=True)
    diagnostics = models.JSONField(default=list)
    fingerprint = models.CharField(max_length=64, blank=True, db_index=True)
    place = models.JSONField(default=dict)
    is_left_out = models.BooleanField(default=False)
    question = models.ForeignKey(Question, models.PROTECT, null=True, related_name="+")
    was_known = models.BooleanField(null=True)  # after taking: it stood in the bank before

    class Meta:
        ordering = ["bank_import_id", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["bank_import", "number"], name="a_question_is_found_once_in_a_file"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bank_import_id}/{self.number}"


__all__: list[Any] = [
    "BankImport",
    "FoundQuestion",
    "Question",
    "QuestionKind",
    "QuestionMedia",
    "QuestionReview",
]
