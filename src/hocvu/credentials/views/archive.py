"""How long files can be proved, and the job that renews them."""

from datetime import datetime

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hocvu.credentials.actions.archiving import ask_for_renewal
from hocvu.credentials.queries.files import certificates_kept_open_to, keeping
from hocvu.credentials.rules.lasting import RENEWED_BEFORE_END
from hocvu.credentials.views.columns import OPENED_HOLDER, SERIAL_NUMBER
from hocvu.people.models import SignedInRequest
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission
from hocvu.ui.onwards import go_to
from hocvu.ui.tables import Column, ListPage

_COLUMNS = (
    OPENED_HOLDER,
    SERIAL_NUMBER,
    Column("protected_until", gettext_lazy("Can be proved until"), order_by="protected_until"),
    Column(
        "stamps",
        gettext_lazy("Archive time stamps"),
        order_by="stamps",
        value=lambda row: row.stamps or 0,
        numeric=True,
    ),
)


def archive(request: SignedInRequest) -> HttpResponse:
    """Until when each file can be proved; whoever issues may have the renewal run now."""
    person, at = request.user.person, timezone.now()
    if request.method == "POST":
        ask_for_renewal(by=person, at=at)
        return go_to("credentials:archive")
    page = ListPage.of(
        request,
        certificates_kept_open_to(person),
        columns=_COLUMNS,
        default_sort="protected_until",
        title=_("How long the files can be proved"),
    )
    return page.answer("credentials/archive.html", _context(request, at))


def _context(request: SignedInRequest, at: datetime) -> dict[str, object]:
    person = request.user.person
    return {
        "keeping": keeping(person, renewed_before=at + RENEWED_BEFORE_END),
        "may_renew": scope_of(person).may_anywhere(Permission.ISSUE_CERTIFICATES),
    }
