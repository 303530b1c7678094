"""What tests there are for me, and sitting down to one."""

from datetime import datetime
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from hocvu.exams.actions import hand_in_overdue, start_attempt
from hocvu.exams.actions.rooms import RoomIsNotEntered, TooManyRoomCodes
from hocvu.exams.forms.rooms import RoomCodeForm
from hocvu.exams.models import Sitting
from hocvu.exams.queries.access import sittings_open_to
from hocvu.exams.queries.learner import sitting_for, sittings_of
from hocvu.exams.queries.rooms import has_rooms
from hocvu.exams.queries.sheets import brings_in_sheets
from hocvu.exams.views.edge import address_of
from hocvu.papers.queries.papers import number_of_questions
from hocvu.people.models import Person
from hocvu.people.queries.signed_in import person_of
from hocvu.ui.onwards import go_to
from hocvu.ui.templatetags.figures import percent


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The tests of my classes, and how I did."""
    person = person_of(request)
    at = timezone.now()
    hand_in_overdue(at, person=person)
    context = {
        "sittings": sittings_of(person, at),
        "supervises": has_rooms(person),
        "brings_in_sheets": brings_in_sheets(person),
    }
    return render(request, "exams/mine.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sitting(request: HttpRequest, pk: int) -> HttpResponse:
    """What the test is and its rules; one button starts it or goes on with it."""
    person = person_of(request)
    at = timezone.now()
    chosen = get_object_or_404(sittings_open_to(person), pk=pk)
    if request.method == "POST":
        return _started(request, chosen, person, at)
    return _door(request, chosen, person, at, RoomCodeForm())


def _started(request: HttpRequest, chosen: Sitting, person: Person, at: datetime) -> HttpResponse:
    """On to the questions; a code of a room that does not open is said beside its field."""
    code, address = request.POST.get("room_code", ""), address_of(request)
    try:
        begun = start_attempt(chosen, by=person, at=at, room_code=code, address=address)
    except (RoomIsNotEntered, TooManyRoomCodes) as refused:
        form = RoomCodeForm(request.POST)
        form.add_error("room_code", f"{refused.sentence} {refused.next_step}")
        too_many = isinstance(refused, TooManyRoomCodes)
        status = HTTPStatus.TOO_MANY_REQUESTS if too_many else HTTPStatus.UNPROCESSABLE_ENTITY
        return _door(request, chosen, person, at, form, status=status)
    return go_to("exams:attempt", begun.pk)


def _door(
    request: HttpRequest,
    chosen: Sitting,
    person: Person,
    at: datetime,
    room_form: RoomCodeForm,
    *,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    hand_in_overdue(at, person=person)
    context = {
        "met": sitting_for(person, chosen, at),
        "questions": number_of_questions(chosen.paper_id),
        "required": percent(chosen.paper.required_share),
        "room_form": room_form,
    }
    return render(request, "exams/sitting.html", context, status=status)
