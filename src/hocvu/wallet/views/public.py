"""What a shared link opens: no sign-in, nothing kept by caches, nothing told of who was there.

A link that is over, withdrawn or never was is answered in the same words and bytes, so nobody
learns whether there was one.
"""

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hocvu.credentials.models import Certificate
from hocvu.verification.actions import spend
from hocvu.verification.queries.words import verdict_sentence
from hocvu.verification.rules.allowances import FOUND, NOT_FOUND
from hocvu.verification.rules.verdicts import Verdict, Verification
from hocvu.verification.views.public import language_of, purse, too_many
from hocvu.wallet.actions import note_opening
from hocvu.wallet.models import Share, Way
from hocvu.wallet.queries.shares import Shown, share_behind, shown_by


@login_not_required
@require_safe
def share(request: HttpRequest, token: str) -> HttpResponse:
    """Each certificate of the link, as the register stands at this moment."""
    shared = share_behind(token, timezone.now())
    if not spend(purse(request), NOT_FOUND if shared is None else FOUND):
        return too_many(request)
    if shared is None:
        return _nothing(request)
    language = language_of(request)
    with translation.override(language):
        context = {
            "language": language,
            "token": token,
            "expires_at": shared.expires_at,
            "shown": [
                (each, _sentence(each), _facts(each.verification)) for each in shown_by(shared)
            ],
        }
        response = HttpResponse(render_to_string("wallet/open.html", context))
    _count(request, shared, Way.PAGE)
    return _private(response, request)


@login_not_required
@require_safe
def file(request: HttpRequest, token: str, position: int) -> HttpResponse:
    """The signed file of one certificate, if the holder shows it and it still counts."""
    shared = share_behind(token, timezone.now())
    if not spend(purse(request), NOT_FOUND if shared is None else FOUND):
        return too_many(request)
    found = [each for each in shown_by(shared) if each.position == position] if shared else []
    if shared is None or not any(each.has_file for each in found):
        return _nothing(request)
    certificate = Certificate.objects.select_related("form").get(pk=found[0].certificate_id)
    response = HttpResponse(certificate.file, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{certificate.serial_number}.pdf"'
    _count(request, shared, Way.FILE)
    return _private(response, request)


def _nothing(request: HttpRequest) -> HttpResponse:
    language = language_of(request)
    with translation.override(language):
        body = render_to_string("wallet/nothing.html", {"language": language})
    return _private(HttpResponse(body, status=HTTPStatus.NOT_FOUND), request)


def _private(response: HttpResponse, request: HttpRequest) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Content-Language"] = language_of(request)
    return response


def _count(request: HttpRequest, shared: Share, way: Way) -> None:
    """A holder who looks at their own link is not counted, nor is a mere question of a program."""
    user = request.user
    if request.method == "HEAD" or (user.is_authenticated and user.person_id == shared.holder_id):
        return
    note_opening(shared, way, at=timezone.now())


def _sentence(shown: Shown) -> str:
    """What the verdict means; the page names the holder beside it."""
    return verdict_sentence(shown.verification)


def _facts(verification: Verification) -> list[tuple[str, object]]:
    """The least that a stranger needs to compare the certificate with its holder."""
    facts = verification.facts
    if facts is None:
        return []
    said: list[tuple[str, object]] = [
        (_("Holder"), facts.full_name),
        (_("Programme"), facts.programme),
        (_("Issued by"), facts.issuer),
        (_("Serial number"), facts.serial_number),
        (_("Recognition decision"), facts.decision),
        (_("Date of issue"), facts.issued_on),
    ]
    if facts.changed_at is not None:
        is_revoked = verification.verdict is Verdict.REVOKED
        said.append((_("Revoked") if is_revoked else _("Corrected"), facts.changed_at))
    return said
