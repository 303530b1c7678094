"""Static files for whoever checks by themselves, from any site (CORS), kept by caches."""

from hashlib import sha256
from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from hocvu.verification.queries import resources
from hocvu.verification.queries.resources import PROVED_LIST, PURPOSES, SIGNED_LIST, Published

_OTHER_NAMES = ("application/ld+json", "application/json")  # of a document with its proof
_FOR_EVER = "public, max-age=31536000, immutable"


@login_not_required
@require_safe
def log(request: HttpRequest, path: str) -> HttpResponse:
    return _given(request, resources.log_file(path))


@login_not_required
@require_safe
def status(request: HttpRequest, purpose: str, number: int) -> HttpResponse:
    """As a token; with its proof inside for who asks for that and not for tokens."""
    if purpose not in PURPOSES:
        raise Http404
    wanted = request.get_preferred_type([SIGNED_LIST, PROVED_LIST, *_OTHER_NAMES])
    proved = wanted not in {SIGNED_LIST, None}
    response = _given(request, resources.status_list(purpose, number, proved=proved))
    patch_vary_headers(response, ["Accept"])
    return response


@login_not_required
@require_safe
def snapshot(request: HttpRequest) -> HttpResponse:
    return _given(request, resources.snapshot())


@login_not_required
@require_safe
def issuers(request: HttpRequest) -> HttpResponse:
    return _given(request, resources.issuers())


@login_not_required
@require_safe
def did(request: HttpRequest) -> HttpResponse:
    return _given(request, resources.did_document())


@login_not_required
@require_safe
def roots(request: HttpRequest) -> HttpResponse:
    return _given(request, resources.roots())


@login_not_required
@require_safe
def register_key(request: HttpRequest) -> HttpResponse:
    return _given(request, resources.register_key())


@login_not_required
@require_safe
def description(request: HttpRequest) -> HttpResponse:
    return _given(request, resources.description())


def _given(request: HttpRequest, published: Published | None) -> HttpResponse:
    if published is None:
        response = HttpResponse("404\n", status=HTTPStatus.NOT_FOUND, content_type="text/plain")
        response["Cache-Control"] = "public, max-age=5"
    else:
        tag = f'"{sha256(published.content).hexdigest()[:32]}"'
        if request.headers.get("If-None-Match") == tag:
            response = HttpResponse(status=HTTPStatus.NOT_MODIFIED)
        else:
            response = HttpResponse(published.content, content_type=published.content_type)
        kept = f"public, max-age={published.keep}"
        response["Cache-Control"] = _FOR_EVER if published.keep is None else kept
        response["ETag"] = tag
    response["Access-Control-Allow-Origin"] = "*"
    return response
