"""Cases, exercises, runs and their steps, dispositions and their marks."""

from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hocvu.classes.models import BridgePoint, TrainingClass
from hocvu.competency.models import Framework
from hocvu.people.models import Person
from hocvu.situations.rules.cases import WrittenCase
from hocvu.situations.rules.reading import case_from


class Case(models.Model):
    """One version of a case. `content` is the written case as it was loaded, never edited."""

    code = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300)
    dated = models.DateField()  # the day whose rules it was written by
    minutes = models.PositiveSmallIntegerField()  # what a careful person needs, about
    framework = models.ForeignKey(Framework, models.PROTECT, related_name="+")
    level = models.CharField(max_length=6)
    pass_mark = models.CharField(max_length=12)
    content = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="a_case_has_one_version"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def required_share(self) -> Fraction:
        return Fraction(self.pass_mark)

    @cached_property
    def written(self) -> WrittenCase:
        return case_from(self.content)


class Mode(models.TextChoices):
    INDIVIDUAL = "individual", _("each learner alone")
    BRIDGE_POINT = "bridge_point", _("each bridge point as a group")


class Debrief(models.TextChoices):
    """From when a debrief, which gives the key away, may be read."""

    FINISHED = "finished", _("as soon as the run is finished")
    CLOSED = "closed", _("when the exercise has closed")


class Exercise(models.Model):
    """A case offered to the learners of a class between two moments."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="+")
    mode = models.CharField(max_length=12, choices=Mode.choices)
    debrief = models.CharField(max_length=8, choices=Debrief.choices)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "training_class", "mode"],
                name="a_class_gets_a_case_in_one_exercise_a_mode",
            ),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="an_exercise_closes_after_it_opens"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.training_class_id}: {self.case_id}"

    @property
    def is_for_groups(self) -> bool:
        return self.mode == Mode.BRIDGE_POINT


class Run(models.Model):
    """One way through a case, by a person or by a bridge point as a group.

    `node` is where the run stands; `node_opened_at` is when its time began to run, by the server's
    clock, and is empty until somebody opens the node.
    """

    exercise = models.ForeignKey(Exercise, models.PROTECT, related_name="runs")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    bridge_point = models.ForeignKey(BridgePoint, models.PROTECT, null=True, related_name="+")
    started_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    node = models.CharField(max_length=60)
    node_opened_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    marked_at = models.DateTimeField(null=True)
    points = models.DecimalField(max_digits=8, decimal_places=3, null=True)
    out_of = models.DecimalField(max_digits=8, decimal_places=3, null=True)
    passed = models.BooleanField(null=True)

    if TYPE_CHECKING:
        person_id: int | None
        bridge_point_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["exercise", "person"], name="a_person_runs_an_exercise_once"
            ),
            models.UniqueConstraint(
                fields=["exercise", "bridge_point"], name="a_bridge_point_runs_an_exercise_once"
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=True, bridge_point__isnull=False)
                | Q(person__isnull=False, bridge_point__isnull=True),
                name="a_run_is_of_a_person_or_of_a_bridge_point",
            ),
            models.CheckConstraint(
                condition=Q(marked_at=None)
                | Q(
                    finished_at__isnull=False,
                    points__isnull=False,
                    out_of__isnull=False,
                    passed__isnull=False,
                ),
                name="a_marked_run_is_finished_and_has_its_points",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.exercise_id}#{self.pk}"


class RunMember(models.Model):
    """Somebody a group's run is evidence of: present on the roll when the run was finished."""

    run = models.ForeignKey(Run, models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "person"], name="a_person_is_a_member_of_a_run_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.person_id}"


class Step(models.Model):
    """One decision of a run, or the moment its time ran out. Written once, never changed."""

    run = models.ForeignKey(Run, models.PROTECT, related_name="steps")
    sequence = models.PositiveSmallIntegerField()
    node = models.CharField(max_length=60)
    decision = models.CharField(max_length=60)
    client_id = models.UUIDField()  # made by the device, so a retry cannot double
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField()
    timed_out = models.BooleanField(default=False)

    class Meta:
        ordering = ["run_id", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["run", "sequence"], name="steps_are_numbered_in_a_run"),
            models.UniqueConstraint(
                fields=["run", "node", "decision"], name="a_decision_is_made_once_in_a_run"
            ),
            models.UniqueConstraint(
                fields=["run", "client_id"], name="a_delivery_makes_one_step_of_a_run"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}#{self.sequence}"


class Disposition(models.Model):
    """What a run wrote at one node (bút phê, ý kiến xử lý). Its newest version stands."""

    run = models.ForeignKey(Run, models.PROTECT, related_name="dispositions")
    node = models.CharField(max_length=60)
    settled_at = models.DateTimeField(null=True)  # its markers agree, or a third has decided

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "node"], name="a_node_has_one_disposition"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.node}"


class DispositionVersion(models.Model):
    """The text as it was saved once. Nothing that was typed and saved is lost."""

    disposition = models.ForeignKey(Disposition, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    client_id = models.UUIDField()
    saved_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["disposition_id", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["disposition", "number"], name="versions_of_a_disposition_are_numbered"
            ),
            models.UniqueConstraint(
                fields=["disposition", "client_id"], name="a_delivery_makes_one_version"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.disposition_id}#{self.number}"


class DispositionMark(models.Model):
    """What one marker gave, blind to the author and to other markers. Written once.

    `points` maps criterion ids of the rubric to exact decimals as text, such as `{"who": "1.5"}`.
    """

    disposition = models.ForeignKey(Disposition, models.PROTECT, related_name="marks")
    marker = models.ForeignKey(Person, models.PROTECT, related_name="+")
    points = models.JSONField()
    remark = models.TextField(blank=True)
    marked_at = models.DateTimeField()

    class Meta:
        ordering = ["disposition_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["disposition", "marker"], name="a_marker_marks_a_disposition_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.disposition_id}/{self.marker_id}"
