"""The ledger of e-mails, for whoever keeps the installation."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hocvu.kernel.errors import NotAllowed
from hocvu.notices.queries.ledger import late_count, ledger_days
from hocvu.people.models import SignedInRequest
from hocvu.portal.queries import deliveries_with_names, keeps_the_installation
from hocvu.ui.tables import Column, ListPage


def _state(delivery: Any) -> str:
    return _("failed") if delivery.failed_at else _("is tried again")


_COLUMNS = (
    Column(
        "recipient",
        gettext_lazy("Recipient"),
        order_by="recipient_key",
        value=lambda row: row.recipient_name,
        href=lambda row: reverse("people:person", args=[row.recipient_id]),
    ),
    Column(
        "trouble",
        gettext_lazy("What happened"),
        order_by="trouble",
        value=lambda row: row.get_trouble_display(),
    ),
    Column("state", gettext_lazy("State"), order_by=("failed_at", "due_at"), value=_state),
    Column("tries", gettext_lazy("Tries"), order_by="tries", numeric=True),
    Column("reply", gettext_lazy("The server's answer"), order_by="reply", on_phone=False),
    Column("made_at", gettext_lazy("Due"), order_by="made_at"),
)


def deliveries(request: SignedInRequest) -> HttpResponse:
    if not keeps_the_installation(request.user.person):
        raise NotAllowed(_("Only administrators of the whole installation look after its e-mails."))
    now = timezone.now()
    page = ListPage.of(
        request,
        deliveries_with_names(),
        columns=_COLUMNS,
        default_sort="-made_at",
        title=_("E-mails"),
    )
    context = {"days": ledger_days(now), "late": late_count(now)}
    return page.answer("portal/deliveries.html", context)
