"""What credentials point at: a programme as somebody certifies it, and who that is.

The same address is a page for people and JSON for programs, as the Accept header asks (RFC 9110,
§12.5.1; Open Badges 3.0, §B.1.2). Nobody's name stands here, so caches may keep it.
"""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from hocvu.portable.achievement import CONTEXTS, achievement_members
from hocvu.verification.views.public import language_of
from hocvu.wallet.queries.achievements import (
    achievement_of,
    certified,
    issuer_with,
    profile_of,
    programmes_certified_by,
)

_JSON = {"application/json", "application/ld+json"}
_KEPT = "public, max-age=300"


@login_not_required
@require_safe
def achievement(request: HttpRequest, programme_id: int, issuer_id: int) -> HttpResponse:
    found = certified(programme_id, issuer_id)
    if found is None:
        raise Http404
    programme, issuer = found
    if _wants_json(request):
        with translation.override("vi"):  # as the credentials themselves are
            members = achievement_members(achievement_of(programme, issuer), profile_of(issuer))
        return _answer(JsonResponse({"@context": list(CONTEXTS), **members}))
    with translation.override(language_of(request)):
        shown = achievement_of(programme, issuer)
        context = {"achievement": shown, "issuer": issuer, "language": language_of(request)}
        return _answer(_page("wallet/achievement.html", context))


@login_not_required
@require_safe
def issuer(request: HttpRequest, unit_id: int) -> HttpResponse:
    shown = issuer_with(unit_id)
    if shown is None:
        raise Http404
    if _wants_json(request):
        members: dict[str, Any] = {"@context": list(CONTEXTS), **profile_of(shown)}
        return _answer(JsonResponse(members))
    with translation.override(language_of(request)):
        context = {
            "issuer": shown,
            "profile": profile_of(shown),
            "programmes": programmes_certified_by(shown),
            "language": language_of(request),
        }
        return _answer(_page("wallet/issuer.html", context))


@login_not_required
@require_safe
def image(_request: HttpRequest) -> HttpResponse:
    """The picture of every achievement here: the lamp of the house."""
    drawn = render_to_string("wallet/image.svg")
    return _answer(HttpResponse(drawn, content_type="image/svg+xml"))


def _wants_json(request: HttpRequest) -> bool:
    """Whoever names JSON and no page."""
    asked = {
        each.partition(";")[0].strip() for each in request.headers.get("Accept", "").split(",")
    }
    return bool(asked & _JSON) and "text/html" not in asked


def _page(template: str, context: dict[str, Any]) -> HttpResponse:
    """The same for everybody: it knows no visitor and leaves no cookie."""
    return HttpResponse(render_to_string(template, context))


def _answer(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = _KEPT
    response["Access-Control-Allow-Origin"] = "*"
    patch_vary_headers(response, ("Accept", "Cookie"))
    return response
