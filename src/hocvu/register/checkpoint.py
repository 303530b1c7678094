"""Signed tree heads: C2SP tlog-checkpoint v1.0.0, a signed note (see `note`) of three lines.

    register.example/2026
    20852163
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

    — register.example/2026 Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+…

What must never happen: two checkpoints signed by one key of which neither continues the other.
This module cannot see that; whoever calls `sign_checkpoint` holds the lock on the log's head.

Stricter than the standard on two points, because only logs of this project are read here: a log's
key carries the log's origin as its name, and extension lines are refused. A log may have several
keys at once (rotation): one of them has to have signed, and none may have signed badly.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from hocvu.register.merkle import EMPTY_ROOT, HASH_BYTES, TreeHead
from hocvu.register.note import (
    NoteIsForged,
    NoteIsMalformed,
    NoteSignature,
    SignedNote,
    SigningKey,
    VerifierKey,
    from_base64,
    is_key_name,
    to_base64,
    verified_signers,
)

__all__ = [
    "Checkpoint",
    "CheckpointIsMalformed",
    "EmptyTreeHasAnotherRoot",
    "SigningKey",
    "VerifierKey",
    "open_checkpoint",
    "sign_checkpoint",
]

_TREE_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class CheckpointIsMalformed(NoteIsMalformed):
    """The note is not a checkpoint."""


class EmptyTreeHasAnotherRoot(CheckpointIsMalformed):
    """The empty tree, and only it, has the empty root (RFC 9162, §2.1.1)."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log commits to by signing: under this name, so many leaves, with this root."""

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        if not is_key_name(self.origin):
            raise CheckpointIsMalformed("An origin has letters, no spaces and no plus sign.")
        if not _TREE_SIZE.fullmatch(str(self.size)):
            raise CheckpointIsMalformed("A tree's size is a whole number that is not negative.")
        if len(self.root) != HASH_BYTES:
            raise CheckpointIsMalformed(f"A root has {HASH_BYTES} bytes.")
        if (self.size == 0) != (self.root == EMPTY_ROOT):
            raise EmptyTreeHasAnotherRoot("The empty tree, and only it, has the empty root.")

    @property
    def head(self) -> TreeHead:
        return TreeHead(self.size, self.root)

    def to_text(self) -> str:
        """The signed part: three lines, each with its newline."""
        return f"{self.origin}\n{self.size}\n{to_base64(self.root)}\n"

    @classmethod
    def from_text(cls, text: str) -> Self:
        lines = text.split("\n")
        match lines:
            case [origin, size, root, ""] if _TREE_SIZE.fullmatch(size):
                pass
            case _:
                raise CheckpointIsMalformed("A checkpoint has three lines: origin, size and root.")
        try:
            return cls(origin, int(size), from_base64(root))
        except ValueError:
            raise CheckpointIsMalformed("The root is not written in base64.") from None


def sign_checkpoint(checkpoint: Checkpoint, key: SigningKey) -> str:
    """The checkpoint as a signed note, ready to be stored and published."""
    if key.name != checkpoint.origin:
        raise ValueError(f"The key {key.name} does not sign for the log {checkpoint.origin}.")
    text = checkpoint.to_text()
    signature = NoteSignature(key.name, key.verifier.key_id, key.private.sign(text.encode()))
    return SignedNote(text, (signature,)).to_text()


def open_checkpoint(note: str, verifier_keys: Iterable[VerifierKey]) -> Checkpoint:
    """Return the checkpoint in `note` once a trusted key of its own log is found to have signed it.

    Raises NoteIsMalformed or NoteIsForged.
    """
    # 1. It has the form of a note: text, empty line, signature lines.
    signed = SignedNote.from_text(note)
    # 2. Every signature of a known key holds, and
    # 3. there is at least one. Only now is the text worth reading.
    signers = verified_signers(signed, verifier_keys)
    if not signers:
        raise NoteIsForged("No trusted key has signed this checkpoint.")
    # 4. The text is a checkpoint, and the log it names is among its signers.
    checkpoint = Checkpoint.from_text(signed.text)
    if checkpoint.origin not in signers:
        raise NoteIsForged(f"The log {checkpoint.origin} has not signed this itself.")
    return checkpoint
