"""How issuers write their numbers: which way counts, examples, why a format cannot be used."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from hocvu.people.models import Person
from hocvu.people.queries.scope import scope_of
from hocvu.people.rules.access import Permission
from hocvu.stationery.models import NumberFormat
from hocvu.stationery.rules.colliding import could_give_same
from hocvu.stationery.rules.numbering import (
    PACKAGED_FORMATS,
    Fault,
    NumberFormats,
    fault_of,
)
from hocvu.units.models import Unit

FORMATS = ("serial", "register_entry", "register_copy")
_FIRST, _LATER, _SECOND_EDITION = 1, 1234, 2


def formats_in_force(issuer: Unit, on: date) -> NumberFormats:
    """How this issuer writes the numbers it gives on a day."""
    own = NumberFormat.objects.filter(issuer=issuer, valid_from__lte=on).order_by("-valid_from")
    found = own.first()
    return found.formats if found else PACKAGED_FORMATS


def formats_open_to(person: Person) -> QuerySet[NumberFormat]:
    """Formats of the issuers within a registrar's reach."""
    reach = scope_of(person).reach(Permission.ISSUE_CERTIFICATES, "issuer")
    return NumberFormat.objects.filter(reach).select_related("issuer")


@dataclass(frozen=True)
class Examples:
    """Numbers as they would be written: the first of a year and a later one."""

    serial: str
    serial_later: str
    serial_corrected: str  # a certificate's second edition
    register_entry: str
    register_copy: str


def examples_of(formats: NumberFormats, issuer_code: str, year: int) -> Examples:
    return Examples(
        formats.serial_number(issuer_code, year, _FIRST),
        formats.serial_number(issuer_code, year, _LATER),
        formats.serial_number(issuer_code, year, _LATER, _SECOND_EDITION),
        formats.register_entry_number(issuer_code, year, _FIRST),
        formats.register_copy_number(issuer_code, year, _FIRST),
    )


def problems_of(formats: NumberFormats, issuer: Unit) -> dict[str, str]:
    """Why these formats of an issuer cannot be used, by the name of each; empty where they can."""
    problems: dict[str, str] = {}
    for name in FORMATS:
        form = getattr(formats, name)
        fault = fault_of(form, issuer.code, names_issuer=name == "serial")
        if fault is not None:
            problems[name] = _faults()[fault] % {"format": form}
            continue
        for other, code in _formats_beside(name, issuer):
            if could_give_same(form, issuer.code, other, code):
                problems[name] = _(
                    "%(format)s could give a number that %(other)s of %(issuer)s gives as well."
                ) % {"format": form, "other": other, "issuer": code}
                break
    return problems


def _formats_beside(name: str, issuer: Unit) -> Iterator[tuple[str, str]]:
    """Formats whose numbers must stay different, with the code of their issuer.

    A serial number stands alone in the world; the two books are an issuer's own.
    """
    yield getattr(PACKAGED_FORMATS, name), issuer.code
    kept = NumberFormat.objects.all()
    if name != "serial":
        kept = kept.filter(issuer=issuer)
    yield from kept.values_list(name, "issuer__code").distinct().order_by(name, "issuer__code")


def _faults() -> dict[Fault, str]:
    return {
        Fault.ODD_CHARACTERS: _("%(format)s: use capital letters, digits, dots and strokes only."),
        Fault.NO_YEAR: _("%(format)s: the year is missing, so a number would come again."),
        Fault.NO_NUMBER: _("%(format)s: the number itself is missing."),
        Fault.NO_ISSUER: _("%(format)s: the unit is missing, so another unit could give the same."),
        Fault.RUNS_TOGETHER: _("%(format)s: put a sign between the number and what is beside it."),
        Fault.TOO_LONG: _("%(format)s: the number is too long."),
    }
