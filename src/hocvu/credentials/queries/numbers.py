"""Which numbers come next, and how an issuer writes them."""

from datetime import date

from django.db.models import Max, QuerySet

from hocvu.credentials.models import Certificate, NumberFormat, RecognitionDecision, RegisterCopy
from hocvu.credentials.queries.places import FULL_AT, draw_places
from hocvu.credentials.rules.numbering import PACKAGED_FORMATS, NumberFormats
from hocvu.people.models import Person
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission
from hocvu.units.models import Unit


def formats_in_force(issuer: Unit, on: date) -> NumberFormats:
    """How this issuer writes the numbers it gives on a day."""
    own = NumberFormat.objects.filter(issuer=issuer, valid_from__lte=on).order_by("-valid_from")
    found = own.first()
    return found.formats if found else PACKAGED_FORMATS


def formats_open_to(person: Person) -> QuerySet[NumberFormat]:
    """Formats of the issuers within a registrar's reach."""
    reach = scope_of(person).reach(Permission.ISSUE_CERTIFICATES, "issuer")
    return NumberFormat.objects.filter(reach).select_related("issuer")


def next_number(issuer: Unit, year: int) -> int:
    """The next free decision number of an issuer in a year."""
    given = RecognitionDecision.objects.filter(issuer=issuer, year=year)
    return (given.aggregate(last=Max("number"))["last"] or 0) + 1


def last_register_number(issuer: Unit, year: int) -> int:
    """The register number given last; 0 where none was. Sure only while holding the register."""
    given = Certificate.objects.filter(issuer=issuer, register_year=year)
    return given.aggregate(last=Max("register_number"))["last"] or 0


def last_copy_number(issuer: Unit, year: int) -> int:
    """The same for the book of copies."""
    given = RegisterCopy.objects.filter(issuer=issuer, year=year)
    return given.aggregate(last=Max("number"))["last"] or 0


def free_places(count: int) -> list[tuple[int, int]]:
    """Random free places, as (list, index). Sure only while holding the register."""
    number = Certificate.objects.aggregate(last=Max("status_list"))["last"] or 1
    if Certificate.objects.filter(status_list=number).count() + count > FULL_AT:
        number += 1
    of_list = Certificate.objects.filter(status_list=number)
    drawn = draw_places(
        count,
        lambda offered: {
            index
            for index in of_list.filter(status_index__in=offered).values_list(
                "status_index", flat=True
            )
            if index is not None
        },
    )
    return [(number, index) for index in drawn]
