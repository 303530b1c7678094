"""Marks of people on written answers, and appeals."""

from django.db import models
from django.db.models import Q

from hocvu.exams.models import Attempt, Sitting
from hocvu.people.models import Person
from hocvu.questions.models import Question


class Marker(models.Model):
    """A person asked to mark the written answers of a sitting, until released from it."""

    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    appointed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    appointed_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sitting", "person"], name="a_marker_is_appointed_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sitting_id}/{self.person_id}"


class Marking(models.Model):
    """What one marker gave one written answer, criterion by criterion. Written once.

    Rounds 1 and 2 are blind to each other, 3 is asked for where they differ too much. A fresh
    marking goes on with rounds 4, 5 and 6, and so forth.
    """

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="+")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    marker = models.ForeignKey(Person, models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField()
    points = models.DecimalField(max_digits=6, decimal_places=2)
    out_of = models.DecimalField(max_digits=6, decimal_places=2)
    by_criterion = models.JSONField(default=dict)
    remarks = models.TextField(blank=True)
    marked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["attempt", "question", "marker"], name="a_marker_marks_an_answer_once"
            ),
            models.UniqueConstraint(
                fields=["attempt", "question", "round"], name="a_round_of_marking_happens_once"
            ),
            models.CheckConstraint(
                condition=Q(points__gte=0, points__lte=models.F("out_of")),
                name="a_marking_lies_between_nothing_and_all",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id}/{self.question_id}#{self.round}"


class Appeal(models.Model):
    """A learner asks for an attempt, or one question of it, to be looked at again."""

    log_label = "exams.appeal"  # appeals were first kept there, and a name in the log stays

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="+")
    question = models.ForeignKey(Question, models.PROTECT, null=True, related_name="+")
    client_id = models.UUIDField(unique=True)
    text = models.TextField()
    raised_at = models.DateTimeField()
    answered_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    upheld = models.BooleanField(null=True)
    answer = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["attempt", "question"],
                nulls_distinct=False,
                name="an_attempt_or_a_question_of_it_is_appealed_once",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None)
                | (Q(answered_by__isnull=False, upheld__isnull=False) & ~Q(answer="")),
                name="an_answered_appeal_says_what_and_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id}: {self.raised_at}"


class FreshMarking(models.Model):
    """A written answer is to be marked from the beginning, by people who have not marked it yet.

    Until they have settled it, what was settled before stands. Written once.
    """

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="+")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    cause = models.CharField(max_length=30)  # appeal, late_answers
    appeal = models.OneToOneField(Appeal, models.PROTECT, null=True, related_name="fresh_marking")
    called_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    called_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["attempt", "question"], name="fresh_markings_of_an_answer")]

    def __str__(self) -> str:
        return f"{self.attempt_id}/{self.question_id}: {self.cause}"
