"""The root register as a book, and copies from it."""

from uuid import uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hocvu.credentials.actions import issue_copy
from hocvu.credentials.actions.copies import give_up_copy
from hocvu.credentials.forms import CopyForm, GiveUpForm
from hocvu.credentials.policies import can_revoke
from hocvu.credentials.queries.book import (
    book_pdf,
    books_open_to,
    copies_not_issued,
    copies_open_to,
    signer_of_last,
    volumes_up_to,
)
from hocvu.credentials.queries.certificates import certificates_open_to
from hocvu.credentials.rules.copies import last_day_to_copy
from hocvu.kernel.errors import Refused
from hocvu.kernel.time import day_of
from hocvu.people.models import SignedInRequest
from hocvu.ui.onwards import go_to
from hocvu.ui.tables import Column, ListPage
from hocvu.units.models import Unit

_MOST_UNSIGNED = 100
_COLUMNS = (
    Column(
        "copy_number",
        gettext_lazy("Number of the copy"),
        order_by=("year", "number"),
        href=lambda row: reverse("credentials:copy_file", args=[row.pk]),
    ),
    Column(
        "name",
        gettext_lazy("Name"),
        value=lambda row: row.certificate.holder.full_name,
    ),
    Column(
        "serial",
        gettext_lazy("Serial number"),
        order_by="certificate__serial_number",
        value=lambda row: row.certificate.serial_number,
    ),
    Column("recipient", gettext_lazy("Who asked for the copy"), order_by="recipient"),
    Column("purpose", gettext_lazy("Purpose"), value=lambda row: row.purpose),
    Column("issued_at", gettext_lazy("Issued"), order_by="issued_at"),
    Column(
        "issued_by",
        gettext_lazy("Issued by whom"),
        order_by="issued_by__sort_key",
        value=lambda row: row.issued_by.full_name,
    ),
)


def book(request: SignedInRequest) -> HttpResponse:
    """Which volumes can be printed and bound."""
    found = [
        {**each, "volumes": range(1, volumes_up_to(each["last"]) + 1)}
        for each in books_open_to(request.user.person)
    ]
    return render(request, "credentials/book.html", {"books": found})


def volume(request: SignedInRequest, unit_id: int, year: int, number: int) -> HttpResponse:
    """One volume as a PDF file."""
    books = books_open_to(request.user.person).filter(issuer=unit_id, register_year=year)
    found = books.first()
    if found is None or not 1 <= number <= volumes_up_to(found["last"]):
        raise Http404
    pdf = book_pdf(Unit.objects.get(pk=unit_id), year, number, at=timezone.now())
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="so-goc-{year}-{number:02d}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


def copies(request: SignedInRequest) -> HttpResponse:
    """The book of copies."""
    page = ListPage.of(
        request,
        copies_open_to(request.user.person),
        columns=_COLUMNS,
        default_sort="-copy_number",
        title=_("Copies from the root register"),
    )
    person, today = request.user.person, day_of(timezone.now())
    unsigned = [
        (
            each,
            (due := last_day_to_copy(each.prepared_at)),
            due < today,
            can_revoke(person, each.certificate),
        )
        for each in copies_not_issued(person)[:_MOST_UNSIGNED]
    ]
    return page.answer("credentials/copies.html", {"unsigned": unsigned})


def copy(request: SignedInRequest, certificate_id: int) -> HttpResponse:
    """Issue a copy of what the register says about a certificate."""
    reached = certificates_open_to(request.user.person).select_related(
        "entry__decision__training_class__host_unit"
    )
    shown = get_object_or_404(reached, pk=certificate_id)
    form = CopyForm(request.POST or None, initial={"client_id": uuid4(), **signer_of_last(shown)})
    if request.method == "POST" and form.is_valid():
        try:
            made = issue_copy(
                shown,
                form.asked(),
                client_id=form.cleaned_data["client_id"],
                by=request.user.person,
                at=timezone.now(),
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            if made is None:
                return go_to("credentials:waiting", shown.entry.decision_id)
            return go_to("credentials:copies")
    context = {"certificate": shown, "form": form}
    return render(request, "credentials/copy.html", context, status=422 if form.is_bound else 200)


def give_up_copy_unsigned(request: SignedInRequest, prepared_id: int) -> HttpResponse:
    """Give up a copy that waits for its signature; the book keeps the reason."""
    reached = copies_not_issued(request.user.person).filter(given_up_at=None)
    shown = get_object_or_404(reached, pk=prepared_id)
    form = GiveUpForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        give_up_copy(shown, reason=reason, by=request.user.person, at=timezone.now())
        return go_to("credentials:copies")
    context = {"copy": shown, "form": form, "due": last_day_to_copy(shown.prepared_at)}
    status = 422 if form.is_bound else 200
    return render(request, "credentials/give_up_copy.html", context, status=status)


def copy_file(request: SignedInRequest, copy_id: int) -> HttpResponse:
    """The signed copy, byte for byte."""
    shown = get_object_or_404(copies_open_to(request.user.person), pk=copy_id)
    response = HttpResponse(bytes(shown.file), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="copy-{shown.pk}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
