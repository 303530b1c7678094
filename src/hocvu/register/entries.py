"""What a leaf of the register says, as bytes: a map in deterministic CBOR (RFC 8949, §4.2.1).

    {"v": 2, "at": µs, "of": 4711, "file": hash, "kind": "revoke", "record": hash, "status": 17}

`at` counts microseconds since 1970-01-01 UTC. `of` is the leaf index of the entry by which the
certificate was issued, so everything that ever happened to one certificate can be followed without
naming it; it is left out where the entry is that one. `status`, the place in the status list, is
left out where there is none. The bytes of an entry must never change once its leaf is in the log:
a new wish is a new version `v`. Version 1 said `serial` instead of `of`; such leaves stand in the
log for ever (`leaf_of_version_1`), but their entries are not published: where an entry would lie,
nothing lies, and only before all others.

No personal data enters the log, not even a number that is printed on a certificate. The fields of
a record are represented by `record_commitment` alone: a hash over a secret random salt and the
fields. Whoever is shown salt and fields can check them; whoever is not cannot find them by trying
names. Forgetting the salt forgets the record. (Law 91/2025/QH15: what cannot be traced to a person
is no personal data.)
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple, Self

from hocvu.register import cbor, merkle
from hocvu.register.errors import RegisterRefusal

SALT_BYTES = 32
LONGEST_ENTRY = 65_535  # bytes; C2SP tlog-tiles gives an entry's length in 16 bits
_VERSION = 2
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)  # later than any clock that lost its battery shows


class EntryKind(StrEnum):
    """What happened to a certificate. The values are part of the leaf: never rename one."""

    ISSUE = "issue"
    REVOKE = "revoke"  # thu hồi: by decision, for one of the causes of the law
    REINSTATE = "reinstate"  # a revocation taken back by decision
    SUPERSEDE = "supersede"  # chỉnh sửa: another entry of kind issue says what holds from now on
    REISSUE = "reissue"  # the same content in a new file: another template, another timestamp
    DUPLICATE = "duplicate"  # cấp lại, bản sao từ sổ gốc: another paper of the same certificate


class EntryIsMalformed(RegisterRefusal):
    """The bytes are not an entry of this register in its one canonical form."""


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One event of the register. Entries are only ever added; a revocation is an entry too."""

    kind: EntryKind
    of: int | None  # leaf index of the issue this is about; None for an issue
    file_hash: bytes  # SHA-256 of the signed file
    record_hash: bytes  # `record_commitment` of what the register says
    status_index: int | None  # place in the status list
    at: datetime  # aware; kept to the microsecond

    def __post_init__(self) -> None:
        if (self.kind is EntryKind.ISSUE) != (self.of is None):
            raise ValueError("Every entry but an issue says which issue it is about.")
        if not len(self.file_hash) == len(self.record_hash) == merkle.HASH_BYTES:
            raise ValueError("The file and the record are represented by SHA-256 hashes.")
        if min(self.of or 0, self.status_index or 0) < 0:
            raise ValueError("A place in the log or in the status list is not negative.")
        if self.at.utcoffset() is None:
            raise ValueError("The moment of an entry needs its time zone.")
        if self.at < _EARLIEST:
            raise ValueError("No entry was made before this century.")

    def to_bytes(self) -> bytes:
        content: dict[str, int | bytes | str] = {
            "v": _VERSION,
            "kind": self.kind.value,
            "file": self.file_hash,
            "record": self.record_hash,
            "at": (self.at - _EPOCH) // _MICROSECOND,
        }
        if self.of is not None:
            content["of"] = self.of
        if self.status_index is not None:
            content["status"] = self.status_index
        return cbor.encode(content)

    def leaf_hash(self) -> bytes:
        return merkle.leaf_hash(self.to_bytes())

    @classmethod
    def from_bytes(cls, raw: bytes) -> Self:
        """Raises EntryIsMalformed for whatever `to_bytes` would not have written."""
        seen = glance(raw)
        parts = _ENTRY.fullmatch(raw)
        assert parts is not None  # noqa: S101 — `glance` has just found it so
        try:
            return cls(
                EntryKind(seen.kind),
                seen.of,
                parts["file"],
                parts["record"],
                seen.status,
                _EPOCH + seen.at * _MICROSECOND,
            )
        except (ValueError, OverflowError) as error:
            raise EntryIsMalformed(str(error)) from None


def leaf_of_version_1(
    kind: EntryKind, serial_number: str, file_hash: bytes, record_hash: bytes, at: datetime
) -> bytes:
    """The leaf hash of an entry as it was written before there was a version 2."""
    content: dict[str, int | bytes | str] = {
        "v": 1,
        "kind": kind.value,
        "serial": serial_number,
        "file": file_hash,
        "record": record_hash,
        "at": (at - _EPOCH) // _MICROSECOND,
    }
    return merkle.leaf_hash(cbor.encode(content))


class Glance(NamedTuple):
    """What an auditor of millions of entries needs of each."""

    kind: str
    of: int | None
    at: int  # microseconds since 1970
    status: int | None  # place in all status lists taken together


def glance(raw: bytes) -> Glance:
    """Read an entry's kind, subject, moment and place; raises EntryIsMalformed.

    An entry has so few forms that one pattern describes them all, canonical numbers included:
    whatever matches is what `to_bytes` writes for these values.
    """
    parts = _ENTRY.fullmatch(raw)
    if parts is None:
        raise EntryIsMalformed("The bytes are not an entry in its canonical form.")
    head, at, of, kind, status = parts.group("head", "at", "of", "kind", "status")
    if head[0] != _MAP_OF_FIVE + (of is not None) + (status is not None):
        raise EntryIsMalformed("The entry says it has another number of fields than it has.")
    return Glance(
        kind[1:].decode("ascii"),
        None if of is None else _number(of),
        int.from_bytes(at, "big"),
        None if status is None else _number(status),
    )


def record_commitment(salt: bytes, fields: Mapping[str, str]) -> bytes:
    """SHA-256 over `salt`, then the fields in deterministic CBOR.

    The salt has one fixed length: with a variable one, the end of a salt could be read as the
    beginning of the fields. Texts are taken in Unicode form NFC, so a name typed on another
    keyboard gives the same hash.
    """
    if len(salt) != SALT_BYTES:
        raise ValueError(f"A salt has {SALT_BYTES} random bytes, not {len(salt)}.")
    pairs = [(key, cbor.text(_nfc(fields[name]))) for key, name in _in_order(tuple(fields))]
    return sha256(salt + cbor.map_of(pairs)).digest()


@lru_cache(maxsize=256)
def _in_order(names: tuple[str, ...]) -> tuple[tuple[bytes, str], ...]:
    """Names of fields behind their encodings, in their order: thousands of records share them."""
    if len({_nfc(name) for name in names}) != len(names):
        raise ValueError("Two fields of a record have the same name.")
    return tuple(sorted((cbor.encode(_nfc(name)), name) for name in names))


def _nfc(text: str) -> str:
    return text if text.isascii() else unicodedata.normalize("NFC", text)


# --- one entry as a pattern -------------------------------------------------------------------

_MAP_OF_FIVE = 0xA5
_DIRECT = 24  # a CBOR number below it is its own head


def _number(encoded: bytes) -> int:
    return encoded[0] if encoded[0] < _DIRECT else int.from_bytes(encoded[1:], "big")


def _pattern() -> re.Pattern[bytes]:
    def key(name: str) -> bytes:
        return re.escape(cbor.encode(name))

    # In its shortest form, as §4.2.1 demands: a longer one than needed does not match.
    number = (
        rb"[\x00-\x17]|\x18[\x18-\xff]|\x19[\x01-\xff].|\x1a(?!\x00\x00).{4}|\x1b(?!\x00{4}).{8}"
    )
    hash_ = rb"\x58\x20(?P<%s>.{32})"
    kinds = b"|".join(re.escape(cbor.encode(kind.value)) for kind in EntryKind)
    return re.compile(
        rb"(?P<head>[\xa5-\xa7])"
        + key("v")
        + re.escape(cbor.encode(_VERSION))
        + key("at")
        + rb"\x1b(?P<at>(?!\x00{4}).{8})"
        + rb"(?:"
        + key("of")
        + rb"(?P<of>"
        + number
        + rb"))?"
        + key("file")
        + hash_ % b"file"
        + key("kind")
        + rb"(?P<kind>"
        + kinds
        + rb")"
        + key("record")
        + hash_ % b"record"
        + rb"(?:"
        + key("status")
        + rb"(?P<status>"
        + number
        + rb"))?",
        re.DOTALL,
    )  # fmt: skip — one field a line


_ENTRY = _pattern()
