"""Programmes and topics, loaded from the versioned catalogue in this package."""

from fractions import Fraction

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Mode(models.TextChoices):
    """The three forms of training of Decree 171/2025, art. 25."""

    IN_PERSON = "in_person", _("in person")
    ONLINE = "online", _("online")
    BLENDED = "blended", _("in person and online")


class TopicKind(models.TextChoices):
    LECTURE = "lecture", _("lecture")
    FIELD_STUDY = "field_study", _("field study")
    PRACTICE = "practice", _("practice")
    SELF_STUDY = "self_study", _("self-study")
    ASSESSMENT = "assessment", _("assessment")


class Half(models.TextChoices):
    MORNING = "morning", _("morning")
    AFTERNOON = "afternoon", _("afternoon")


class Programme(models.Model):
    """One version of a programme. Classes keep the version they were opened from."""

    code = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=300)
    name_en = models.CharField(max_length=300)
    mode = models.CharField(max_length=12, choices=Mode.choices)
    target_group = models.CharField(max_length=300)
    days = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    legal_basis = models.JSONField(default=list)
    min_attendance = models.CharField(max_length=12)  # an exact share, such as "4/5"
    paper_code = models.CharField(max_length=60, blank=True)  # the test that completes it, if any

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="a_programme_has_one_version"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def required_attendance(self) -> Fraction:
        return Fraction(self.min_attendance)


class Topic(models.Model):
    """A topic (chuyên đề) of a programme; `periods` of 45 minutes."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="topics")
    code = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=400)
    title_en = models.CharField(max_length=400)
    kind = models.CharField(max_length=12, choices=TopicKind.choices)
    periods = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["programme_id", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "code"], name="a_topic_code_is_unique_in_its_programme"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class TimetableSlot(models.Model):
    """A half day of the programme's model timetable; `day` counts from 1."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="timetable")
    day = models.PositiveSmallIntegerField()
    half = models.CharField(max_length=10, choices=Half.choices)
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="+")
    also = models.ManyToManyField(Topic, related_name="+")  # further topics of the same half day

    class Meta:
        ordering = ["programme_id", "day", "-half"]  # "morning" sorts after "afternoon"
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "day", "half"], name="a_half_day_holds_one_topic"
            ),
            models.CheckConstraint(condition=Q(day__gte=1), name="timetable_days_count_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.half}"
