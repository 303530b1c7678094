"""Papers, sittings, attempts, answers."""

from fractions import Fraction

from django.db import models
from django.db.models import F, Q

from hocvu.classes.models import TrainingClass
from hocvu.competency.models import Framework
from hocvu.people.models import Person
from hocvu.questions.models import Question


class Paper(models.Model):
    """One version of a test: its questions, minutes and pass mark (an exact share, "7/10")."""

    code = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300)
    minutes = models.PositiveSmallIntegerField()
    pass_mark = models.CharField(max_length=12)
    framework = models.ForeignKey(Framework, models.PROTECT, related_name="+")
    level = models.CharField(max_length=6)
    shuffle = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="a_paper_has_one_version"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def required_share(self) -> Fraction:
        return Fraction(self.pass_mark)


class PaperQuestion(models.Model):
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="paper_questions")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["paper_id", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "question"], name="a_question_stands_once_in_a_paper"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paper_id}/{self.position}"


class Sitting(models.Model):
    """A paper offered to the learners of a class between two moments."""

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="+")
    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="+")
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    attempts_allowed = models.PositiveSmallIntegerField(null=True)  # none: as often as they like

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "training_class"], name="a_class_sits_a_paper_in_one_sitting"
            ),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="a_sitting_closes_after_it_opens"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.training_class_id}: {self.paper_id}"


class Attempt(models.Model):
    """One person's attempt. It lives here from its first second; only the server's clock counts.

    `seed` fixes the order in which questions and options are shown, so a reload changes nothing.
    """

    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="attempts")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    seed = models.BigIntegerField()
    started_at = models.DateTimeField()
    must_end_at = models.DateTimeField()
    handed_in_at = models.DateTimeField(null=True)
    marked_at = models.DateTimeField(null=True)
    points = models.DecimalField(max_digits=8, decimal_places=3, null=True)
    out_of = models.DecimalField(max_digits=8, decimal_places=3, null=True)
    passed = models.BooleanField(null=True)

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
        ]

    def __str__(self) -> str:
        return f"{self.sitting_id}/{self.person_id}#{self.number}"


class Answer(models.Model):
    """The answer that stands for one question of an attempt.

    The device numbers its answers (`sequence`) and names each (`client_id`): a repeated or
    overtaken delivery changes nothing.
    """

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    chosen = models.JSONField()  # option ids
    sequence = models.BigIntegerField()
    client_id = models.UUIDField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["attempt", "question"], name="one_answer_stands_for_a_question"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id}/{self.question_id}"
