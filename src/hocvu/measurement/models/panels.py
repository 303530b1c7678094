"""Where judges draw the line: modified Angoff panels and the cut scores they set."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from hocvu.measurement.models.scales import Calibration, Scale
from hocvu.people.models import Person
from hocvu.questions.models import Question


class Panel(models.Model):
    """Judges say, for each question, what share of people just at a level would answer it right.

    Two rounds: between them each sees what all said, without names, and may change their mind.
    `round` is the one that is open.
    """

    scale = models.ForeignKey(Scale, models.PROTECT, related_name="panels")
    level = models.CharField(max_length=6)
    title = models.CharField(max_length=300)
    borderline = models.TextField()  # who is just at this level, in words all judges agreed on
    round = models.PositiveSmallIntegerField(default=1)
    opened_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(round__in=(1, 2)), name="a_panel_has_two_rounds"),
            models.UniqueConstraint(
                fields=["scale", "level"],
                condition=Q(closed_at=None),
                name="one_panel_at_a_time_sits_for_a_level",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PanelJudge(models.Model):
    panel = models.ForeignKey(Panel, models.PROTECT, related_name="judges")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["panel", "person"], name="a_judge_sits_once_on_a_panel"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.panel_id}/{self.person_id}"


class PanelQuestion(models.Model):
    panel = models.ForeignKey(Panel, models.PROTECT, related_name="panel_questions")
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["panel_id", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["panel", "question"], name="a_panel_judges_a_question_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.panel_id}/{self.question_id}"


class AngoffRating(models.Model):
    """A judge's share, 0 to 100 per cent, for one question in one round."""

    judge = models.ForeignKey(PanelJudge, models.PROTECT, related_name="ratings")
    question = models.ForeignKey(PanelQuestion, models.PROTECT, related_name="ratings")
    round = models.PositiveSmallIntegerField()
    percent = models.PositiveSmallIntegerField()
    rated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["judge", "question", "round"], name="a_judge_rates_once_a_round"
            ),
            models.CheckConstraint(
                condition=Q(percent__lte=100), name="a_rating_is_a_share_of_people"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.judge_id}/{self.question_id}#{self.round}"


class CutScore(models.Model):
    """From which ability on somebody has reached a level, and by which decision. Written once."""

    scale = models.ForeignKey(Scale, models.PROTECT, related_name="cut_scores")
    level = models.CharField(max_length=6)
    panel = models.OneToOneField(Panel, models.PROTECT, null=True, related_name="cut_score")
    calibration = models.ForeignKey(Calibration, models.PROTECT, null=True, related_name="+")
    share = models.FloatField()  # of the panel's questions, 0 to 1
    theta = models.FloatField()
    se = models.FloatField()  # of theta, among judges
    judges = models.PositiveSmallIntegerField()
    left_out = ArrayField(
        models.BigIntegerField(), default=list
    )  # judges whose ratings stood apart
    decision_number = models.CharField(max_length=60)
    decided_on = models.DateField()
    reason = models.TextField(blank=True, db_default="")
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["scale", "level", "set_at"])]

    def __str__(self) -> str:
        return f"{self.scale_id} {self.level}: {self.theta:.2f}"
