"""Public: is this certificate genuine? Nobody signs in; nobody learns whether a person exists."""

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from hocvu.credentials.forms import MOST_BYTES, VerificationForm
from hocvu.credentials.queries.verification import Verification, check_code, check_file
from hocvu.credentials.queries.words import steps_of, verdict_sentence
from hocvu.kernel.errors import NotPossible

# A person checks a handful; a script that tries codes is told to wait.
_CHECKS_A_MINUTE = 60
_ROOM_FOR_THE_FORM = 64 * 1024


class FileIsTooLarge(NotPossible):
    """Refused by its announced size, before a byte of it is read."""


@csrf_exempt  # only to look at the size first; the form itself is protected below
@login_not_required
def verify(request: HttpRequest) -> HttpResponse:
    """Type a code or give a file."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES + _ROOM_FOR_THE_FORM:
        raise FileIsTooLarge(
            _("The file is larger than 20 MB: it is not one of our certificates."),
            _("Please choose the certificate's own PDF file."),
        )
    return _verify(request)


@csrf_protect
def _verify(request: HttpRequest) -> HttpResponse:
    if _too_many(request):
        return render(request, "429.html", status=429)
    form = VerificationForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "credentials/verify.html", {"form": form}, status=status)
    if file := form.cleaned_data["file"]:
        return _answer(request, check_file(file.read()))
    return redirect("credentials:verify_code", code=form.cleaned_data["code"])


@login_not_required
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """What the QR code on a certificate opens."""
    if _too_many(request):
        return render(request, "429.html", status=429)
    return _answer(request, check_code(code))


def _answer(request: HttpRequest, verification: Verification) -> HttpResponse:
    context = {
        "verification": verification,
        "sentence": verdict_sentence(verification),
        "checked": steps_of(verification),
        "facts": _facts(verification),
    }
    response = render(request, "credentials/verdict.html", context)
    response["X-Robots-Tag"] = "noindex"
    response["Cache-Control"] = "private, no-store"
    return response


def _facts(verification: Verification) -> list[tuple[str, object]]:
    facts = verification.facts
    if facts is None:
        return []
    shown: list[tuple[str, object]] = [
        (_("Holder"), facts.full_name),
        (_("Programme"), facts.programme),
        (_("Issued by"), facts.issuer),
        (_("Serial number"), facts.serial_number),
        (_("Recognition decision"), facts.decision),
        (_("Date of issue"), facts.issued_on),
    ]
    if facts.revoked_at is not None:
        shown += [(_("Revoked"), facts.revoked_at), (_("Cause"), facts.revocation_reason)]
    return shown


def _too_many(request: HttpRequest) -> bool:
    key = f"verifications:{request.META.get('REMOTE_ADDR', '')}"
    if cache.add(key, 1, timeout=60):
        return False
    try:
        return cache.incr(key) > _CHECKS_A_MINUTE
    except ValueError:  # the minute ended between the two lines
        return False
