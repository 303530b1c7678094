"""What the pages of this room share."""

from datetime import date

from django.http import HttpRequest
from django.utils import timezone

from hocvu.kernel.time import day_of


def today() -> date:
    return day_of(timezone.now())


def chosen_id(request: HttpRequest, field: str) -> int:
    """The number a person ticked; 0, which nothing has, for anything else."""
    text = request.POST.get(field, "")
    return int(text) if text.isdecimal() else 0
