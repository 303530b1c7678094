"""What the pages of this room share."""

from datetime import date

from django.utils import timezone

from hocvu.kernel.time import day_of


def today() -> date:
    return day_of(timezone.now())
