"""What attempts earn beside the written keys: corrected keys, settled answers, changed results."""

from django.db import models
from django.db.models import Q

from hocvu.exams.models.attempts import Attempt
from hocvu.people.models import Person
from hocvu.questions.models import Question


class KeyCorrection(models.Model):
    """The key of a question was wrong: from now on it is marked by `key`, everybody anew.

    `key` is `{"right": ["b", "c"]}`, or `{"everybody": true}` when the question cannot be marked.
    `attempts` is how many of those marked before it concerned, once all are marked anew.
    """

    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    key = models.JSONField()
    decision_number = models.CharField(max_length=60)
    decided_on = models.DateField()
    reason = models.CharField(max_length=500)
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    remarked_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(remarked_at=None) | Q(attempts__isnull=False),
                name="a_correction_carried_out_says_whom_it_concerned",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question_id}: {self.decision_number}"


class Remarking(models.Model):
    """How a marked attempt changed, and why. The latest one of an attempt stands."""

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="remarkings")
    correction = models.ForeignKey(KeyCorrection, models.PROTECT, null=True, related_name="changes")
    cause = models.CharField(max_length=30)  # key_correction, late_answers, appeal
    points_before = models.DecimalField(max_digits=8, decimal_places=3)
    points_after = models.DecimalField(max_digits=8, decimal_places=3)
    passed_before = models.BooleanField()
    passed_after = models.BooleanField()
    remarked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.attempt_id}: {self.points_before} → {self.points_after}"


class SettledAnswer(models.Model):
    """The share of its points that people settled a written answer earned, exactly ("7/10").

    How they came to it is kept by the room above. Settled anew, it is replaced; until then it
    stands.
    """

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="settled_answers")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    share = models.CharField(max_length=40)
    settled_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["attempt", "question"], name="one_share_stands_for_a_written_answer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id}/{self.question_id}: {self.share}"
