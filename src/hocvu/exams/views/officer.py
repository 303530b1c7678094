"""Offering a test to a class, and seeing how its learners did."""

from datetime import timedelta
from fractions import Fraction
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from hocvu.exams.actions import hand_in_overdue, open_sitting
from hocvu.exams.forms import OpenSittingForm, ResultFilters, SittingFilters
from hocvu.exams.queries.access import (
    classes_to_open_a_sitting_for,
    sittings_whose_results_open_to,
)
from hocvu.exams.queries.late import late_waiting_in
from hocvu.exams.queries.results import results_matching, results_open_to, tally
from hocvu.exams.queries.rooms import sittings_run_by
from hocvu.kernel.errors import NotPossible
from hocvu.papers.queries.papers import papers_for
from hocvu.people.models import SignedInRequest
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission
from hocvu.ui.languages import in_language
from hocvu.ui.onwards import go_to
from hocvu.ui.tables import Column, ListPage
from hocvu.ui.templatetags.figures import number, percent

SITTING_COLUMNS = (
    Column(
        "class",
        gettext_lazy("Class"),
        order_by="training_class__name",
        value=lambda sitting: sitting.training_class.name,
        href=lambda sitting: reverse("exams:results", args=[sitting.pk]),
    ),
    Column(
        "paper",
        gettext_lazy("Test"),
        order_by="paper__title",
        value=lambda sitting: in_language(sitting.paper.title, sitting.paper.title_en),
    ),
    Column("opens_at", gettext_lazy("Opens at"), order_by="opens_at"),
    Column("closes_at", gettext_lazy("Closes at"), order_by="closes_at"),
)


def _outcome(learner: Any) -> str:
    if learner.best_passed:
        return _("Passed")
    if learner.is_under_way:
        return _("Taking it now")
    if learner.is_waiting and not learner.attempt_id:
        return _("Being marked")
    return _("Not passed") if learner.attempt_id else _("Has not started")


def _points(learner: Any) -> SafeString:
    if learner.attempt_id is None:
        return SafeString("—")
    return SafeString(
        f"{number(learner.best_points.normalize())}/{number(learner.best_out_of.normalize())}"
    )


def _share(learner: Any) -> Fraction | None:
    """Exact: as a float, 14 of 20 would be cut to 69,9 %."""
    if learner.attempt_id is None:
        return None
    return Fraction(learner.best_points) / Fraction(learner.best_out_of)


RESULT_COLUMNS = (
    Column(
        "name",
        gettext_lazy("Learner"),
        order_by="person__sort_key",
        value=lambda learner: learner.person.full_name,
        href=lambda learner: (
            reverse("exams:result", args=[learner.attempt_id]) if learner.attempt_id else ""
        ),
    ),
    Column(
        "unit",
        gettext_lazy("Unit"),
        order_by="unit__sort_key",
        value=lambda learner: learner.unit.name,
    ),
    Column("outcome", gettext_lazy("Result"), value=_outcome),
    Column(
        "points",
        gettext_lazy("Points"),
        order_by="best_points",
        value=lambda learner: learner.best_points,
        cell=_points,
        numeric=True,
    ),
    Column(
        "share",
        gettext_lazy("Share"),
        order_by="best_share",
        value=_share,
        cell=lambda learner: SafeString(percent(_share(learner))),
        numeric=True,
        on_phone=False,
    ),
    Column(
        "attempts",
        gettext_lazy("Attempts"),
        order_by="attempts",
        value=lambda learner: learner.attempts or 0,
        numeric=True,
    ),
    Column(
        "handed_in",
        gettext_lazy("Handed in"),
        order_by="best_handed_in_at",
        value=lambda learner: learner.best_handed_in_at,
    ),
)


@require_safe
def sitting_list(request: HttpRequest) -> HttpResponse:
    """Every sitting in which there are results I may see."""
    person = cast(SignedInRequest, request).user.person
    filters = SittingFilters(request.GET)
    page = ListPage.of(
        request,
        filters.narrow(sittings_whose_results_open_to(person)),
        columns=SITTING_COLUMNS,
        default_sort="-closes_at",
        title=_("Tests of the classes"),
        filters=filters,
    )
    sees_papers = scope_of(person).may_anywhere(Permission.WRITE_QUESTIONS)
    return page.answer("exams/sitting_list.html", {"sees_papers": sees_papers})


@require_safe
def results(request: HttpRequest, pk: int) -> HttpResponse:
    """How each learner did in a sitting, as far as I may see."""
    person = cast(SignedInRequest, request).user.person
    sitting = get_object_or_404(sittings_whose_results_open_to(person), pk=pk)
    hand_in_overdue(timezone.now(), sitting=sitting)
    filters = ResultFilters(request.GET)
    asked = filters.cleaned_data if filters.is_valid() else {"search": "", "outcome": ""}
    reached = results_open_to(person, sitting)
    page = ListPage.of(
        request,
        results_matching(reached, search=asked["search"], outcome=asked["outcome"]),
        columns=RESULT_COLUMNS,
        default_sort="name",
        title=_("Results: %s") % sitting.training_class.name,
        filters=filters,
    )
    title = in_language(sitting.paper.title, sitting.paper.title_en)
    can_run = sittings_run_by(person).filter(pk=pk).exists()
    return page.answer(
        "exams/results.html",
        {
            "sitting": sitting,
            "tally": tally(reached),
            "paper": title,
            "can_run": can_run,
            "late_waiting": late_waiting_in(sitting) if can_run else 0,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def open_for_class(request: HttpRequest, class_id: int) -> HttpResponse:
    """Offer a test to a class; what is proposed fits the programme."""
    person = cast(SignedInRequest, request).user.person
    at = timezone.now()
    training_class = get_object_or_404(classes_to_open_a_sitting_for(person), pk=class_id)
    fitting = papers_for(training_class).filter(code=training_class.programme.paper_code)
    form = OpenSittingForm(
        training_class,
        request.POST or None,
        initial={
            "paper": fitting.first(),
            "opens_at": at,
            "closes_at": at + timedelta(days=7),
        },
    )
    if form.is_valid():
        try:
            opened = open_sitting(
                training_class=training_class, by=person, at=at, **form.cleaned_data
            )
        except NotPossible as refused:  # answered in the form: nothing typed is lost
            form.add_error(None, str(refused))
        else:
            return go_to("exams:rooms" if opened.is_supervised else "exams:results", opened.pk)
    return render(
        request,
        "exams/open_sitting.html",
        {"form": form, "training_class": training_class},
        status=422 if form.errors else 200,
    )
