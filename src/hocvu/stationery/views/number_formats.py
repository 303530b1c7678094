"""How an issuer writes its numbers: the ways that were set, and setting another."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hocvu.kernel.errors import Refused
from hocvu.kernel.time import day_of
from hocvu.people.models import SignedInRequest
from hocvu.stationery.actions.number_formats import set_number_format
from hocvu.stationery.forms import NumberFormatForm
from hocvu.stationery.models import NumberFormat
from hocvu.stationery.policies import must_issue_somewhere
from hocvu.stationery.queries.number_formats import (
    Examples,
    examples_of,
    formats_open_to,
    problems_of,
)
from hocvu.stationery.queries.templates import issuers_open_to
from hocvu.stationery.rules.numbering import PACKAGED_FORMATS
from hocvu.ui.onwards import go_to
from hocvu.ui.tables import Column, ListPage


def _examples(row: NumberFormat) -> Examples:
    return examples_of(row.formats, row.issuer.code, row.valid_from.year)


_COLUMNS = (
    Column(
        "issuer",
        gettext_lazy("Issuing unit"),
        order_by="issuer__sort_key",
        value=lambda row: row.issuer.name,
    ),
    Column("valid_from", gettext_lazy("For decisions from"), order_by="valid_from"),
    Column("serial", gettext_lazy("Serial number"), value=lambda row: _examples(row).serial),
    Column(
        "entry",
        gettext_lazy("Number in the root register"),
        value=lambda row: _examples(row).register_entry,
    ),
    Column(
        "copy",
        gettext_lazy("Number in the register of copies"),
        value=lambda row: _examples(row).register_copy,
    ),
    Column(
        "set_by",
        gettext_lazy("Introduced by"),
        order_by="set_by__sort_key",
        value=lambda row: row.set_by.full_name,
    ),
    Column("set_at", gettext_lazy("Introduced"), order_by="set_at"),
)


def number_formats(request: SignedInRequest) -> HttpResponse:
    """Every way of writing numbers that was set, the newest first."""
    person = request.user.person
    page = ListPage.of(
        request,
        formats_open_to(person).select_related("issuer", "set_by"),
        columns=_COLUMNS,
        default_sort="-valid_from",
        title=_("How numbers are written"),
    )
    context = {"may_set": issuers_open_to(person).exists()}
    return page.answer("stationery/number_formats.html", context)


def set_format(request: SignedInRequest) -> HttpResponse:
    """Write a format, look at its numbers, set it for decisions from a day to come."""
    person, today = request.user.person, day_of(timezone.now())
    must_issue_somewhere(person)
    issuers = issuers_open_to(person)
    form = NumberFormatForm(request.POST or None, issuers=issuers, initial=_suggestion(today))
    is_tried = request.POST.get("act") == "try"
    if request.method == "POST" and form.is_valid() and not is_tried:
        try:
            set_number_format(
                form.cleaned_data["issuer"],
                form.formats(),
                valid_from=form.cleaned_data["valid_from"],
                by=person,
                at=timezone.now(),
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return go_to("stationery:number_formats")
    context = {"form": form, **_tried(form), "home": reverse("stationery:number_formats")}
    status = 422 if form.is_bound and not is_tried else 200
    return render(request, "stationery/number_format.html", context, status=status)


def _suggestion(today: date) -> dict[str, object]:
    """Books begin with the year, and so do ways of writing their numbers."""
    return {"valid_from": date(today.year + 1, 1, 1), **vars(PACKAGED_FORMATS)}


def _tried(form: NumberFormatForm) -> dict[str, object]:
    """The numbers that what was typed would give, or why it cannot be used."""
    if not form.is_bound:
        code = form.first_issuer.code if form.first_issuer else ""
        return {"examples": examples_of(PACKAGED_FORMATS, code, form.initial["valid_from"].year)}
    if not form.is_valid():
        return {}
    issuer, formats = form.cleaned_data["issuer"], form.formats()
    if problems := problems_of(formats, issuer):
        return {"problems": problems.values()}
    year = form.cleaned_data["valid_from"].year
    return {"examples": examples_of(formats, issuer.code, year)}
