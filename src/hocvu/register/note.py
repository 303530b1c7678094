"""Signed notes and their keys: C2SP signed-note v1.0.0, signature type 0x01 (Ed25519, RFC 8032).

A note is a text that ends in a newline, an empty line, and signature lines:

    — register.example/2026 Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+…

A key is recognised by its name together with four bytes of a hash; the bytes are no security, they
only say which key to try. Signatures of unknown keys are passed over, as the standard demands; a
signature of a known key that does not hold condemns the whole note.
"""

import base64
import binascii
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import ClassVar, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from hocvu.register.errors import RegisterRefusal

ED25519 = b"\x01"  # signature types
_KEY_BYTES = 32
_KEY_ID_BYTES = 4
_LONGEST_NOTE = 1_000_000  # characters; far above sixteen post-quantum cosignatures
_KEY_NAME = re.compile(r"[^\s+\x00-\x1f\x7f\ud800-\udfff]+")  # nothing that has no UTF-8
_SIGNATURE_LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/=]+)")
_VERIFIER_KEY = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)")
_SIGNING_KEY = re.compile(r"PRIVATE\+KEY\+([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)")
_NOT_IN_A_NOTE = re.compile(r"[\x00-\x09\x0b-\x1f\ud800-\udfff]")  # control; not UTF-8


class NoteIsMalformed(RegisterRefusal):
    """The text is not a note at all."""


class NoteIsForged(RegisterRefusal):
    """The text is a note, but none that a trusted key signed."""


class KeyIsMalformed(RegisterRefusal):
    """The text is not a note key, or it was mistyped."""


# --- keys -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A name and an Ed25519 key for one kind of signature; safe to print, publish and pin."""

    KIND: ClassVar[bytes]

    name: str
    public_bytes: bytes

    def __post_init__(self) -> None:
        if not is_key_name(self.name):
            raise KeyIsMalformed("A key name has at least one letter, no spaces and no plus sign.")
        if len(self.public_bytes) != _KEY_BYTES:
            raise KeyIsMalformed(f"An Ed25519 public key has {_KEY_BYTES} bytes.")

    @property
    def key_id(self) -> bytes:
        named = self.name.encode() + b"\n" + self.KIND + self.public_bytes
        return sha256(named).digest()[:_KEY_ID_BYTES]

    def to_text(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{to_base64(self.KIND + self.public_bytes)}"

    @classmethod
    def from_text(cls, text: str) -> Self:
        name, key_id, public_bytes = _parts_of_key(_VERIFIER_KEY, cls.KIND, text)
        key = cls(name, public_bytes)
        if key.key_id != key_id:
            raise KeyIsMalformed("The key does not match its own fingerprint.")
        return key

    def require_signature(self, signature: bytes, message: bytes) -> None:
        try:
            Ed25519PublicKey.from_public_bytes(self.public_bytes).verify(signature, message)
        except InvalidSignature:
            raise NoteIsForged(f"The signature of {self.name} does not hold.") from None


@dataclass(frozen=True, slots=True)
class VerifierKey(PublicKey):
    """The public key by which a log is recognised."""

    KIND: ClassVar[bytes] = ED25519


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The private key of a log or a witness. `to_text` reveals it; `repr` does not."""

    name: str
    private: Ed25519PrivateKey

    def __post_init__(self) -> None:
        if not is_key_name(self.name):
            raise KeyIsMalformed("A key name has at least one letter, no spaces and no plus sign.")

    @classmethod
    def generate(cls, name: str) -> Self:
        return cls(name, Ed25519PrivateKey.generate())

    @property
    def public_bytes(self) -> bytes:
        return self.private.public_key().public_bytes_raw()

    @property
    def verifier(self) -> VerifierKey:
        return VerifierKey(self.name, self.public_bytes)

    def to_text(self) -> str:
        secret = to_base64(ED25519 + self.private.private_bytes_raw())
        return f"PRIVATE+KEY+{self.name}+{self.verifier.key_id.hex()}+{secret}"

    @classmethod
    def from_text(cls, text: str) -> Self:
        name, key_id, seed = _parts_of_key(_SIGNING_KEY, ED25519, text)
        key = cls(name, Ed25519PrivateKey.from_private_bytes(seed))
        if key.verifier.key_id != key_id:
            raise KeyIsMalformed("The key does not match its own fingerprint.")
        return key

    def save(self, path: Path) -> None:
        """Write a new file that only its owner can read; an existing key is never overwritten."""
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(self.to_text() + "\n")
            file.flush()
            os.fsync(file.fileno())

    @classmethod
    def load(cls, path: Path) -> Self:
        return cls.from_text(path.read_text(encoding="utf-8").removesuffix("\n"))


def is_key_name(name: str) -> bool:
    return bool(_KEY_NAME.fullmatch(name))


def _parts_of_key(form: re.Pattern[str], kind: bytes, text: str) -> tuple[str, bytes, bytes]:
    parts = form.fullmatch(text)
    if parts is None:
        raise KeyIsMalformed("This is not a note key.")
    name, key_id, encoded = parts.groups()
    try:
        typed = from_base64(encoded)
    except ValueError:
        raise KeyIsMalformed("The key is not written in base64.") from None
    if not typed.startswith(kind) or len(typed) != len(kind) + _KEY_BYTES:
        raise KeyIsMalformed("The key is not an Ed25519 key for this kind of signature.")
    return name, bytes.fromhex(key_id), typed.removeprefix(kind)


# --- notes ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line: which key claims it, and what it says."""

    name: str
    key_id: bytes
    signature: bytes

    def to_line(self) -> str:
        return f"— {self.name} {to_base64(self.key_id + self.signature)}\n"

    @classmethod
    def from_line(cls, line: str) -> Self:
        """Without its newline."""
        parts = _SIGNATURE_LINE.fullmatch(line)
        if parts is None:
            raise NoteIsMalformed("A signature line is not in the form of a note.")
        name, encoded = parts.groups()
        try:
            raw = from_base64(encoded)
        except ValueError:
            raise NoteIsMalformed("A signature is not written in base64.") from None
        if len(raw) <= _KEY_ID_BYTES:
            raise NoteIsMalformed("A signature is too short.")
        return cls(name, raw[:_KEY_ID_BYTES], raw[_KEY_ID_BYTES:])

    def is_of(self, key: PublicKey) -> bool:
        return (self.name, self.key_id) == (key.name, key.key_id)


@dataclass(frozen=True, slots=True)
class SignedNote:
    """A text and who claims to have signed it. Nothing is verified by reading it."""

    text: str
    signatures: tuple[NoteSignature, ...]

    def to_text(self) -> str:
        return f"{self.text}\n{''.join(each.to_line() for each in self.signatures)}"

    @classmethod
    def from_text(cls, note: str) -> Self:
        if len(note) > _LONGEST_NOTE or _NOT_IN_A_NOTE.search(note):
            raise NoteIsMalformed("The text is too long or has control characters.")
        text, separator, signatures = note.rpartition("\n\n")
        if not separator or not signatures.endswith("\n"):
            raise NoteIsMalformed("The text carries no signature.")
        lines = signatures.removesuffix("\n").split("\n")
        return cls(text + "\n", tuple(NoteSignature.from_line(line) for line in lines))

    def with_signatures(self, added: Iterable[NoteSignature]) -> Self:
        """The same text, signed by more; a key that signs again replaces what it had signed."""
        by_key = {(each.name, each.key_id): each for each in (*self.signatures, *added)}
        return type(self)(self.text, tuple(by_key.values()))


def verified_signers(note: SignedNote, keys: Iterable[VerifierKey]) -> frozenset[str]:
    """Names of the known keys that signed `note`; raises where a known key's does not hold."""
    known = {(key.name, key.key_id): key for key in keys}
    names = set()
    for each in note.signatures:
        if key := known.get((each.name, each.key_id)):
            key.require_signature(each.signature, note.text.encode())
            names.add(each.name)
    return frozenset(names)


# --- base64 -----------------------------------------------------------------------------------


def to_base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def from_base64(text: str) -> bytes:
    """RFC 4648, section 4, in its one canonical spelling, so that no two texts mean one value."""
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("This is not base64.") from error
    if to_base64(raw) != text:
        raise ValueError("This is not the canonical base64.")
    return raw
