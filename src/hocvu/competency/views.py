"""A person's own skills."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from hocvu.competency import queries
from hocvu.kernel.time import day_of
from hocvu.people.models import SignedInRequest


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """My lamp for each component, with the evidence it rests on."""
    person = cast(SignedInRequest, request).user.person
    today = day_of(timezone.now())
    framework = queries.framework_shown_for(person, today)
    skills = queries.skills_of(person, framework, on=today) if framework else None
    return render(request, "competency/mine.html", {"skills": skills})
