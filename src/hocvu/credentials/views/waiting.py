"""Certificates that wait for a person's signature: fetched, signed elsewhere, handed in."""

from http import HTTPStatus
from typing import Any

from csp.decorators import csp_update
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from hocvu.credentials.actions.returning import (
    LARGEST_FILE,
    HandedIn,
    hand_in_files,
)
from hocvu.credentials.forms import SignedFilesForm
from hocvu.credentials.models import PreparedFile, RecognitionDecision
from hocvu.credentials.queries.errands import (
    PLUG_IN_ADDRESS,
    errand_to,
    request_to,
)
from hocvu.credentials.queries.waiting import (
    AT_A_TIME,
    decisions_waiting_for,
    files_of,
    waiting_files_of,
)
from hocvu.credentials.rules.bundles import BundleIsUnreadable, packed, unpacked
from hocvu.credentials.views.plug_in import as_sent
from hocvu.people.models import SignedInRequest
from hocvu.ui.onwards import go_to
from hocvu.ui.tables import Column, ListPage

_DECISIONS = (
    Column(
        "number",
        gettext_lazy("Decision"),
        order_by=("year", "number"),
        value=lambda row: row.number_and_symbol,
        href=lambda row: reverse("credentials:waiting", args=[row.pk]),
    ),
    Column(
        "signer", gettext_lazy("Who signs"), order_by="signer_name", value=lambda r: r.signer_name
    ),
    Column("class", gettext_lazy("Class"), order_by="class_name", value=lambda row: row.class_name),
    Column(
        "waiting",
        gettext_lazy("Waiting"),
        value=lambda row: row.prepared - row.signed,
        numeric=True,
    ),
    Column("signed", gettext_lazy("Signed and issued"), order_by="signed", numeric=True),
    Column("since", gettext_lazy("Prepared at"), order_by="since"),
)


def _address_of(row: Any) -> str:
    return reverse("credentials:unsigned", args=[row.entry.decision_id, row.pk])


_FILES = (
    Column(
        "full_name",
        gettext_lazy("Name"),
        order_by="entry__person__sort_key",
        value=lambda row: row.entry.full_name,
        href=_address_of,
    ),
    Column("position", gettext_lazy("Line"), order_by="entry__position", numeric=True,
           value=lambda row: row.entry.position),
    Column("serial_number", gettext_lazy("Serial number"), order_by="serial_number"),
    Column("state", gettext_lazy("State"), order_by="is_issued",
           value=lambda row: _("signed") if row.is_issued else _("waits for its signature")),
)  # fmt: skip


def decisions(request: SignedInRequest) -> HttpResponse:
    """Every decision with files to be signed by a person, within reach."""
    found = decisions_waiting_for(request.user.person)
    page = ListPage.of(
        request,
        found,
        columns=_DECISIONS,
        default_sort="-since",
        title=_("Certificates that wait for a signature"),
    )
    return page.answer("credentials/waiting_decisions.html")


@csp_update({"connect-src": [PLUG_IN_ADDRESS]})  # type: ignore[arg-type]
def waiting(request: SignedInRequest, decision_id: int) -> HttpResponse:
    """One decision's files: two ways to sign them, and what became of those handed in."""
    shown = _decision_or_404(request, decision_id)
    if request.method != "POST":
        return _page(request, shown, SignedFilesForm())
    form = SignedFilesForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, shown, form)
    outcomes = _handed_in(request, shown, form)
    if outcomes and all(each.certificate for each in outcomes):
        return go_to("credentials:waiting", shown.pk)
    return _page(request, shown, form, outcomes)


@require_safe
def unsigned_files(request: SignedInRequest, decision_id: int) -> HttpResponse:
    """The next files that wait, as one archive: what is signed meanwhile makes room for more."""
    shown = _decision_or_404(request, decision_id)
    files = waiting_files_of(shown).select_related("form", "entry")[:AT_A_TIME]
    named = [(f"{each.serial_number.replace('/', '-')}.pdf", each.file) for each in files]
    response = HttpResponse(packed(named), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="decision-{shown.pk}.zip"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def unsigned(request: SignedInRequest, decision_id: int, prepared_id: int) -> HttpResponse:
    """One file as it waits, to be looked at or signed."""
    shown = _decision_or_404(request, decision_id)
    found = files_of(shown).select_related("form")
    return as_sent(get_object_or_404(found, pk=prepared_id))


def _handed_in(
    request: SignedInRequest, shown: RecognitionDecision, form: SignedFilesForm
) -> list[HandedIn]:
    try:
        files = [
            each
            for upload in form.cleaned_data["signed"]
            for each in unpacked(
                upload.name or "", upload.read(), most=AT_A_TIME, largest=LARGEST_FILE
            )
        ]
    except BundleIsUnreadable as other:
        form.add_error("signed", _("%(name)s cannot be unpacked.") % {"name": other})
        return []
    if len(files) > AT_A_TIME:
        form.add_error("signed", _("At most 100 files at a time."))
        return []
    return hand_in_files(files, of=shown, by=request.user.person, at=timezone.now())


def _page(
    request: SignedInRequest,
    shown: RecognitionDecision,
    form: SignedFilesForm,
    outcomes: list[HandedIn] | None = None,
) -> HttpResponse:
    page = ListPage.of(
        request,
        files_of(shown),
        columns=_FILES,
        default_sort="position",
        title=_("Decision %(number)s: certificates to be signed")
        % {"number": shown.number_and_symbol},
    )
    left = waiting_files_of(shown)
    context = {
        "decision": shown,
        "form": form,
        "outcomes": outcomes or [],
        "left": left.count(),
        "at_a_time": AT_A_TIME,
        "address": f"{PLUG_IN_ADDRESS}/SignApproved",
        "requests": [_request(request, each) for each in left[:AT_A_TIME]],
    }
    response = page.answer("credentials/waiting.html", context)
    if form.is_bound:
        response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    return response


def _request(request: SignedInRequest, prepared: PreparedFile) -> dict[str, Any]:
    token = errand_to(prepared, request.user.person)
    address = request.build_absolute_uri(reverse("credentials:plug_in", args=[token]))
    return request_to(prepared, address=address, token=token)


def _decision_or_404(request: SignedInRequest, decision_id: int) -> RecognitionDecision:
    return get_object_or_404(decisions_waiting_for(request.user.person), pk=decision_id)
