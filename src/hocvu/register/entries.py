"""What a leaf of the register says, as bytes: a map in deterministic CBOR (RFC 8949, §4.2.1).

    {"v": 1, "kind": "issue", "serial": "…", "file": hash, "record": hash, "status": 17, "at": µs}

`at` counts microseconds since 1970-01-01 UTC; `status` is left out where there is none. The bytes
of an entry must never change once its leaf is in the log: a new wish is a new version `v`, and
version 1 stays as it is.

No personal data enters the log. A record's fields are represented by `record_commitment` alone: a
hash over a secret random salt and the fields. Whoever is shown salt and fields can check them;
whoever is not cannot find them by trying names. Forgetting the salt forgets the record.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from hocvu.register import cbor, merkle

SALT_BYTES = 32
_VERSION = 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class EntryKind(StrEnum):
    """What happened to a certificate. The values are part of the leaf: never rename one."""

    ISSUE = "issue"
    REVOKE = "revoke"
    SUPERSEDE = "supersede"
    REINSTATE = "reinstate"


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One event of the register. Entries are only ever added; a revocation is an entry too."""

    kind: EntryKind
    serial_number: str
    file_hash: bytes  # SHA-256 of the signed file
    record_hash: bytes  # `record_commitment` of what the file says
    status_index: int | None  # place in the status list
    at: datetime  # aware; kept to the microsecond

    def __post_init__(self) -> None:
        if not self.serial_number or not unicodedata.is_normalized("NFC", self.serial_number):
            raise ValueError("A serial number is text in Unicode form NFC.")
        if not len(self.file_hash) == len(self.record_hash) == merkle.HASH_BYTES:
            raise ValueError("The file and the record are represented by SHA-256 hashes.")
        if self.status_index is not None and self.status_index < 0:
            raise ValueError("A place in the status list is not negative.")
        if self.at.utcoffset() is None:
            raise ValueError("The moment of an entry needs its time zone.")

    def to_bytes(self) -> bytes:
        content: dict[str, int | bytes | str] = {
            "v": _VERSION,
            "kind": self.kind.value,
            "serial": self.serial_number,
            "file": self.file_hash,
            "record": self.record_hash,
            "at": (self.at - _EPOCH) // timedelta(microseconds=1),
        }
        if self.status_index is not None:
            content["status"] = self.status_index
        return cbor.encode(content)

    def leaf_hash(self) -> bytes:
        return merkle.leaf_hash(self.to_bytes())


def record_commitment(salt: bytes, fields: Mapping[str, str]) -> bytes:
    """SHA-256 over `salt`, then the fields in deterministic CBOR.

    The salt has one fixed length: with a variable one, the end of a salt could be read as the
    beginning of the fields. Texts are taken in Unicode form NFC, so a name typed on another
    keyboard gives the same hash.
    """
    if len(salt) != SALT_BYTES:
        raise ValueError(f"A salt has {SALT_BYTES} random bytes, not {len(salt)}.")
    normal = {_nfc(name): _nfc(value) for name, value in fields.items()}
    if len(normal) != len(fields):
        raise ValueError("Two fields of a record have the same name.")
    return sha256(salt + cbor.encode(normal)).digest()


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)
