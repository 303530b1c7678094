"""What a supervisor does for people in a room, each act on a page that asks why."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from hocvu.exams import actions
from hocvu.exams.forms import ActReasonForm, AllowanceForm, MinutesForm
from hocvu.exams.models import ExamRoom
from hocvu.exams.queries import rooms as queries
from hocvu.kernel.errors import NotPossible
from hocvu.people.queries.signed_in import person_of
from hocvu.ui.onwards import go_to

_CHOICES_SHOWN = 40
_MOST_NAMED = 60


@require_http_methods(["GET", "HEAD", "POST"])
def minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """Extra minutes for the people ticked, or with `?all=1` for everybody who is writing."""

    def give(room: ExamRoom, chosen: list[int], typed: dict[str, Any]) -> int:
        return actions.give_minutes(
            room,
            typed["minutes"],
            reason=typed["reason"],
            client_id=typed["client_id"],
            attempt_ids=None if request.GET.get("all") else chosen,
            by=person_of(request),
            at=timezone.now(),
        )

    return _act(request, pk, "exams/give_minutes.html", MinutesForm, give)


@require_http_methods(["GET", "HEAD", "POST"])
def hand_in_for(request: HttpRequest, pk: int) -> HttpResponse:
    def hand_in(room: ExamRoom, chosen: list[int], typed: dict[str, Any]) -> int:
        return actions.hand_in_for(
            room, chosen, reason=typed["reason"], by=person_of(request), at=timezone.now()
        )

    return _act(request, pk, "exams/hand_in_for.html", ActReasonForm, hand_in)


@require_http_methods(["GET", "HEAD", "POST"])
def void(request: HttpRequest, pk: int) -> HttpResponse:
    def make_void(room: ExamRoom, chosen: list[int], typed: dict[str, Any]) -> int:
        return actions.void_attempts(
            room, chosen, reason=typed["reason"], by=person_of(request), at=timezone.now()
        )

    return _act(request, pk, "exams/void.html", ActReasonForm, make_void)


@require_http_methods(["GET", "HEAD", "POST"])
def extra_time(request: HttpRequest, pk: int) -> HttpResponse:
    """Extra minutes for one learner in every attempt of a sitting; who has some already."""
    person = person_of(request)
    sitting = get_object_or_404(queries.sittings_run_by(person), pk=pk)
    is_sent = request.POST.get("act") == "give"
    form = AllowanceForm(request.POST if is_sent else None, initial=request.POST.dict())
    learners = queries.learners_to_allow_time(sitting, request.POST.get("find", ""))
    if form.is_valid():
        learner = get_object_or_404(learners, person=_number(request, "person"))
        try:
            actions.allow_time(
                sitting,
                learner.person,
                form.cleaned_data["minutes"],
                reason=form.cleaned_data["reason"],
                by=person,
                at=timezone.now(),
            )
        except NotPossible as refused:  # answered in the form: nothing typed is lost
            form.add_error(None, str(refused))
        else:
            return go_to("exams:extra_time", pk)
    context = {
        "sitting": sitting,
        "form": form,
        "learners": learners[:_CHOICES_SHOWN],
        "allowances": queries.allowances_of(sitting).order_by("person__sort_key"),
    }
    return render(request, "exams/extra_time.html", context, status=422 if form.errors else 200)


def _act(
    request: HttpRequest,
    pk: int,
    template: str,
    kind: type[forms.Form],
    act: Callable[[ExamRoom, list[int], dict[str, Any]], int],
) -> HttpResponse:
    """Name the people, ask why, act once; nobody ticked leads back to the board."""
    room = get_object_or_404(queries.rooms_open_to(person_of(request)), pk=pk)
    rows = [int(row) for row in request.GET.getlist("row") if row.isdecimal()]
    attempts = queries.attempts_in(room).filter(pk__in=rows)
    is_for_all = bool(request.GET.get("all"))
    if not attempts and not is_for_all:
        messages.warning(request, _("Please tick the people first."))
        return go_to("exams:room", pk)
    form = kind(request.POST or None)
    if form.is_valid():
        try:
            done = act(room, [each.pk for each in attempts], form.cleaned_data)
        except NotPossible as refused:  # answered in the form: nothing typed is lost
            form.add_error(None, str(refused))
        else:
            said = ngettext("Done for %(n)s person.", "Done for %(n)s people.", done)
            messages.success(request, said % {"n": done})
            return go_to("exams:room", pk)
    context = {
        "room": room,
        "form": form,
        "attempts": attempts[:_MOST_NAMED],
        "is_for_all": is_for_all,
        "number": attempts.count(),
    }
    return render(request, template, context, status=422 if form.errors else 200)


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isdecimal() else 0
