"""What a registrar does to a certificate by a decision: revoking, reinstating, correcting it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from hocvu.credentials import policies
from hocvu.credentials.actions import correct_certificate, reinstate_certificate, revoke_certificate
from hocvu.credentials.actions.preparing_anew import withdraw_edition
from hocvu.credentials.forms import CorrectionForm, ReinstatementForm, RulingForm
from hocvu.credentials.models import Certificate
from hocvu.credentials.queries.certificates import certificates_open_to
from hocvu.credentials.queries.office import may_sign_later_files
from hocvu.credentials.queries.waiting import waiting_edition_of
from hocvu.kernel.errors import Refused
from hocvu.kernel.time import day_of
from hocvu.people.models import SignedInRequest
from hocvu.ui.onwards import go_to


def revoke(request: SignedInRequest, certificate_id: int) -> HttpResponse:
    shown = _certificate_or_404(request, certificate_id)
    form = RulingForm(request.POST or None, on=day_of(timezone.now()))
    if request.method == "POST" and form.is_valid():
        revoke_certificate(shown, ruling=form.ruling(), by=request.user.person, at=timezone.now())
        return go_to("credentials:certificate", shown.pk)
    context = {"certificate": shown, "form": form}
    return render(request, "credentials/revoke.html", context, status=422 if form.is_bound else 200)


def reinstate(request: SignedInRequest, certificate_id: int) -> HttpResponse:
    shown = _certificate_or_404(request, certificate_id)
    form = ReinstatementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reinstate_certificate(
            shown,
            ruling_number=form.cleaned_data["decision_number"],
            reason=form.cleaned_data["reason"],
            by=request.user.person,
            at=timezone.now(),
        )
        return go_to("credentials:certificate", shown.pk)
    context = {"certificate": shown, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "credentials/reinstate.html", context, status=status)


def correct(request: SignedInRequest, certificate_id: int) -> HttpResponse:
    """A new edition by a decision; signed at once, or waiting for whoever signs it elsewhere."""
    shown = _certificate_or_404(request, certificate_id)
    today = day_of(timezone.now())
    signers = may_sign_later_files(shown.entry.decision, at=timezone.now())
    says = vars(shown.holder)
    form = CorrectionForm(request.POST or None, on=today, initial=says, signers=signers)
    if request.method == "POST" and form.is_valid():
        try:
            return _corrected(request, shown, form)
        except Refused as refused:
            form.add_error(None, str(refused))
    may_correct = policies.can_revoke(request.user.person, shown)
    waiting = waiting_edition_of(shown) if may_correct else None
    context = {"certificate": shown, "form": form, "waiting": waiting}
    status = 422 if form.is_bound else 200
    return render(request, "credentials/correct.html", context, status=status)


def withdraw_correction(request: SignedInRequest, certificate_id: int) -> HttpResponse:
    """Take back the corrected edition that waits for its signature."""
    shown = _certificate_or_404(request, certificate_id)
    if request.method == "POST":
        withdraw_edition(shown, by=request.user.person, at=timezone.now())
    return go_to("credentials:correct", shown.pk)


def _corrected(request: SignedInRequest, shown: Certificate, form: CorrectionForm) -> HttpResponse:
    person, now = request.user.person, timezone.now()
    edition = correct_certificate(
        shown, form.says(), ruling=form.ruling(), signer=form.signer_name, by=person, at=now
    )
    if edition is None:
        return go_to("credentials:waiting", shown.entry.decision_id)
    return go_to("credentials:certificate", edition.pk)


def _certificate_or_404(request: SignedInRequest, certificate_id: int) -> Certificate:
    reached = certificates_open_to(request.user.person).select_related(
        "entry__decision__training_class__host_unit", "entry__enrolment"
    )
    return get_object_or_404(reached, pk=certificate_id)
