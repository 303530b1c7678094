"""Late answers: which attempts wait, and deciding about one of them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from hocvu.exams import policies
from hocvu.exams.actions.late_answers import NothingToDecide, decide_late_answers
from hocvu.exams.forms.late import COUNT, LateDecisionForm, LateFilters
from hocvu.exams.models import Attempt, Remarking
from hocvu.exams.queries.late import (
    LatePage,
    late_attempts_of,
    late_attempts_run_by,
    late_page,
    late_waiting_in,
)
from hocvu.exams.queries.rooms import sittings_run_by
from hocvu.exams.queries.sealed import numbering_of
from hocvu.kernel.errors import NotPossible
from hocvu.people.models import Person
from hocvu.people.queries.signed_in import person_of
from hocvu.ui.languages import in_language
from hocvu.ui.onwards import go_to
from hocvu.ui.tables import Column, ListPage
from hocvu.ui.templatetags.figures import number


@require_safe
def late_answers(request: HttpRequest, pk: int) -> HttpResponse:
    """Attempts of a sitting with late answers: those that wait, or those decided about."""
    sitting = get_object_or_404(sittings_run_by(person_of(request)), pk=pk)
    filters = LateFilters(request.GET)
    page = ListPage.of(
        request,
        late_attempts_of(sitting, decided=filters.asks_for_decided),
        columns=_columns(numbering_of(sitting)),
        default_sort="name",
        title=_("Late answers: %s") % sitting.training_class.name,
        filters=filters,
    )
    context = {
        "sitting": sitting,
        "paper": in_language(sitting.paper.title, sitting.paper.title_en),
        "waiting": late_waiting_in(sitting),
    }
    return page.answer("exams/late_list.html", context)


def _columns(numbers_of: Callable[[Attempt], dict[int, int]]) -> tuple[Column, ...]:
    def numbers(attempt: Any) -> str:
        shown = numbers_of(attempt)
        return ", ".join(str(each) for each in sorted(shown[pk] for pk in attempt.late_questions))

    return (
        Column(
            "name",
            gettext_lazy("Learner"),
            order_by="person__sort_key",
            value=lambda attempt: attempt.person.full_name,
            href=lambda attempt: reverse("exams:late", args=[attempt.pk]),
        ),
        Column("attempt", gettext_lazy("Attempt"), order_by="number", value=lambda row: row.number),
        Column("questions", gettext_lazy("Questions"), value=numbers),
        Column("late", gettext_lazy("Late answers"), order_by="late", numeric=True),
        Column(
            "after",
            gettext_lazy("After the end"),
            order_by="late_until",
            value=lambda attempt: _span(attempt.late_from, attempt.late_until),
        ),
    )


def _span(first: timedelta, last: timedelta) -> str:
    said = [_long(first), _long(last)]
    return (
        said[0]
        if said[0] == said[1]
        else _("%(first)s to %(last)s") % dict(zip(("first", "last"), said, strict=True))
    )


def _long(after: timedelta) -> str:
    """`1 h 05 min`, `12 min 40 s`: as exactly as a decision needs it."""
    minutes, seconds = divmod(max(0, int(after.total_seconds())), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return _("%(h)s h %(min)s min") % {"h": number(hours), "min": minutes}
    return _("%(min)s min %(s)s s") % {"min": minutes, "s": seconds}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """What came late beside what stands; whether it counts, and why."""
    person = person_of(request)
    attempt = get_object_or_404(late_attempts_run_by(person), pk=pk)
    form = LateDecisionForm(request.POST or None)
    if form.is_valid():
        try:
            changes = _decide(attempt, form, by=person)
        except NothingToDecide:  # sent twice, or decided by others: the page says
            messages.warning(request, _("These answers have been decided about already."))
            return go_to("exams:late", pk)
        except NotPossible as refused:  # answered in the form: nothing typed is lost
            form.add_error(None, str(refused))
        else:
            messages.success(request, _outcome(form.cleaned_data["counts"] == COUNT, changes))
            return go_to("exams:late", pk)
    page = late_page(attempt)
    return render(
        request,
        "exams/late_decide.html",
        _context(page, form, person),
        status=422 if form.errors else 200,
    )


def _decide(attempt: Attempt, form: LateDecisionForm, *, by: Person) -> list[Remarking]:
    return decide_late_answers(
        attempt,
        counts=form.cleaned_data["counts"] == COUNT,
        by=by,
        at=timezone.now(),
        reason=form.cleaned_data["reason"],
        seen=form.cleaned_data["waiting"],
    )


def _context(page: LatePage, form: LateDecisionForm, person: Person) -> dict[str, object]:
    form.shows(page.waiting)
    questions = [
        (question, [(each, _long(each.after)) for each in question.came])
        for question in page.questions
    ]
    return {
        "late": page,
        "questions": questions,
        "form": form,
        "can_decide": policies.can_decide_late(person, page.attempt),
        "title": in_language(page.attempt.sitting.paper.title, page.attempt.sitting.paper.title_en),
    }


def _outcome(counts: bool, changes: list[Remarking]) -> str:  # noqa: FBT001 — which sentence
    if not counts:
        return _("The late answers do not count. The result stays as it is.")
    if not changes:
        return _("The late answers count. The points stay as they are.")
    points = {
        "before": number(changes[0].points_before.normalize()),
        "after": number(changes[0].points_after.normalize()),
    }
    return _("The late answers count. Points: %(before)s → %(after)s.") % points
