"""The address devices deliver answers to."""

from typing import cast

from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hocvu.exams import rules
from hocvu.exams.actions import save_answer
from hocvu.exams.forms import AnswerForm
from hocvu.exams.queries.access import attempts_of
from hocvu.people.models import SignedInRequest


@never_cache
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, pk: int) -> JsonResponse:
    """One answer in, the receipt of what stands out; always the time left by the server's clock."""
    person = cast(SignedInRequest, request).user.person
    at = timezone.now()
    attempt = get_object_or_404(attempts_of(person), pk=pk)
    left = int(rules.time_left(attempt.must_end_at, at).total_seconds() * 1000)
    if request.method == "GET":
        return JsonResponse({"left": left})
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"status": 400, "title": form.errors.as_text()}, status=400)
    receipt = save_answer(
        attempt,
        form.cleaned_data["question"],
        form.cleaned_data["chosen"],
        sequence=form.cleaned_data["sequence"],
        client_id=form.cleaned_data["client_id"],
        by=person,
        at=at,
    )
    return JsonResponse(
        {
            "question": receipt.question_id,
            "chosen": receipt.chosen,
            "sequence": receipt.sequence,
            "receipt": receipt.code,
            "left": left,
        }
    )
