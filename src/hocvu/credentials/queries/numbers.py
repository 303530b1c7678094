"""Which numbers come next."""

from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.models import Max

from hocvu.credentials.models import (
    Certificate,
    PreparedCopy,
    PreparedFile,
    RegisterCopy,
)
from hocvu.credentials.queries.places import FULL_AT, draw_places
from hocvu.units.models import Unit

# Places are given to certificates and reserved for files that wait.
_LAST_LIST = """
SELECT greatest(
  1,
  (SELECT max(status_list) FROM credentials_certificate),
  (SELECT max(status_list) FROM credentials_preparedfile),
  (SELECT max(status_list) FROM credentials_preparedanew)
)
"""
_TAKEN = """
SELECT status_index FROM credentials_certificate
WHERE status_list = %(list)s AND status_index = ANY(%(places)s)
UNION ALL
SELECT status_index FROM credentials_preparedfile
WHERE status_list = %(list)s AND status_index = ANY(%(places)s)
UNION ALL
SELECT status_index FROM credentials_preparedanew
WHERE status_list = %(list)s AND status_index = ANY(%(places)s)
"""


def last_register_number(issuer: Unit, year: int) -> int:
    """The register number given or reserved last; 0 where none was.

    Sure only while holding the register.
    """
    numbered = (Certificate.objects, PreparedFile.objects)
    found = (
        each.filter(issuer=issuer, register_year=year).aggregate(last=Max("register_number"))
        for each in numbered
    )
    return max(each["last"] or 0 for each in found)


def last_copy_number(issuer: Unit, year: int) -> int:
    """The same for the book of copies."""
    numbered = (RegisterCopy.objects, PreparedCopy.objects)
    found = (
        each.filter(issuer=issuer, year=year).aggregate(last=Max("number")) for each in numbered
    )
    return max(each["last"] or 0 for each in found)


def copies_reserved_between(issuer_id: int, year: int, after: int, before: int) -> int:
    """How many numbers between two copies are reserved: they wait, or were given up."""
    reserved = PreparedCopy.objects.filter(issuer=issuer_id, year=year)
    return reserved.filter(number__gt=after, number__lt=before).count()


def serial_numbers_of(issuer_id: int, named: Sequence[str]) -> set[str]:
    """Those of these serial numbers that certificates of this issuer bear."""
    found = Certificate.objects.filter(issuer=issuer_id, serial_number__in=named)
    return set(found.values_list("serial_number", flat=True))


def free_places(count: int) -> list[tuple[int, int]]:
    """Random free places, as (list, index). Sure only while holding the register."""
    with connection.cursor() as cursor:
        cursor.execute(_LAST_LIST)
        number: int = cursor.fetchone()[0]
        if Certificate.objects.filter(status_list=number).count() + count > FULL_AT:
            number += 1

        def taken(offered: Iterable[int]) -> set[int]:
            cursor.execute(_TAKEN, {"list": number, "places": list(offered)})
            return {index for (index,) in cursor.fetchall()}

        return [(number, index) for index in draw_places(count, taken)]
