"""Time of a run. Only the server's clock counts."""

from calendar import monthrange
from datetime import date, datetime, timedelta

# An answer already on its way when time ran out still counts for this long.
GRACE = timedelta(seconds=10)


def must_end_at(started_at: datetime, minutes: int, closes_at: datetime) -> datetime:
    return min(started_at + timedelta(minutes=minutes), closes_at)


def is_over(must_end_at: datetime, at: datetime) -> bool:
    return at > must_end_at + GRACE


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last day of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
