"""Who looked: when links were opened, and how often certificates were checked. Never who it was."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hocvu.people.models import SignedInRequest
from hocvu.ui.tables import Column, ListPage
from hocvu.verification.models import CheckCount
from hocvu.verification.queries.checks import checks_of
from hocvu.verification.rules.checks import Way
from hocvu.wallet.queries.holdings import certificates_ever_held_by
from hocvu.wallet.queries.openings import openings_of

_OPENINGS = (
    Column("minute", gettext_lazy("When"), order_by="minute"),
    Column(
        "purpose",
        gettext_lazy("What the link is for"),
        order_by="share__purpose",
        value=lambda row: row.share.purpose,
    ),
    Column(
        "way",
        gettext_lazy("What happened"),
        order_by="way",
        value=lambda row: row.get_way_display(),
    ),
    Column("count", gettext_lazy("Times"), order_by="count", numeric=True),
)


def openings(request: SignedInRequest) -> HttpResponse:
    page = ListPage.of(
        request,
        openings_of(request.user.person),
        columns=_OPENINGS,
        default_sort="-minute",
        title=_("When my links were opened"),
    )
    return page.answer("wallet/openings.html")


def checks(request: SignedInRequest) -> HttpResponse:
    page = ListPage.of(
        request,
        checks_of(certificates_ever_held_by(request.user.person)),
        columns=_CHECKS,
        default_sort="-checked_on",
        title=_("How often my certificates were checked"),
    )
    return page.answer("wallet/checks.html")


def _asked(row: CheckCount) -> str:
    if row.access_key is not None:
        return _("a program of %(organisation)s") % {"organisation": row.access_key.organisation}
    return {
        Way.PAGE: _("by its code"),
        Way.FILE: _("by its file"),
        Way.PROGRAM: _("by a program or a list"),
    }[Way(row.way)]


_CHECKS = (
    Column("checked_on", gettext_lazy("Day"), order_by="checked_on"),
    Column(
        "certificate",
        gettext_lazy("Certificate"),
        order_by="certificate__serial_number",
        value=lambda row: row.certificate.serial_number,
    ),
    Column("way", gettext_lazy("How it was checked"), order_by="way", value=_asked),
    Column("count", gettext_lazy("Times"), order_by="count", numeric=True),
)
