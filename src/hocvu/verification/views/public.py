"""What public answers have in common: who is counted, in which language, what caches may keep."""

from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation

from hocvu.verification.queries.networks import network_asking
from hocvu.verification.rules.allowances import Purse, purse_of

_LANGUAGES = frozenset(code for code, _name in settings.LANGUAGES)
_FOR_EVERYBODY = "public, max-age=5, must-revalidate"  # so late may a revocation show
_FOR_ONE = "private, no-cache"


def language_of(request: HttpRequest) -> str:
    """The language in the address; without one, the reader's own choice."""
    named = request.GET.get("lang", "")
    return named if named in _LANGUAGES else request.LANGUAGE_CODE


def purse(request: HttpRequest) -> Purse:
    """What this address has left to ask in this minute."""
    network = network_asking(request.META, settings.TRUSTED_PROXIES)
    return purse_of(settings.SECRET_KEY.encode(), network, timezone.now())


def too_many(request: HttpRequest) -> HttpResponse:
    """Asks to come again in the next minute."""
    with translation.override(language_of(request)):
        body = render_to_string("429.html")
    response = HttpResponse(body, status=HTTPStatus.TOO_MANY_REQUESTS)
    response["Retry-After"] = "60"
    response["Cache-Control"] = "no-store"
    return response


def cacheable(request: HttpRequest, page: tuple[bytes, str]) -> HttpResponse:
    """A page that is the same for everybody. Only an answer without cookies may be shared."""
    body, tag = page
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponse(status=HTTPStatus.NOT_MODIFIED)
    else:
        response = HttpResponse(body)
    response["ETag"] = tag
    response["Cache-Control"] = _FOR_ONE if request.COOKIES else _FOR_EVERYBODY
    response["Content-Language"] = language_of(request)
    response["X-Robots-Tag"] = "noindex"
    return response


def not_kept(page: tuple[bytes, str], request: HttpRequest) -> HttpResponse:
    """An answer about something that was handed in: no cache keeps it."""
    response = HttpResponse(page[0])
    response["Cache-Control"] = "no-store"
    response["Content-Language"] = language_of(request)
    response["X-Robots-Tag"] = "noindex"
    return response
