"""Which sheet each certificate is printed on: the next blanks of an issuer, taken under lock."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hocvu.kernel.errors import NotPossible
from hocvu.people.models import Person, SignedInRequest
from hocvu.stationery import policies
from hocvu.stationery.actions.blanks import take_sheets
from hocvu.stationery.forms import SheetsForm
from hocvu.stationery.models import Blank
from hocvu.stationery.queries.templates import issuers_open_to


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest) -> HttpResponse:
    """Take a sheet for each certificate; sent again, each keeps the sheet it has."""
    person = cast(SignedInRequest, request).user.person
    policies.must_issue_somewhere(person)
    form = SheetsForm(request.POST or None, issuers=issuers_open_to(person))
    if form.is_valid():
        try:
            sheets = _taken(form.cleaned_data, person)
        except NotPossible as refused:  # answered in the form: nothing typed is lost
            form.add_error(None, str(refused))
        else:
            return render(request, "stationery/sheets_taken.html", {"sheets": sheets})
    status = 422 if form.errors else 200
    return render(request, "stationery/take_sheets.html", {"form": form}, status=status)


def _taken(chosen: dict[str, Any], person: Person) -> list[tuple[str, Blank, str]]:
    """Each certificate with its blank and what is printed on that."""
    serials = chosen["serial_numbers"]
    taken = take_sheets(chosen["issuer"], chosen["kind"], serials, by=person, at=timezone.now())
    return [(each, taken[each], taken[each].book.serial_of(taken[each].number)) for each in serials]
