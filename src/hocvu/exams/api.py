"""The address devices deliver answers to, as Django answers it.

Everything goes here that the edge (`hot`) does not take, and the edge is held against it.
"""

import time
from http import HTTPStatus
from typing import cast

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hocvu.exams.actions import KeptLate, hear_device, save_answer
from hocvu.exams.forms import AnswerForm
from hocvu.exams.models import Attempt
from hocvu.exams.queries.access import attempts_of
from hocvu.exams.queries.receipts import answers_of, receipt_of_answer, stored
from hocvu.exams.rules.delivery import late_reply_of, milliseconds_left, reply_of
from hocvu.exams.rules.passes import COOKIE, LIFE, pass_for
from hocvu.people.models import Person, SignedInRequest


@never_cache
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, pk: int) -> JsonResponse:
    """One answer in, the receipt of what stands out; always the time left by the server's clock."""
    person = cast(SignedInRequest, request).user.person
    attempt = get_object_or_404(attempts_of(person).select_related(None), pk=pk)
    posted = request.method == "POST"
    reply = _delivered(request, attempt, person) if posted else _standing(attempt)
    _give_pass(request, reply, attempt)
    return reply


def _delivered(request: HttpRequest, attempt: Attempt, person: Person) -> JsonResponse:
    at = timezone.now()
    form = AnswerForm(request.POST)
    if not form.is_valid():
        problem = {"status": HTTPStatus.BAD_REQUEST, "title": form.errors.as_text()}
        return JsonResponse(problem, status=HTTPStatus.BAD_REQUEST)
    told = save_answer(
        attempt,
        form.cleaned_data["question"],
        form.cleaned_data["chosen"],
        sequence=form.cleaned_data["sequence"],
        client_id=form.cleaned_data["client_id"],
        by=person,
        at=at,
    )
    stands = told.question_id, told.chosen, told.sequence
    if isinstance(told, KeptLate):
        sentence = _(
            "This answer came after the end of the test. It is kept, and those who run the class "
            "decide whether it counts."
        )
        return JsonResponse(late_reply_of(*stands, sentence=sentence), status=HTTPStatus.ACCEPTED)
    left = milliseconds_left(attempt.must_end_at, at)
    return JsonResponse(reply_of(*stands, receipt=told.code, left=left))


def _standing(attempt: Attempt) -> JsonResponse:
    """What stands: a page that was loaded again, or another device, catches up with it."""
    at = timezone.now()
    hear_device(attempt, at=at)
    answers = [
        {
            "question": each.question_id,
            "chosen": each.chosen,
            "sequence": each.sequence,
            "receipt": receipt_of_answer(attempt.pk, stored(each)),
        }
        for each in answers_of([attempt.pk]).get(attempt.pk, [])
    ]
    left = milliseconds_left(attempt.must_end_at, at)
    handed_in = attempt.handed_in_at is not None
    return JsonResponse({"left": left, "handed_in": handed_in, "answers": answers})


def _give_pass(request: HttpRequest, reply: JsonResponse, attempt: Attempt) -> None:
    """With it the next answers of this device can go through the edge."""
    held = pass_for(
        settings.SECRET_KEY.encode(),
        session=request.session.session_key or "",
        attempt_id=attempt.pk,
        person_id=attempt.person_id,
        issued_at=int(time.time()),
    )
    reply.set_cookie(
        COOKIE,
        held,
        max_age=LIFE,
        path=request.path,
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
        samesite="Strict",
    )
