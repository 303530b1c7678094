"""A holder's certificates: what each says, how it stands, its file, its code, its credential."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hocvu.credentials.models import Certificate
from hocvu.credentials.rules.addresses import verification_address
from hocvu.kernel.ids import in_groups
from hocvu.people.models import SignedInRequest
from hocvu.ui.onwards import go_to
from hocvu.wallet.actions import sign_credential
from hocvu.wallet.models import PortableCredential
from hocvu.wallet.queries.holdings import certificates_held_by, earlier_editions_of
from hocvu.wallet.queries.looks import looks_at
from hocvu.wallet.queries.requests import requests_about
from hocvu.wallet.views.codes import qr_of

# RFC 7515 and W3C Securing Verifiable Credentials using JOSE and COSE, §6.2; VCDM 2.0, §C.1
_KINDS = {"jwt": ("token", "application/vc+jwt"), "json": ("document", "application/vc")}


def mine(request: SignedInRequest) -> HttpResponse:
    context = {"certificates": certificates_held_by(request.user.person)}
    return render(request, "wallet/mine.html", context)


def certificate(request: SignedInRequest, certificate_id: int) -> HttpResponse:
    shown = _own_or_404(request, certificate_id)
    address = verification_address(settings.SITE_ADDRESS, shown.verification_code)
    context = {
        "certificate": shown,
        "facts": _facts(shown),
        "verify_url": address,
        "qr": qr_of(address),
        "events": shown.register_entries.order_by("leaf_index"),
        "earlier": earlier_editions_of(shown),
        "requests": requests_about(shown),
        "looks": looks_at(shown),
        "credential": PortableCredential.objects.filter(certificate=shown).first(),
    }
    return render(request, "wallet/certificate.html", context)


@require_POST
def sign(request: SignedInRequest, certificate_id: int) -> HttpResponse:
    """Have the credential signed; the page then leads to it."""
    shown = _own_or_404(request, certificate_id)
    sign_credential(shown, by=request.user.person, at=timezone.now())
    response = go_to("wallet:certificate", shown.pk)
    response["Location"] += "#wallets"
    return response


def credential(request: SignedInRequest, certificate_id: int, kind: str) -> HttpResponse:
    """The credential as it was signed, byte for byte."""
    shown = _own_or_404(request, certificate_id)
    if kind not in _KINDS:
        raise Http404
    field, content_type = _KINDS[kind]
    signed = get_object_or_404(PortableCredential, certificate=shown)
    response = HttpResponse(getattr(signed, field), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{shown.serial_number}.{kind}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _facts(shown: Certificate) -> list[tuple[str, object]]:
    decision, holder = shown.entry.decision, shown.holder
    return [
        (_("Full name"), holder.full_name),
        (_("Date of birth"), holder.birth_text or _("not known")),
        (_("Unit"), holder.unit_name),
        (_("Programme"), decision.programme_name),
        (_("Issued by"), shown.issuer.name),
        (_("Recognition decision"), decision.number_and_symbol),
        (_("Serial number"), shown.serial_number),
        (_("Register entry"), shown.register_entry_number),
        (_("Verification code"), in_groups(shown.verification_code)),
    ]


def _own_or_404(request: SignedInRequest, certificate_id: int) -> Certificate:
    own = certificates_held_by(request.user.person).select_related(
        "entry__decision__training_class__programme"
    )
    found: Certificate = get_object_or_404(own, pk=certificate_id)
    return found
