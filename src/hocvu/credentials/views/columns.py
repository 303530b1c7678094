"""Columns that lists of certificates share."""

from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hocvu.ui.tables import Column


def _state(row: Any) -> str:
    """How a certificate stands, in a word."""
    if row.is_revoked:
        return _("revoked")
    return _("corrected") if row.is_corrected else _("in force")


HOLDER = Column(
    "full_name",
    gettext_lazy("Name"),
    order_by="entry__person__sort_key",
    value=lambda row: row.holder.full_name,
)
OPENED_HOLDER = replace(HOLDER, href=lambda row: reverse("credentials:certificate", args=[row.pk]))
SERIAL_NUMBER = Column("serial_number", gettext_lazy("Serial number"), order_by="serial_number")
ENTERED = (
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
    Column("state", gettext_lazy("State"), value=_state),
)  # what was decided, when it was entered, and how it stands now
