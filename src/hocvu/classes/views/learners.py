"""Learners of a class: the list, enrolling, withdrawing, the printed list."""

from itertools import groupby
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from hocvu.classes import actions, policies, queries
from hocvu.classes.forms import PeopleFilters, ReasonForm, SearchForm
from hocvu.classes.views.edge import today
from hocvu.courses.queries import titles_of
from hocvu.people.models import SignedInRequest
from hocvu.people.rules.access import Permission
from hocvu.ui.onwards import go_to
from hocvu.ui.tables import Column, ListPage

_UNITS_SHOWN = 30
_PRINTED_AT_ONCE = 2_000
_POINTS_TO_CHOOSE = 100

COLUMNS = (
    Column(
        "name", _("Full name"), order_by="person__sort_key", value=lambda row: row.person.full_name
    ),
    Column("birth", _("Born"), value=lambda row: row.person.birth_text, on_phone=False),
    Column("unit", _("Unit"), order_by="unit__sort_key", value=lambda row: row.unit.name),
    Column(
        "point",
        _("Bridge point"),
        order_by="bridge_point__unit__sort_key",
        value=lambda row: row.bridge_point.name,
    ),
    Column("attended", _("Sessions attended"), value=lambda row: row.attended or 0, numeric=True),
)

WITHDRAW = Column(
    "withdraw",
    _("Change"),
    value=lambda _row: str(_("Withdraw")),
    href=lambda row: reverse("classes:withdraw", args=[row.pk]),
)

PEOPLE_COLUMNS = (
    Column("full_name", _("Full name"), order_by="sort_key"),
    Column("birth_text", _("Born")),
    Column("post_title", _("Position"), order_by="post__title"),
    Column("unit_name", _("Unit"), order_by="post__unit__sort_key"),
)


@require_safe
def learner_list(request: HttpRequest, class_id: int) -> HttpResponse:
    person = cast("SignedInRequest", request).user.person
    training_class = get_object_or_404(queries.classes_open_to(person), pk=class_id)
    learners = queries.filtered_learners(
        queries.learners_of(training_class),
        text=request.GET.get("q", ""),
        unit=request.GET.get("unit", ""),
    )
    can_run = policies.can_run(person, training_class)
    exported = request.GET.get("format") == "xlsx"
    may_withdraw = can_run and not training_class.is_closed and not exported
    page = ListPage.of(
        request,
        learners,
        columns=(*COLUMNS, WITHDRAW) if may_withdraw else COLUMNS,
        default_sort="name",
        title=_("Learners"),
        filters=PeopleFilters(request.GET),
    )
    return page.answer(
        "classes/learner_list.html", {"training_class": training_class, "can_run": can_run}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest, class_id: int) -> HttpResponse:
    """Search, tick many, enrol them at one bridge point or each at the nearest."""
    person = cast("SignedInRequest", request).user.person
    training_class = get_object_or_404(queries.classes_run_by(person), pk=class_id)
    if request.method == "POST":
        ids = [int(text) for text in request.POST.getlist("row") if text.isdecimal()]
        point = request.POST.get("point", "")
        placements: dict[int, int | None]
        if point.isdecimal():
            placements = dict.fromkeys(ids, int(point))
        else:
            paths = queries.paths_of_people(person, ids, on=today())
            placements = dict.fromkeys(ids) | queries.nearest_points(training_class, paths)
        enrolled = actions.enrol_learners(training_class, placements, by=person, at=timezone.now())
        _tell(request, enrolled)
        return go_to("classes:learners", class_id)
    people = queries.filtered_people(
        queries.people_to_enrol(person, training_class, on=today()),
        text=request.GET.get("q", ""),
        unit=request.GET.get("unit", ""),
    )
    page = ListPage.of(
        request,
        people,
        columns=PEOPLE_COLUMNS,
        default_sort="full_name",
        title=_("Enrol learners"),
        filters=PeopleFilters(request.GET),
        tickable=True,
    )
    points = training_class.bridge_points.order_by("-is_main", "name")
    return page.answer(
        "classes/enrol.html",
        {"training_class": training_class, "points": points[:_POINTS_TO_CHOOSE]},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def enrol_unit(request: HttpRequest, class_id: int) -> HttpResponse:
    """Everybody of a unit and of the units below it, each at the nearest bridge point."""
    person = cast("SignedInRequest", request).user.person
    training_class = get_object_or_404(queries.classes_run_by(person), pk=class_id)
    units = queries.units_to_choose(person, Permission.SEE_PEOPLE, request.GET.get("q", ""))
    if request.method == "POST":
        asked = request.POST.get("unit", "")
        unit = get_object_or_404(units, pk=int(asked) if asked.isdecimal() else 0)
        paths = queries.people_of_unit(person, unit, on=today())
        enrolled = actions.enrol_learners(
            training_class,
            queries.placements_of_newcomers(training_class, paths),
            by=person,
            at=timezone.now(),
        )
        _tell(request, enrolled)
        return go_to("classes:learners", class_id)
    return render(
        request,
        "classes/enrol_unit.html",
        {
            "training_class": training_class,
            "form": SearchForm(request.GET),
            "units": queries.with_head_counts(units[:_UNITS_SHOWN], on=today()),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    person = cast("SignedInRequest", request).user.person
    enrolment = get_object_or_404(queries.enrolments_open_to(person), pk=enrolment_id)
    get_object_or_404(queries.classes_run_by(person), pk=enrolment.training_class_id)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        actions.withdraw_learner(
            enrolment, reason=form.cleaned_data["reason"], by=person, at=timezone.now()
        )
        messages.success(request, _("The learner is withdrawn."))
        return go_to("classes:learners", enrolment.training_class_id)
    return render(
        request,
        "classes/withdraw.html",
        {"enrolment": enrolment, "form": form},
        status=422 if form.errors else 200,
    )


@require_safe
def print_list(request: HttpRequest, class_id: int) -> HttpResponse:
    """The list to sign, one sheet a bridge point; of one session when it is asked for."""
    person = cast("SignedInRequest", request).user.person
    training_class = get_object_or_404(queries.classes_open_to(person), pk=class_id)
    learners = queries.learners_of(training_class).order_by(
        "-bridge_point__is_main", "bridge_point__unit__sort_key", "person__sort_key", "pk"
    )
    sessions = queries.sessions_open_to(person).filter(training_class=training_class)
    asked = request.GET.get("session", "")
    session = sessions.filter(number=int(asked)).first() if asked.isdecimal() else None
    point = request.GET.get("point", "")
    if point.isdecimal():
        learners = learners.filter(bridge_point=int(point))
    total = learners.count()
    sheets = [
        (bridge_point, list(rows))
        for bridge_point, rows in groupby(
            learners[:_PRINTED_AT_ONCE], key=lambda learner: learner.bridge_point
        )
    ]
    return render(
        request,
        "classes/print_list.html",
        {
            "training_class": training_class,
            "session": session,
            "topics": titles_of(session.topics) if session else (),
            "sheets": sheets,
            "too_many": total > _PRINTED_AT_ONCE,
            "total": total,
        },
    )


def _tell(request: HttpRequest, enrolled: int) -> None:
    words = ngettext("%(n)s learner was enrolled.", "%(n)s learners were enrolled.", enrolled)
    messages.success(request, words % {"n": enrolled})
