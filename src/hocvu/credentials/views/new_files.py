"""Files made anew: asked for by one, approved by another, made by a job."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hocvu.credentials import policies
from hocvu.credentials.actions.remaking import approve_new_files, ask_for_new_files
from hocvu.credentials.forms import NewFilesForm
from hocvu.credentials.models import RemakeOrder
from hocvu.credentials.queries.remade import issuers_of, orders_open_to, still_to_make
from hocvu.credentials.queries.waiting import waiting_for_order
from hocvu.people.models import SignedInRequest
from hocvu.ui.onwards import go_to
from hocvu.ui.tables import Column, ListPage


def _state(row: Any) -> str:
    if row.approved_at is None:
        return _("waits for approval")
    if row.ended_at is not None:
        return _("all files are made")
    if row.stop_detail:
        return _("has stopped")
    return _("waits for signatures") if row.is_waiting else _("files are being made")


_COLUMNS = (
    Column(
        "reason",
        gettext_lazy("Why the files are made anew"),
        href=lambda row: reverse("credentials:new_files_order", args=[row.pk]),
    ),
    Column("issuer", gettext_lazy("Issued by"), order_by="issuer__name",
           value=lambda row: row.issuer.name),
    Column("version", gettext_lazy("Template"), value=lambda row: row.template),
    Column("asked_at", gettext_lazy("Asked on"), order_by="asked_at"),
    Column("made", gettext_lazy("Files made"), order_by="made", numeric=True),
    Column("state", gettext_lazy("State"), value=_state),
)  # fmt: skip


def orders(request: SignedInRequest) -> HttpResponse:
    person = request.user.person
    page = ListPage.of(
        request,
        orders_open_to(person),
        columns=_COLUMNS,
        default_sort="-asked_at",
        title=_("Files made anew"),
    )
    return page.answer("credentials/new_files.html", {"may_ask": issuers_of(person).exists()})


def ask(request: SignedInRequest) -> HttpResponse:
    person = request.user.person
    form = NewFilesForm(request.POST or None, issuers=issuers_of(person))
    if request.method == "POST" and form.is_valid():
        made = ask_for_new_files(**form.cleaned_data, by=person, at=timezone.now())
        return go_to("credentials:new_files_order", made.pk)
    status = 422 if form.is_bound else 200
    return render(request, "credentials/ask_new_files.html", {"form": form}, status=status)


def order(request: SignedInRequest, order_id: int) -> HttpResponse:
    """One order: approved here by somebody else than who asked."""
    person = request.user.person
    shown = get_object_or_404(orders_open_to(person), pk=order_id)
    if request.method == "POST":
        approve_new_files(shown, by=person, at=timezone.now())
        return go_to("credentials:new_files_order", shown.pk)
    context = {
        "order": shown,
        "facts": _facts(shown),
        "state": _state(shown),
        "left": still_to_make(shown).count(),
        "waiting": waiting_for_order(shown.pk),
        "may_approve": shown.approved_at is None and policies.can_approve_new_files(person, shown),
    }
    return render(request, "credentials/new_files_order.html", context)


def _facts(shown: RemakeOrder) -> list[tuple[str, str]]:
    facts = [
        (_("Issued by"), shown.issuer.name),
        (_("Template"), shown.template),
        (_("Asked by"), shown.asked_by.full_name),
        (_("Approved by"), shown.approved_by.full_name if shown.approved_by else ""),
    ]
    return [each for each in facts if each[1]]
