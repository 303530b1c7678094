"""Results of a class as somebody approved them: what a recognition rests on."""

from django.db import models
from django.db.models import Q

from hocvu.classes.models import Enrolment, TrainingClass
from hocvu.exams.models import Attempt
from hocvu.people.models import Person


class ResultRecord(models.Model):
    """The results of a closed class on one day, approved. Later ones are new records."""

    log_label = "credentials.resultrecord"  # kept there first, and a name in the log stays

    training_class = models.ForeignKey(TrainingClass, models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()  # 1 for the first record of the class
    required_attendance = models.CharField(max_length=12)  # an exact share, such as "4/5"
    paper_code = models.CharField(max_length=60, blank=True)
    learner_count = models.PositiveIntegerField()
    earned_count = models.PositiveIntegerField()
    fingerprint = models.CharField(max_length=64)  # of the lines, as they were shown
    approved_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["training_class", "number"],
                name="result_records_are_numbered_in_a_class",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.training_class_id}/{self.number}"


class ResultLine(models.Model):
    """One learner's result: half days attended of those held, the test, and what is lacking."""

    record = models.ForeignKey(ResultRecord, models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="+")
    attended = models.PositiveSmallIntegerField()
    held = models.PositiveSmallIntegerField()
    attempt = models.ForeignKey(Attempt, models.PROTECT, null=True, related_name="+")
    points = models.DecimalField(max_digits=8, decimal_places=3, null=True)
    out_of = models.DecimalField(max_digits=8, decimal_places=3, null=True)
    passed = models.BooleanField(null=True)
    reasons = models.CharField(max_length=120, blank=True)  # values of `Reason`; none: earned

    class Meta:
        ordering = ["record_id", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["record", "enrolment"], name="a_learner_has_one_line_in_a_result_record"
            ),
            models.CheckConstraint(
                condition=Q(attempt=None, passed=None)
                | Q(attempt__isnull=False, passed__isnull=False),
                name="a_result_names_its_attempt",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_id}/{self.position}"

    @property
    def has_earned_it(self) -> bool:
        return not self.reasons
