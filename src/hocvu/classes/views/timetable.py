"""Moving a session, calling it off, and naming another supervisor."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from hocvu.classes import actions, queries
from hocvu.classes.forms import MoveSessionForm, ReasonForm, SearchForm
from hocvu.classes.models import ClassSession
from hocvu.classes.views.edge import chosen_id, today
from hocvu.people.models import Person, SignedInRequest
from hocvu.ui.onwards import go_to

_CHOICES_SHOWN = 60


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, session_id: int) -> HttpResponse:
    person = cast("SignedInRequest", request).user.person
    session = _session_to_change(person, session_id)
    now = {"held_on": session.held_on, "half": session.half}
    form = MoveSessionForm(request.POST or None, initial=now)
    if form.is_valid():
        asked = form.cleaned_data
        try:
            actions.move_session(session, **asked, by=person, at=timezone.now())
        except actions.HalfDayIsTaken as taken:
            form.add_error("held_on", str(taken))
        else:
            messages.success(request, _("The session is moved."))
            return go_to("classes:session", session_id)
    return render(
        request,
        "classes/move_session.html",
        {"session": session, "form": form},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def call_off(request: HttpRequest, session_id: int) -> HttpResponse:
    person = cast("SignedInRequest", request).user.person
    session = _session_to_change(person, session_id)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        actions.call_off_session(session, reason=reason, by=person, at=timezone.now())
        messages.success(request, _("The session is called off."))
        return go_to("classes:session", session_id)
    return render(
        request,
        "classes/call_off_session.html",
        {"session": session, "form": form},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def supervisor(request: HttpRequest, class_id: int) -> HttpResponse:
    person = cast("SignedInRequest", request).user.person
    training_class = get_object_or_404(queries.classes_run_by(person), pk=class_id)
    text = request.GET.get("q", "")
    found = queries.people_called(person, text, on=today(), first=training_class.host_unit)
    if request.method == "POST":
        named = get_object_or_404(found, person=chosen_id(request, "person")).person
        actions.name_supervisor(training_class, named, by=person, at=timezone.now())
        messages.success(request, _("%(person)s is named.") % {"person": named.full_name})
        return go_to("classes:detail", class_id)
    return render(
        request,
        "classes/supervisor.html",
        {
            "training_class": training_class,
            "form": SearchForm(request.GET),
            "posts": found[:_CHOICES_SHOWN],
        },
    )


def _session_to_change(person: Person, session_id: int) -> ClassSession:
    session = get_object_or_404(queries.sessions_open_to(person), pk=session_id)
    get_object_or_404(queries.classes_run_by(person), pk=session.training_class_id)
    return session
