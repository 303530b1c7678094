"""Public: is this certificate genuine? Nobody signs in; nobody learns whether a person exists."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from hocvu.verification.actions.allowances import spend
from hocvu.verification.forms import MOST_BYTES, ROOM_FOR_A_FORM, FileIsTooLarge, VerificationForm
from hocvu.verification.queries.files import check_file
from hocvu.verification.queries.found import find
from hocvu.verification.queries.trust import trust
from hocvu.verification.queries.verification import verify as verify_found
from hocvu.verification.rules.allowances import FILE
from hocvu.verification.rules.checks import Way, note
from hocvu.verification.rules.questions import code_meant
from hocvu.verification.views.public import cacheable, language_of, not_kept, purse, too_many
from hocvu.verification.views.rendering import page_of, page_of_file


@csrf_exempt  # it changes nothing, and knows nobody: there is nothing to forge
@login_not_required
def verify(request: HttpRequest) -> HttpResponse:
    """Type a code or give a file."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES + ROOM_FOR_A_FORM:
        raise FileIsTooLarge(
            _("The file is larger than 20 MB: it is not one of our certificates."),
            _("Please choose the certificate's own PDF file."),
        )
    if request.method != "POST":
        return _form(request, VerificationForm())
    form = VerificationForm(request.POST, request.FILES)
    if not form.is_valid():
        return _form(request, form)
    if form.cleaned_data["file"]:
        return _file(request, form)
    return redirect("verification:code", code=form.cleaned_data["code"] or "-")


@login_not_required
@require_safe
def code(request: HttpRequest, code: str) -> HttpResponse:
    """What the QR code on a certificate opens."""
    found = find(code_meant(code), purse(request))
    if found is None:
        return too_many(request)
    if found.certificate_id is not None:
        note(found.certificate_id, Way.PAGE)
    return cacheable(request, page_of(verify_found(found, trust()), language_of(request)))


def _file(request: HttpRequest, form: VerificationForm) -> HttpResponse:
    if not spend(purse(request), FILE):
        return too_many(request)
    with translation.override(language_of(request)):
        found = check_file(form.cleaned_data["file"].read())
    if found.certificate_id is not None:
        note(found.certificate_id, Way.FILE)
    return not_kept(page_of_file(found, language_of(request)), request)


def _form(request: HttpRequest, form: VerificationForm) -> HttpResponse:
    language = language_of(request)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    with translation.override(language):
        context = {"form": form, "language": language}
        body = render_to_string("verification/verify.html", context)
    response = HttpResponse(body, status=status)
    response["Cache-Control"] = "no-store" if form.is_bound else "private, no-cache"
    response["Content-Language"] = language
    return response
