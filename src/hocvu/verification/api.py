"""The interface for employers and other registers: JSON in, JSON out, no session, no cookie.

    POST /api/verify/   {"questions": [{"code": "…"}, {"sha256": "…"},
                                       {"serial": "…", "name": "…"}]}
    GET  /api/verify/?code=…&code=…

Up to 500 questions at once. `Authorization: Bearer <key>` gives an organisation a larger
allowance. Problems are told as RFC 9457 says. `static/verification/openapi.json` describes all of
it and is served at `/api/verify/openapi.json`.
"""

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from hocvu.verification.actions.allowances import spend
from hocvu.verification.queries.access_keys import key_of
from hocvu.verification.queries.networks import network_asking
from hocvu.verification.queries.questions import answer_all
from hocvu.verification.rules.allowances import (
    MOST_AT_ONCE,
    NOT_FOUND,
    WITH_A_KEY,
    Purse,
    purse_of,
)
from hocvu.verification.rules.checks import Way, note
from hocvu.verification.rules.questions import Answer, Question

_LARGEST = 512 * 1024  # bytes of a request
_FIELDS = {"code": "code", "sha256": "file_sha256", "serial": "serial_number", "name": "full_name"}


class _Problem(Exception):
    def __init__(self, status: HTTPStatus, title: str) -> None:
        super().__init__(title)
        self.status = status
        self.title = title


@dataclass(frozen=True)
class _Asker:
    purse: Purse
    key_id: int = 0  # of the organisation; 0: nobody who said who they are


@csrf_exempt
@login_not_required
def verify(request: HttpRequest) -> HttpResponse:
    """Answer every question, in order."""
    if request.method == "OPTIONS":
        return _open_to_all(HttpResponse(status=HTTPStatus.NO_CONTENT))
    try:
        answers = _answers(_asker(request), _questions(request))
    except _Problem as problem:
        return _open_to_all(_told(problem))
    return _open_to_all(JsonResponse({"answers": [_said(each) for each in answers]}))


def _answers(asker: _Asker, questions: list[Question]) -> list[Answer]:
    answered = answer_all(questions)
    if not spend(asker.purse, answered.cost):
        raise _Problem(HTTPStatus.TOO_MANY_REQUESTS, _("Too many questions in one minute."))
    for certificate in answered.certificates:
        note(certificate, Way.PROGRAM, asker.key_id)
    return answered.answers


def _asker(request: HttpRequest) -> _Asker:
    secret, at = settings.SECRET_KEY.encode(), timezone.now()
    address = network_asking(request.META, settings.TRUSTED_PROXIES)
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if not scheme:
        return _Asker(purse_of(secret, address, at))
    key = key_of(token.strip()) if scheme.lower() == "bearer" else None
    if key is None:
        spend(purse_of(secret, address, at), NOT_FOUND)
        raise _Problem(HTTPStatus.UNAUTHORIZED, _("This key is not known or was withdrawn."))
    purse = purse_of(secret, f"key {key.public_part}", at, budget=WITH_A_KEY)
    return _Asker(purse, key.pk)


def _questions(request: HttpRequest) -> list[Question]:
    if request.method == "GET":
        asked: object = [{"code": code} for code in request.GET.getlist("code")]
    elif request.method == "POST":
        asked = _body(request)
    else:
        raise _Problem(HTTPStatus.METHOD_NOT_ALLOWED, _("Ask with GET or POST."))
    if not isinstance(asked, list) or not 0 < len(asked) <= MOST_AT_ONCE:
        raise _Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            _("Between 1 and %(most)d questions are answered at once.") % {"most": MOST_AT_ONCE},
        )
    return [_question(number, each) for number, each in enumerate(asked, start=1)]


def _body(request: HttpRequest) -> object:
    if int(request.META.get("CONTENT_LENGTH") or 0) > _LARGEST:
        raise _Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _("The request is too large."))
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError) as broken:
        raise _Problem(HTTPStatus.BAD_REQUEST, _("The request is not JSON.")) from broken
    return body.get("questions") if isinstance(body, dict) else body


def _question(number: int, asked: object) -> Question:
    is_plain = isinstance(asked, dict) and all(
        key in _FIELDS and isinstance(value, str) for key, value in asked.items()
    )
    if isinstance(asked, dict) and is_plain:
        question = Question(**{_FIELDS[key]: value for key, value in asked.items()})
        if question.is_complete:
            return question
    raise _Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Question %(number)d must hold a code, a sha256, or a serial with a name.")
        % {"number": number},
    )


def _said(answer: Answer) -> dict[str, Any]:
    found, facts = answer.verification, answer.facts
    if found is None:
        return {"verdict": "does_not_match"}
    said: dict[str, Any] = {"verdict": found.verdict.value}
    if facts is None:
        return said
    said |= {
        "checked": [step.value for step in found.held],
        "failed": found.failed.value if found.failed else None,
        "holder": facts.full_name,
        "programme": facts.programme,
        "issuer": facts.issuer,
        "domain": facts.domain,
        "serial": facts.serial_number,
        "decision": facts.decision,
        "issued_on": facts.issued_on.isoformat(),
        "changed_at": facts.changed_at.isoformat() if facts.changed_at else None,
        "reason": facts.change_reason,
    }
    return said


def _told(problem: _Problem) -> HttpResponse:
    response = JsonResponse(
        {"type": "about:blank", "status": problem.status, "title": problem.title},
        status=problem.status,
        content_type="application/problem+json",
    )
    if problem.status == HTTPStatus.TOO_MANY_REQUESTS:
        response["Retry-After"] = "60"
    if problem.status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = "Bearer"
    return response


def _open_to_all(response: HttpResponse) -> HttpResponse:
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
    response["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS"
    response["Cache-Control"] = "no-store"
    return response
