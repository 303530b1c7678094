"""Decisions with files that wait for a person's signature."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hocvu.credentials.queries.waiting import decisions_waiting_for
from hocvu.people.models import SignedInRequest
from hocvu.ui.tables import Column, ListPage

_COLUMNS = (
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
        value=lambda row: row.prepared - row.signed + row.anew + row.copies,
        numeric=True,
    ),
    Column("signed", gettext_lazy("Signed and issued"), order_by="signed", numeric=True),
    Column("since", gettext_lazy("Prepared at"), order_by="since"),
)


def decisions(request: SignedInRequest) -> HttpResponse:
    """Every decision with files to be signed by a person, within reach."""
    found = decisions_waiting_for(request.user.person)
    page = ListPage.of(
        request,
        found,
        columns=_COLUMNS,
        default_sort="-since",
        title=_("Certificates that wait for a signature"),
    )
    return page.answer("credentials/waiting_decisions.html")
