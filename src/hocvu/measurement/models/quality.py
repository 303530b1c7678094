"""What answers say about the questions themselves."""

from django.db import models

from hocvu.questions.models import Question


class QuestionQuality(models.Model):
    """The figures of one question from all answers up to a moment; the newest stands.

    `options` lists each option with the share of people who chose it and their mean score;
    `differential` one entry for each pair of groups compared; `flags` what a teacher should look
    at, as values of `rules.Flag`.
    """

    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    calculated_at = models.DateTimeField()
    answers = models.PositiveIntegerField()
    difficulty = models.FloatField(null=True)  # share of full points, 0 to 1
    discrimination = models.FloatField(null=True)  # corrected point-biserial correlation
    options = models.JSONField(default=list)
    drift = models.FloatField(null=True)  # z of the change of difficulty since the last calibration
    differential = models.JSONField(default=list)
    flags = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["question", "calculated_at"], name="a_question_has_one_quality_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question_id}: {self.answers}"
