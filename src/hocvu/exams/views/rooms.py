"""Supervised rooms: arranging them, and the supervisor's board."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from hocvu.classes.queries import people_called
from hocvu.exams import actions, policies
from hocvu.exams.actions import NewRoom
from hocvu.exams.forms import OpenRoomForm, RoomForm
from hocvu.exams.models import ExamRoom, Sitting
from hocvu.exams.queries import rooms as queries
from hocvu.exams.queries.history import history_of
from hocvu.exams.queries.rooms import Showing
from hocvu.kernel.errors import NotPossible
from hocvu.kernel.ids import in_groups
from hocvu.kernel.time import day_of
from hocvu.people.models import Person
from hocvu.people.queries.signed_in import person_of
from hocvu.ui.languages import in_language
from hocvu.ui.onwards import go_to
from hocvu.ui.tables import Column, ListPage

_ROWS_SHOWN = 60
_CHOICES_SHOWN = 40

ROOM_COLUMNS = (
    Column(
        "name",
        gettext_lazy("Room"),
        order_by="name",
        href=lambda room: reverse("exams:room", args=[room.pk]),
    ),
    Column("code", gettext_lazy("Code"), value=lambda room: in_groups(room.code, 3)),
    Column(
        "supervisor",
        gettext_lazy("Supervisor"),
        order_by="supervisor__sort_key",
        value=lambda room: room.supervisor.full_name,
    ),
    Column("entered", gettext_lazy("Have come in"), order_by="entered", numeric=True),
    Column("writing", gettext_lazy("Are writing"), order_by="writing", numeric=True),
    Column("handed_in", gettext_lazy("Have handed in"), order_by="handed_in", numeric=True),
    Column(
        "state",
        gettext_lazy("State"),
        order_by="closed_at",
        value=lambda room: _("is closed") if room.closed_at else _("is open"),
    ),
)

OWN_ROOM_COLUMNS = (
    ROOM_COLUMNS[0],
    Column(
        "paper",
        gettext_lazy("Test"),
        value=lambda room: in_language(room.sitting.paper.title, room.sitting.paper.title_en),
    ),
    Column(
        "class",
        gettext_lazy("Class"),
        order_by="sitting__training_class__name",
        value=lambda room: room.sitting.training_class.name,
        on_phone=False,
    ),
    Column("opens_at", gettext_lazy("Opens at"), order_by="sitting__opens_at",
           value=lambda room: room.sitting.opens_at),
    *ROOM_COLUMNS[3:],
)  # fmt: skip


@require_safe
def my_rooms(request: HttpRequest) -> HttpResponse:
    """The rooms I supervise."""
    page = ListPage.of(
        request,
        queries.counted_rooms(queries.rooms_supervised_by(person_of(request))),
        columns=OWN_ROOM_COLUMNS,
        default_sort="-opens_at",
        title=_("Rooms I supervise"),
    )
    return page.answer("exams/my_rooms.html")


@require_safe
def rooms(request: HttpRequest, pk: int) -> HttpResponse:
    """The rooms of one sitting, for whoever runs the class."""
    person = person_of(request)
    sitting = get_object_or_404(queries.sittings_run_by(person), pk=pk)
    page = ListPage.of(
        request,
        queries.counted_rooms(queries.rooms_open_to(person).filter(sitting=sitting)),
        columns=ROOM_COLUMNS,
        default_sort="name",
        title=_("Rooms: %s") % in_language(sitting.paper.title, sitting.paper.title_en),
    )
    without = queries.bridge_points_without_a_room(sitting).count()
    return page.answer("exams/rooms.html", {"sitting": sitting, "without_a_room": without})


@require_http_methods(["GET", "HEAD", "POST"])
def open_rooms(request: HttpRequest, pk: int) -> HttpResponse:
    """A room at every bridge point that has none yet, after saying how many that are."""
    person = person_of(request)
    sitting = get_object_or_404(queries.sittings_run_by(person), pk=pk)
    if request.method == "POST":
        opened = actions.open_rooms_at_bridge_points(sitting, by=person, at=timezone.now())
        _say(request, ngettext("%(n)s room is open.", "%(n)s rooms are open.", len(opened)), opened)
        return go_to("exams:rooms", pk)
    points = queries.bridge_points_without_a_room(sitting)
    nobody = points.filter(coordinator=None, chair=None).count()
    context = {"sitting": sitting, "points": points.count(), "nobody": nobody}
    return render(request, "exams/open_rooms.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def open_room(request: HttpRequest, pk: int) -> HttpResponse:
    """One room: its name, who supervises it, which networks may enter."""
    person, at = person_of(request), timezone.now()
    sitting = get_object_or_404(queries.sittings_run_by(person), pk=pk)
    form = OpenRoomForm(sitting, **_typed(request))
    supervisors = _supervisors(request, sitting, person, at)
    if form.is_valid():
        point = form.cleaned_data["bridge_point"]
        room = NewRoom(
            form.cleaned_data["name"],
            _chosen(request, supervisors, person),
            point.pk if point else None,
            form.cleaned_data["networks"],
        )
        try:
            actions.open_rooms(sitting, [room], by=person, at=at)
        except NotPossible as refused:  # answered in the form: nothing typed is lost
            form.add_error(None, str(refused))
        else:
            return go_to("exams:rooms", pk)
    context = {"sitting": sitting, "form": form, "supervisors": supervisors}
    return _asked_again(request, "exams/open_room.html", context, form)


@require_http_methods(["GET", "HEAD", "POST"])
def change_room(request: HttpRequest, pk: int) -> HttpResponse:
    """Another supervisor, other networks."""
    person, at = person_of(request), timezone.now()
    room = get_object_or_404(queries.rooms_open_to(person), pk=pk)
    get_object_or_404(queries.sittings_run_by(person), pk=room.sitting_id)
    form = RoomForm(**_typed(request, {"networks": "\n".join(room.networks)}))
    supervisors = _supervisors(request, room.sitting, person, at, now=room.supervisor)
    if form.is_valid():
        chosen, networks = (
            _chosen(request, supervisors, room.supervisor),
            form.cleaned_data["networks"],
        )
        try:
            actions.change_room(room, supervisor_id=chosen, networks=networks, by=person, at=at)
        except NotPossible as refused:  # answered in the form: nothing typed is lost
            form.add_error(None, str(refused))
        else:
            return go_to("exams:room", pk)
    context = {"room": room, "form": form, "supervisors": supervisors}
    return _asked_again(request, "exams/change_room.html", context, form)


@never_cache
@require_safe
def room(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is in, who is heard, how far everybody is. The part #seats refreshes itself."""
    person, at = person_of(request), timezone.now()
    supervised = get_object_or_404(queries.rooms_open_to(person), pk=pk)
    actions.hand_in_overdue(at, sitting=supervised.sitting)
    people = queries.people_in(supervised)
    figures = queries.figures_of(people, at)
    showing = _showing(request, figures)
    shown = Paginator(queries.shown_people(people, showing, at), _ROWS_SHOWN)
    shown.count = figures.of(showing)
    page = shown.get_page(request.GET.get("page"))
    return render(
        request,
        "exams/room.html",
        {
            "room": supervised,
            "code": in_groups(supervised.code, 3),
            "figures": figures,
            "showing": showing,
            "filters": [(each, each.label, figures.of(each)) for each in Showing],
            "page": page,
            "seats": queries.seats_of(list(page.object_list), at),
            "asked": queries.asked_in(supervised),
            "can_run": policies.can_run_tests(person, supervised.sitting.training_class),
            "history": history_of(supervised),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def close_room(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks once, then closes."""
    person = person_of(request)
    supervised = get_object_or_404(queries.rooms_open_to(person), pk=pk)
    if request.method == "POST":
        actions.close_room(supervised, by=person, at=timezone.now())
        return go_to("exams:room", pk)
    figures = queries.figures_of(queries.people_in(supervised), timezone.now())
    return render(request, "exams/close_room.html", {"room": supervised, "figures": figures})


def _showing(request: HttpRequest, figures: queries.RoomFigures) -> Showing:
    """What was asked for, else whoever needs attention, else everybody."""
    asked = request.GET.get("show", "")
    if asked in set(Showing):
        return Showing(asked)
    return Showing.NEEDED if figures.silent else Showing.ALL


def _supervisors(
    request: HttpRequest,
    sitting: Sitting,
    person: Person,
    at: datetime,
    *,
    now: Person | None = None,
) -> list[Person]:
    """Who can be chosen: by name when one was typed, else people on duty in the class, and me."""
    text = request.POST.get("find", "")
    if text.strip():
        unit = sitting.training_class.host_unit
        posts = people_called(person, text, on=day_of(at), first=unit)[:_CHOICES_SHOWN]
        found = [post.person for post in posts]
    else:
        found = list(queries.people_on_duty(sitting)[:_CHOICES_SHOWN])
    first = [each for each in (now, person) if each]
    return list(dict.fromkeys([*first, *found]))


def _chosen(request: HttpRequest, supervisors: list[Person], otherwise: Person) -> int:
    asked = request.POST.get("supervisor", "")
    return next((each.pk for each in supervisors if str(each.pk) == asked), otherwise.pk)


def _typed(request: HttpRequest, initial: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What a form is made of: sent to be done, or sent only to look for a name, or not yet."""
    if request.method != "POST":
        return {"initial": initial}
    if request.POST.get("act") == "find":
        return {"initial": request.POST.dict()}
    return {"data": request.POST}


def _asked_again(
    request: HttpRequest, template: str, context: dict[str, Any], form: Any
) -> HttpResponse:
    chosen = request.POST.get("supervisor", "")
    context["chosen"] = int(chosen) if chosen.isdecimal() else 0
    return render(request, template, context, status=422 if form.errors else 200)


def _say(request: HttpRequest, sentence: str, rows: list[ExamRoom]) -> None:
    messages.success(request, sentence % {"n": len(rows)})
