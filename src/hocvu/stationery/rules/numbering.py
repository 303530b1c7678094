"""How serial numbers and register-entry numbers are written, for each issuer in its own way.

Circular 21/2019/TT-BGDĐT, article 12, leaves the form of a number to the institution and asks that
it be unique: a format is checked so that two numbers can never come out the same.
"""

import re
from dataclasses import dataclass
from enum import Enum

LONGEST_NUMBER = 40  # characters of a serial number as it is stored
_PLACES = re.compile(r"\{(issuer|year|number)(?::(\d{1,2}))?\}")
_LITERAL = re.compile(r"[A-ZĐ0-9./-]*")
_LARGEST = 9_999_999
_MOST_DIGITS = 12
_A_YEAR = 2026


class Fault(Enum):
    """Why a format cannot be used."""

    ODD_CHARACTERS = "odd_characters"
    NO_YEAR = "no_year"
    NO_NUMBER = "no_number"
    NO_ISSUER = "no_issuer"
    RUNS_TOGETHER = "runs_together"  # the number touches another one: 2026 and 11 as 202 and 611
    TOO_LONG = "too_long"


@dataclass(frozen=True)
class NumberFormats:
    """Formats with the places `{issuer}`, `{year}` and `{number:06}` (at least six digits)."""

    serial: str = "{issuer}-{year}-{number:06}"
    register_entry: str = "{number:05}/{year}"
    register_copy: str = "{number:05}/{year}/BS"

    def serial_number(self, issuer_code: str, year: int, number: int, edition: int = 1) -> str:
        """Số hiệu: `HCMA-2026-000123`, and `HCMA-2026-000123-2` for its second edition."""
        written = written_number(self.serial, issuer_code, year, number)
        return written if edition == 1 else f"{written}-{edition}"

    def register_entry_number(self, issuer_code: str, year: int, number: int) -> str:
        """Số vào sổ gốc: `00123/2026`, counted from 1 in every year of an issuer."""
        return written_number(self.register_entry, issuer_code, year, number)

    def register_copy_number(self, issuer_code: str, year: int, number: int) -> str:
        """Số vào sổ cấp bản sao: `00007/2026/BS`, a sequence of its own."""
        return written_number(self.register_copy, issuer_code, year, number)


PACKAGED_FORMATS = NumberFormats()


def written_number(form: str, issuer_code: str, year: int, number: int) -> str:
    """`form` with its places filled."""
    values = {"issuer": issuer_code, "year": str(year), "number": str(number)}

    def fill(place: re.Match[str]) -> str:
        return values[place[1]].rjust(int(place[2] or 0), "0") if place[2] else values[place[1]]

    return _PLACES.sub(fill, form)


def fault_of(form: str, issuer_code: str, *, names_issuer: bool) -> Fault | None:
    """Why this format could give one number twice, or none that can be printed; None if it can.

    A serial number stands alone in the world, so its format names the issuer.
    """
    rest = _PLACES.sub("", form)
    places = [place[1] for place in _PLACES.finditer(form)]
    widest = max((int(place[2] or 0) for place in _PLACES.finditer(form)), default=0)
    faults = (
        (not _LITERAL.fullmatch(rest) or widest > _MOST_DIGITS, Fault.ODD_CHARACTERS),
        ("year" not in places, Fault.NO_YEAR),
        ("number" not in places, Fault.NO_NUMBER),
        (names_issuer and "issuer" not in places, Fault.NO_ISSUER),
        (_runs_together(form), Fault.RUNS_TOGETHER),
        (_is_too_long(form, issuer_code), Fault.TOO_LONG),
    )
    return next((fault for found, fault in faults if found), None)


def _runs_together(form: str) -> bool:
    return bool(re.search(r"(\}|\d)\{number|\{number(:\d+)?\}(\{|\d)", form))


def _is_too_long(form: str, issuer_code: str) -> bool:
    return len(written_number(form, issuer_code, _A_YEAR, _LARGEST)) > LONGEST_NUMBER - len("-99")


def serial_number(issuer_code: str, year: int, number: int) -> str:
    """A serial number as the packaged format writes it."""
    return PACKAGED_FORMATS.serial_number(issuer_code, year, number)


def register_entry_number(year: int, number: int) -> str:
    """A register-entry number as the packaged format writes it."""
    return PACKAGED_FORMATS.register_entry_number("", year, number)
