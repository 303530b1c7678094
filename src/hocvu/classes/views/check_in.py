"""A learner checks in on their own phone: by the code scanned, or by the six digits typed."""

from datetime import datetime
from typing import cast
from uuid import uuid4

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from hocvu.classes import actions, queries
from hocvu.classes.forms import CodeForm
from hocvu.courses.queries import titles_of
from hocvu.kernel.errors import Refused
from hocvu.people.models import SignedInRequest
from hocvu.ui.onwards import go_to

_READ_CODE = "code_read"  # in the session: the token, and when this browser first showed it to us


@require_http_methods(["GET", "HEAD", "POST"])
def check_in(request: HttpRequest) -> HttpResponse:
    person = cast("SignedInRequest", request).user.person
    form = CodeForm(request.POST or None)
    status = 200
    if form.is_valid():
        try:
            mark = actions.check_in(
                form.cleaned_data["code"],
                client_id=form.cleaned_data["client_id"],
                by=person,
                at=timezone.now(),
            )
        except Refused as refused:
            form.add_error("code", str(refused))
            status = 429 if isinstance(refused, actions.TooManyAttempts) else 422
        else:
            return go_to("classes:checked_in", mark.roll_id)
    elif form.errors:
        status = 422
    ahead = queries.class_sessions_ahead_of(person, timezone.now())
    return render(
        request, "classes/check_in.html", {"form": form, "ahead": ahead[:1]}, status=status
    )


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def scan(request: HttpRequest, token: str) -> HttpResponse:
    """The address in the QR code. It is remembered when it was read, then its owner signs in."""
    now = timezone.now()
    if request.method != "POST":
        _remember(request, token, now)
    if not request.user.is_authenticated:
        return redirect_to_login(request.path)
    person = cast("SignedInRequest", request).user.person
    read_at = _remembered(request, token) or now
    reading = queries.reading_of(token, read_at)
    roll = queries.own_roll(person, reading) if reading else None
    refused: Refused | None = None
    if request.method == "POST":
        form = CodeForm({**request.POST.dict(), "code": token})
        client_id = form.cleaned_data["client_id"] if form.is_valid() else uuid4()
        try:
            mark = actions.check_in(token, client_id=client_id, by=person, at=now, read_at=read_at)
        except Refused as said:
            refused = said
        else:
            return go_to("classes:checked_in", mark.roll_id)
    return render(
        request,
        "classes/scan.html",
        {
            "form": CodeForm(),
            "refused": refused,
            "roll": roll,
            "topics": titles_of(roll.session.topics) if roll else (),
        },
        status=422 if refused else 200,
    )


@require_safe
def checked_in(request: HttpRequest, roll_id: int) -> HttpResponse:
    person = cast("SignedInRequest", request).user.person
    mark = get_object_or_404(queries.own_marks(person), roll=roll_id)
    topics = titles_of(mark.roll.session.topics)
    return render(request, "classes/checked_in.html", {"mark": mark, "topics": topics})


def _remember(request: HttpRequest, token: str, now: datetime) -> None:
    """The first reading of a code that counts at this moment; a later one does not move it."""
    reading = queries.reading_of(token, now)
    if reading and reading.is_in_time and _remembered(request, token) is None:
        request.session[_READ_CODE] = [token, now.isoformat()]


def _remembered(request: HttpRequest, token: str) -> datetime | None:
    read, at = request.session.get(_READ_CODE, ["", ""])
    return datetime.fromisoformat(at) if read == token else None
