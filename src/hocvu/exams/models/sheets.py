"""Answer sheets: the workbooks they came in, and which attempts came from them."""

from django.db import models
from django.db.models import Q

from hocvu.exams.models.attempts import Attempt
from hocvu.exams.models.sittings import Sitting
from hocvu.people.models import Person


class SheetFile(models.Model):
    """A workbook of answers given on paper: read, shown, then taken in or given up.

    `rows` holds what was read of every sheet, as the file said it; the hash says which file that
    was.
    """

    sitting = models.ForeignKey(Sitting, models.PROTECT, related_name="sheet_files")
    file_name = models.CharField(max_length=250)
    file_sha256 = models.CharField(max_length=64)
    reason = models.CharField(max_length=300)  # why the test was held on paper
    uploaded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    rows = models.JSONField(default=list)
    left_empty = models.PositiveIntegerField(default=0)
    taken_in_at = models.DateTimeField(null=True)
    taken_in_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    new_attempts = models.PositiveIntegerField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_in_at=None)
                | Q(taken_in_by__isnull=False, new_attempts__isnull=False, given_up_at=None),
                name="a_sheet_file_taken_in_says_by_whom_and_is_not_given_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sitting_id}: {self.file_name} ({self.pk})"


class SheetTakenIn(models.Model):
    """Where an attempt came from that was written on paper. Stands beside it, away from the edge.

    `file` and `row` are empty where the answers did not come in a workbook.
    """

    attempt = models.OneToOneField(Attempt, models.PROTECT, primary_key=True, related_name="sheet")
    brought_in_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    brought_in_at = models.DateTimeField()
    file = models.ForeignKey(SheetFile, models.PROTECT, null=True, related_name="sheets")
    row = models.PositiveIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.attempt_id} ({self.file_id})"
