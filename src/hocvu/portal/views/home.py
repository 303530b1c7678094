"""The public front page and a person's home."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from hocvu.kernel.time import day_of
from hocvu.people.models import SignedInRequest
from hocvu.portal.queries import (
    agenda_of,
    finding_of_the_day,
    lamps_of,
    skills_shown_by,
    work_waiting_for,
)


@login_not_required
def front(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/front.html", {"finding": finding_of_the_day()})


def home(request: SignedInRequest) -> HttpResponse:
    person = request.user.person
    now = timezone.now()
    agenda = agenda_of(person, now)
    context = {
        "person": person,
        "next": agenda[:1],
        "later": agenda[1:],
        "work": work_waiting_for(person, now),
        "lamps": lamps_of(person),
        "skills": skills_shown_by(person, day_of(now)),
    }
    return render(request, "portal/home.html", context)
