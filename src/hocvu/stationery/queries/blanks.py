"""The register of blanks as pages show it."""

from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from hocvu.people.models import Person
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission
from hocvu.stationery.models import Blank, BlankBook, BlankEntry, BlankState, Kind
from hocvu.units.models import Unit


@dataclass(frozen=True)
class Balance:
    """Blanks by what has become of them; `received` is the sum of all others."""

    received: int
    left: int
    used: int
    spoiled: int
    lost: int
    destroyed: int


def books_open_to(person: Person) -> QuerySet[BlankBook]:
    """Books of issuers whose certificates this person may see, with their balance."""
    scope = scope_of(person)
    counts = {
        f"{state}_count": Count("blanks", filter=Q(blanks__state=state)) for state in BlankState
    }
    return (
        BlankBook.objects.filter(scope.reach(Permission.SEE_CERTIFICATES, "issuer"))
        .select_related("issuer", "entered_by")
        .annotate(
            received_count=F("last_number") - F("first_number") + 1,
            **counts,
        )
    )


def blanks_open_to(person: Person) -> QuerySet[Blank]:
    scope = scope_of(person)
    return Blank.objects.filter(scope.reach(Permission.SEE_CERTIFICATES, "issuer")).select_related(
        "book__issuer"
    )


def entries_open_to(person: Person) -> QuerySet[BlankEntry]:
    """What happened to blanks, entry by entry: the journal that is printed and bound."""
    scope = scope_of(person)
    return BlankEntry.objects.filter(
        scope.reach(Permission.SEE_CERTIFICATES, "blank__issuer")
    ).select_related("blank__book__issuer", "by")


def balance_of(books: QuerySet[BlankBook]) -> Balance:
    """The balance of several books together, in one statement."""
    counted = dict(
        Blank.objects.filter(book__in=books.values("pk"))
        .order_by()
        .values_list("state")
        .annotate(Count("pk"))
    )
    return Balance(
        received=sum(counted.values()),
        **{str(state): counted.get(state, 0) for state in BlankState},
    )


def blanks_left(issuer: Unit, kind: Kind | str) -> int:
    """How many sheets of a kind an issuer can still print on."""
    return Blank.objects.filter(book__issuer=issuer, book__kind=kind, state=BlankState.LEFT).count()


def blank_of(issuer: Unit, serial_number: str) -> Blank | None:
    """The sheet a certificate was printed on, if it was."""
    return (
        Blank.objects.filter(issuer=issuer, serial_number=serial_number, state=BlankState.USED)
        .select_related("book")
        .first()
    )
