"""Campaigns, targets, standings and their summaries up the tree."""

from fractions import Fraction

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hocvu.competency.models import Framework
from hocvu.people.models import Person
from hocvu.units.models import Unit


class Campaign(models.Model):
    """A movement with a population and a measure: who counts, and what shows proficiency."""

    code = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    framework = models.ForeignKey(Framework, models.PROTECT, related_name="+")
    categories = ArrayField(models.CharField(max_length=24))
    programme_codes = ArrayField(models.CharField(max_length=60))  # classes that count as training
    legal_basis = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.name


class Target(models.Model):
    """The share that has to be proficient in a period; an exact fraction, compared unrounded."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="targets")
    share = models.CharField(max_length=12)
    from_on = models.DateField()
    until_on = models.DateField()  # the last day
    goal = models.TextField(blank=True)  # in the words of the plan that set it
    goal_en = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "from_on"], name="one_target_begins_on_a_day"
            ),
            models.CheckConstraint(
                condition=Q(until_on__gte=F("from_on")), name="a_target_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.share} ({self.from_on}–{self.until_on})"

    @property
    def exact_share(self) -> Fraction:
        return Fraction(self.share)


class Standing(models.Model):
    """Where one person in scope stands in a campaign, counted in the unit of their main post."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    trained = models.BooleanField(default=False)
    assessed = models.BooleanField(default=False)
    proficient = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "person"], name="a_person_stands_once_in_a_campaign"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id}/{self.person_id}"


class WhyMissing(models.TextChoices):
    """Why somebody in scope is not proficient yet; one reason each, the first that holds."""

    UNTRAINED = "untrained", _("not trained yet")
    UNASSESSED = "unassessed", _("trained, no test yet")
    FAILED = "failed", _("tested, not passed yet")

    @property
    def condition(self) -> Q:
        """On standings that are not proficient."""
        untested = Q(assessed=False)
        return {
            WhyMissing.UNTRAINED: untested & Q(trained=False),
            WhyMissing.UNASSESSED: untested & Q(trained=True),
            WhyMissing.FAILED: Q(assessed=True),
        }[self]


class StandingToReview(models.Model):
    """A person whose standing may have changed and has not been counted anew yet.

    Events only add rows here, so an exam at nine o'clock never waits for the nation's total;
    one folder at a time takes them off (`actions.fold_coverage`).
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    noted_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "standings to review"

    def __str__(self) -> str:
        return str(self.person_id)


class CoverageSummary(models.Model):
    """The standings of a unit and everything below it, added up."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    in_scope = models.PositiveIntegerField(default=0)
    trained = models.PositiveIntegerField(default=0)
    assessed = models.PositiveIntegerField(default=0)
    proficient = models.PositiveIntegerField(default=0)
    as_of = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "unit"], name="a_unit_is_summed_up_once_in_a_campaign"
            ),
            models.CheckConstraint(
                condition=Q(proficient__lte=F("assessed")) & Q(assessed__lte=F("in_scope")),
                name="no_more_proficient_than_assessed_than_in_scope",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id}/{self.unit_id}"
