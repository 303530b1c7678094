"""Attempts and their answers: what must never be lost."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from hocvu.exams.models.sittings import ExamRoom, Sitting
from hocvu.people.models import Person
from hocvu.questions.models import Question


class SealedDay(models.Model):
    """The signed Merkle head over the seals of every attempt handed in on a day."""

    day = models.DateField(unique=True)
    size = models.PositiveIntegerField()
    root = models.BinaryField(max_length=32)
    note = models.TextField()  # the head as a signed note
    sealed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.day}"


class SealedPage(models.Model):
    """A page of the tree of a sealed day: up to 256 leaf hashes, one after the other.

    With the roots of the other pages it proves that an attempt stands in the tree, however many
    were handed in that day. `root` is the hash over a full page, all there is of it higher up.
    """

    sealed_day = models.ForeignKey(SealedDay, models.CASCADE, related_name="pages")
    number = models.PositiveIntegerField()  # from 0
    leaves = models.BinaryField()
    root = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sealed_day", "number"], name="a_page_has_its_place_in_a_sealed_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sealed_day_id}/{self.number}"


class Attempt(models.Model):
    """One person's attempt. It lives here from its first second; only the server's clock counts.

    `seed` fixes the order in which questions and options are shown, so a reload changes nothing.
    `form` holds the questions drawn for it, in written order; empty: those of a fixed paper.
    `seal` is the hash over the last links of its answers, fixed when it is handed in.
    """

    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="attempts")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    seed = models.BigIntegerField()
    form = ArrayField(models.BigIntegerField(), default=list, db_default=[])
    room = models.ForeignKey(ExamRoom, models.PROTECT, null=True, related_name="attempts")
    started_at = models.DateTimeField()
    must_end_at = models.DateTimeField()
    handed_in_at = models.DateTimeField(null=True)
    marked_at = models.DateTimeField(null=True)
    points = models.DecimalField(max_digits=8, decimal_places=3, null=True)
    out_of = models.DecimalField(max_digits=8, decimal_places=3, null=True)
    passed = models.BooleanField(null=True)
    seal = models.BinaryField(max_length=32, null=True)
    sealed_in = models.ForeignKey(SealedDay, models.PROTECT, null=True, related_name="attempts")
    sealed_as = models.PositiveIntegerField(null=True)  # which leaf of its day, from 0
    voided_at = models.DateTimeField(null=True)
    voided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    void_reason = models.CharField(max_length=300, blank=True, db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sitting", "person", "number"], name="attempts_are_numbered_for_a_person"
            ),
            models.UniqueConstraint(
                fields=["sitting", "person"],
                condition=Q(handed_in_at=None),
                name="a_person_has_one_attempt_under_way",
            ),
            models.CheckConstraint(
                condition=Q(must_end_at__gt=F("started_at")), name="an_attempt_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(marked_at=None)
                | Q(points__isnull=False, out_of__isnull=False, passed__isnull=False),
                name="a_marked_attempt_has_its_result",
            ),
            models.CheckConstraint(
                condition=Q(voided_at=None)
                | (Q(handed_in_at__isnull=False, voided_by__isnull=False) & ~Q(void_reason="")),
                name="a_voided_attempt_has_ended_and_says_why",
            ),
        ]
        indexes = [
            # A receipt begins a seal, so one is found among those of a day without reading them.
            models.Index(
                fields=["sealed_in", "seal"],
                condition=Q(sealed_in__isnull=False),
                name="seals_of_a_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.sitting_id}/{self.person_id}#{self.number}"


class AttemptSeen(models.Model):
    """When a device of this attempt was last heard, for the supervisor's board; not evidence."""

    attempt = models.OneToOneField(
        Attempt, models.CASCADE, primary_key=True, related_name="last_seen"
    )
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.attempt_id}: {self.seen_at}"


class Answer(models.Model):
    """The answer that stands for one question of an attempt.

    The device numbers its answers (`sequence`) and names each (`client_id`): a repeated or
    overtaken delivery changes nothing. `digest` is the SHA-256 of this answer, `earlier` those of
    the answers it replaced, 32 bytes each, oldest first, and `link` the hash chain over all of
    them: nobody can change what stands, or what stood, without breaking the link.
    """

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    chosen = models.JSONField()  # the lines of the answer, as in hocvu.items.content
    sequence = models.BigIntegerField()
    client_id = models.UUIDField()
    saved_at = models.DateTimeField()
    digest = models.BinaryField(max_length=32, default=b"", db_default=b"")
    earlier = models.BinaryField(default=b"", db_default=b"")
    link = models.BinaryField(max_length=32, default=b"", db_default=b"")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["attempt", "question"], name="one_answer_stands_for_a_question"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id}/{self.question_id}"


class LateAnswer(models.Model):
    """An answer that came after its attempt had ended: kept aside until somebody decides.

    A device without a network cannot deliver in time. Nothing it brings later is thrown away; it
    counts only when whoever runs the class says so, with the reason.
    """

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="late_answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    chosen = models.JSONField()
    sequence = models.BigIntegerField()
    client_id = models.UUIDField()
    arrived_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    counts = models.BooleanField(null=True)
    reason = models.CharField(max_length=300, blank=True, db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["attempt", "client_id"], name="a_late_answer_is_kept_once"
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None) | Q(decided_by__isnull=False, counts__isnull=False),
                name="a_decided_late_answer_says_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id}/{self.question_id}"


class HandedInFile(models.Model):
    """A file handed in as an answer; the answer's line names it by its SHA-256."""

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="files")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    content = models.BinaryField()
    arrived_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["attempt", "question", "sha256"], name="a_file_is_kept_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id}/{self.question_id}"
