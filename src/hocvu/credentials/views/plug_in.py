"""The signing plug-in's own door: one address for one file, which knows no session.

As the public-service plug-in works: it fetches the file from the address it is given, posts the
signed one as multipart form data to the address it is given for that, and reads a JSON answer.
"""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from hocvu.credentials.actions.returning import LARGEST_FILE, Entered, hand_in_file
from hocvu.credentials.models import RegisterCopy
from hocvu.credentials.queries.errands import Errand, errand_of
from hocvu.credentials.queries.waiting import Waiting
from hocvu.kernel.errors import Refused

_ROOM_FOR_THE_FORM = 64 * 1024
_TAKEN, _NOT_TAKEN = 0, 1  # what a plug-in reads in `Status`


@csrf_exempt  # the plug-in has no session: its address itself says who asked for what
@login_not_required
def plug_in(request: HttpRequest, token: str) -> HttpResponse:
    """Where a plug-in fetches the file it was sent for, and hands it in signed."""
    errand = errand_of(token)
    if request.method != "POST":
        if errand is None:
            raise Http404
        return as_sent(errand.prepared)
    if errand is None:
        return _answer(_NOT_TAKEN, _("This request is too old. Open the page again."))
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_FILE + _ROOM_FOR_THE_FORM:
        return _answer(_NOT_TAKEN, _("The file is too large."))
    return _from_plug_in(request, errand)


def _from_plug_in(request: HttpRequest, errand: Errand) -> HttpResponse:
    upload = next(iter(request.FILES.values()), None)
    content = upload.read() if upload and not isinstance(upload, list) else b""
    at = timezone.now()
    try:
        entered = hand_in_file(
            content, of=errand.decision, only=errand.prepared, by=errand.person, at=at
        )
    except Refused as refused:
        return _answer(_NOT_TAKEN, f"{refused.sentence} {refused.next_step}".strip())
    number, address = told_of(entered)
    return _answer(_TAKEN, "", number, request.build_absolute_uri(address))


def told_of(entered: Entered) -> tuple[str, str]:
    """The number of what was entered, and where it is shown."""
    if isinstance(entered, RegisterCopy):
        return entered.copy_number, reverse("credentials:copy_file", args=[entered.pk])
    return entered.serial_number, reverse("credentials:certificate", args=[entered.pk])


def _answer(status: int, message: str, number: str = "", address: str = "") -> JsonResponse:
    """In the plug-in's own words; it shows `Message` to whoever signed."""
    said = {
        "Status": status,
        "Message": message,
        "FileName": f"{number.replace('/', '-')}.pdf" if number else "",
        "FileServer": address,
        "DocumentNumber": number,
        "DocumentDate": "",
    }
    response = JsonResponse(said, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "no-store"
    return response


def as_sent(prepared: Waiting) -> HttpResponse:
    """The unsigned file, byte for byte."""
    response = HttpResponse(prepared.file, content_type="application/pdf")
    response["Content-Disposition"] = (
        f'inline; filename="{prepared.shown_number.replace("/", "-")}.pdf"'
    )
    response["Cache-Control"] = "private, no-store"
    return response
