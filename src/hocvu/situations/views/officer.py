"""Looking through cases, offering them to a class, and seeing how its learners did."""

from datetime import timedelta
from fractions import Fraction
from typing import Any, cast

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from hocvu.kernel.errors import NotPossible
from hocvu.people.models import SignedInRequest
from hocvu.situations.actions import finish_overdue, open_exercise
from hocvu.situations.forms import ExerciseFilters, OpenExerciseForm, ResultFilters
from hocvu.situations.models import Debrief, Exercise, Mode
from hocvu.situations.queries.access import (
    cases_open_to,
    classes_to_open_an_exercise_for,
    dispositions_to_mark_by,
    exercises_whose_results_open_to,
    may_see_keys,
)
from hocvu.situations.queries.catalogue import case_preview, newest
from hocvu.situations.queries.results import learners_in, narrowed, points_in, tally
from hocvu.ui.languages import in_language
from hocvu.ui.tables import Column, ListPage
from hocvu.ui.templatetags.figures import number, percent

_SEE_OTHER = 303


CASE_COLUMNS = (
    Column(
        "title",
        gettext_lazy("Case"),
        order_by="title",
        value=lambda case: in_language(case.title, case.title_en),
        href=lambda case: reverse("situations:case", args=[case.pk]),
    ),
    Column("minutes", gettext_lazy("Minutes"), order_by="minutes", numeric=True),
    Column("level", gettext_lazy("Level"), order_by="level"),
    Column("version", gettext_lazy("Version"), order_by="version", numeric=True),
    Column("dated", gettext_lazy("Dated"), order_by="dated"),
)

EXERCISE_COLUMNS = (
    Column(
        "class",
        gettext_lazy("Class"),
        order_by="training_class__name",
        value=lambda exercise: exercise.training_class.name,
        href=lambda exercise: reverse("situations:results", args=[exercise.pk]),
    ),
    Column(
        "case",
        gettext_lazy("Case"),
        order_by="case__title",
        value=lambda exercise: in_language(exercise.case.title, exercise.case.title_en),
    ),
    Column(
        "mode",
        gettext_lazy("Who answers"),
        order_by="mode",
        value=lambda exercise: str(exercise.get_mode_display()),
    ),
    Column("opens_at", gettext_lazy("Opens at"), order_by="opens_at"),
    Column("closes_at", gettext_lazy("Closes at"), order_by="closes_at"),
)


def _outcome(row: Any) -> str:
    if row.run_id is None:
        return _("Has not started")
    if row.run_finished_at is None:
        return _("Being answered")
    if row.run_marked_at is None:
        return _("Being marked")
    return _("Reached") if row.run_passed else _("Not reached")


def _points(row: Any) -> SafeString:
    if row.run_points is None:
        return SafeString("—")
    return SafeString(f"{number(row.run_points.normalize())}/{number(row.run_out_of.normalize())}")


def _share(row: Any) -> Fraction | None:
    """Exact: as a float, 14 of 20 would be cut to 69,9 %."""
    if row.run_points is None:
        return None
    return Fraction(row.run_points) / Fraction(row.run_out_of)


def _debrief(row: Any) -> str:
    return reverse("situations:debrief", args=[row.run_id]) if row.run_finished_at else ""


_HOW_IT_WENT = (
    Column("outcome", gettext_lazy("Result"), value=_outcome),
    Column(
        "points",
        gettext_lazy("Points"),
        order_by="run_points",
        value=lambda row: row.run_points,
        cell=_points,
        numeric=True,
    ),
    Column(
        "share",
        gettext_lazy("Share"),
        order_by="run_share",
        value=_share,
        cell=lambda row: SafeString(percent(_share(row))),
        numeric=True,
        on_phone=False,
    ),
    Column(
        "finished",
        gettext_lazy("Finished"),
        order_by="run_finished_at",
        value=lambda row: row.run_finished_at,
    ),
)
LEARNER_COLUMNS = (
    Column(
        "name",
        gettext_lazy("Learner"),
        order_by="person__sort_key",
        value=lambda row: row.person.full_name,
        href=_debrief,
    ),
    Column(
        "unit", gettext_lazy("Unit"), order_by="unit__sort_key", value=lambda row: row.unit.name
    ),
    *_HOW_IT_WENT,
)
POINT_COLUMNS = (
    Column("name", gettext_lazy("Bridge point"), order_by="unit__sort_key", href=_debrief),
    Column(
        "members",
        gettext_lazy("Present"),
        order_by="member_count",
        value=lambda row: row.member_count or 0,
        numeric=True,
    ),
    *_HOW_IT_WENT,
)


@require_safe
def case_list(request: HttpRequest) -> HttpResponse:
    """The cases I may look through: none that I have still to answer myself."""
    person = cast(SignedInRequest, request).user.person
    page = ListPage.of(
        request,
        newest(cases_open_to(person, timezone.now())),
        columns=CASE_COLUMNS,
        default_sort="title",
        title=_("Situation cases"),
    )
    return page.answer("situations/case_list.html")


@require_safe
def case_preview_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A whole case with its key, for those who offer it."""
    person = cast(SignedInRequest, request).user.person
    case = get_object_or_404(cases_open_to(person, timezone.now()), pk=pk)
    return render(request, "situations/case.html", {"preview": case_preview(case)})


@require_safe
def exercise_list(request: HttpRequest) -> HttpResponse:
    """Every exercise in which there are results I may see."""
    person = cast(SignedInRequest, request).user.person
    filters = ExerciseFilters(request.GET)
    page = ListPage.of(
        request,
        _called(exercises_whose_results_open_to(person), filters),
        columns=EXERCISE_COLUMNS,
        default_sort="-closes_at",
        title=_("Situation exercises"),
        filters=filters,
    )
    waiting = dispositions_to_mark_by(person).count()
    context = {"waiting": waiting, "sees_keys": may_see_keys(person)}
    return page.answer("situations/exercise_list.html", context)


def _called(exercises: QuerySet[Exercise], filters: ExerciseFilters) -> QuerySet[Exercise]:
    wanted = filters.cleaned_data["q"] if filters.is_valid() else ""
    of_class = Q(training_class__code__icontains=wanted)
    return exercises.filter(of_class | Q(training_class__name__icontains=wanted))


@require_safe
def results(request: HttpRequest, pk: int) -> HttpResponse:
    """How each learner or bridge point did in an exercise, as far as I may see."""
    person = cast(SignedInRequest, request).user.person
    exercise = get_object_or_404(exercises_whose_results_open_to(person), pk=pk)
    finish_overdue(timezone.now(), exercise=exercise)
    filters = ResultFilters(request.GET) if not exercise.is_for_groups else None
    search = filters.cleaned_data["search"] if filters and filters.is_valid() else ""
    learners, points = learners_in(person, exercise), points_in(person, exercise)
    page = ListPage.of(
        request,
        points if exercise.is_for_groups else narrowed(learners, search),
        columns=POINT_COLUMNS if exercise.is_for_groups else LEARNER_COLUMNS,
        default_sort="name",
        title=_("Results: %s") % exercise.training_class.name,
        filters=filters,
    )
    context = {
        "exercise": exercise,
        "case": in_language(exercise.case.title, exercise.case.title_en),
        "tally": tally(points if exercise.is_for_groups else learners),
    }
    return page.answer("situations/results.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def open_for_class(request: HttpRequest, class_id: int) -> HttpResponse:
    """Offer a case to a class."""
    person = cast(SignedInRequest, request).user.person
    at = timezone.now()
    training_class = get_object_or_404(classes_to_open_an_exercise_for(person), pk=class_id)
    proposed = {
        "case": request.GET.get("case"),
        "mode": Mode.INDIVIDUAL,
        "debrief": Debrief.FINISHED,
        "opens_at": at,
        "closes_at": at + timedelta(days=7),
    }
    form = OpenExerciseForm(request.POST or None, initial=proposed)
    if form.is_valid():
        try:
            opened = open_exercise(
                training_class=training_class, by=person, at=at, **form.cleaned_data
            )
        except NotPossible as refused:  # answered in the form: nothing typed is lost
            form.add_error(None, str(refused))
        else:
            address = reverse("situations:results", args=[opened.pk])
            return HttpResponseRedirect(address, status=_SEE_OTHER)
    return render(
        request,
        "situations/open_exercise.html",
        {"form": form, "training_class": training_class},
        status=422 if form.errors else 200,
    )
