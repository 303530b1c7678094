"""The root register's events and its Merkle log."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hocvu.credentials.models.certificates import Certificate
from hocvu.people.models import Person


class RegisterEvent(models.TextChoices):
    ISSUE = "issue", _("issued")
    REVOKE = "revoke", _("revoked")
    SUPERSEDE = "supersede", _("corrected by a new edition")
    REINSTATE = "reinstate", _("in force again")
    REISSUE = "reissue", _("file made anew")
    DUPLICATE = "duplicate", _("duplicate issued")


class RegisterEntry(models.Model):
    """One event of the root register and its place in the Merkle log (`leaf_index`).

    The leaf commits to every column of the certificate's record with a salt, so the log itself
    holds no personal data and yet any change to the record shows.
    """

    leaf_index = models.BigIntegerField(primary_key=True)
    event = models.CharField(max_length=10, choices=RegisterEvent.choices)
    certificate = models.ForeignKey(Certificate, models.PROTECT, related_name="register_entries")
    at = models.DateTimeField()
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500, blank=True)  # of a revocation: decision and cause
    facts = models.JSONField(default=dict, db_default={})  # of its ruling: decision, day, cause
    salt = models.BinaryField()
    leaf = models.BinaryField(default=b"", db_default=b"")  # the entry as it is published
    leaf_hash = models.BinaryField()

    class Meta:
        verbose_name_plural = "register entries"
        constraints = [
            models.UniqueConstraint(
                fields=["certificate"],
                condition=Q(event="issue"),
                name="a_certificate_is_issued_once",
            ),
            models.CheckConstraint(
                condition=~Q(event="revoke") | ~Q(reason=""), name="a_revocation_gives_its_reason"
            ),
            models.CheckConstraint(
                condition=~Q(event__in=["supersede", "reinstate"]) | ~Q(reason=""),
                name="a_later_change_gives_its_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.leaf_index} {self.event}"


class LogCheckpoint(models.Model):
    """A signed head of the log: the tree's size and root, as a C2SP signed note."""

    size = models.BigIntegerField(primary_key=True)
    note = models.TextField()
    frontier = models.BinaryField()  # what appending needs, so the log is never reread
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"size {self.size}"
