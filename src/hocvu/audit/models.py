"""The audit log. Rows hold ids, never names, scores or identity numbers."""

from django.db import models


class AuditEntry(models.Model):
    """One act. A trigger refuses every UPDATE and DELETE."""

    at = models.DateTimeField()
    # A plain number: people stand above this room, and an entry must outlive every row it names.
    actor_id = models.BigIntegerField(null=True)
    act = models.CharField(max_length=60)
    subject = models.CharField(max_length=80)
    reason = models.TextField(blank=True)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "at"]),
            models.Index(fields=["actor_id", "at"]),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.subject}"
