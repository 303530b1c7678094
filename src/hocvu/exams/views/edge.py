"""What the pages of this room share."""

from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url

from hocvu.exams import rules
from hocvu.people.models import Person, SignedInRequest


def person_of(request: HttpRequest) -> Person:
    return cast("SignedInRequest", request).user.person


def go_to(name: str, *args: object) -> HttpResponse:
    """After a POST: on to a page that may be loaded again (303)."""
    return HttpResponseRedirect(resolve_url(name, *args), status=303)


def address_of(request: HttpRequest) -> str:
    """Where a request came from.

    X-Forwarded-For is believed only from the proxies that `settings.TRUSTED_PROXIES` names as
    networks; without any, it is the address of the connection.
    """
    return rules.address_from(
        request.META.get("REMOTE_ADDR", ""),
        request.META.get("HTTP_X_FORWARDED_FOR", ""),
        getattr(settings, "TRUSTED_PROXIES", ()),
    )
