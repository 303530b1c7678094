"""The statement in a certificate's QR code: a CWT (RFC 8392) in a COSE_Sign1 (RFC 9052), ES256.

    [h'{1: -7, 4: key id}', {}, h'payload', signature]              no tags: the address says it all
    payload  {2: holder's name as printed, 4: expiry, 6: day of issue, 7: serial number,
              -65537: [programme code, place in the status list]}   deterministic CBOR

Claims 2, 4, 6 and 7 are sub, exp, iat and cti of RFC 8392; -65537 is the first of the numbers left
to private use. The octets become one decimal number in the fragment of an address: digits are what
a QR code packs best (3.3 bits each), and a fragment is never sent to a server.
"""

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final

from hocvu.portable.keys import STATEMENT_KEY_ID_BYTES, PublicKey, Session, fixed

SUBJECT, EXPIRES, ISSUED, SERIAL, OURS = 2, 4, 6, 7, -65537
ALGORITHM, KEY_ID, ES256 = 1, 4, -7
VIETNAM: Final = timezone(timedelta(hours=7))  # no summer time since 1975
LONGEST_NAME: Final = 150
IN_THE_HEAD_ITSELF: Final = 24
ARGUMENT_WIDTHS: Final = ((24, 1), (25, 2), (26, 4), (27, 8))


class CannotBeStated(Exception):
    """A name or number that a QR code's statement cannot hold."""


@dataclass(frozen=True)
class StatementFacts:
    """What the code says. It is exactly what the paper shows."""

    holder_name: str
    serial_number: str
    programme_code: str
    issued_on: date
    status_place: int | None = None  # list number x 524,288 + index in that list
    expires_on: date | None = None  # the first day on which it no longer counts


def write_statements(
    facts: Sequence[StatementFacts], *, session: Session, key: PublicKey
) -> list[bytes]:
    """Return one signed statement for each, after one call of the key."""
    protected = encode({ALGORITHM: ES256, KEY_ID: key.thumbprint[:STATEMENT_KEY_ID_BYTES]})
    payloads = [_payload(each) for each in facts]
    context = b"\x84\x6aSignature1" + encode(protected) + encode(b"")  # RFC 9052, §4.4
    digests = [hashlib.sha256(context + encode(payload)).digest() for payload in payloads]
    return [
        b"\x84" + encode(protected) + encode({}) + encode(payload) + encode(fixed(signature))
        for payload, signature in zip(payloads, session.sign(digests), strict=True)
    ]


def digits(statement: bytes) -> str:
    """Return the decimal number that stands for these octets; the first is never zero."""
    return str(int.from_bytes(statement, "big"))


def statement_address(address: str, statement: bytes) -> str:
    """Return what the QR code holds: where to ask, and what can be checked without asking."""
    return f"{address}#{digits(statement)}"


def _payload(facts: StatementFacts) -> bytes:
    ours: list[object] = [_words(facts.programme_code)]
    if facts.status_place is not None:
        ours.append(facts.status_place)
    claims: dict[int, object] = {
        SUBJECT: _words(facts.holder_name),
        ISSUED: _midnight(facts.issued_on),
        SERIAL: _words(facts.serial_number).encode("ascii"),
        OURS: ours,
    }
    if facts.expires_on is not None:
        claims[EXPIRES] = _midnight(facts.expires_on)
    return encode(claims)


def _words(text: str) -> str:
    text = unicodedata.normalize("NFC", text)
    if not 0 < len(text) <= LONGEST_NAME or not text.isprintable():
        raise CannotBeStated(f"{text!r} cannot stand in a QR code's statement.")
    return text


def _midnight(day: date) -> int:
    """A day begins at midnight in Vietnam (RFC 8392, §2: NumericDate, whole seconds)."""
    return int(datetime.combine(day, time(), VIETNAM).astimezone(UTC).timestamp())


def encode(value: object) -> bytes:
    """Return the one deterministic encoding of `value` (RFC 8949, §4.2.1)."""
    match value:
        case int() if not isinstance(value, bool):
            return _head(0, value) if value >= 0 else _head(1, -1 - value)
        case bytes():
            return _head(2, len(value)) + value
        case str():
            return _head(3, len(value.encode())) + value.encode()
        case list():
            return _head(4, len(value)) + b"".join(map(encode, value))
        case Mapping():
            pairs = sorted((encode(key), encode(held)) for key, held in value.items())
            return _head(5, len(pairs)) + b"".join(key + held for key, held in pairs)
        case _:
            raise CannotBeStated(f"A statement holds no {type(value).__name__}.")


def _head(major: int, argument: int) -> bytes:
    if argument < IN_THE_HEAD_ITSELF:
        return bytes((major << 5 | argument,))
    for information, width in ARGUMENT_WIDTHS:
        if argument < 1 << 8 * width:
            return bytes((major << 5 | information,)) + argument.to_bytes(width, "big")
    raise CannotBeStated("CBOR integers end at 64 bits.")
