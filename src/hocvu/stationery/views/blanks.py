"""The register of blanks: books, single sheets, the journal of everything that happened."""

from typing import Any, cast

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hocvu.kernel.errors import NotPossible
from hocvu.kernel.time import day_of
from hocvu.people.models import Person, SignedInRequest
from hocvu.stationery import policies
from hocvu.stationery.actions.blanks import (
    Delivery,
    destroy_blanks,
    lose_blank,
    receive_blanks,
    spoil_blank,
    take_back,
)
from hocvu.stationery.forms import (
    BlankFilters,
    BookFilters,
    DestroyForm,
    EntryFilters,
    ReceiveForm,
    SpoilForm,
)
from hocvu.stationery.models import Blank, BlankBook, BlankState, Kind
from hocvu.stationery.queries.blanks import (
    balance_of,
    blanks_open_to,
    books_open_to,
    entries_open_to,
)
from hocvu.stationery.queries.histories import history_of_blank
from hocvu.stationery.queries.templates import issuers_open_to
from hocvu.ui.tables import Column, ListPage

_SEE_OTHER = 303


def _counted(state: BlankState) -> Column:
    key = f"{state}_count"
    return Column(
        str(state),
        state.label,
        order_by=key,
        value=lambda book: getattr(book, key),
        numeric=True,
    )


BOOK_COLUMNS = (
    Column(
        "serials",
        gettext_lazy("Serials"),
        order_by=("series", "first_number"),
        value=str,
        href=lambda book: reverse("stationery:book", args=[book.pk]),
    ),
    Column(
        "issuer",
        gettext_lazy("Issuing unit"),
        order_by="issuer__sort_key",
        value=lambda book: book.issuer.name,
    ),
    Column(
        "kind",
        gettext_lazy("Blanks for"),
        order_by="kind",
        value=lambda book: str(book.get_kind_display()),
        on_phone=False,
    ),
    Column("received_on", gettext_lazy("Received on"), order_by="received_on"),
    Column("received_from", gettext_lazy("Received from"), on_phone=False),
    Column("document_number", gettext_lazy("Delivery note"), on_phone=False),
    Column(
        "received",
        gettext_lazy("Received"),
        order_by="received_count",
        value=lambda book: book.received_count,
        numeric=True,
    ),
    *(_counted(state) for state in BlankState),
)
BLANK_COLUMNS = (
    Column(
        "number",
        gettext_lazy("Blank"),
        order_by="number",
        value=lambda blank: blank.book.serial_of(blank.number),
        href=lambda blank: reverse("stationery:blank", args=[blank.pk]),
    ),
    Column(
        "state",
        gettext_lazy("State"),
        order_by="state",
        value=lambda blank: str(blank.get_state_display()),
    ),
    Column("serial_number", gettext_lazy("Certificate"), order_by="serial_number"),
)
ENTRY_COLUMNS = (
    Column(
        "blank",
        gettext_lazy("Blank"),
        order_by=("blank__series", "blank__number"),
        value=lambda entry: entry.blank.book.serial_of(entry.blank.number),
        href=lambda entry: reverse("stationery:blank", args=[entry.blank_id]),
    ),
    Column("at", gettext_lazy("When"), order_by="at"),
    Column(
        "after",
        gettext_lazy("What became of it"),
        order_by="after",
        value=lambda entry: (
            _("correction: left") if entry.is_correction else str(entry.get_after_display())
        ),
    ),
    Column("serial_number", gettext_lazy("Certificate"), order_by="serial_number"),
    Column("reason", gettext_lazy("Reason")),
    Column("minutes_number", gettext_lazy("Number of the minutes"), on_phone=False),
    Column("by", gettext_lazy("Entered by"), value=lambda entry: entry.by.full_name),
    Column(
        "issuer",
        gettext_lazy("Issuing unit"),
        order_by="blank__issuer__sort_key",
        value=lambda entry: entry.blank.book.issuer.name,
        on_phone=False,
    ),
)


@require_safe
def book_list(request: HttpRequest) -> HttpResponse:
    """Deliveries of blanks and what has become of them."""
    person = cast(SignedInRequest, request).user.person
    filters = BookFilters(request.GET)
    books = filters.narrow(books_open_to(person))
    page = ListPage.of(
        request,
        books,
        columns=BOOK_COLUMNS,
        default_sort="-received_on",
        title=_("Register of blanks"),
        filters=filters,
    )
    may_receive = issuers_open_to(person).exists()
    return page.answer(
        "stationery/book_list.html", {"balance": balance_of(books), "may_receive": may_receive}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def receive(request: HttpRequest) -> HttpResponse:
    """Enter a delivery."""
    person = cast(SignedInRequest, request).user.person
    policies.must_issue_somewhere(person)
    at = timezone.now()
    form = ReceiveForm(
        request.POST or None,
        issuers=issuers_open_to(person),
        initial={"received_on": day_of(at)},
    )
    if form.is_valid():
        try:
            made = receive_blanks(
                form.cleaned_data["issuer"], _delivery(form.cleaned_data), by=person, at=at
            )
        except NotPossible as refused:  # answered in the form: nothing typed is lost
            form.add_error(None, str(refused))
        else:
            return _to("stationery:book", made.pk)
    status = 422 if form.errors else 200
    return render(request, "stationery/receive.html", {"form": form}, status=status)


@require_safe
def book(request: HttpRequest, pk: int) -> HttpResponse:
    """One delivery, sheet by sheet."""
    person = cast(SignedInRequest, request).user.person
    found = get_object_or_404(books_open_to(person), pk=pk)
    filters = BlankFilters(request.GET)
    page = _sheets(request, person, found, filters)
    return page.answer("stationery/book.html", _about(person, found))


@require_POST
def destroy(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter that the spoiled sheets of a book were destroyed."""
    person = cast(SignedInRequest, request).user.person
    found = get_object_or_404(books_open_to(person), pk=pk)
    form = DestroyForm(request.POST)
    if form.is_valid():
        destroy_blanks(found, by=person, at=timezone.now(), **form.cleaned_data)
        return _to("stationery:book", found.pk)
    page = _sheets(request, person, found, BlankFilters(request.GET))
    response = page.answer("stationery/book.html", _about(person, found) | {"form": form})
    response.status_code = 422
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def blank(request: HttpRequest, pk: int) -> HttpResponse:
    """One sheet: what happened to it, and entering what happened now."""
    person = cast(SignedInRequest, request).user.person
    found = get_object_or_404(blanks_open_to(person), pk=pk)
    form = SpoilForm(request.POST or None)
    if form.is_valid():
        _enter(found, form.cleaned_data, person)
        return _to("stationery:blank", found.pk)
    context = {
        "blank": found,
        "serial": found.book.serial_of(found.number),
        "form": form,
        "may_enter": found.state != BlankState.DESTROYED
        and policies.can_keep_blanks_of(person, found.book.issuer),
        "facts": _facts(found),
        "history_entries": history_of_blank(found),
    }
    return render(request, "stationery/blank.html", context, status=422 if form.errors else 200)


@require_safe
def journal(request: HttpRequest) -> HttpResponse:
    """Everything that happened to blanks, entry by entry."""
    person = cast(SignedInRequest, request).user.person
    filters = EntryFilters(request.GET)
    page = ListPage.of(
        request,
        filters.narrow(entries_open_to(person)),
        columns=ENTRY_COLUMNS,
        default_sort="-at",
        title=_("Journal of blanks"),
        filters=filters,
    )
    return page.answer("stationery/journal.html")


def _sheets(
    request: HttpRequest, person: Person, found: BlankBook, filters: BlankFilters
) -> ListPage:
    return ListPage.of(
        request,
        _narrowed(blanks_open_to(person).filter(book=found), filters),
        columns=BLANK_COLUMNS,
        default_sort="number",
        title=_("Blanks %s") % found,
        filters=filters,
    )


def _narrowed(blanks: QuerySet[Blank], filters: BlankFilters) -> QuerySet[Blank]:
    if not filters.is_valid():
        return blanks
    if filters.cleaned_data["state"]:
        blanks = blanks.filter(state=filters.cleaned_data["state"])
    return blanks.filter(serial_number__icontains=filters.cleaned_data["serial"])


def _about(person: Person, found: BlankBook) -> dict[str, Any]:
    return {
        "book": found,
        "balance": balance_of(BlankBook.objects.filter(pk=found.pk)),
        "form": DestroyForm(),
        "may_enter": policies.can_keep_blanks_of(person, found.issuer),
    }


def _delivery(typed: dict[str, Any]) -> Delivery:
    return Delivery(
        kind=Kind(typed["kind"]),
        series=typed["series"],
        first_number=int(typed["first_number"]),
        last_number=int(typed["last_number"]),
        digits=len(typed["first_number"]),
        received_from=typed["received_from"],
        document_number=typed["document_number"],
        received_on=typed["received_on"],
    )


def _enter(found: Blank, typed: dict[str, Any], person: Person) -> None:
    at, reason = timezone.now(), typed["reason"]
    if typed["act"] == "spoil":
        spoil_blank(found, reason=reason, by=person, at=at)
    elif typed["act"] == "lose":
        minutes = typed["minutes_number"]
        lose_blank(found, reason=reason, minutes_number=minutes, by=person, at=at)
    else:
        take_back(found, reason=reason, by=person, at=at)


def _facts(found: Blank) -> list[tuple[str, object]]:
    book = found.book
    return [
        (_("Issuing unit"), book.issuer.name),
        (_("Blanks for"), book.get_kind_display()),
        (_("Certificate"), found.serial_number or "—"),
        (_("Received from"), book.received_from),
        (_("Delivery note"), book.document_number),
    ]


def _to(name: str, pk: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(name, args=[pk]), status=_SEE_OTHER)
