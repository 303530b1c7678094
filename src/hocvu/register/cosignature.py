"""What a witness signs: C2SP tlog-cosignature v1.0.0, Ed25519 (cosignature/v1, type 0x04).

A cosignature is a signature line of a checkpoint's note. It says: "at this time, this was the
largest tree of this log that I had seen, and it continued everything I had seen before." Whoever
holds a checkpoint with cosignatures of witnesses that do not belong to the log's operator knows
that others were shown the same history.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar, Self

from hocvu.register.note import (
    NoteIsForged,
    NoteIsMalformed,
    NoteSignature,
    PublicKey,
    SignedNote,
    SigningKey,
)

_COSIGNATURE_V1 = b"\x04"  # signed-note, signature types
_TIME_BYTES = 8
_SIGNATURE_BYTES = 64
_LATEST = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class WitnessKey(PublicKey):
    """The public key by which a witness is recognised: no log key can be taken for one."""

    KIND: ClassVar[bytes] = _COSIGNATURE_V1

    @classmethod
    def of(cls, key: SigningKey) -> Self:
        return cls(key.name, key.public_bytes)


@dataclass(frozen=True, slots=True)
class Cosignature:
    """What `cosignatures_on` found to be true: this witness had seen this tree at this time."""

    witness: WitnessKey
    at: datetime  # aware, whole seconds


def sign_cosignature(text: str, key: SigningKey, *, at: datetime) -> NoteSignature:
    """Cosign the text of a checkpoint. The caller has verified that it continues the last one."""
    seconds = int(at.timestamp())
    if seconds <= 0:
        raise ValueError("A cosignature is made after 1970.")
    signature = key.private.sign(_message(seconds, text))
    return NoteSignature(
        key.name, WitnessKey.of(key).key_id, seconds.to_bytes(_TIME_BYTES, "big") + signature
    )


def cosignatures_on(note: SignedNote, witness_keys: Iterable[WitnessKey]) -> list[Cosignature]:
    """The cosignatures of known witnesses, each verified; those of others are passed over.

    Raises NoteIsMalformed or NoteIsForged: a known witness's line that does not hold condemns the
    whole note.
    """
    known = {(key.name, key.key_id): key for key in witness_keys}
    found = {}
    for each in note.signatures:
        if key := known.get((each.name, each.key_id)):
            found[key] = Cosignature(key, _verified(key, each.signature, note.text))
    return list(found.values())


def _verified(key: WitnessKey, stamped: bytes, text: str) -> datetime:
    # 1. It is a time and an Ed25519 signature, and nothing else.
    if len(stamped) != _TIME_BYTES + _SIGNATURE_BYTES:
        raise NoteIsMalformed(f"The cosignature of {key.name} has the wrong length.")
    # 2. The time is one: not left out, and not beyond what a calendar holds.
    seconds = int.from_bytes(stamped[:_TIME_BYTES], "big")
    if not 0 < seconds < _LATEST.timestamp():
        raise NoteIsForged(f"The cosignature of {key.name} names an impossible time.")
    # 3. The witness signed this time together with this text.
    key.require_signature(stamped[_TIME_BYTES:], _message(seconds, text))
    return datetime.fromtimestamp(seconds, UTC)


def _message(seconds: int, text: str) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()
