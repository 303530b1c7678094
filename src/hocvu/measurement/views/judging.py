"""A judge's seat: one question at a time, in two rounds."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from hocvu.measurement.actions import rate_question
from hocvu.measurement.forms.panels import RatingForm
from hocvu.measurement.models import PanelJudge
from hocvu.measurement.queries.panel_pages import ballot
from hocvu.measurement.queries.panels import rated_positions, seats_open_to
from hocvu.people.queries.signed_in import person_of
from hocvu.questions.actions import refuse_if_withheld
from hocvu.ui.onwards import go_to


@never_cache
@require_safe
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    """On to the first question I have not rated in this round."""
    seat = get_object_or_404(seats_open_to(person_of(request)), panel=pk)
    return _onwards(seat, after=0)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: HttpRequest, pk: int, position: int) -> HttpResponse:
    """Say what share of people just at the level would be right."""
    person = person_of(request)
    seat = get_object_or_404(seats_open_to(person), panel=pk)
    questions = seat.panel.panel_questions.select_related("question", "panel")
    question = get_object_or_404(questions, position=position)
    refuse_if_withheld(question.question, person, timezone.now())
    form = RatingForm(request.POST or None)
    if form.is_valid():
        rate_question(question, **form.cleaned_data, by=person, at=timezone.now())
        return _onwards(seat, after=position)
    if seat.panel.closed_at is not None:
        return go_to("measurement:panel", pk)
    page = ballot(seat, question)
    if not form.is_bound:
        form = RatingForm(initial={"percent": page.percent, "panel_round": seat.panel.round})
    context = {"page": page, "panel": seat.panel, "form": form}
    status = 422 if form.errors else 200
    return render(request, "measurement/rate.html", context, status=status)


def _onwards(seat: PanelJudge, *, after: int) -> HttpResponse:
    """The next question that is not rated, round the corner if need be; else the panel."""
    rated = rated_positions(seat)
    positions = seat.panel.panel_questions.values_list("position", flat=True)
    left = [each for each in positions if each not in rated]
    if not left or seat.panel.closed_at is not None:
        return go_to("measurement:panel", seat.panel_id)
    following = next((each for each in left if each > after), left[0])
    address = reverse("measurement:rate", args=[seat.panel_id, following])
    return HttpResponseRedirect(address, status=303)
