"""Time pressure. Only the server's clock counts."""

from datetime import datetime, timedelta

# A decision already on its way when time ran out still counts for this long.
GRACE = timedelta(seconds=5)


def must_decide_by(
    opened_at: datetime | None, seconds: int, closes_at: datetime
) -> datetime | None:
    """When the time of an opened node is over; none where nothing presses."""
    if opened_at is None or not seconds:
        return None
    return min(opened_at + timedelta(seconds=seconds), closes_at)


def is_too_late(end: datetime | None, at: datetime) -> bool:
    return end is not None and at > end + GRACE


def milliseconds_left(end: datetime, at: datetime) -> int:
    return max(0, int((end - at).total_seconds() * 1000))
