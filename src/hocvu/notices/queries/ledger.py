"""The ledger of deliveries: what was due, sent, failed and read; and whether it has gone silent."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate

from hocvu.kernel.time import VIETNAM
from hocvu.notices.models import Delivery, Notice
from hocvu.notices.rules.pace import pace

_DAYS = 14


@dataclass(frozen=True)
class LedgerDay:
    """What was told on a day, and what became of it by now; counts of notices."""

    day: date
    told: int
    without_address: int
    waiting: int
    sent: int
    failed: int
    read: int


def ledger_days(at: datetime) -> list[LedgerDay]:
    """The last days on which something was told, the newest first."""
    rows = (
        Notice.objects.filter(told_at__gte=at - timedelta(days=_DAYS))
        .annotate(day=TruncDate("told_at", tzinfo=VIETNAM))
        .values("day")
        .annotate(
            told=Count("pk"),
            without_address=Count("pk", filter=Q(address="")),
            failed=Count("pk", filter=Q(delivery__failed_at__isnull=False)),
            sent=Count(
                "pk", filter=Q(delivery__sent_at__isnull=False, delivery__failed_at__isnull=True)
            ),
            read=Count("read_at"),
        )
        .order_by("-day")
    )
    return [
        LedgerDay(
            row["day"],
            row["told"],
            row["without_address"],
            row["told"] - row["without_address"] - row["failed"] - row["sent"],
            row["sent"],
            row["failed"],
            row["read"],
        )
        for row in rows
    ]


def deliveries_in_trouble() -> QuerySet[Delivery]:
    """E-mails that failed or are being tried again, with the reason."""
    return Delivery.objects.exclude(trouble="")


def late_count(at: datetime) -> int:
    """E-mails and notices that should have gone out long ago and did not: the alarm on silence."""
    since = at - pace().alarm_after
    ungathered = Notice.objects.to_gather().filter(due_at__lt=since).count()
    return ungathered + Delivery.objects.late(at).count()
