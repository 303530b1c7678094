"""What became of certificates: told to holders and their agencies, and published for everybody."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hocvu.credentials.forms import ChangeFilters
from hocvu.credentials.queries.changes import changes_told_to, published_changes, ruling_of
from hocvu.people.models import SignedInRequest
from hocvu.ui.tables import Column, ListPage

_EVENT_COLUMNS = (
    Column("at", gettext_lazy("Entered"), order_by=("at", "leaf_index")),
    Column(
        "event", gettext_lazy("What happened"), order_by="event",
        value=lambda row: row.get_event_display(),
    ),
    Column("decision", gettext_lazy("Decision"), value=lambda row: ruling_of(row).decision),
    Column("decided_on", gettext_lazy("Of"), value=lambda row: ruling_of(row).decided_on or ""),
    Column("cause", gettext_lazy("Cause"), value=lambda row: ruling_of(row).cause),
)  # fmt: skip
_SERIAL = Column(
    "serial",
    gettext_lazy("Serial number"),
    order_by="certificate__serial_number",
    value=lambda row: row.certificate.serial_number,
)
_PUBLISHED_COLUMNS = (
    _SERIAL,
    Column(
        "issuer",
        gettext_lazy("Issued by"),
        order_by="certificate__issuer__sort_key",
        value=lambda row: row.certificate.issuer.name,
    ),
    *_EVENT_COLUMNS,
)
_TOLD_COLUMNS = (
    Column("name", gettext_lazy("Name"), value=lambda row: row.certificate.holder.full_name),
    _SERIAL,
    *_EVENT_COLUMNS,
)


def told(request: SignedInRequest) -> HttpResponse:
    """What a holder and a holder's agency are told."""
    page = ListPage.of(
        request,
        changes_told_to(request.user.person),
        columns=_TOLD_COLUMNS,
        default_sort="-at",
        title=_("Corrections and revocations that concern you or your unit"),
    )
    return page.answer("credentials/told.html")


@login_not_required
def published(request: HttpRequest) -> HttpResponse:
    """Everybody may read which certificates were corrected or revoked, and by which decision."""
    filters = ChangeFilters(request.GET)
    found = published_changes()
    if filters.is_valid():
        found = found.filter(certificate__serial_number__icontains=filters.cleaned_data["serial"])
    page = ListPage.of(
        request,
        found,
        columns=_PUBLISHED_COLUMNS,
        default_sort="-at",
        title=_("Corrected and revoked certificates"),
        filters=filters,
    )
    return page.answer("credentials/published.html")
