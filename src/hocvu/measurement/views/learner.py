"""Taking an adaptive test: what it is, one question at a time, the result, why each question."""

from http import HTTPStatus
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from hocvu.exams.actions.answering import AnswerDoesNotFit
from hocvu.exams.forms import WholePage
from hocvu.exams.queries.shown import Unfit
from hocvu.measurement.actions import answer_step, end_overdue, end_run, start_run
from hocvu.measurement.forms.sittings import StepForm
from hocvu.measurement.models import AdaptiveRun
from hocvu.measurement.queries.access import own_runs, runs_open_to, sittings_open_to
from hocvu.measurement.queries.learner import sitting_met, sittings_of
from hocvu.measurement.queries.pages import (
    explanation_page,
    result_page,
    step_page,
    time_left,
    title_of,
)
from hocvu.measurement.queries.runs import question_asked
from hocvu.people.queries.signed_in import person_of
from hocvu.ui.onwards import go_to


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The adaptive tests of my classes."""
    person, at = person_of(request), timezone.now()
    end_overdue(at, person=person)
    return render(request, "measurement/mine.html", {"sittings": sittings_of(person, at)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sitting(request: HttpRequest, pk: int) -> HttpResponse:
    """What the test measures and its rules; one button begins or goes on."""
    person, at = person_of(request), timezone.now()
    chosen = get_object_or_404(sittings_open_to(person), pk=pk)
    if request.method == "POST":
        return go_to("measurement:run", start_run(chosen, by=person, at=at).pk)
    end_overdue(at, person=person)
    return render(request, "measurement/sitting.html", {"met": sitting_met(person, chosen, at)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """One question at a time. The form names its answer, so sending it again changes nothing."""
    person = person_of(request)
    own = get_object_or_404(own_runs(person), pk=pk)
    if request.method == "POST":
        return _answered(request, own)
    end_overdue(timezone.now(), person=person)
    own = get_object_or_404(own_runs(person), pk=pk)
    return go_to("measurement:result", pk) if own.ended_at is not None else _question(request, own)


def _question(request: HttpRequest, own: AdaptiveRun, unfit: Unfit | None = None) -> HttpResponse:
    context = {
        "page": step_page(own, unfit),
        "client_id": uuid4(),
        "minutes_left": time_left(own, timezone.now()),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if unfit else HTTPStatus.OK
    return render(request, "measurement/run.html", context, status=status)


def _answered(request: HttpRequest, own: AdaptiveRun) -> HttpResponse:
    form = StepForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("The page was out of date. Here is the question again."))
        return go_to("measurement:run", own.pk)
    sent = form.cleaned_data
    lines = _lines(request, own, sent["number"])
    if not lines and request.POST.get("act") != "unknown":
        sentence = _("Please answer the question, or say that you do not know.")
        return _question(request, own, Unfit((), sentence))
    try:
        reply = answer_step(
            *(own, sent["number"], lines),
            client_id=sent["client_id"],
            by=person_of(request),
            at=timezone.now(),
        )
    except AnswerDoesNotFit as refused:
        return _question(request, own, Unfit(tuple(lines), str(refused)))
    if not reply.was_in_time:
        messages.warning(request, _("The time was over before this answer arrived."))
    elif not reply.stands:
        messages.warning(request, _("This question had been answered; the first answer stands."))
    return go_to("measurement:result" if reply.run_has_ended else "measurement:run", own.pk)


def _lines(request: HttpRequest, own: AdaptiveRun, number: int) -> list[str]:
    """What was answered; nothing where somebody says they do not know."""
    if request.POST.get("act") == "unknown":
        return []
    question_id = question_asked(own, number)
    return WholePage.sent_in(request.POST).choices.get(question_id, [])


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Break off, after saying what that means."""
    person = person_of(request)
    own = get_object_or_404(own_runs(person), pk=pk)
    if request.method == "POST":
        end_run(own, by=person, at=timezone.now())
    if request.method == "POST" or own.ended_at is not None:
        return go_to("measurement:result", pk)
    return render(request, "measurement/end.html", {"run": own, "title": title_of(own)})


@never_cache
@require_safe
def result(request: HttpRequest, pk: int) -> HttpResponse:
    """The level with its interval, and the components; for whose run it is and who may see it."""
    person, at = person_of(request), timezone.now()
    seen = get_object_or_404(runs_open_to(person), pk=pk)
    if seen.ended_at is None:
        end_overdue(at, person=seen.person)
        seen = get_object_or_404(runs_open_to(person), pk=pk)
    is_own = seen.person_id == person.pk
    if seen.ended_at is None:
        return (
            go_to("measurement:run", pk)
            if is_own
            else go_to("measurement:results", seen.sitting_id)
        )
    context = {"page": result_page(seen), "is_own": is_own}
    if is_own:
        context["met"] = sitting_met(person, seen.sitting, at)
    return render(request, "measurement/result.html", context)


@never_cache
@require_safe
def explanation(request: HttpRequest, pk: int) -> HttpResponse:
    """Every step of an ended run in words and numbers."""
    person = person_of(request)
    seen = get_object_or_404(runs_open_to(person).filter(ended_at__isnull=False), pk=pk)
    context = {"page": explanation_page(seen), "is_own": seen.person_id == person.pk}
    return render(request, "measurement/explanation.html", context)
