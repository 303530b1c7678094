"""Certificates of the people of one's own units, whoever ran their class."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hocvu.credentials.forms import ReceivedFilters
from hocvu.credentials.queries.changes import certificates_received_by
from hocvu.credentials.views.columns import ENTERED, HOLDER, SERIAL_NUMBER
from hocvu.kernel.vietnamese import fold
from hocvu.people.models import SignedInRequest
from hocvu.ui.tables import Column, ListPage

_COLUMNS = (
    HOLDER,
    SERIAL_NUMBER,
    Column(
        "unit",
        gettext_lazy("Unit"),
        order_by="entry__unit_name",
        value=lambda row: row.holder.unit_name,
    ),
    *ENTERED,
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
