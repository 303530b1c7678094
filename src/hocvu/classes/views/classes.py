"""The list of classes, one class, opening and closing it."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from hocvu.classes import actions, policies, queries
from hocvu.classes.forms import ClassFilters, OpenClassForm
from hocvu.classes.models import TrainingClass
from hocvu.classes.views.edge import today
from hocvu.courses.queries import name_of
from hocvu.people.models import Person, SignedInRequest
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission
from hocvu.ui.onwards import go_to
from hocvu.ui.tables import Column, ListPage

_SHOWN = 10


COLUMNS = (
    Column(
        "name",
        _("Class"),
        order_by="name",
        href=lambda row: reverse("classes:detail", args=[row.pk]),
    ),
    Column("code", _("Code"), order_by="code"),
    Column(
        "unit", _("Host unit"), order_by="host_unit__sort_key", value=lambda r: r.host_unit.name
    ),
    Column("starts_on", _("First day"), order_by="starts_on"),
    Column("point_count", _("Bridge points"), order_by="point_count", numeric=True),
    Column("learner_count", _("Learners"), order_by="learner_count", numeric=True),
    Column(
        "state",
        _("State"),
        order_by="closed_at",
        value=lambda row: str(_("Ended") if row.is_closed else _("Under way")),
    ),
)


@require_safe
def class_list(request: HttpRequest) -> HttpResponse:
    person = cast("SignedInRequest", request).user.person
    filters = ClassFilters(request.GET)
    classes = queries.class_list(person)
    if filters.is_valid():
        asked = filters.cleaned_data
        classes = queries.filtered_classes(
            classes, text=asked["q"], state=asked["state"], starts_from=asked["starts_from"]
        )
    page = ListPage.of(
        request,
        classes,
        columns=COLUMNS,
        default_sort="-starts_on",
        title=_("Classes"),
        filters=filters,
    )
    can_open = scope_of(person).may_anywhere(Permission.RUN_CLASSES)
    return page.answer("classes/class_list.html", {"can_open": can_open})


@require_http_methods(["GET", "HEAD", "POST"])
def open_class(request: HttpRequest) -> HttpResponse:
    person = cast("SignedInRequest", request).user.person
    form = OpenClassForm(person, today(), request.POST or None)
    if form.is_valid():
        asked = form.cleaned_data
        try:
            opened = actions.open_class(
                asked["programme"],
                code=asked["code"],
                name=asked["name"],
                host_unit=asked["host_unit"],
                starts_on=asked["starts_on"],
                supervisor=person if asked["supervised_by_me"] else None,
                capacity=asked["capacity"],
                opening_decision=asked["opening_decision"],
                by=person,
                at=timezone.now(),
            )
        except actions.ClassCodeIsTaken as taken:
            form.add_error("code", str(taken))
        except actions.ProgrammeNotInForce as early:
            form.add_error("starts_on", str(early))
        else:
            return go_to("classes:detail", opened.pk)
    return render(
        request, "classes/open_class.html", {"form": form}, status=422 if form.errors else 200
    )


@require_safe
def detail(request: HttpRequest, class_id: int) -> HttpResponse:
    person = cast("SignedInRequest", request).user.person
    training_class = get_object_or_404(queries.classes_open_to(person), pk=class_id)
    return render(request, "classes/class_detail.html", _record(training_class, person))


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, class_id: int) -> HttpResponse:
    person = cast("SignedInRequest", request).user.person
    training_class = get_object_or_404(queries.classes_run_by(person), pk=class_id)
    if request.method == "POST":
        actions.close_class(training_class, by=person, at=timezone.now())
        messages.success(request, _("The class is closed."))
        return go_to("classes:detail", class_id)
    overview = queries.overview_of(training_class)
    return render(
        request,
        "classes/close_class.html",
        {"training_class": training_class, "overview": overview},
    )


def _record(training_class: TrainingClass, person: Person) -> dict[str, object]:
    overview = queries.overview_of(training_class)
    supervisor = training_class.supervisor
    return {
        "training_class": training_class,
        "overview": overview,
        "stage": overview.stage.name,
        "next_session": overview.next_session,
        "can_run": policies.can_run(person, training_class),
        "facts": [
            (_("Programme"), name_of(training_class.programme)),
            (_("Code of the class"), training_class.code),
            (_("Host unit"), training_class.host_unit.name),
            (_("Mode"), training_class.get_mode_display()),
            (_("First day"), training_class.starts_on),
            (_("Last day"), training_class.ends_on),
            (_("Class supervisor"), supervisor.full_name if supervisor else ""),
            (_("Class-opening decision"), training_class.opening_decision),
            (_("Places"), training_class.capacity),
        ],
        "points": queries.bridge_points_of(training_class).order_by("-is_main", "pk")[:_SHOWN],
        "learners": queries.learners_of(training_class)[:_SHOWN],
        "history": queries.history_of(training_class),
        "sections": [
            ("sessions", _("Sessions")),
            ("bridge-points", _("Bridge points")),
            ("learners", _("Learners")),
            ("about", _("About this class")),
            ("history", _("What has happened")),
        ],
    }
