"""Signed tree heads: C2SP tlog-checkpoint in a C2SP signed-note with Ed25519 (RFC 8032).

A checkpoint is three lines (origin, size, root), an empty line, and signature lines:

    register.example/2026
    20852163
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

    — register.example/2026 Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+…

What must never happen: two checkpoints signed by one key of which neither continues the other.
This module cannot see that; whoever calls `sign_checkpoint` holds the lock on the log's head.

Stricter than the standard on two points, because only this project's own logs are read here:
a log's key carries the log's origin as its name, and extension lines are refused.
"""

import base64
import binascii
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from hocvu.register.errors import RegisterRefusal
from hocvu.register.merkle import EMPTY_ROOT, HASH_BYTES, TreeHead

_ED25519 = b"\x01"  # signed-note, signature types
_KEY_BYTES = 32
_KEY_ID_BYTES = 4
_LONGEST_NOTE = 1_000_000  # characters; far above sixteen post-quantum cosignatures
_KEY_NAME = re.compile(r"[^\s+\x00-\x1f\x7f]+")
_TREE_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_SIGNATURE_LINE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/=]+)")
_VERIFIER_KEY = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)")
_SIGNING_KEY = re.compile(r"PRIVATE\+KEY\+([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)")
_NOT_IN_A_NOTE = re.compile(r"[\x00-\x09\x0b-\x1f\ud800-\udfff]")  # control; not UTF-8


class CheckpointIsMalformed(RegisterRefusal):
    """The text is not a checkpoint at all."""


class CheckpointIsForged(RegisterRefusal):
    """The text is a checkpoint, but none that a trusted key signed."""


class KeyIsMalformed(RegisterRefusal):
    """The text is not a note key, or it was mistyped."""


# --- keys -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key by which a log is recognised; safe to print, publish and pin."""

    name: str
    public_bytes: bytes

    def __post_init__(self) -> None:
        _require_key_name(self.name)
        if len(self.public_bytes) != _KEY_BYTES:
            raise KeyIsMalformed(f"An Ed25519 public key has {_KEY_BYTES} bytes.")

    @property
    def key_id(self) -> bytes:
        named = self.name.encode() + b"\n" + _ED25519 + self.public_bytes
        return sha256(named).digest()[:_KEY_ID_BYTES]

    def to_text(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_base64(_ED25519 + self.public_bytes)}"

    @classmethod
    def from_text(cls, text: str) -> Self:
        name, key_id, public_bytes = _parts_of_key(_VERIFIER_KEY, text)
        key = cls(name, public_bytes)
        if key.key_id != key_id:
            raise KeyIsMalformed("The key does not match its own fingerprint.")
        return key

    def verify(self, signature: bytes, message: bytes) -> None:
        try:
            Ed25519PublicKey.from_public_bytes(self.public_bytes).verify(signature, message)
        except InvalidSignature:
            raise CheckpointIsForged(f"The signature of {self.name} does not hold.") from None


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The private key of a log. `to_text` reveals it; `repr` does not."""

    name: str
    private: Ed25519PrivateKey

    def __post_init__(self) -> None:
        _require_key_name(self.name)

    @classmethod
    def generate(cls, name: str) -> Self:
        return cls(name, Ed25519PrivateKey.generate())

    @property
    def verifier(self) -> VerifierKey:
        return VerifierKey(self.name, self.private.public_key().public_bytes_raw())

    def to_text(self) -> str:
        secret = _base64(_ED25519 + self.private.private_bytes_raw())
        return f"PRIVATE+KEY+{self.name}+{self.verifier.key_id.hex()}+{secret}"

    @classmethod
    def from_text(cls, text: str) -> Self:
        name, key_id, seed = _parts_of_key(_SIGNING_KEY, text)
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


def _require_key_name(name: str) -> None:
    if not _KEY_NAME.fullmatch(name):
        raise KeyIsMalformed("A key name has at least one letter, no spaces and no plus sign.")


def _parts_of_key(form: re.Pattern[str], text: str) -> tuple[str, bytes, bytes]:
    parts = form.fullmatch(text)
    if parts is None:
        raise KeyIsMalformed("This is not a note key.")
    name, key_id, encoded = parts.groups()
    try:
        typed = _from_base64(encoded)
    except ValueError:
        raise KeyIsMalformed("The key is not written in base64.") from None
    if not typed.startswith(_ED25519) or len(typed) != len(_ED25519) + _KEY_BYTES:
        raise KeyIsMalformed("Only Ed25519 keys are read here.")
    return name, bytes.fromhex(key_id), typed.removeprefix(_ED25519)


# --- checkpoints ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log commits to by signing: under this name, so many leaves, with this root."""

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        if not _KEY_NAME.fullmatch(self.origin):
            raise CheckpointIsMalformed("An origin has letters, no spaces and no plus sign.")
        if not _TREE_SIZE.fullmatch(str(self.size)):
            raise CheckpointIsMalformed("A tree's size is a whole number that is not negative.")
        if len(self.root) != HASH_BYTES:
            raise CheckpointIsMalformed(f"A root has {HASH_BYTES} bytes.")
        if (self.size == 0) != (self.root == EMPTY_ROOT):
            raise CheckpointIsMalformed("The empty tree, and only it, has the empty root.")

    @property
    def head(self) -> TreeHead:
        return TreeHead(self.size, self.root)

    def to_text(self) -> str:
        """The signed part: three lines, each with its newline."""
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"

    @classmethod
    def from_text(cls, text: str) -> Self:
        lines = text.split("\n")
        match lines:
            case [origin, size, root, ""] if _TREE_SIZE.fullmatch(size):
                pass
            case _:
                raise CheckpointIsMalformed("A checkpoint has three lines: origin, size and root.")
        try:
            return cls(origin, int(size), _from_base64(root))
        except ValueError:
            raise CheckpointIsMalformed("The root is not written in base64.") from None


def sign_checkpoint(checkpoint: Checkpoint, key: SigningKey) -> str:
    """The checkpoint as a signed note, ready to be stored and published."""
    if key.name != checkpoint.origin:
        raise ValueError(f"The key {key.name} does not sign for the log {checkpoint.origin}.")
    text = checkpoint.to_text()
    signature = key.verifier.key_id + key.private.sign(text.encode())
    return f"{text}\n— {key.name} {_base64(signature)}\n"


def open_checkpoint(note: str, verifier_keys: Iterable[VerifierKey]) -> Checkpoint:
    """Return the checkpoint in `note` once a trusted key of its own log is found to have signed it.

    Raises CheckpointIsMalformed or CheckpointIsForged. Signatures of unknown keys are passed over
    (witnesses, keys to come); a known key's signature that does not hold condemns the whole note.
    """
    # 1. It has the form of a note: text, empty line, signature lines.
    if len(note) > _LONGEST_NOTE or _NOT_IN_A_NOTE.search(note):
        raise CheckpointIsMalformed("The text is too long or has control characters.")
    text, separator, signatures = note.rpartition("\n\n")
    if not separator or not signatures.endswith("\n"):
        raise CheckpointIsMalformed("The text carries no signature.")
    text += "\n"
    # 2. Every signature of a known key holds.
    known = {(key.name, key.key_id): key for key in verifier_keys}
    verified_names = set()
    for line in signatures.removesuffix("\n").split("\n"):
        name, key_id, signature = _parts_of_signature(line)
        if key := known.get((name, key_id)):
            key.verify(signature, text.encode())
            verified_names.add(name)
    # 3. There is at least one. Only now is the text worth reading.
    if not verified_names:
        raise CheckpointIsForged("No trusted key has signed this checkpoint.")
    # 4. The text is a checkpoint, and the log it names is among its signers.
    checkpoint = Checkpoint.from_text(text)
    if checkpoint.origin not in verified_names:
        raise CheckpointIsForged(f"The log {checkpoint.origin} has not signed this itself.")
    return checkpoint


def _parts_of_signature(line: str) -> tuple[str, bytes, bytes]:
    parts = _SIGNATURE_LINE.fullmatch(line)
    if parts is None:
        raise CheckpointIsMalformed("A signature line is not in the form of a note.")
    name, encoded = parts.groups()
    try:
        signature = _from_base64(encoded)
    except ValueError:
        raise CheckpointIsMalformed("A signature is not written in base64.") from None
    if len(signature) <= _KEY_ID_BYTES:
        raise CheckpointIsMalformed("A signature is too short.")
    return name, signature[:_KEY_ID_BYTES], signature[_KEY_ID_BYTES:]


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def _from_base64(text: str) -> bytes:
    """RFC 4648, section 4, in its one canonical spelling, so that no two texts mean one value."""
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("This is not base64.") from error
    if _base64(raw) != text:
        raise ValueError("This is not the canonical base64.")
    return raw
