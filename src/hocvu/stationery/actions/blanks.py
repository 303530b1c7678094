"""The register of blanks (phôi): received, used, spoiled, lost, destroyed; nothing is taken back.

Who takes the next blank of an issuer holds its books until the end of the transaction, so two
registrars who print at once never take the same sheet, and no sheet is left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.kernel.events import publish
from hocvu.kernel.time import day_of
from hocvu.kernel.vietnamese import nfc
from hocvu.people.models import Person
from hocvu.stationery import policies
from hocvu.stationery.events import SheetsTaken
from hocvu.stationery.models import Blank, BlankBook, BlankEntry, BlankState, Kind
from hocvu.stationery.rules.blanks import may_go
from hocvu.units.models import Unit

MOST_IN_A_BOOK = 100_000


class BlanksAreKnown(NotPossible):
    """Some serials of the delivery were received before."""


class RangeIsOdd(NotPossible):
    """A delivery ends before it begins, holds too much, or comes from the future."""


class NotEnoughBlanks(NotPossible):
    """Fewer blanks are left than certificates are to be printed."""


class BlankHasMoved(NotPossible):
    """A blank cannot go from its present state to that one."""


@dataclass(frozen=True)
class Delivery:
    """A delivery of blanks as its papers describe it."""

    kind: Kind
    series: str
    first_number: int
    last_number: int
    digits: int
    received_from: str
    document_number: str
    received_on: date


@transaction.atomic
def receive_blanks(issuer: Unit, delivery: Delivery, *, by: Person, at: datetime) -> BlankBook:
    """Enter a delivery: a book, and a row for each of its blanks."""
    _may_keep(by, issuer)
    if not 0 <= delivery.last_number - delivery.first_number < MOST_IN_A_BOOK:
        raise RangeIsOdd(
            _("The last number must follow the first, with at most 100,000 blanks between them."),
            _("Check the numbers on the first and the last sheet."),
        )
    if delivery.received_on > day_of(at):
        raise RangeIsOdd(_("Blanks cannot be received on a day that has not come."))
    series = nfc(delivery.series).upper()
    Unit.objects.select_for_update(of=("self",)).get(pk=issuer.pk)
    _refuse_known(issuer, series, delivery)
    book = BlankBook.objects.create(
        issuer=issuer,
        kind=delivery.kind,
        series=series,
        first_number=delivery.first_number,
        last_number=delivery.last_number,
        digits=delivery.digits,
        received_from=nfc(delivery.received_from),
        document_number=nfc(delivery.document_number),
        received_on=delivery.received_on,
        entered_at=at,
        entered_by=by,
    )
    _write_blanks(book)
    record(
        "blanks_received", book, by=by, at=at,
        count=delivery.last_number - delivery.first_number + 1,
    )  # fmt: skip
    return book


@transaction.atomic
def assign_blanks(
    issuer: Unit, kind: Kind | str, serial_numbers: Sequence[str], *, by: Person, at: datetime
) -> dict[str, Blank]:
    """Give each certificate, by its serial number, the next blank; those that have one keep it.

    All or none: raises NotEnoughBlanks. Three statements, however many certificates.
    """
    _may_keep(by, issuer)
    books = BlankBook.objects.select_for_update().filter(issuer=issuer, kind=kind)
    held = [book.pk for book in books.order_by("pk")]
    known = {
        blank.serial_number: blank
        for blank in Blank.objects.filter(
            issuer=issuer, state=BlankState.USED, serial_number__in=serial_numbers
        ).select_related("book")
    }
    wanted = [serial for serial in dict.fromkeys(serial_numbers) if serial not in known]
    left = list(
        Blank.objects.filter(book__in=held, state=BlankState.LEFT)
        .select_related("book")
        .order_by("book__received_on", "book_id", "number")[: len(wanted)]
    )
    if len(left) < len(wanted):
        raise NotEnoughBlanks(
            _("%(wanted)d blanks are needed, but only %(left)d are left.")
            % {"wanted": len(wanted), "left": len(left)},
            _("Enter the next delivery in the register of blanks, then print again."),
        )
    pairs = list(zip(left, wanted, strict=True))
    _enter(
        [_Step(blank, BlankState.USED, serial_number=serial) for blank, serial in pairs],
        by=by,
        at=at,
    )
    if pairs:
        record(
            "blanks_used", issuer, by=by, at=at, count=len(pairs), blank_ids=[b.pk for b in left]
        )
    return known | {serial: blank for blank, serial in pairs}


@transaction.atomic
def take_sheets(
    issuer: Unit, kind: Kind | str, serial_numbers: Sequence[str], *, by: Person, at: datetime
) -> dict[str, Blank]:
    """The same for numbers that somebody typed: one that no certificate has is refused above."""
    taken = assign_blanks(issuer, kind, serial_numbers, by=by, at=at)
    publish(SheetsTaken(issuer.pk, tuple(taken)))
    return taken


def spoil_blank(blank: Blank, *, reason: str, by: Person, at: datetime) -> BlankEntry:
    """A sheet was misprinted or damaged. A certificate printed on it needs another one."""
    return _move(blank, BlankState.SPOILED, by=by, at=at, reason=reason)


def lose_blank(
    blank: Blank, *, reason: str, minutes_number: str, by: Person, at: datetime
) -> BlankEntry:
    """A sheet is missing; the minutes say who found out and who was told."""
    return _move(blank, BlankState.LOST, by=by, at=at, reason=reason, minutes_number=minutes_number)


def take_back(blank: Blank, *, reason: str, by: Person, at: datetime) -> BlankEntry:
    """Correct a wrong entry: the sheet is there and empty. The wrong entry stays readable."""
    return _move(blank, BlankState.LEFT, by=by, at=at, reason=reason)


@transaction.atomic
def destroy_blanks(
    book: BlankBook, *, minutes_number: str, reason: str, by: Person, at: datetime
) -> int:
    """All spoiled sheets of a book were destroyed, as minutes say; how many they were."""
    _may_keep(by, book.issuer)
    BlankBook.objects.select_for_update().get(pk=book.pk)
    spoiled = list(Blank.objects.filter(book=book, state=BlankState.SPOILED).order_by("number"))
    if not spoiled:
        raise BlankHasMoved(_("No spoiled blank of this book is left to be destroyed."))
    steps = [
        _Step(blank, BlankState.DESTROYED, reason=nfc(reason), minutes_number=nfc(minutes_number))
        for blank in spoiled
    ]
    _enter(steps, by=by, at=at)
    record("blanks_destroyed", book, by=by, at=at, reason=reason, count=len(spoiled))
    return len(spoiled)


@dataclass(frozen=True)
class _Step:
    blank: Blank
    after: BlankState
    serial_number: str = ""
    reason: str = ""
    minutes_number: str = ""


@transaction.atomic
def _move(
    blank: Blank,
    after: BlankState,
    *,
    reason: str,
    minutes_number: str = "",
    by: Person,
    at: datetime,
) -> BlankEntry:
    BlankBook.objects.select_for_update().get(pk=blank.book_id)  # as who takes the next one
    locked = Blank.objects.select_related("issuer").get(pk=blank.pk)
    _may_keep(by, locked.issuer)
    if not may_go(locked.state, after):
        raise BlankHasMoved(
            _("This blank is entered as: %s.") % locked.get_state_display(),
            _("Open its page again and see what has happened to it."),
        )
    step = _Step(locked, after, reason=nfc(reason), minutes_number=nfc(minutes_number))
    (entry,) = _enter([step], by=by, at=at)
    record(f"blank_{after.value}", locked, by=by, at=at, reason=reason)
    return entry


def _enter(steps: Sequence[_Step], *, by: Person, at: datetime) -> list[BlankEntry]:
    """Write entries; the database moves each blank with its entry."""
    entries = BlankEntry.objects.bulk_create(
        BlankEntry(
            blank=step.blank,
            sequence=step.blank.entry_count + 1,
            before=step.blank.state,
            after=step.after,
            is_correction=step.after == BlankState.LEFT,
            serial_number=step.serial_number,
            reason=step.reason,
            minutes_number=step.minutes_number,
            at=at,
            by=by,
        )
        for step in steps
    )
    for step in steps:
        step.blank.state, step.blank.serial_number = step.after, step.serial_number
        step.blank.entry_count += 1
    return entries


def _refuse_known(issuer: Unit, series: str, delivery: Delivery) -> None:
    known = Blank.objects.filter(
        issuer=issuer,
        series=series,
        number__range=(delivery.first_number, delivery.last_number),
    )
    if first := known.order_by("number").first():
        raise BlanksAreKnown(
            _("The blank %s was entered before.") % first.book.serial_of(first.number),
            _("Check series and numbers against the delivery note."),
        )


def _write_blanks(book: BlankBook) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO stationery_blank"
            " (book_id, issuer_id, series, number, state, serial_number, entry_count)"
            " SELECT %(book)s, %(issuer)s, %(series)s, number, 'left', '', 0"
            " FROM generate_series(%(first)s::int, %(last)s::int) AS number",
            _facts(book),
        )


def _facts(book: BlankBook) -> dict[str, int | str]:
    return {
        "book": book.pk,
        "issuer": book.issuer_id,
        "series": book.series,
        "first": book.first_number,
        "last": book.last_number,
    }


def _may_keep(by: Person, issuer: Unit) -> None:
    if not policies.can_keep_blanks_of(by, issuer):
        raise NotAllowed(_("Only a registrar of the issuing unit can keep its blanks."))
