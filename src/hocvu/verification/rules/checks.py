"""How often certificates are checked, counted in memory: nothing is written on the way of a check.

Whoever answers a check notes which certificate it was and how it was asked about, never by whom;
every few seconds somebody takes what was noted and writes it down in one statement. What a process
that is killed had not written yet is lost: these counts are a courtesy to holders, no evidence.
"""

from collections import Counter
from enum import StrEnum
from threading import Lock
from typing import NamedTuple


class Way(StrEnum):
    """How it was asked, as coarsely as its holder is told."""

    PAGE = "page"  # the code, on the page
    FILE = "file"  # the file, handed in
    PROGRAM = "program"  # a program or a workbook


class Check(NamedTuple):
    certificate_id: int
    way: Way
    access_key_id: int  # of the organisation whose program asked; 0: nobody who said who they are


_lock = Lock()
_noted: Counter[Check] = Counter()


def note(certificate_id: int, way: Way, access_key_id: int = 0) -> None:
    """Count one check of a certificate that was found. Cheap, and safe from many threads."""
    check = Check(certificate_id, way, access_key_id)
    with _lock:
        _noted[check] += 1


def anything_noted() -> bool:
    return bool(_noted)


def taken() -> dict[Check, int]:
    """What was noted since the last time; it is counted from nothing again."""
    with _lock:
        counts = dict(_noted)
        _noted.clear()
    return counts
