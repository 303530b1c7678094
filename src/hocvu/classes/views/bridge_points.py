"""Bridge points of a class and the people on duty there."""

from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from hocvu.classes import actions, policies, queries
from hocvu.classes.forms import PointFilters, SearchForm
from hocvu.classes.models import BridgePoint
from hocvu.classes.views.edge import chosen_id, today
from hocvu.people.models import SignedInRequest
from hocvu.people.rules.access import Permission
from hocvu.ui.onwards import go_to
from hocvu.ui.tables import Column, ListPage
from hocvu.units.models import COMMUNAL_KINDS, Unit

_CHOICES_SHOWN = 60

DUTIES = {
    "chair": _("Chair"),
    "coordinator": _("Coordinator"),
    "technical_contact": _("Technical contact"),
}


def _name_of(duty: str) -> Callable[[BridgePoint], str]:
    def read(point: BridgePoint) -> str:
        person = getattr(point, duty)
        return person.full_name if person else ""

    return read


COLUMNS = (
    Column(
        "name",
        _("Bridge point"),
        order_by="unit__sort_key",
        href=lambda row: reverse("classes:bridge_point", args=[row.pk]),
    ),
    Column("chair", _("Chair"), order_by="chair__sort_key", value=_name_of("chair")),
    Column(
        "coordinator",
        _("Coordinator"),
        order_by="coordinator__sort_key",
        value=_name_of("coordinator"),
    ),
    Column(
        "technical_contact",
        _("Technical contact"),
        value=_name_of("technical_contact"),
        on_phone=False,
    ),
    Column("learner_count", _("Learners"), order_by="learner_count", numeric=True),
    Column("closed_count", _("Rolls closed"), order_by="closed_count", numeric=True),
)


@require_safe
def bridge_point_list(request: HttpRequest, class_id: int) -> HttpResponse:
    person = cast("SignedInRequest", request).user.person
    training_class = get_object_or_404(queries.classes_open_to(person), pk=class_id)
    filters = PointFilters(request.GET)
    points = queries.filtered_points(
        queries.bridge_points_of(training_class), request.GET.get("q", "")
    )
    page = ListPage.of(
        request,
        points,
        columns=COLUMNS,
        default_sort="name",
        title=_("Bridge points"),
        filters=filters,
    )
    return page.answer(
        "classes/bridge_point_list.html",
        {"training_class": training_class, "can_run": policies.can_run(person, training_class)},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, class_id: int) -> HttpResponse:
    """One unit, or with `below` every commune, ward and special zone at or below it."""
    person = cast("SignedInRequest", request).user.person
    training_class = get_object_or_404(queries.classes_run_by(person), pk=class_id)
    form = SearchForm(request.GET)
    found = queries.units_to_choose(person, Permission.RUN_CLASSES, request.GET.get("q", ""))
    if request.method == "POST":
        chosen = get_object_or_404(found, pk=chosen_id(request, "unit"))
        units = Unit.objects.filter(pk=chosen.pk)
        if request.POST.get("below"):
            units = Unit.objects.under(chosen.path).communal().filter(closed_on=None)
        added = actions.add_bridge_points(training_class, units, by=person, at=timezone.now())
        messages.success(
            request,
            ngettext("%(n)s bridge point was added.", "%(n)s bridge points were added.", added)
            % {"n": added},
        )
        return go_to("classes:bridge_points", class_id)
    if not request.GET.get("q"):
        found = found.exclude(kind__in=COMMUNAL_KINDS)
    return render(
        request,
        "classes/add_bridge_points.html",
        {"training_class": training_class, "form": form, "units": found[:_CHOICES_SHOWN]},
    )


@require_safe
def bridge_point(request: HttpRequest, point_id: int) -> HttpResponse:
    person = cast("SignedInRequest", request).user.person
    point = get_object_or_404(queries.bridge_points_open_to(person), pk=point_id)
    rolls = point.rolls.select_related("session__topic").order_by("session__number")
    return render(
        request,
        "classes/bridge_point.html",
        {
            "point": point,
            "can_run": policies.can_run(person, point.training_class),
            "sees_class": queries.classes_open_to(person)
            .filter(pk=point.training_class_id)
            .exists(),
            "duties": [(duty, label, getattr(point, duty)) for duty, label in DUTIES.items()],
            "rolls": rolls,
            "learner_count": point.enrolments.filter(withdrawn_at=None).count(),
            "history": queries.history_of(point, *rolls),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def appoint(request: HttpRequest, point_id: int, duty: str) -> HttpResponse:
    person = cast("SignedInRequest", request).user.person
    point = get_object_or_404(queries.bridge_points_open_to(person), pk=point_id)
    get_object_or_404(queries.classes_run_by(person), pk=point.training_class_id)
    if duty not in DUTIES:
        raise Http404
    text = request.GET.get("q", "")
    found = queries.people_called(person, text, on=today(), first=point.unit)
    if request.method == "POST":
        named = get_object_or_404(found, person=chosen_id(request, "person")).person
        actions.appoint(point, **{duty: named}, by=person, at=timezone.now())
        messages.success(request, _("%(person)s is named.") % {"person": named.full_name})
        return go_to("classes:bridge_point", point_id)
    return render(
        request,
        "classes/appoint.html",
        {
            "point": point,
            "duty": DUTIES[duty],
            "form": SearchForm(request.GET),
            "posts": found[:_CHOICES_SHOWN],
        },
    )
