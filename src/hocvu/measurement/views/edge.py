"""What the pages of this room share."""

from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url

from hocvu.people.models import Person, SignedInRequest


def person_of(request: HttpRequest) -> Person:
    return cast("SignedInRequest", request).user.person


def go_to(name: str, *args: object) -> HttpResponse:
    """After a POST: on to a page that may be loaded again (303)."""
    return HttpResponseRedirect(resolve_url(f"measurement:{name}", *args), status=303)
