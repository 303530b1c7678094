"""Where a page leads after something was done on it."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url


def go_to(name: str, *args: object) -> HttpResponse:
    """After a POST: on to a page that may be loaded again (303)."""
    return HttpResponseRedirect(resolve_url(name, *args), status=303)
