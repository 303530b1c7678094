"""Running through a case: what it is, one node at a time, the debrief."""

from collections.abc import Iterable
from typing import cast
from uuid import uuid4

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from hocvu.kernel.errors import NotAllowed
from hocvu.people.models import SignedInRequest
from hocvu.situations.actions import (
    decide,
    finish_overdue,
    finish_run,
    let_time_run_out,
    open_node,
    save_disposition,
    start_run,
)
from hocvu.situations.forms import DecisionForm, DispositionForm
from hocvu.situations.models import Run
from hocvu.situations.queries.access import (
    exercises_open_to,
    has_to_answer,
    own_points_in,
    runs_decided_by,
    runs_open_to,
)
from hocvu.situations.queries.debrief import debrief_page
from hocvu.situations.queries.learner import debrief_is_open, exercise_met, exercises_of
from hocvu.situations.queries.pages import run_page
from hocvu.situations.queries.shown import said
from hocvu.situations.rules.cases import WRITTEN
from hocvu.ui.languages import in_language
from hocvu.ui.onwards import go_to


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The exercises of my classes and of the bridge points I coordinate."""
    person = cast(SignedInRequest, request).user.person
    at = timezone.now()
    finish_overdue(at, person=person)
    return render(request, "situations/mine.html", {"exercises": exercises_of(person, at)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def exercise(request: HttpRequest, pk: int) -> HttpResponse:
    """What the case is about and its rules; one button starts the run or goes on with it."""
    person = cast(SignedInRequest, request).user.person
    at = timezone.now()
    chosen = get_object_or_404(exercises_open_to(person), pk=pk)
    if request.method == "POST":
        point = None
        if chosen.is_for_groups:
            asked = request.POST.get("bridge_point", "")
            points = own_points_in(person, chosen)
            point = get_object_or_404(points, pk=int(asked) if asked.isdecimal() else 0)
        return go_to("situations:run", start_run(chosen, bridge_point=point, by=person, at=at).pk)
    context = {
        "exercise": chosen,
        "title": in_language(chosen.case.title, chosen.case.title_en),
        "role": said(chosen.case.written.role),
        "summary": said(chosen.case.written.summary),
        "mine": exercise_met(person, chosen, at),
    }
    return render(request, "situations/exercise.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """One node at a time. With scripts a decision goes to `situations:decide` first."""
    person = cast(SignedInRequest, request).user.person
    at = timezone.now()
    own = get_object_or_404(runs_decided_by(person), pk=pk)
    if request.method == "POST":
        return _answer(request, own)
    finish_overdue(at, exercise=own.exercise)
    let_time_run_out(own, at=at)
    own = get_object_or_404(runs_decided_by(person), pk=pk)
    if own.finished_at is not None:
        return go_to("situations:debrief", pk)
    context = {"page": run_page(own, at), "client_id": uuid4()}
    return render(request, "situations/run.html", context)


def _answer(request: HttpRequest, own: Run) -> HttpResponse:
    """What a page of a run sends: open this node, save this text, hand it in, decide this."""
    act = request.POST.get("act", "")
    if act == "open":
        person = cast(SignedInRequest, request).user.person
        open_node(own, request.POST.get("node", ""), by=person, at=timezone.now())
        return go_to("situations:run", own.pk)
    if act in {"save", "hand_in"}:
        return _write(request, own, then_hand_in=act == "hand_in")
    return _decide(request, own)


def _write(request: HttpRequest, own: Run, *, then_hand_in: bool) -> HttpResponse:
    person = cast(SignedInRequest, request).user.person
    at = timezone.now()
    form = DispositionForm(request.POST)
    if not form.is_valid():
        return _again(request, own, _errors(form, "text"))
    sent = form.cleaned_data
    text, client_id = sent["text"], sent["client_id"]
    save_disposition(own, sent["node"], text, client_id=client_id, by=person, at=at)
    if not then_hand_in:
        messages.success(request, _("Your text is saved."))
    elif text.strip():
        decide(own, sent["node"], WRITTEN, client_id=client_id, by=person, at=at)
    else:
        return _again(request, own, [_("Write your disposition, then hand it in.")])
    return go_to("situations:run", own.pk)


def _decide(request: HttpRequest, own: Run) -> HttpResponse:
    person = cast(SignedInRequest, request).user.person
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _again(request, own, _errors(form, "decision"))
    sent = form.cleaned_data
    step = decide(
        own,
        sent["node"],
        sent["decision"],
        client_id=sent["client_id"],
        by=person,
        at=timezone.now(),
    )
    if step.client_id != sent["client_id"]:
        messages.warning(request, _("This had been decided before; the earlier decision stands."))
    return go_to("situations:run", own.pk)


def _errors(form: Form, field: str) -> list[str]:
    """What is wrong with a field; where another is at fault, the page itself was out of date."""
    said = [str(error) for error in form.errors.get(field, [])]
    return said or [_("Please load the page of the case again.")]


def _again(request: HttpRequest, own: Run, errors: Iterable[str]) -> HttpResponse:
    """The same page with what is wrong; what was typed stays in its field."""
    person = cast(SignedInRequest, request).user.person
    own = get_object_or_404(runs_decided_by(person), pk=own.pk)
    context = {
        "page": run_page(own, timezone.now()),
        "client_id": uuid4(),
        "errors": errors,
        "typed": request.POST.get("text", ""),
    }
    return render(request, "situations/run.html", context, status=422)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end_run(request: HttpRequest, pk: int) -> HttpResponse:
    """Break off, after saying what that means."""
    person = cast(SignedInRequest, request).user.person
    own = get_object_or_404(runs_decided_by(person), pk=pk)
    if request.method == "POST":
        finish_run(own, by=person, at=timezone.now())
        return go_to("situations:debrief", pk)
    if own.finished_at is not None:
        return go_to("situations:debrief", pk)
    return render(request, "situations/end_run.html", {"run": own})


@never_cache
@require_safe
def debrief(request: HttpRequest, pk: int) -> HttpResponse:
    """The way taken and the expert's way; for whose run it is, and for those who see results."""
    person = cast(SignedInRequest, request).user.person
    at = timezone.now()
    seen = get_object_or_404(runs_open_to(person), pk=pk)
    is_own = seen.person_id == person.pk or seen.members.filter(person=person).exists()
    is_own = is_own or runs_decided_by(person).filter(pk=pk).exists()
    if seen.finished_at is None:
        return (
            go_to("situations:run", pk) if is_own else go_to("situations:results", seen.exercise_id)
        )
    if not is_own and has_to_answer(person, seen.exercise.case, at):
        raise NotAllowed(
            _("This debrief gives away the key of a case that you have still to answer."),
            _("Please finish your own run first."),
        )
    if is_own and not debrief_is_open(seen, seen.exercise, at):
        title = in_language(seen.exercise.case.title, seen.exercise.case.title_en)
        return render(request, "situations/wait.html", {"run": seen, "title": title})
    page = debrief_page(seen, shows_texts=is_own)
    return render(request, "situations/debrief.html", {"page": page, "is_own": is_own})
