"""Requests for corrections: a holder asks, a registrar corrects by a decision or says why not."""

from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hocvu.kernel.errors import Refused
from hocvu.kernel.vietnamese import nfc
from hocvu.people.models import SignedInRequest
from hocvu.ui.onwards import go_to
from hocvu.ui.tables import Column, ListPage
from hocvu.wallet.actions import answer_request, request_correction
from hocvu.wallet.forms import AnswerForm, RequestFilters, RequestForm
from hocvu.wallet.models import CorrectionRequest
from hocvu.wallet.queries.holdings import certificates_held_by
from hocvu.wallet.queries.requests import requests_open_to


def ask(request: SignedInRequest, certificate_id: int) -> HttpResponse:
    """What is wrong, what it should say, and which paper shows it."""
    person = request.user.person
    shown = get_object_or_404(certificates_held_by(person), pk=certificate_id)
    form = RequestForm(request.POST or None, initial={"client_id": uuid4()})
    if request.method == "POST" and form.is_valid():
        client_id, at = form.cleaned_data["client_id"], timezone.now()
        try:
            request_correction(shown, form.wish(), client_id=client_id, by=person, at=at)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return go_to("wallet:certificate", shown.pk)
    context = {"certificate": shown, "form": form}
    return render(request, "wallet/ask.html", context, status=422 if form.is_bound else 200)


def requests(request: SignedInRequest) -> HttpResponse:
    filters = RequestFilters(request.GET)
    found = requests_open_to(request.user.person)
    state = filters.cleaned_data["state"] if filters.is_valid() else ""
    if state:
        found = found.filter(settled_at__isnull=state == "open")
    page = ListPage.of(
        request,
        found,
        columns=_COLUMNS,
        default_sort="state",
        title=_("Requests for corrections"),
        filters=filters,
    )
    return page.answer("wallet/requests.html")


def answer(request: SignedInRequest, request_id: int) -> HttpResponse:
    """What the certificate says beside what the holder asks for; say why not, or correct it."""
    shown = get_object_or_404(requests_open_to(request.user.person), pk=request_id)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said, by = nfc(form.cleaned_data["answer"]), request.user.person
        answer_request(shown, said, by=by, at=timezone.now())
        return go_to("wallet:requests")
    context = {"request_shown": shown, "form": form, "facts": _facts(shown), "state": _state(shown)}
    return render(request, "wallet/answer.html", context, status=422 if form.is_bound else 200)


def _facts(shown: CorrectionRequest) -> list[tuple[str, object]]:
    holder = shown.certificate.holder
    return [
        (_("Full name"), holder.full_name),
        (_("Date of birth"), holder.birth_text or _("not known")),
        (_("Place of birth"), holder.birth_place or _("not known")),
        (_("Post"), holder.post_title or _("not known")),
        (_("Unit"), holder.unit_name),
        (_("Serial number"), shown.certificate.serial_number),
    ]


def _state(row: CorrectionRequest) -> str:
    if row.settled_at is None:
        return _("waits for an answer")
    return _("corrected") if row.new_edition_id else _("not corrected")


_COLUMNS = (
    Column(
        "name",
        gettext_lazy("Name"),
        order_by="certificate__entry__person__sort_key",
        value=lambda row: row.certificate.holder.full_name,
        href=lambda row: reverse("wallet:answer", args=[row.pk]),
    ),
    Column(
        "serial",
        gettext_lazy("Serial number"),
        order_by="certificate__serial_number",
        value=lambda row: row.certificate.serial_number,
    ),
    Column(
        "subject",
        gettext_lazy("What is wrong"),
        order_by="subject",
        value=lambda row: row.get_subject_display(),
    ),
    Column("asked_at", gettext_lazy("Asked on"), order_by="asked_at"),
    Column("state", gettext_lazy("State"), order_by=("settled_at", "asked_at"), value=_state),
)
