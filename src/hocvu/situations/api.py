"""The addresses devices deliver decisions and drafts to."""

from typing import cast

from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from hocvu.people.models import SignedInRequest
from hocvu.situations.actions import decide, save_disposition
from hocvu.situations.forms import DecisionForm, DispositionForm
from hocvu.situations.queries.access import runs_decided_by


@never_cache
@require_POST
def decision(request: HttpRequest, pk: int) -> JsonResponse:
    """One decision in; which one stands out, and where the case goes on."""
    person = cast(SignedInRequest, request).user.person
    run = get_object_or_404(runs_decided_by(person), pk=pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"status": 400, "title": form.errors.as_text()}, status=400)
    delivery = form.cleaned_data
    step = decide(
        run,
        delivery["node"],
        delivery["decision"],
        client_id=delivery["client_id"],
        by=person,
        at=timezone.now(),
    )
    return JsonResponse(
        {
            "decision": step.decision,
            "timed_out": step.timed_out,
            "stood_before": step.client_id != delivery["client_id"],
            "next": reverse("situations:run", args=[run.pk]),
        }
    )


@never_cache
@require_POST
def disposition(request: HttpRequest, pk: int) -> JsonResponse:
    """One draft in; the number of the version that stands out."""
    person = cast(SignedInRequest, request).user.person
    run = get_object_or_404(runs_decided_by(person), pk=pk)
    form = DispositionForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"status": 400, "title": form.errors.as_text()}, status=400)
    draft = form.cleaned_data
    version = save_disposition(
        run,
        draft["node"],
        draft["text"],
        client_id=draft["client_id"],
        by=person,
        at=timezone.now(),
    )
    return JsonResponse({"version": version.number})
