"""The root register, one certificate, its file, its revocation."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hocvu.credentials import policies
from hocvu.credentials.forms import RegisterFilters
from hocvu.credentials.models import Certificate
from hocvu.credentials.queries.certificates import (
    certificates_of,
    certificates_open_to,
    editions_of,
)
from hocvu.credentials.queries.changes import questions_about, questions_open_to
from hocvu.credentials.queries.files import newest_file
from hocvu.credentials.rules.addresses import VERIFICATION_PATH
from hocvu.credentials.views.columns import ENTERED, OPENED_HOLDER, SERIAL_NUMBER
from hocvu.kernel.ids import in_groups
from hocvu.kernel.vietnamese import fold
from hocvu.people.models import SignedInRequest
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission
from hocvu.stationery.queries.templates import issuers_open_to
from hocvu.ui.tables import Column, ListPage

_COLUMNS = (
    OPENED_HOLDER,
    SERIAL_NUMBER,
    Column(
        "register_number",
        gettext_lazy("Register entry"),
        order_by=("register_year", "register_number"),
        value=lambda row: row.register_entry_number,
    ),
    *ENTERED,
)


def register(request: SignedInRequest) -> HttpResponse:
    filters = RegisterFilters(request.GET)
    found = certificates_open_to(request.user.person)
    if filters.is_valid():
        found = found.filter(
            entry__person__search_key__contains=fold(filters.cleaned_data["q"]),
            serial_number__icontains=filters.cleaned_data["serial"],
        )
    page = ListPage.of(
        request,
        found,
        columns=_COLUMNS,
        default_sort="-register_number",
        title=_("Root register"),
        filters=filters,
    )
    person = request.user.person
    context = {
        "questions": questions_open_to(person).filter(settled_at=None).count(),
        "may_set_numbers": issuers_open_to(person).exists(),
        "approves": scope_of(person).may_anywhere(Permission.APPROVE_DECISIONS),
    }
    return page.answer("credentials/register.html", context)


def certificate(request: SignedInRequest, certificate_id: int) -> HttpResponse:
    shown = _certificate_or_404(request, certificate_id)
    decision = shown.entry.decision
    facts = [
        (_("Programme"), decision.programme_name),
        (_("Unit when issued"), shown.holder.unit_name),
        (_("Recognition decision"), decision.number_and_symbol),
        (_("Serial number"), shown.serial_number),
        (_("Register entry"), shown.register_entry_number),
        (_("Issued by"), shown.issuer.name),
        (_("Verification code"), in_groups(shown.verification_code)),
    ]
    context = {
        "certificate": shown,
        "facts": facts,
        "can_revoke": policies.can_revoke(request.user.person, shown),
        "sees_register": certificates_open_to(request.user.person).filter(pk=shown.pk).exists(),
        "events": shown.register_entries.order_by("leaf_index"),
        "editions": editions_of(shown),
        "questions": questions_about(shown),
        "verify_url": VERIFICATION_PATH.format(code=shown.verification_code),
    }
    return render(request, "credentials/certificate.html", context)


def file(request: SignedInRequest, certificate_id: int) -> HttpResponse:
    """The signed file, with the archive time stamps that were added behind it."""
    shown = _certificate_or_404(request, certificate_id)
    response = HttpResponse(newest_file(shown), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{shown.serial_number}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


def _certificate_or_404(request: SignedInRequest, certificate_id: int) -> Certificate:
    """A certificate of one's own, or one within a registrar's reach."""
    person = request.user.person
    for found in (certificates_of(person), certificates_open_to(person)):
        if (shown := found.filter(pk=certificate_id).first()) is not None:
            return shown
    raise Http404
