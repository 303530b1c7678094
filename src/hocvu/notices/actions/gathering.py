"""Notices that are due become e-mails: one for each recipient, with everything that waits."""

from datetime import datetime

from django.conf import settings
from django.db import connection, transaction

from hocvu.notices.rules.pace import pace

_GATHERING_LOCK = 0x6861_0010
_RECIPIENTS_AT_ONCE = 1_000

# What is urgent takes along what is not: the person is written to anyway. The newest address holds.
_GATHER = """
WITH due AS (
  SELECT DISTINCT recipient_id FROM notices_notice
  WHERE delivery_id IS NULL AND address <> '' AND due_at <= %(at)s AND (is_urgent OR NOT %(quiet)s)
  LIMIT %(most)s
), made AS (
  INSERT INTO notices_delivery (recipient_id, address, language, message_id, is_urgent,
    made_at, due_at, tries, trouble, reply)
  SELECT recipient_id, (array_agg(address ORDER BY notice.id DESC))[1],
    COALESCE(min(wish.language), %(language)s), gen_random_uuid(), bool_or(is_urgent),
    %(at)s, %(at)s, 0, '', ''
  FROM notices_notice AS notice JOIN due USING (recipient_id)
    LEFT JOIN notices_readinglanguage AS wish USING (recipient_id)
  WHERE delivery_id IS NULL AND address <> ''
  GROUP BY recipient_id
  RETURNING id, recipient_id
)
UPDATE notices_notice AS notice SET delivery_id = made.id FROM made
WHERE notice.recipient_id = made.recipient_id AND delivery_id IS NULL AND address <> ''
"""


def gather_deliveries(*, at: datetime) -> int:
    """Make e-mails of what is due; how many notices went into them.

    One gatherer at a time: two would split what one person is told. A second one finds the lock
    taken and leaves it to the first.
    """
    gathered = 0
    while batch := _gather_batch(at):
        gathered += batch
    return gathered


@transaction.atomic
def _gather_batch(at: datetime) -> int:
    values: dict[str, datetime | bool | int | str] = {
        "at": at,
        "quiet": pace().is_quiet(at),
        "most": _RECIPIENTS_AT_ONCE,
        "language": settings.LANGUAGE_CODE,
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_GATHERING_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_GATHER, values)
        return int(cursor.rowcount)
