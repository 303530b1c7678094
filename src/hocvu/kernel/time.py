"""Moments are aware datetimes; days are days in Viet Nam (+07:00, no daylight saving)."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def day_of(moment: datetime) -> date:
    """The calendar day in Viet Nam on which this moment falls."""
    return moment.astimezone(VIETNAM).date()
