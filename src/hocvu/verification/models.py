"""What this room keeps: minutes that are counted, keys for programs, and days of checks.

Who checked a certificate is never kept, only how often it was checked on a day.
"""

from django.db import models
from django.db.models import Q

from hocvu.credentials.models import Certificate
from hocvu.people.models import Person
from hocvu.verification.rules.checks import Way


class SpentAllowance(models.Model):
    """How much was asked from one address, or with one key, in one minute.

    The key is a keyed hash of address and minute, so no address is kept. The table is unlogged:
    what is lost in a crash is at most a minute's count.
    """

    key = models.BinaryField(primary_key=True)
    minute = models.BigIntegerField(db_index=True)  # since 1970
    spent = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.minute}: {self.spent}"


class AccessKey(models.Model):
    """An organisation's key to check many certificates at once. Only its hash is kept."""

    organisation = models.CharField(max_length=200)
    purpose = models.CharField(max_length=300)
    public_part = models.CharField(max_length=8, unique=True)  # named in lists and in the audit
    secret_sha256 = models.CharField(max_length=64)
    granted_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    granted_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="a_withdrawn_key_names_who_withdrew_it",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.public_part} ({self.organisation})"


class CheckCount(models.Model):
    """How often a certificate was checked on a day; for its holder, who sees no more than this.

    An organisation that asked with its key is named: it knows that it is known.
    """

    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="+")
    checked_on = models.DateField(db_index=True)
    way = models.CharField(max_length=7, choices=[(each.value, each.value) for each in Way])
    access_key = models.ForeignKey(AccessKey, models.PROTECT, null=True, related_name="+")
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["certificate", "checked_on", "way", "access_key"],
                nulls_distinct=False,
                name="checks_of_a_day_are_counted_together",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.certificate_id}, {self.checked_on}: {self.count}"
