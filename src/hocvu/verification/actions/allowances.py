"""Counting what is asked, across all processes. Counts of past minutes are forgotten."""

import time

from django.db import connection
from procrastinate.contrib.django import app as jobs

from hocvu.verification.models import SpentAllowance
from hocvu.verification.rules.allowances import Purse

_KEPT = 2  # minutes


def spend(purse: Purse, cost: int) -> bool:
    """Count a cost; whether it was still within what the purse holds. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO verification_spentallowance AS held (key, minute, spent)"
            " VALUES (%s, %s, %s)"
            " ON CONFLICT (key) DO UPDATE SET spent = held.spent + excluded.spent"
            " RETURNING spent",
            [purse.key, purse.minute, cost],
        )
        row = cursor.fetchone()
    return row is not None and row[0] <= purse.budget


@jobs.periodic(cron="*/5 * * * *")
@jobs.task(queueing_lock="forget_old_minutes")
def forget_old_minutes(timestamp: int) -> None:  # noqa: ARG001 — given by the scheduler
    """Every five minutes: nothing is left of what addresses asked."""
    SpentAllowance.objects.filter(minute__lt=int(time.time()) // 60 - _KEPT).delete()
