"""Sittings: a paper offered to a class, its rooms, and extra time for a person."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from hocvu.classes.models import BridgePoint, TrainingClass
from hocvu.papers.models import Paper
from hocvu.people.models import Person


class Sitting(models.Model):
    """A paper offered to the learners of a class between two moments.

    A supervised sitting is entered through a room, with the room's code.
    """

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="+")
    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="+")
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    attempts_allowed = models.PositiveSmallIntegerField(null=True)  # none: as often as they like
    is_supervised = models.BooleanField(default=False)

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


class ExamRoom(models.Model):
    """A supervised place of a sitting. Its code is said aloud; its networks, if any, are a lock."""

    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="rooms")
    name = models.CharField(max_length=200)
    code = models.CharField(max_length=12, unique=True)
    supervisor = models.ForeignKey(Person, models.PROTECT, related_name="+")
    bridge_point = models.ForeignKey(BridgePoint, models.PROTECT, null=True, related_name="+")
    networks = ArrayField(models.CharField(max_length=50), default=list)  # "203.0.113.0/24"
    opened_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sitting", "name"], name="a_room_has_one_name_in_a_sitting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sitting_id}: {self.name}"


class TimeAllowance(models.Model):
    """Extra minutes for one person in every attempt of a sitting, with the reason."""

    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="allowances")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    minutes = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=300)
    granted_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sitting", "person"], name="a_person_has_one_allowance_in_a_sitting"
            ),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="an_allowance_gives_time"),
        ]

    def __str__(self) -> str:
        return f"{self.sitting_id}/{self.person_id}: {self.minutes}"


class RoomCodeAttempt(models.Model):
    """A wrong room code typed by somebody, kept for minutes so that nobody can try them all."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    tried_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "tried_at"], name="room_codes_of_a_person")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.tried_at}"
