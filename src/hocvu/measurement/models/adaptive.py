"""Adaptive tests: each next question is chosen for this person, and every step is kept."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hocvu.classes.models import TrainingClass
from hocvu.measurement.models.scales import Calibration, Scale
from hocvu.measurement.rules.measuring import Estimate
from hocvu.people.models import Person
from hocvu.questions.models import Question


class Purpose(models.TextChoices):
    MEASURE = "measure", _("skills test")
    PLACEMENT = "placement", _("placement test")
    BEFORE = "before", _("before a class")
    AFTER = "after", _("after a class")


class StopReason(models.TextChoices):
    PRECISE = "precise", _("the level is known well enough")
    LENGTH = "length", _("the greatest number of questions was asked")
    TIME = "time", _("time was over")
    NO_QUESTION = "no_question", _("no suitable question was left")
    ENDED = "ended", _("ended by the person")


class AdaptiveTest(models.Model):
    """One version of an adaptive test and the rules by which it chooses and stops.

    `quotas` maps a domain of the framework to the exact share of questions it should get ("1/6").
    """

    code = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300)
    scale = models.ForeignKey(Scale, models.PROTECT, related_name="tests")
    purpose = models.CharField(max_length=9, choices=Purpose.choices)
    least_questions = models.PositiveSmallIntegerField()
    most_questions = models.PositiveSmallIntegerField()
    target_se = models.FloatField()
    minutes = models.PositiveSmallIntegerField()
    quotas = models.JSONField(default=dict)
    most_exposure = models.FloatField()  # share of runs that may show one question
    target_group = models.CharField(max_length=60, blank=True)
    months_valid = models.PositiveSmallIntegerField(null=True)
    about = models.TextField(blank=True, db_default="")  # what its result means, and what not
    about_en = models.TextField(blank=True, db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "version"], name="an_adaptive_test_has_one_version"
            ),
            models.CheckConstraint(
                condition=Q(most_questions__gte=F("least_questions"), least_questions__gt=0),
                name="an_adaptive_test_asks_something",
            ),
            models.CheckConstraint(
                condition=Q(target_se__gt=0, most_exposure__gt=0, most_exposure__lte=1),
                name="an_adaptive_test_can_stop_and_choose",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class AdaptiveSitting(models.Model):
    """An adaptive test offered to the learners of a class between two moments."""

    test = models.ForeignKey(AdaptiveTest, models.PROTECT, related_name="sittings")
    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=9, choices=Purpose.choices)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    opened_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["test", "training_class", "purpose"],
                name="a_class_sits_an_adaptive_test_once_for_a_purpose",
            ),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="an_adaptive_sitting_closes_after_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.training_class_id}: {self.test_id}"


class AdaptiveRun(models.Model):
    """One person's run. The calibration it began with holds to its end.

    `theta` leans towards the mean of everybody (EAP), the more so the less is known: it says the
    level. `plain_theta` does not lean (Warm): growth is measured with it. Each has its error.
    """

    sitting = models.ForeignKey(AdaptiveSitting, models.PROTECT, related_name="runs")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    calibration = models.ForeignKey(Calibration, models.PROTECT, related_name="+")
    seed = models.BigIntegerField()
    started_at = models.DateTimeField()
    must_end_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    stop_reason = models.CharField(max_length=12, choices=StopReason.choices, blank=True)
    theta = models.FloatField(null=True)
    se = models.FloatField(null=True)
    plain_theta = models.FloatField(null=True)
    plain_se = models.FloatField(null=True)
    low = models.FloatField(null=True)  # 95 % interval of theta
    high = models.FloatField(null=True)
    level = models.CharField(max_length=6, blank=True)  # empty: below every level, or no cut scores

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sitting", "person", "number"], name="runs_are_numbered_for_a_person"
            ),
            models.UniqueConstraint(
                fields=["sitting", "person"],
                condition=Q(ended_at=None),
                name="a_person_has_one_run_under_way",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None)
                | (Q(theta__isnull=False, se__isnull=False) & ~Q(stop_reason="")),
                name="an_ended_run_has_its_estimate_and_says_why_it_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sitting_id}/{self.person_id}#{self.number}"


class AdaptiveStep(models.Model):
    """One question of a run: why it was chosen, what was answered, what was then known.

    A step is answered once; the first answer that arrives stands.
    """

    run = models.ForeignKey(AdaptiveRun, models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    question = models.ForeignKey(Question, models.PROTECT, related_name="+")
    a = models.FloatField()
    b = models.FloatField()
    c = models.FloatField()
    theta_before = models.FloatField()
    se_before = models.FloatField()
    information = models.FloatField()
    candidates = models.PositiveIntegerField()
    why = models.JSONField(default=dict)
    shown_at = models.DateTimeField()
    chosen = models.JSONField(null=True)
    client_id = models.UUIDField(null=True, unique=True)
    answered_at = models.DateTimeField(null=True)
    right = models.BooleanField(null=True)
    theta_after = models.FloatField(null=True)
    se_after = models.FloatField(null=True)

    class Meta:
        ordering = ["run_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="steps_of_a_run_are_numbered"),
            models.UniqueConstraint(fields=["run", "question"], name="a_run_asks_a_question_once"),
            models.CheckConstraint(
                condition=Q(answered_at=None)
                | Q(
                    chosen__isnull=False,
                    right__isnull=False,
                    theta_after__isnull=False,
                    se_after__isnull=False,
                ),
                name="an_answered_step_says_what_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}#{self.number}"

    @property
    def known_after(self) -> Estimate:
        """What is known of the ability after this step, or before it while it is not answered."""
        if self.theta_after is None or self.se_after is None:
            return Estimate(self.theta_before, self.se_before)
        return Estimate(self.theta_after, self.se_after)
