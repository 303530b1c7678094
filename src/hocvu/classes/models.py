"""Classes, sessions, bridge points, rolls and marks."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hocvu.courses.models import Half, Mode, Programme, Topic
from hocvu.people.models import Person
from hocvu.units.models import Unit


class TrainingClass(models.Model):
    """One run of a programme for named learners."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="+")
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=300)
    host_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    mode = models.CharField(max_length=12, choices=Mode.choices)
    starts_on = models.DateField()
    ends_on = models.DateField()
    supervisor = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    capacity = models.PositiveIntegerField(null=True)
    opening_decision = models.CharField(max_length=100, blank=True)  # số và ký hiệu
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="a_class_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None


class ClassSession(models.Model):
    """A half day of a class, held at one or many bridge points at once."""

    training_class = models.ForeignKey(TrainingClass, models.CASCADE, related_name="sessions")
    number = models.PositiveSmallIntegerField()
    held_on = models.DateField()
    half = models.CharField(max_length=10, choices=Half.choices)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="+")
    also_topics = models.ManyToManyField(Topic, related_name="+")  # taught in the same half day
    called_off_at = models.DateTimeField(null=True)
    called_off_because = models.CharField(max_length=300, blank=True, db_default="")

    class Meta:
        ordering = ["training_class_id", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["training_class", "number"], name="session_numbers_are_unique_in_a_class"
            ),
            models.UniqueConstraint(
                fields=["training_class", "held_on", "half"],
                condition=Q(called_off_at=None),
                name="a_class_holds_one_session_a_half",
            ),
            models.CheckConstraint(
                condition=Q(called_off_at=None) | ~Q(called_off_because=""),
                name="a_session_is_called_off_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="a_session_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.training_class_id}/{self.number}"

    @property
    def is_called_off(self) -> bool:
        return self.called_off_at is not None

    @property
    def topics(self) -> list[Topic]:
        """What is taught, in order. In a list, prefetch `also_topics`."""
        return [self.topic, *self.also_topics.all()]


class BridgePoint(models.Model):
    """A place where a class is followed together: the hall itself, or a commune's video room."""

    training_class = models.ForeignKey(TrainingClass, models.CASCADE, related_name="bridge_points")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    name = models.CharField(max_length=250)
    is_main = models.BooleanField(default=False)
    chair = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    coordinator = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    technical_contact = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["training_class", "unit"], name="a_unit_is_one_bridge_point_of_a_class"
            ),
            models.UniqueConstraint(
                fields=["training_class"],
                condition=Q(is_main=True),
                name="a_class_has_one_main_bridge_point",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def active(self) -> "EnrolmentQuerySet":
        return self.filter(withdrawn_at=None)


class Enrolment(models.Model):
    """A person's place in a class, at one of its bridge points; `unit` is theirs when enrolled."""

    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="enrolments")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    bridge_point = models.ForeignKey(BridgePoint, models.PROTECT, related_name="enrolments")
    enrolled_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["training_class", "person"],
                condition=Q(withdrawn_at=None),
                name="a_person_is_enrolled_once_in_a_class",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.training_class_id}/{self.person_id}"


class Roll(models.Model):
    """The roll call of one session at one bridge point."""

    session = models.ForeignKey(ClassSession, models.CASCADE, related_name="rolls")
    bridge_point = models.ForeignKey(BridgePoint, models.CASCADE, related_name="rolls")
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    head_count = models.PositiveIntegerField(null=True)
    difference_note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session", "bridge_point"], name="a_session_has_one_roll_a_bridge_point"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(head_count__isnull=False),
                name="a_closed_roll_has_a_head_count",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.session_id}@{self.bridge_point_id}"


class Presence(models.TextChoices):
    PRESENT = "present", _("present")
    EXCUSED = "excused", _("excused absence")
    ABSENT = "absent", _("unexcused absence")


class MarkMethod(models.TextChoices):
    TAP = "tap", _("marked by the coordinator")
    QR = "qr", _("scanned the code on the screen")
    CODE = "code", _("typed the code on the screen")
    SHEET = "sheet", _("entered from the signed sheet")


class RollMark(models.Model):
    """One mark on a roll: who, how, when. A correction is a new mark; the old one is kept."""

    roll = models.ForeignKey(Roll, models.PROTECT, related_name="marks")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="marks")
    presence = models.CharField(max_length=8, choices=Presence.choices)
    method = models.CharField(max_length=6, choices=MarkMethod.choices)
    marked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    marked_at = models.DateTimeField()
    client_id = models.UUIDField(unique=True)  # made by the device, so a retry cannot double
    superseded_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["roll", "enrolment"],
                condition=Q(superseded_at=None),
                name="a_learner_has_one_standing_mark_on_a_roll",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.roll_id}/{self.enrolment_id} {self.presence}"


class CodeAttempt(models.Model):
    """A check-in code typed by somebody, kept for a few minutes so that nobody can try them all."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    tried_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "tried_at"], name="code_attempts_of_a_person")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.tried_at}"
