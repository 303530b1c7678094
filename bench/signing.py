"""Measures of signing: certificates per second for each kind of key, and how near to the limit.

Everything runs on one core, in memory; the database has its share in `credentials`. Seconds are
the processor's own, as those of `openssl speed` are, so a busy neighbour changes little. Needs no
database itself: `measurements` may stand in any measurement's list.
"""

import os
import re
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives import serialization

from bench.measuring import Measurement, expect
from bench.plain_certificates import AT, SITE, holder, page, write_plainly
from hocvu.portable.keys import PublicKey
from hocvu.portable.statement import StatementFacts, statement_address, write_statements
from hocvu.register.entries import EntryKind, RegisterEntry, record_commitment
from hocvu.register.merkle import Frontier
from hocvu.signing import (
    Algorithm,
    DevelopmentAuthority,
    DevelopmentTimestampAuthority,
    Filling,
    Form,
    Key,
    Place,
    QrModules,
    QrPlace,
    Session,
    SignatureField,
    SoftwareKey,
    TimestampClient,
    TokenKey,
    Words,
    compile_form,
    serving,
    with_specimen,
    write_tails,
)
from hocvu.stationery.rules.fields import SAMPLE_HOLDER
from hocvu.stationery.rules.texts import holder_texts
from hocvu.typesetting import Compositor, QrMaker, set_sheet

_WORDS: Final = Words("Hải Phòng", "https://hocvu.example.vn")
_SCHOOL: Final = "Trường Chính trị mẫu thành phố Hải Phòng"
_BATCH: Final = 100
_RUNS: Final = 5
_PLAIN: Final = 10  # certificates in a run of the plain way, which is slow
_LARGEST_AT_REST: Final = 6.0  # KiB
_SOFTHSM: Final = Path("/usr/lib/softhsm/libsofthsm2.so")
_PIN: Final = "483920"


def measure() -> list[Measurement]:
    return measurements()


def measurements() -> list[Measurement]:
    with _one_core(), tempfile.TemporaryDirectory(prefix="hocvu-signing-") as folder:
        return list(_measured(Path(folder)))


def _measured(folder: Path) -> Iterator[Measurement]:
    authority = DevelopmentAuthority.open(folder)
    p256 = authority.key_for(_SCHOOL)
    rsa = authority.key_for(_SCHOOL, Algorithm.RSA_PSS_SHA256)
    p384 = authority.key_for(_SCHOOL, Algorithm.ECDSA_P384_SHA384)
    press = _press(p256)
    whole = _rates(lambda: _whole(press, p256))
    plain = _rates(lambda: write_plainly(p256, _PLAIN), count=_PLAIN, runs=3)
    yield Measurement(
        "certificates: text, QR statement, code, signature, register entry (P-256, B-B)",
        whole,
        unit="/s",
        against=800,
        at_least=True,
    )
    yield Measurement("the same with typst + plain pyHanko (no register entry)", plain, unit="/s")
    ratio = tuple(each / max(plain) for each in whole)
    yield Measurement("times as many", ratio, unit="×", against=40, at_least=True)
    limits = {"P-256": ("ecdsap256", p256, 800.0), "RSA-3072": ("rsa3072", rsa, 250.0)}
    for name, (asked, key, wanted) in limits.items():
        yield from _beside_openssl(name, asked, _signing(press, key), wanted)
    yield Measurement("certificates signed, P-384", _signing(press, p384), unit="/s")
    yield from _by_token(folder, press, p256)
    yield from _sizes(authority, press, {"P-256": p256, "RSA-3072": rsa})


# --- The whole way of a certificate, without its database ---------------------------------------


@dataclass(frozen=True)
class _Press:
    """What is made once for a batch."""

    form: Form
    compositor: Compositor
    codes: QrMaker
    key: PublicKey


def _press(key: SoftwareKey) -> _Press:
    sheet = set_sheet(page(), at=AT)
    compositor, box = Compositor(sheet), sheet.boxes["qr"]
    where = sheet.boxes["signature"]
    form = compile_form(
        sheet.pdf,
        fonts=compositor.fonts,
        qr=QrPlace(box.x, box.y, box.width),
        fields=[SignatureField("Signature", (where.x, where.y, where.width, where.height))],
        certificates=key.chain,
    )
    codes = QrMaker()
    form = with_specimen(form, _ready(compositor, codes), key=key, words=_WORDS, at=AT)
    public_key: Any = key.chain[0].public_key()
    return _Press(form, compositor, codes, PublicKey.of(public_key, name=_SCHOOL))


def _whole(press: _Press, key: Key) -> None:
    """One batch: what an issuing job does between two transactions."""
    log = Frontier()
    with key.open() as session:
        fillings = _fillings(press, session)
        tails = write_tails(press.form, fillings, session=session, words=_WORDS, at=AT)
    for number, tail in enumerate(tails):
        press.form.pack(tail)
        entry = RegisterEntry(
            EntryKind.ISSUE,
            None,
            bytes.fromhex(press.form.sha256(tail)),
            record_commitment(bytes(32), {"serial": str(number), "holder": "Nguyễn Thị Mẫu"}),
            number,
            AT,
        )
        log = log.append(entry.leaf_hash())
    expect("entries", log.head().size, _BATCH)


def _fillings(press: _Press, session: Session) -> list[Filling]:
    holders = [holder(number) for number in range(_BATCH)]
    facts = [
        StatementFacts(each.full_name, each.serial_number, "BDNV-01", date(2026, 11, 9), place)
        for place, each in enumerate(holders)
    ]
    statements = write_statements(facts, session=session, key=press.key)
    codes = [press.codes.code(statement_address(SITE, each)) for each in statements]
    return [
        Filling(
            press.compositor.compose(holder_texts(holder)),
            QrModules(code.size, code.rows),
            f"12/QĐ-TCT, {holder.serial_number}",
        )
        for holder, code in zip(holders, codes, strict=True)
    ]


# --- Signing alone, and what it is held against ---------------------------------------------------


def _signing(
    press: _Press,
    key: Key,
    timestamps: TimestampClient | None = None,
    clock: Callable[[], float] = time.process_time,
) -> tuple[float, ...]:
    """Certificates written and signed in a second; texts and codes are there already."""
    fillings = [_ready(press.compositor, press.codes)] * _BATCH
    with key.open() as session:
        write = partial(write_tails, press.form, fillings, session=session, words=_WORDS, at=AT)
        return _rates(lambda: write(timestamps=timestamps), clock=clock)


def _ready(compositor: Compositor, codes: QrMaker) -> Filling:
    content = compositor.compose(holder_texts(SAMPLE_HOLDER))
    code = codes.code(f"{SITE}#{'7' * 360}")
    return Filling(content, QrModules(code.size, code.rows), "12/QĐ-TCT, TCT-2026-000127")


def _another(press: _Press) -> Filling:
    """One of a batch that is not the specimen which the form knows."""
    with_holder = holder_texts(holder(1))
    code = press.codes.code(f"{SITE}#{'2718281828459' * 28}")
    content = press.compositor.compose(with_holder)
    return Filling(content, QrModules(code.size, code.rows), "12/QĐ-TCT, TCT-2026-000001")


def _beside_openssl(
    name: str, asked: str, signed: tuple[float, ...], wanted: float
) -> Iterator[Measurement]:
    yield Measurement(
        f"certificates signed, {name}", signed, unit="/s", against=wanted, at_least=True
    )
    limit = openssl_speed(asked)
    if limit is None:
        return
    yield Measurement(f"signatures by openssl speed, {asked}", (limit,), unit="/s")
    shares = tuple(100 * each / limit for each in signed)
    yield Measurement(f"certificates signed, {name}: share of openssl's signatures", shares, "%")


def openssl_speed(asked: str) -> float | None:
    """How many signatures a second `openssl speed` makes with a kind of key, on one core."""
    said = subprocess.run(
        ["openssl", "speed", "-seconds", "2", asked], capture_output=True, text=True, check=True
    ).stdout
    found = re.search(r"([\d.]+) +[\d.]+\n?$", said.strip())
    return float(found[1]) if found else None


def _by_token(folder: Path, press: _Press, key: SoftwareKey) -> Iterator[Measurement]:
    if not _SOFTHSM.exists():
        return
    settings = folder / "softhsm2.conf"
    (folder / "tokens").mkdir()
    settings.write_text(f"directories.tokendir = {folder / 'tokens'}\n")
    os.environ["SOFTHSM2_CONF"] = str(settings)
    pem = folder / "key.pem"
    pem.write_bytes(_pem(key))
    for arguments in (
        ["--init-token", "--free", "--label", "bench", "--so-pin", _PIN],
        ["--import", str(pem), "--token", "bench", "--label", "key", "--id", "01"],
    ):
        command = ["softhsm2-util", *arguments, "--pin", _PIN]
        subprocess.run(command, check=True, capture_output=True)
    token = TokenKey(Place(_SOFTHSM, "bench", "key"), _PIN, key.chain, key.algorithm)
    yield Measurement(
        "certificates signed, P-256 in SoftHSM2 by PKCS#11",
        _signing(press, token, clock=time.perf_counter),  # the token is another process
        unit="/s",
        against=600,
        at_least=True,
    )


def _sizes(
    authority: DevelopmentAuthority, press: _Press, keys: dict[str, SoftwareKey]
) -> Iterator[Measurement]:
    desk = DevelopmentTimestampAuthority(authority.timestamp_key())
    with serving(desk) as address:
        client = TimestampClient.at(address, [authority.root_certificate])
        for name, key in keys.items():
            for level, timestamps in (("B-B", None), ("B-T", client)):
                with key.open() as session:
                    (tail,) = write_tails(
                        press.form,
                        [_another(press)],
                        session=session,
                        words=_WORDS,
                        at=AT,
                        timestamps=timestamps,
                    )
                yield Measurement(
                    f"tail at rest, {name}, {level} ({len(tail) / 1024:.1f} KiB in the file)",
                    (len(press.form.pack(tail)) / 1024,),
                    unit="KiB",
                    against=_LARGEST_AT_REST,
                )
        stamped = _signing(press, keys["P-256"], client)
        yield Measurement("certificates signed and timestamped over HTTP, P-256", stamped, "/s")
    yield Measurement("front of the file, kept once", (len(press.form.prefix) / 1024,), "KiB")


def _pem(key: SoftwareKey) -> bytes:
    return key.private_key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _rates(
    act: Callable[[], object],
    *,
    count: int = _BATCH,
    runs: int = _RUNS,
    clock: Callable[[], float] = time.process_time,
) -> tuple[float, ...]:
    """How many in a second of the processor, in each run; the first run only fills caches."""
    found = []
    for _ in range(runs + 1):
        started = clock()
        act()
        found.append(count / (clock() - started))
    return tuple(found[1:])


@contextmanager
def _one_core() -> Iterator[None]:
    """Keep this process and those it starts to one core."""
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)
