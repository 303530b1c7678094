"""Issuing what is still missing of a decision."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from hocvu.credentials.actions import resume_issuing
from hocvu.people.models import SignedInRequest
from hocvu.recognition.queries.decisions import decisions_open_to
from hocvu.ui.onwards import go_to


def resume(request: SignedInRequest, decision_id: int) -> HttpResponse:
    shown = get_object_or_404(decisions_open_to(request.user.person), pk=decision_id)
    if request.method == "POST":
        resume_issuing(shown, by=request.user.person, at=timezone.now())
    return go_to("recognition:decision", shown.pk)
