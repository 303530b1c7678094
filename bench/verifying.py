"""Measures of trust: how fast anybody can check certificates, QR codes and status lists.

Needs no database: `measurements` may stand in any measurement's list.
"""

import os
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Final

import typst
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

from bench.measuring import Measurement, expect, milliseconds
from hocvu.portable.keys import PublicKey
from hocvu.portable.statement import StatementFacts, digits, write_statements
from hocvu.portable.status import PLACES, ListName, Purpose, write_status_list
from hocvu.signing import (
    DevelopmentAuthority,
    DevelopmentTimestampAuthority,
    Filling,
    TimestampClient,
    Words,
    compile_form,
    write_tails,
)
from hocvu_verifier import verify_pdf
from hocvu_verifier.issuers import IssuerKey, Issuers
from hocvu_verifier.statement import verify_statement
from hocvu_verifier.status import Snapshot, Standing

_FILES, _RUNS = 1_000, 5
_SLOW_FILES = 100
_STATEMENTS = 500
_FONTS: Final = 51_000  # bytes of font subsets in the prefix of a certificate
_SIGNED_AT = datetime(2026, 2, 5, 7, 0, tzinfo=UTC)
_WORDS = Words(location="Hải Phòng", contact="https://hocvu.example.vn")


def measure() -> list[Measurement]:
    return measurements()


def measurements() -> list[Measurement]:
    with tempfile.TemporaryDirectory(prefix="hocvu-bench-") as folder:
        authority = DevelopmentAuthority.open(Path(folder))
        return [*_files(authority), *_codes(), _raw()]


def _files(authority: DevelopmentAuthority) -> list[Measurement]:
    clock = DevelopmentTimestampAuthority(authority.timestamp_key())
    stamps = TimestampClient.beside(clock.answer, [authority.root_certificate])
    plain = _certificates(authority, _FILES)
    stamped = _certificates(authority, _SLOW_FILES, stamps)
    check = partial(verify_pdf, trusted_roots=[authority.root_certificate])
    return [
        Measurement(
            f"strict check of signed certificates, {len(plain[0]) // 1024} KB each (P-256, B-B)",
            tuple(_rate(check, plain) for _ in range(_RUNS)),
            unit="files/s",
            against=3_000,
            at_least=True,
        ),
        Measurement(
            "strict check of signed certificates with a time stamp (B-T)",
            tuple(_rate(check, stamped) for _ in range(_RUNS)),
            unit="files/s",
        ),
    ]


def _rate(check: Callable[[bytes], object], files: Sequence[bytes]) -> float:
    """How many a second of one core's time, whatever else the machine is doing."""
    started = time.process_time()
    for file in files:
        check(file)
    return len(files) / (time.process_time() - started)


def _codes() -> list[Measurement]:
    session = _Session(ec.generate_private_key(ec.SECP256R1()))
    key = PublicKey.of(session.key.public_key(), name="Học viện", did="did:web:hocvu.example.vn")
    facts = StatementFacts(
        "Nguyễn Thị Ánh Tuyết", "HVCTQG-2026-000123", "LQ-1", date(2026, 2, 5), 1
    )
    (octets,) = write_statements([facts], session=session, key=key)
    issuers = Issuers.of([IssuerKey.read(key.as_jwk())])
    checks = [partial(verify_statement, digits(octets), issuers=issuers)] * _STATEMENTS
    name = ListName("https://hocvu.example.vn", Purpose.REVOCATION, 0)
    revoked = random.Random(1).sample(range(PLACES), PLACES // 100)
    line = write_status_list(name, revoked, at=_SIGNED_AT, session=session, key=key)
    snapshot = Snapshot.read(line, issuers=issuers)
    expect("standing", snapshot.standing_of(key.did, revoked[0]).standing, Standing.REVOKED)
    reading = [partial(Snapshot.read, line, issuers=issuers)] * 20
    return [
        Measurement(
            f"offline check of a QR code's statement ({len(octets)} bytes)",
            milliseconds(checks),
            unit="ms",
            against=1,
        ),
        Measurement(
            f"reading a status list of {PLACES:,} places, 1 % revoked ({len(line) // 1024} KB)",
            milliseconds(reading),
            unit="ms",
        ),
    ]


def _raw() -> Measurement:
    """What no check can be faster than: one ECDSA P-256 verification."""
    key = ec.generate_private_key(ec.SECP256R1())
    algorithm = ec.ECDSA(hashes.SHA256())
    signature, public = key.sign(b"", algorithm), key.public_key()
    rates = [
        _rate(lambda octets: public.verify(signature, octets, algorithm), [b""] * _FILES)
        for _ in range(_RUNS)
    ]
    return Measurement("the same key's bare signature check", tuple(rates), unit="/s")


def _certificates(
    authority: DevelopmentAuthority, count: int, timestamps: TimestampClient | None = None
) -> list[bytes]:
    page = typst.Compiler().compile(
        b'#set document(title: "M")\n#rect(width: 3cm)',
        format="pdf",
        pdf_standards="a-2b",
        timestamp=_SIGNED_AT,
    )
    if not isinstance(page, bytes):
        raise TypeError("typst compiled something else than one file.")
    form = compile_form(page, fonts=[_Ballast()], qr=None)
    fillings = [Filling(b"%% %d" % number, None, f"Số {number}") for number in range(count)]
    with authority.key_for("Học viện mẫu").open() as session:
        tails = write_tails(
            form, fillings, session=session, words=_WORDS, at=_SIGNED_AT, timestamps=timestamps
        )
    return [form.file(tail) for tail in tails]


@dataclass(frozen=True)
class _Ballast:
    """As many bytes as the fonts of a certificate."""

    name: str = "V0"

    def objects(self, first: int) -> list[bytes]:  # noqa: ARG002 - nothing refers to anything
        return [b"<</Length %d>>\nstream\n%b\nendstream" % (_FONTS, os.urandom(_FONTS))]


@dataclass(frozen=True)
class _Session:
    key: ec.EllipticCurvePrivateKey

    def sign(self, digests: Sequence[bytes]) -> list[bytes]:
        return [self.key.sign(each, ec.ECDSA(Prehashed(hashes.SHA256()))) for each in digests]
