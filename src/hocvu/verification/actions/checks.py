"""Writing down how often certificates were checked, in batches; forgetting it after a while."""

import time
from datetime import timedelta
from typing import Any

import structlog
from django.db import DatabaseError, connection
from django.utils import timezone
from procrastinate.contrib.django import app as jobs

from hocvu.kernel.time import day_of
from hocvu.verification.models import CheckCount
from hocvu.verification.rules.checks import anything_noted, taken

DAYS_KEPT = 90
WRITTEN_EVERY = 10.0  # seconds
_log = structlog.get_logger("hocvu.verification")
_looked_at = [time.monotonic()]
_WRITE = """
    INSERT INTO verification_checkcount AS held
        (certificate_id, checked_on, way, access_key_id, count)
    SELECT c.id, %s, noted.way, k.id, noted.count
    FROM unnest(%s::bigint[], %s::text[], %s::bigint[], %s::bigint[])
        AS noted (certificate_id, way, access_key_id, count)
    JOIN credentials_certificate c ON c.id = noted.certificate_id
    LEFT JOIN verification_accesskey k ON k.id = noted.access_key_id
    ORDER BY c.id, noted.way, k.id
    ON CONFLICT (certificate_id, checked_on, way, access_key_id)
    DO UPDATE SET count = held.count + excluded.count
"""


def write_checks() -> int:
    """Write down what this process noted, in one statement; how many rows it touched.

    Rows in one order: two processes that write at once wait for each other and never for ever.
    """
    counts = taken()
    if not counts:
        return 0
    columns: list[list[Any]] = [
        [check.certificate_id for check in counts],
        [check.way.value for check in counts],
        [check.access_key_id for check in counts],
        list(counts.values()),
    ]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [day_of(timezone.now()), *columns])
        return int(cursor.rowcount)


def write_checks_when_due(**_signal: object) -> None:
    """After an answer was sent: every few seconds one of them writes down what all noted.

    Counts that cannot be written are dropped: nobody's answer waits or fails for them.
    """
    now = time.monotonic()
    if not anything_noted() or now - _looked_at[0] < WRITTEN_EVERY:
        return
    _looked_at[0] = now
    try:
        write_checks()
    except DatabaseError:
        _log.warning("checks_not_written")


@jobs.periodic(cron="23 3 * * *")
@jobs.task(queueing_lock="forget_old_checks")
def forget_old_checks(timestamp: int) -> None:  # noqa: ARG001 — given by the scheduler
    """Every night: holders are told of the last ninety days, and no more is kept."""
    before = day_of(timezone.now()) - timedelta(days=DAYS_KEPT)
    CheckCount.objects.filter(checked_on__lt=before).delete()
