"""The whole act of issuing: set, stated, signed, entered, logged, published, told.

This process is kept to one core; PostgreSQL runs beside it where it likes. The claim is by the
clock: waits for the database and its disk are in it, and the form of each decision. What the
processor did is shown apart, in this process and in the one of PostgreSQL that serves it. A first,
small decision fills caches.
"""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.db import connection
from django.utils import timezone

from bench.measuring import Measurement, expect
from bench.signing import openssl_speed
from hocvu.credentials.actions import issue_certificates
from hocvu.recognition.models import RecognitionDecision

_WANTED: Final = 800.0  # certificates in a second
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_WHAT: Final = "certificates issued whole (P-256, B-B)"


@dataclass(frozen=True)
class Spent:
    """Seconds that one decision took: by the clock, of this processor, of the database's."""

    certificates: int
    clock: float
    here: float
    database: float


def issue(decision: RecognitionDecision) -> Spent:
    """Issue everything of a decision on one core."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend: int = cursor.fetchone()[0]
    began = (time.perf_counter(), time.process_time(), _seconds_of(backend))
    with one_core():
        issued = issue_certificates(decision, by=decision.issued_by, at=timezone.now())
    expect("certificates issued", issued, decision.learner_count)
    ended = (time.perf_counter(), time.process_time(), _seconds_of(backend))
    clock, here, database = (end - start for start, end in zip(began, ended, strict=True))
    return Spent(issued, clock, here, database)


def measurements(spent: Sequence[Spent]) -> list[Measurement]:
    def rates(seconds: Callable[[Spent], float]) -> tuple[float, ...]:
        return tuple(each.certificates / seconds(each) for each in spent)

    rows = [
        Measurement(
            f"{_WHAT}, by the clock", rates(lambda s: s.clock), "/s", _WANTED, at_least=True
        ),
        Measurement(f"{_WHAT}: by this processor's time", rates(lambda s: s.here), "/s"),
        Measurement(
            f"{_WHAT}: with the database's on the same core",
            rates(lambda s: s.here + s.database),
            "/s",
        ),
    ]
    if limit := openssl_speed("ecdsap256"):
        shares = tuple(100 * each.certificates / each.clock / limit for each in spent)
        rows.append(Measurement(f"{_WHAT}: share of openssl's signatures", shares, "%"))
    return rows


@contextmanager
def one_core() -> Iterator[None]:
    """Keep this process to one core."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)


def _seconds_of(process: int) -> float:
    """What the processor has done for a process of this machine: /proc/…/stat, fields 14 and 15."""
    file = Path(f"/proc/{process}/stat")
    if not file.exists():  # a database elsewhere
        return 0.0
    fields = file.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS
