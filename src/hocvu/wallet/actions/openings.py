"""Counting when links are opened, and forgetting it after a while."""

from datetime import datetime

from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app as jobs

from hocvu.wallet.models import Share, ShareOpening, Way
from hocvu.wallet.rules.shares import OPENINGS_KEPT


def note_opening(share: Share, way: Way, *, at: datetime) -> None:
    """Count one opening in its minute; one statement, and nothing of who it was.

    However often a link is opened, it has at most two rows a minute.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO wallet_shareopening AS held (share_id, minute, way, count)"
            " VALUES (%s, date_trunc('minute', %s::timestamptz), %s, 1)"
            " ON CONFLICT (share_id, minute, way) DO UPDATE SET count = held.count + 1",
            [share.pk, at, way.value],
        )


@jobs.periodic(cron="29 3 * * *")
@jobs.task(queueing_lock="forget_old_openings")
def forget_old_openings(timestamp: int) -> None:  # noqa: ARG001 — given by the scheduler
    """Every night: what is older than holders are shown is gone."""
    ShareOpening.objects.filter(minute__lt=timezone.now() - OPENINGS_KEPT).delete()
