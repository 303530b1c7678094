"""What the pages of this room share."""

from datetime import date

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils import timezone

from hocvu.kernel.time import day_of


def go_to(name: str, *args: object) -> HttpResponse:
    """After a POST: on to a page that may be loaded again (303)."""
    return HttpResponseRedirect(resolve_url(name, *args), status=303)


def today() -> date:
    return day_of(timezone.now())
