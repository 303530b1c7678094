"""Files handed in as answers: in from a device, out to those who may see the attempt."""

from http import HTTPStatus
from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hocvu.exams.actions.answering import KeptLate
from hocvu.exams.actions.files import hand_in_file
from hocvu.exams.forms.files import FileForm
from hocvu.exams.models import Attempt, HandedInFile
from hocvu.exams.queries.access import attempts_of, attempts_open_to
from hocvu.exams.queries.files import file_standing
from hocvu.exams.rules.delivery import late_reply_of, milliseconds_left, reply_of
from hocvu.people.models import Person, SignedInRequest
from hocvu.questions.actions import refuse_if_withheld


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def file(request: HttpRequest, pk: int, question_id: int) -> HttpResponseBase:
    """POST: a file from the device of its learner. GET: the one that stands, to keep."""
    person = cast(SignedInRequest, request).user.person
    if request.method == "POST":
        own = get_object_or_404(attempts_of(person).select_related(None), pk=pk)
        return _taken(request, own, question_id, person)
    seen = get_object_or_404(attempts_open_to(person), pk=pk)
    kept = get_object_or_404(file_standing(seen, question_id))
    if seen.person_id != person.pk:
        refuse_if_withheld(kept.question, person, timezone.now())
    return _given(kept)


def _taken(
    request: HttpRequest, attempt: Attempt, question_id: int, person: Person
) -> JsonResponse:
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        problem = {"status": HTTPStatus.BAD_REQUEST, "title": form.errors.as_text()}
        return JsonResponse(problem, status=HTTPStatus.BAD_REQUEST)
    at = timezone.now()
    told = hand_in_file(attempt, question_id, form.sent_file(), by=person, at=at)
    stands = told.question_id, told.chosen, told.sequence
    if isinstance(told, KeptLate):
        sentence = _(
            "This answer came after the end of the test. It is kept, and those who run the class "
            "decide whether it counts."
        )
        return JsonResponse(late_reply_of(*stands, sentence=sentence), status=HTTPStatus.ACCEPTED)
    left = milliseconds_left(attempt.must_end_at, at)
    return JsonResponse(reply_of(*stands, receipt=told.code, left=left))


def _given(kept: HandedInFile) -> HttpResponse:
    """Always to be saved, never shown: a file from outside must not act as a page of ours."""
    disposition = content_disposition_header(as_attachment=True, filename=kept.name)
    return HttpResponse(
        bytes(kept.content),
        content_type=kept.content_type,
        headers={"Content-Disposition": disposition or "attachment"},
    )
