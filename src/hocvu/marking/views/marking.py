"""Marking written answers, blind: a number stands for the learner, other marks are not shown."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from hocvu.exams.models import Answer, Sitting
from hocvu.exams.queries.rooms import sittings_run_by
from hocvu.exams.rules.files import ending_of
from hocvu.kernel.errors import NotPossible
from hocvu.kernel.time import day_of
from hocvu.marking.actions import appoint_marker, mark_answer, release_marker
from hocvu.marking.forms.marking import FindMarkerForm, MarkForm
from hocvu.marking.queries.pages import answer_to_mark, may_be_markers
from hocvu.marking.queries.waiting import (
    answers_marked_by,
    answers_to_mark_by,
    answers_waiting_in,
    markers_of,
)
from hocvu.people.models import Person
from hocvu.people.queries.signed_in import person_of
from hocvu.questions.actions import refuse_if_withheld
from hocvu.questions.queries.bank import in_one_line
from hocvu.ui.languages import in_language
from hocvu.ui.onwards import go_to
from hocvu.ui.tables import Column, ListPage

_CHOICES_SHOWN = 40

MARKING_COLUMNS = (
    Column(
        "number",
        gettext_lazy("Written answer"),
        order_by="pk",
        value=lambda each: _("Written answer no. %(number)s") % {"number": each.pk},
        href=lambda each: reverse("marking:mark", args=[each.pk]),
    ),
    Column("question", gettext_lazy("Question"), value=lambda each: in_one_line(each.question)),
    Column(
        "paper",
        gettext_lazy("Test"),
        order_by="attempt__sitting__paper__title",
        value=lambda each: in_language(
            each.attempt.sitting.paper.title, each.attempt.sitting.paper.title_en
        ),
        on_phone=False,
    ),
    Column(
        "class",
        gettext_lazy("Class"),
        order_by="attempt__sitting__training_class__name",
        value=lambda each: each.attempt.sitting.training_class.name,
    ),
    Column(
        "waits_since",
        gettext_lazy("Waits since"),
        order_by="attempt__handed_in_at",
        value=lambda each: day_of(each.attempt.handed_in_at),
    ),
)


@require_safe
def marking_list(request: HttpRequest) -> HttpResponse:
    """What waits for a mark from me."""
    page = ListPage.of(
        request,
        answers_to_mark_by(person_of(request)),
        columns=MARKING_COLUMNS,
        default_sort="waits_since",
        title=_("Answers to mark"),
    )
    return page.answer("marking/marking_list.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mark(request: HttpRequest, pk: int) -> HttpResponse:
    """One written answer, its rubric, and points for each line of it."""
    person = person_of(request)
    if answers_marked_by(person).filter(pk=pk).exists():  # sent twice
        return go_to("marking:marking")
    waiting = get_object_or_404(answers_to_mark_by(person), pk=pk)
    refuse_if_withheld(waiting.question, person, timezone.now())
    shown = answer_to_mark(waiting)
    form = MarkForm(shown, request.POST or None)
    if form.is_valid():
        remarks = form.cleaned_data["remarks"]
        try:
            mark_answer(
                *(waiting.attempt, waiting.question, form.points),
                remarks=remarks,
                by=person,
                at=timezone.now(),
            )
        except NotPossible as refused:  # answered in the form: nothing typed is lost
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Your mark is saved."))
            return _next(waiting, person)
    context = {"answer": shown, "form": form}
    return render(request, "marking/mark.html", context, status=422 if form.errors else 200)


def _next(marked: Answer, person: Person) -> HttpResponse:
    """The next answer to the same question, so that one rubric stays in mind; else the list."""
    same = answers_to_mark_by(person).filter(
        question=marked.question_id, attempt__sitting=marked.attempt.sitting_id
    )
    following = same.order_by("attempt__handed_in_at", "pk").first()
    return go_to("marking:mark", following.pk) if following else go_to("marking:marking")


@require_safe
def answer_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The file that was handed in, under a name that says nothing about whose it is."""
    person = person_of(request)
    waiting = get_object_or_404(answers_to_mark_by(person), pk=pk)
    refuse_if_withheld(waiting.question, person, timezone.now())
    kept = answer_to_mark(waiting).file
    if kept is None:
        raise Http404
    name = f"{waiting.pk}{ending_of(kept.name)}"
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(
        bytes(kept.content),
        content_type=kept.content_type,
        headers={"Content-Disposition": disposition or "attachment"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def markers(request: HttpRequest, pk: int) -> HttpResponse:
    """Who marks the written answers of a sitting; appointing and releasing them."""
    person = person_of(request)
    sitting = get_object_or_404(sittings_run_by(person), pk=pk)
    form = FindMarkerForm(request.POST or None)
    typed = form.cleaned_data["find"] if form.is_valid() else ""
    on = day_of(timezone.now())
    if request.POST.get("act") in {"appoint", "release"}:
        _arrange(request, sitting, person)
        return go_to("marking:markers", pk)
    return render(
        request,
        "marking/markers.html",
        {
            "sitting": sitting,
            "paper": in_language(sitting.paper.title, sitting.paper.title_en),
            "form": form,
            "markers": markers_of(sitting),
            "waiting": answers_waiting_in(sitting),
            "found": may_be_markers(person, sitting, typed, on)[:_CHOICES_SHOWN],
        },
    )


def _arrange(request: HttpRequest, sitting: Sitting, person: Person) -> None:
    at = timezone.now()
    chosen = request.POST.get("person", "")
    number = int(chosen) if chosen.isdecimal() else 0
    if request.POST["act"] == "release":
        release_marker(get_object_or_404(markers_of(sitting), person=number), by=person, at=at)
        return
    found = may_be_markers(person, sitting, "", day_of(at))
    appoint_marker(sitting, get_object_or_404(found, pk=number), by=person, at=at)
