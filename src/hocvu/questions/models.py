"""Questions."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class QuestionKind(models.TextChoices):
    SINGLE = "single", _("single choice")
    MULTIPLE = "multiple", _("multiple choice")
    SITUATION = "situation", _("situation")


class Question(models.Model):
    """One version of a question. A question that has been shown is never edited: a new version is.

    `options` is a list of `{"id", "text", "text_en", "right", "why", "why_en"}` in written order.
    """

    code = models.CharField(max_length=20)
    version = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=QuestionKind.choices)
    stem = models.TextField()
    stem_en = models.TextField(blank=True)
    situation = models.TextField(blank=True)
    situation_en = models.TextField(blank=True)
    options = models.JSONField()
    component_code = models.CharField(max_length=12)
    level = models.CharField(max_length=6)
    topic = models.CharField(max_length=60)
    target_group = models.CharField(max_length=60)
    source = models.CharField(max_length=250)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="a_question_has_one_version"),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"
