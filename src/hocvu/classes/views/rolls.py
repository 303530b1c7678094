"""The roll call: sessions to look after, the roll, its code on a screen, its end."""

from typing import cast
from uuid import uuid4

import segno
from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from hocvu.classes import actions, policies, queries
from hocvu.classes.forms import CloseRollForm, MarkForm, SheetForm, TapForm
from hocvu.classes.models import MarkMethod, Presence, RollMark
from hocvu.classes.queries import Attention
from hocvu.classes.views.edge import today
from hocvu.courses.queries import titles_of
from hocvu.kernel.errors import NotAllowed
from hocvu.people.models import SignedInRequest
from hocvu.ui.onwards import go_to
from hocvu.ui.templatetags.figures import clock

_ROWS_SHOWN = 60


@require_safe
def duties(request: HttpRequest) -> HttpResponse:
    """What a coordinator has to look after, in order of time."""
    person = cast("SignedInRequest", request).user.person
    now = timezone.now()
    rolls = list(queries.duties_of(person).filter(session__training_class__closed_at=None))
    ahead = [roll for roll in rolls if roll.closed_at is None]
    return render(
        request,
        "classes/duties.html",
        {"ahead": ahead, "over": [r for r in rolls if r.closed_at][::-1], "now": now},
    )


@require_safe
def session_board(request: HttpRequest, session_id: int) -> HttpResponse:
    person = cast("SignedInRequest", request).user.person
    session = get_object_or_404(queries.sessions_open_to(person), pk=session_id)
    now = timezone.now()
    asked = request.GET.get("show", "")
    figures = queries.figures_of(session, now)
    if asked in Attention.values:
        shown = Attention(asked)
    else:
        shown = Attention.NEEDED if figures.needed else Attention.ALL
    rolls = queries.rolls_to_show(session, shown, now)
    counts = {
        Attention.NEEDED: figures.needed,
        Attention.OPEN: figures.opened - figures.closed,
        Attention.CLOSED: figures.closed,
        Attention.ALL: figures.points,
    }
    paginator = Paginator(rolls, _ROWS_SHOWN)
    paginator.count = counts[shown]
    return render(
        request,
        "classes/session_board.html",
        {
            "session": session,
            "can_change": not figures.opened and policies.can_change(person, session),
            "topics": titles_of(session.topics),
            "figures": figures,
            "shown": shown,
            "filters": [(kind, kind.label, counts[kind]) for kind in Attention],
            "page": paginator.get_page(request.GET.get("page")),
            "now": now,
        },
    )


@require_safe
def roll(request: HttpRequest, roll_id: int) -> HttpResponse:
    person = cast("SignedInRequest", request).user.person
    called = get_object_or_404(queries.rolls_open_to(person), pk=roll_id)
    rows = queries.rows_of(called)
    is_open = called.opened_at is not None and called.closed_at is None
    can_take = policies.can_take_roll(person, called)
    return render(
        request,
        "classes/roll.html",
        {
            "roll": called,
            "session": called.session,
            "topics": titles_of(called.session.topics),
            "rows": rows,
            "present": sum(1 for row in rows if row.presence == Presence.PRESENT),
            "marked": sum(1 for row in rows if row.presence),
            "last_mark": queries.last_mark_in(rows),
            "is_open": is_open,
            "can_take": can_take,
            "can_mark": can_take and is_open,
            "can_show": policies.can_show_code(person, called),
            "can_run": policies.can_run(person, called.session.training_class),
            "history": queries.history_of(called),
        },
    )


@require_POST
def open_roll(request: HttpRequest, roll_id: int) -> HttpResponse:
    person = cast("SignedInRequest", request).user.person
    called = get_object_or_404(queries.rolls_open_to(person), pk=roll_id)
    actions.open_roll(called, by=person, at=timezone.now())
    return go_to("classes:roll", roll_id)


@require_POST
def mark(request: HttpRequest, roll_id: int) -> HttpResponse:
    """One tap: `present=<enrolment>` from a plain form, or all three fields from the script."""
    person = cast("SignedInRequest", request).user.person
    called = get_object_or_404(queries.rolls_open_to(person), pk=roll_id)
    tapped = request.POST.get("present")
    form = TapForm(
        {"enrolment": tapped, "presence": Presence.PRESENT, "client_id": uuid4()}
        if tapped
        else request.POST
    )
    if not form.is_valid():
        return JsonResponse({}, status=400)
    made = actions.mark_presence(
        called,
        form.cleaned_data["enrolment"],
        Presence(form.cleaned_data["presence"]),
        method=MarkMethod.TAP,
        client_id=form.cleaned_data["client_id"],
        by=person,
        at=timezone.now(),
    )
    if request.accepts("text/html"):
        return HttpResponse(
            status=303,
            headers={"Location": f"{reverse('classes:roll', args=[roll_id])}#e{made.enrolment_id}"},
        )
    return JsonResponse(_told(made))


@require_safe
def marks(request: HttpRequest, roll_id: int) -> HttpResponse:
    """What changed on the roll since the mark this page knows: other phones, scanned codes."""
    person = cast("SignedInRequest", request).user.person
    called = get_object_or_404(queries.rolls_open_to(person), pk=roll_id)
    since = request.GET.get("since", "")
    made = list(queries.marks_since(called, int(since) if since.isdecimal() else 0))
    return JsonResponse(
        {
            "marks": [_told(each) for each in made],
            "present": queries.present_at(called),
            "is_open": called.opened_at is not None and called.closed_at is None,
        }
    )


@require_http_methods(["GET", "HEAD", "POST"])
def learner(request: HttpRequest, roll_id: int, enrolment_id: int) -> HttpResponse:
    """Any mark for one learner, with a reason; the marks made before stay in sight."""
    person = cast("SignedInRequest", request).user.person
    called = get_object_or_404(queries.rolls_open_to(person), pk=roll_id)
    enrolment = get_object_or_404(
        queries.enrolments_open_to(person),
        pk=enrolment_id,
        bridge_point=called.bridge_point_id,
    )
    form = MarkForm(request.POST or None)
    if form.is_valid():
        try:
            actions.mark_presence(
                called,
                enrolment_id,
                Presence(form.cleaned_data["presence"]),
                method=MarkMethod.TAP,
                client_id=form.cleaned_data["client_id"],
                reason=form.cleaned_data["reason"],
                by=person,
                at=timezone.now(),
            )
        except actions.ReasonIsMissing as missing:
            form.add_error("reason", str(missing))
        else:
            return HttpResponse(
                status=303,
                headers={"Location": f"{reverse('classes:roll', args=[roll_id])}#e{enrolment_id}"},
            )
    return render(
        request,
        "classes/mark.html",
        {
            "roll": called,
            "enrolment": enrolment,
            "form": form,
            "marks": queries.marks_of(called, enrolment),
            "can_take": policies.can_take_roll(person, called),
        },
        status=422 if form.errors else 200,
    )


@require_safe
def code(request: HttpRequest, roll_id: int) -> HttpResponse:
    """The screen in the room: digits and a QR code that is an address."""
    person = cast("SignedInRequest", request).user.person
    called = get_object_or_404(queries.rolls_open_to(person), pk=roll_id)
    if not policies.can_show_code(person, called):
        raise NotAllowed(
            _("Only the people on duty at this bridge point may show its code."),
            _("Please ask the coordinator of the bridge point."),
        )
    shown = queries.code_for(called, timezone.now())
    address = settings.SITE_ADDRESS + reverse("classes:scan", args=[shown.token])
    page = "classes/code.html#code" if request.headers.get("HX-Request") else "classes/code.html"
    return render(
        request,
        page,
        {
            "roll": called,
            "typed": shown.typed,
            "qr": _qr(address),
            "site": settings.SITE_ADDRESS.partition("//")[2],
            "present": queries.present_at(called),
            "expected": queries.expected_at(called),
            "is_open": called.opened_at is not None and called.closed_at is None,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, roll_id: int) -> HttpResponse:
    person = cast("SignedInRequest", request).user.person
    called = get_object_or_404(queries.rolls_open_to(person), pk=roll_id)
    form = CloseRollForm(request.POST or None)
    if form.is_valid():
        try:
            actions.close_roll(
                called,
                head_count=form.cleaned_data["head_count"],
                note=form.cleaned_data["note"],
                by=person,
                at=timezone.now(),
            )
        except actions.DifferenceUnexplained as unexplained:
            form.add_error("note", str(unexplained))
        else:
            return go_to("classes:roll", roll_id)
    return render(
        request,
        "classes/close_roll.html",
        {
            "roll": called,
            "form": form,
            "present": queries.present_at(called),
            "expected": queries.expected_at(called),
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest, roll_id: int) -> HttpResponse:
    """The signed paper sheet of this bridge point, entered at once."""
    person = cast("SignedInRequest", request).user.person
    called = get_object_or_404(queries.rolls_open_to(person), pk=roll_id)
    if not policies.can_take_roll(person, called):
        raise NotAllowed(
            _("Only whoever runs the class or is on duty at the point may enter its sheet."),
            _("Please ask one of them."),
        )
    form = SheetForm(queries.rows_to_enter(called), request.POST or None)
    if form.is_valid():
        try:
            actions.enter_sheet(
                called,
                form.presences,
                head_count=form.cleaned_data["head_count"],
                note=form.cleaned_data["note"],
                by=person,
                at=timezone.now(),
            )
        except actions.DifferenceUnexplained:
            form.add_error("note", _difference(form))
        else:
            return go_to("classes:roll", roll_id)
    return render(
        request,
        "classes/sheet.html",
        {
            "roll": called,
            "form": form,
            "topics": titles_of(called.session.topics),
            "is_ahead": today() < called.session.held_on,
        },
        status=422 if form.errors else 200,
    )


def _difference(form: SheetForm) -> str:
    names = sum(presence == Presence.PRESENT for presence in form.presences.values())
    return _("%(heads)s heads were counted, but %(names)s names are marked present.") % {
        "heads": form.cleaned_data["head_count"],
        "names": names,
    }


def _told(made: RollMark) -> dict[str, object]:
    return {
        "mark": made.pk,
        "enrolment": made.enrolment_id,
        "presence": made.presence,
        "words": str(Presence(made.presence).label),
        "clock": clock(made.marked_at),
        "reason": made.reason,
    }


def _qr(address: str) -> str:
    drawn: str = segno.make(address, error="m", micro=False).svg_inline(
        border=3, omitsize=True, svgclass="qr", lineclass=None, dark="#000", light="#fff"
    )
    return mark_safe(drawn)  # noqa: S308 — drawn by segno from an address of our own
