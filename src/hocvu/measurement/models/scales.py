"""Scales and the calibrations that put questions on them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hocvu.competency.models import Framework
from hocvu.people.models import Person
from hocvu.questions.models import Question


class ResponseModel(models.TextChoices):
    """How the chance of a right answer depends on ability."""

    TWO_PARAMETERS = "2pl", _("difficulty and discrimination")
    THREE_PARAMETERS = "3pl", _("difficulty, discrimination and guessing")


class Scale(models.Model):
    """Where ability against a framework is measured.

    Ability has mean 0 and standard deviation 1 among the people of the first calibration; later
    calibrations are anchored to it, so a number means the same years later.
    """

    framework = models.ForeignKey(Framework, models.PROTECT, related_name="+")
    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=250)
    name_en = models.CharField(max_length=250)
    model = models.CharField(max_length=3, choices=ResponseModel.choices)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Calibration(models.Model):
    """Parameters estimated from real answers in one go. It counts once somebody has approved it."""

    scale = models.ForeignKey(Scale, models.PROTECT, related_name="calibrations")
    number = models.PositiveIntegerField()
    asked_for_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    asked_for_at = models.DateTimeField()
    is_linked = models.BooleanField(default=False)  # anchored to an earlier calibration
    settings = models.JSONField(default=dict)
    begun_at = models.DateTimeField(null=True)  # when a job last began to calculate it
    made_at = models.DateTimeField(null=True)  # none: not calculated yet
    refused = models.CharField(max_length=300, blank=True)  # why it could not be calculated
    people = models.PositiveIntegerField(null=True)
    questions = models.PositiveIntegerField(null=True)
    log_likelihood = models.FloatField(null=True)
    iterations = models.PositiveIntegerField(null=True)
    converged = models.BooleanField(null=True)
    reliability = models.FloatField(null=True)
    population_mean = models.FloatField(null=True)  # ability of the people who answered
    population_sd = models.FloatField(null=True)
    approved_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scale", "number"], name="calibrations_are_numbered_on_a_scale"
            ),
            models.UniqueConstraint(
                fields=["scale"],
                condition=Q(made_at=None, refused=""),
                name="a_scale_waits_for_one_calibration_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None) | Q(made_at__isnull=False, refused=""),
                name="only_a_calculated_calibration_is_approved",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scale_id}#{self.number}"


class ItemCalibration(models.Model):
    """What a calibration says about one question. Written once.

    `a` discrimination, `b` difficulty on the scale, `c` chance of guessing; `se_…` their standard
    errors. `refused` says why the question could not be calibrated; then there are no parameters.
    """

    calibration = models.ForeignKey(Calibration, models.PROTECT, related_name="items")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    answers = models.PositiveIntegerField()
    a = models.FloatField(null=True)
    b = models.FloatField(null=True)
    c = models.FloatField(null=True)
    se_a = models.FloatField(null=True)
    se_b = models.FloatField(null=True)
    se_c = models.FloatField(null=True)
    infit = models.FloatField(null=True)
    outfit = models.FloatField(null=True)
    is_anchor = models.BooleanField(default=False)
    refused = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["calibration", "question"], name="a_question_is_calibrated_once"
            ),
            models.CheckConstraint(
                condition=Q(a__isnull=False, b__isnull=False, c__isnull=False, refused="")
                | (Q(a=None, b=None, c=None) & ~Q(refused="")),
                name="a_calibrated_question_has_parameters_or_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.calibration_id}/{self.question_id}"
