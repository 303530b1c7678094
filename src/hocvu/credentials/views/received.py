"""Certificates of the people of one's own units, whoever ran their class."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hocvu.credentials.forms import ReceivedFilters
from hocvu.credentials.queries.changes import certificates_received_by
from hocvu.credentials.views.register import state_of
from hocvu.kernel.vietnamese import fold
from hocvu.people.models import SignedInRequest
from hocvu.ui.tables import Column, ListPage

_COLUMNS = (
    Column(
        "full_name",
        gettext_lazy("Name"),
        order_by="entry__person__sort_key",
        value=lambda row: row.holder.full_name,
    ),
    Column("serial_number", gettext_lazy("Serial number"), order_by="serial_number"),
    Column(
        "unit",
        gettext_lazy("Unit"),
        order_by="entry__unit_name",
        value=lambda row: row.holder.unit_name,
    ),
    Column(
        "programme",
        gettext_lazy("Programme"),
        order_by="entry__decision__programme_name",
        value=lambda row: row.entry.decision.programme_name,
        on_phone=False,
    ),
    Column(
        "decision",
        gettext_lazy("Decision"),
        order_by="entry__decision__number",
        value=lambda row: row.entry.decision.number_and_symbol,
    ),
    Column("issued_at", gettext_lazy("Entered"), order_by="issued_at"),
    Column("state", gettext_lazy("State"), value=state_of),
)


def received(request: SignedInRequest) -> HttpResponse:
    filters = ReceivedFilters(request.GET)
    found = certificates_received_by(request.user.person)
    if filters.is_valid():
        found = found.filter(entry__person__search_key__contains=fold(filters.cleaned_data["q"]))
        if (number := filters.cleaned_data["decision"]) is not None:
            found = found.filter(entry__decision__number=number)
    page = ListPage.of(
        request,
        found,
        columns=_COLUMNS,
        default_sort="-issued_at",
        title=_("Certificates of our people"),
        filters=filters,
    )
    return page.answer("credentials/received.html")
