"""The chain an auditor checks, as pages."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hocvu.credentials.queries.certificates import certificates_open_to
from hocvu.inspection.queries.chain import chain_of_certificate, chain_of_decision
from hocvu.kernel.time import day_of
from hocvu.people.models import SignedInRequest
from hocvu.recognition.queries.decisions import decisions_open_to


def chain(request: SignedInRequest, decision_id: int) -> HttpResponse:
    """From the opening decision to the certificates, with what is missing."""
    decisions = decisions_open_to(request.user.person).select_related(
        "result_record__approved_by", "proposal__proposed_by", "issued_by"
    )
    shown = get_object_or_404(decisions, pk=decision_id)
    context = {
        "name": _("Decision %(number)s") % {"number": shown.number_and_symbol},
        "links": (links := chain_of_decision(shown, day_of(timezone.now()))),
        "missing": any(link.missing for link in links),
        "back": reverse("recognition:decision", args=[shown.pk]),
    }
    return render(request, "inspection/chain.html", context)


def certificate_chain(request: SignedInRequest, certificate_id: int) -> HttpResponse:
    """The same for one certificate."""
    certificates = certificates_open_to(request.user.person).select_related(
        "entry__decision__training_class", "entry__decision__result_record__approved_by",
        "entry__decision__proposal__proposed_by", "entry__decision__issued_by",
        "entry__result_line",
    )  # fmt: skip
    shown = get_object_or_404(certificates, pk=certificate_id)
    context = {
        "name": shown.serial_number,
        "links": (links := chain_of_certificate(shown, day_of(timezone.now()))),
        "missing": any(link.missing for link in links),
        "back": reverse("credentials:certificate", args=[shown.pk]),
    }
    return render(request, "inspection/chain.html", context)
