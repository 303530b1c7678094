"""Notices, and the messages by which they leave the site."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hocvu.notices.rules.pace import pace


class Trouble(models.TextChoices):
    """Why a message has not arrived, as far as is known."""

    SERVER_AWAY = "server_away", _("The mail server does not answer.")
    SERVER_CLOSED = "server_closed", _("The mail server takes nothing from this installation.")
    ASKED_TO_WAIT = "asked_to_wait", _("The mail server asked to try again later.")
    NO_MAILBOX = "no_mailbox", _("The mail server knows no such mailbox.")
    NO_ADDRESS = "no_address", _("What stands as the address is none.")
    REFUSED = "refused", _("The mail server refused the message.")
    CAME_BACK = "came_back", _("The message came back.")
    INTERRUPTED = "interrupted", _("Sending was interrupted again and again.")


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def waiting(self) -> "DeliveryQuerySet":
        return self.filter(sent_at=None, failed_at=None)

    def to_try(self, at: datetime) -> "DeliveryQuerySet":
        """What may be sent at this moment, what has waited longest first."""
        due = self.waiting().filter(due_at__lte=at)
        return (due.filter(is_urgent=True) if pace().is_quiet(at) else due).order_by("due_at", "pk")

    def late(self, at: datetime) -> "DeliveryQuerySet":
        """Long due and not sent, for a reason that lies here and not in the recipient's mailbox."""
        since = at - pace().alarm_after
        ours = Q(due_at__lt=since) | Q(trouble__in=[Trouble.SERVER_AWAY, Trouble.SERVER_CLOSED])
        return self.waiting().filter(ours, made_at__lt=since)


class Delivery(models.Model):
    """One e-mail with everything a recipient was told since the last one.

    Waiting, sent or failed; one that came back was sent and has failed.
    """

    recipient_id = models.BigIntegerField()  # people stand above this room
    address = models.CharField(max_length=254)
    language = models.CharField(max_length=5)
    message_id = models.UUIDField(unique=True, default=uuid4)
    is_urgent = models.BooleanField()
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()  # of the next try
    tries = models.PositiveSmallIntegerField(default=0)  # begun
    sent_at = models.DateTimeField(null=True)  # taken over by the mail server
    failed_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=14, choices=Trouble.choices, blank=True)
    reply = models.CharField(max_length=20, blank=True)  # "550 5.1.1"

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.CheckConstraint(
                condition=Q(failed_at=None) | ~Q(trouble=""), name="what_failed_says_why"
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(failed_at=None) | Q(trouble=Trouble.CAME_BACK),
                name="what_was_sent_fails_only_by_coming_back",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                condition=Q(sent_at=None, failed_at=None),
                name="deliveries_that_wait",
            ),
            models.Index(
                fields=["-made_at"], condition=~Q(trouble=""), name="deliveries_in_trouble"
            ),
        ]

    def __str__(self) -> str:
        return str(self.message_id)


class NoticeQuerySet(models.QuerySet["Notice"]):
    def to_gather(self) -> "NoticeQuerySet":
        """What is to be sent and stands in no e-mail yet."""
        return self.filter(delivery=None).exclude(address="")


class Notice(models.Model):
    """A fact that one recipient was told, once. Without an address it stands in their list only."""

    recipient_id = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=80)  # which fact of its kind
    facts = models.JSONField(default=dict)  # ids, numbers, counts; never names
    address = models.CharField(max_length=254, blank=True)
    is_urgent = models.BooleanField()
    told_at = models.DateTimeField()
    due_at = models.DateTimeField()
    delivery = models.ForeignKey(
        Delivery, models.PROTECT, null=True, related_name="notices", related_query_name="notice"
    )
    read_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["recipient_id", "kind", "key"],
                name="a_fact_is_told_once_to_a_recipient",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(delivery=None) & ~Q(address=""),
                name="notices_to_gather",
            ),
            BrinIndex(fields=["told_at"], name="notices_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class ReadingLanguage(models.Model):
    """In which language a recipient wants to be written to; Vietnamese without a row."""

    recipient_id = models.BigIntegerField(primary_key=True)
    language = models.CharField(max_length=5)

    def __str__(self) -> str:
        return self.language


__all__: list[Any] = ["Delivery", "Notice", "ReadingLanguage", "Trouble"]
