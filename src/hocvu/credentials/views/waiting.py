"""The files of a decision that wait for a signature: fetched, signed elsewhere, handed in."""

from http import HTTPStatus
from typing import Any

from csp.decorators import csp_update
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from hocvu.credentials.actions.returning import LARGEST_FILE, HandedIn, hand_in_files
from hocvu.credentials.forms import SignedFilesForm
from hocvu.credentials.queries.errands import PLUG_IN_ADDRESS, errand_to, request_to
from hocvu.credentials.queries.waiting import (
    AT_A_TIME,
    Waiting,
    anew_of,
    copies_of,
    decisions_waiting_for,
    files_of,
    left_to_sign,
    next_to_sign,
    piles_of,
    waiting_anew_of,
    waiting_copies_of,
)
from hocvu.credentials.rules.bundles import BundleIsUnreadable, packed, unpacked
from hocvu.credentials.rules.copies import last_day_to_copy
from hocvu.credentials.views.plug_in import as_sent, told_of
from hocvu.kernel.time import day_of
from hocvu.people.models import SignedInRequest
from hocvu.recognition.models import RecognitionDecision
from hocvu.recognition.policies import can_issue_for
from hocvu.ui.onwards import go_to
from hocvu.ui.tables import Column, ListPage


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
    if outcomes and all(each.entered for each in outcomes):
        return go_to("credentials:waiting", shown.pk)
    return _page(request, shown, form, outcomes)


@require_safe
def next_file(request: SignedInRequest, decision_id: int) -> HttpResponse:
    """What the plug-in is to be asked next, and how many files are left. Fresh for every file.

    `signer` is the key of who signs now: the files of others are left to them.
    """
    shown, signer = _decision_or_404(request, decision_id), request.GET.get("signer", "")
    next_one = next_to_sign(shown, most=1, signer=signer)
    found = next((_request(request, each) for each in next_one), None)
    response = JsonResponse({"left": left_to_sign(shown, signer=signer), "request": found})
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def unsigned_files(request: SignedInRequest, decision_id: int) -> HttpResponse:
    """The next files that wait, as one archive: what is signed meanwhile makes room for more."""
    shown = _decision_or_404(request, decision_id)
    files = next_to_sign(shown, most=AT_A_TIME, signer=request.GET.get("signer", ""))
    named = [(f"{each.shown_number.replace('/', '-')}.pdf", each.file) for each in files]
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


@require_safe
def unsigned_anew(request: SignedInRequest, decision_id: int, prepared_id: int) -> HttpResponse:
    """The same of a file set anew for a certificate that is issued."""
    shown = _decision_or_404(request, decision_id)
    found = anew_of(shown).select_related("form")
    return as_sent(get_object_or_404(found, pk=prepared_id))


@require_safe
def unsigned_copy(request: SignedInRequest, decision_id: int, prepared_id: int) -> HttpResponse:
    """The same of a copy from the register."""
    shown = _decision_or_404(request, decision_id)
    return as_sent(get_object_or_404(copies_of(shown), pk=prepared_id))


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
    title = _("Decision %(number)s: certificates to be signed")
    page = ListPage.of(
        request,
        files_of(shown),
        columns=_FILES,
        default_sort="position",
        title=title % {"number": shown.number_and_symbol},
    )
    told = [
        (each, *(told_of(each.entered) if each.entered else ("", ""))) for each in outcomes or []
    ]
    context = {**_signing(request, shown), "form": form, "outcomes": told}
    response = page.answer("credentials/waiting.html", context)
    if form.is_bound:
        response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    return response


def _signing(request: SignedInRequest, shown: RecognitionDecision) -> dict[str, Any]:
    """What is to be signed, and who may take some of it back."""
    person, host_unit = request.user.person, shown.training_class.host_unit
    copies = waiting_copies_of(shown)[:AT_A_TIME]
    return {
        "decision": shown,
        "left": left_to_sign(shown),
        "piles": piles_of(shown),
        "anew": waiting_anew_of(shown)[:AT_A_TIME],
        "copies": [
            (each, (due := last_day_to_copy(each.prepared_at)), due < day_of(timezone.now()))
            for each in copies
        ],
        "may_withdraw": can_issue_for(person, host_unit),
        "at_a_time": AT_A_TIME,
        "address": f"{PLUG_IN_ADDRESS}/SignApproved",
    }


def _request(request: SignedInRequest, prepared: Waiting) -> dict[str, Any]:
    token = errand_to(prepared, request.user.person)
    address = request.build_absolute_uri(reverse("credentials:plug_in", args=[token]))
    return request_to(prepared, address=address, token=token)


def _decision_or_404(request: SignedInRequest, decision_id: int) -> RecognitionDecision:
    return get_object_or_404(decisions_waiting_for(request.user.person), pk=decision_id)
