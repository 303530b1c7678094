"""When a signature that came back may claim to have been made."""

from datetime import datetime, timedelta
from typing import Final

CLOCKS_DIFFER: Final = timedelta(minutes=10)


def is_timely(claimed_at: datetime | None, *, prepared_at: datetime, at: datetime) -> bool:
    """Whether a signature says it was made between the preparing of its file and now.

    A signature that claims no time, or one before its file was there, says something untrue.
    """
    if claimed_at is None or claimed_at.utcoffset() is None:
        return False
    return prepared_at - CLOCKS_DIFFER <= claimed_at <= at + CLOCKS_DIFFER
