"""The language of a page, one's own password first, and where a refusal becomes an answer."""

import time
from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation

from hocvu.kernel.errors import NotAllowed, Refused

_ACTIVE = "active_in_minute"


class LanguageMiddleware:
    """Vietnamese, unless the person chose another language on the page.

    What a browser asks for is not followed: many officials' phones are set to English, and their
    owners read Vietnamese.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
        return response


class IdleMiddleware:
    """Whoever is active stays signed in: the session's end moves on, written once a minute."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _may_be_signed_in(request) and request.user.is_authenticated:
            minute = int(time.time() // 60)
            if request.session.get(_ACTIVE) != minute:
                request.session[_ACTIVE] = minute
        return self.get_response(request)


class OwnPasswordMiddleware:
    """Nothing is done under a password that somebody else issued: it is changed first.

    Afterwards the person goes on to where they wanted to go.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], *_args: object
    ) -> HttpResponse | None:
        if not _may_be_signed_in(request) or not request.user.is_authenticated:
            return None
        if not request.user.must_change_password:
            return None
        change = reverse("people:change_password")
        always = {change, reverse("people:sign_out")}
        if request.path in always or not getattr(view, "login_required", True):
            return None
        onwards = f"?{urlencode({'next': request.get_full_path()})}" if _is_read(request) else ""
        return HttpResponseRedirect(change + onwards, status=303)


def _may_be_signed_in(request: HttpRequest) -> bool:
    """Whoever sends no session is nobody; not asking keeps public pages alike for everyone."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def _is_read(request: HttpRequest) -> bool:
    return request.method in {"GET", "HEAD"}


class RefusalMiddleware:
    """A `Refused` raised below becomes a page, an HTMX alert or problem+json (RFC 9457)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, refused: Exception) -> HttpResponse | None:
        if not isinstance(refused, Refused):
            return None
        status = 403 if isinstance(refused, NotAllowed) else 409
        if "application/json" in request.headers.get("Accept", ""):
            problem = {
                "status": status,
                "title": str(refused.sentence),
                "detail": str(refused.next_step),
            }
            return JsonResponse(problem, status=status, content_type="application/problem+json")
        # HTMX finds the part #refusal in this page by itself (see the settings in ui/base.html).
        context = {"refused": refused, "status": status}
        return render(request, "ui/refused.html", context, status=status)
