"""One writer of the register at a time, in this and every other process."""

from django.db import connection

REGISTER_LOCK = 0x6861_0002


def hold_register() -> None:
    """Wait for the register; it is let go when the transaction ends, however it ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [REGISTER_LOCK])
