"""Proof that something was logged, in one text that can be checked offline: C2SP tlog-proof v1.

    c2sp.org/tlog-proof@v1
    extra <base64>                        optional; not authenticated by the proof itself
    index <place of the leaf in the log>
    <one hash of the inclusion proof, base64, a line>

    <the checkpoint, verbatim, with its cosignatures>

Here `extra` is the entry whose hash the leaf is. It proves nothing until its hash has been found
at the leaf: `verify_entry` does that, so what it returns may be believed.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from hocvu.register.checkpoint import Checkpoint, VerifierKey, open_checkpoint
from hocvu.register.cosignature import Cosignature, WitnessKey, cosignatures_on
from hocvu.register.entries import RegisterEntry
from hocvu.register.errors import RegisterRefusal
from hocvu.register.merkle import (
    HASH_BYTES,
    Nodes,
    Proof,
    inclusion_proof,
    leaf_hash,
    verify_inclusion,
)
from hocvu.register.note import SignedNote, from_base64, to_base64

SUFFIX = ".tlog-proof"
MOST_HASHES = 63  # no tree of 64-bit size is higher
_HEADER = "c2sp.org/tlog-proof@v1"
_LONGEST = 200_000  # characters
_FORM = re.compile(
    rf"{re.escape(_HEADER)}\n"
    r"(?:extra (?P<extra>[A-Za-z0-9+/=]*)\n)?"
    r"index (?P<index>0|[1-9][0-9]{0,18})\n"
    r"(?P<hashes>(?:[A-Za-z0-9+/=]+\n)*)"
    r"\n(?P<note>.*)",
    re.DOTALL,
)


class LogProofIsMalformed(RegisterRefusal):
    """The text is not a proof in the form of the standard."""


class TooFewWitnesses(RegisterRefusal):
    """Fewer of the trusted witnesses cosigned than were asked for."""


@dataclass(frozen=True, slots=True)
class LogProof:
    """What a proof claims. Nothing is verified by reading it."""

    index: int
    inclusion: Proof
    note: str  # the checkpoint, verbatim
    extra: bytes = b""

    def to_text(self) -> str:
        extra = f"extra {to_base64(self.extra)}\n" if self.extra else ""
        hashes = "".join(f"{to_base64(each)}\n" for each in self.inclusion)
        return f"{_HEADER}\n{extra}index {self.index}\n{hashes}\n{self.note}"

    @classmethod
    def from_text(cls, text: str) -> Self:
        parts = _FORM.fullmatch(text) if len(text) <= _LONGEST else None
        if parts is None:
            raise LogProofIsMalformed("This is not a proof of a log entry.")
        lines = parts["hashes"].split()
        if len(lines) > MOST_HASHES:
            raise LogProofIsMalformed("The proof has more hashes than any tree is high.")
        try:
            inclusion = tuple(from_base64(line) for line in lines)
            extra = from_base64(parts["extra"] or "")
        except ValueError:
            raise LogProofIsMalformed("The proof is not written in base64.") from None
        if any(len(each) != HASH_BYTES for each in inclusion):
            raise LogProofIsMalformed(f"A hash has {HASH_BYTES} bytes.")
        return cls(int(parts["index"]), inclusion, parts["note"], extra)


@dataclass(frozen=True, slots=True)
class Logged:
    """What `verify_proof` found to be true: this leaf stands at this index of this signed tree."""

    leaf_hash: bytes
    index: int
    checkpoint: Checkpoint
    cosignatures: tuple[Cosignature, ...]


def prove(tree: Nodes, index: int, note: str, extra: bytes = b"") -> LogProof:
    """The proof of the leaf at `index` under the checkpoint in `note`, whose tree is `tree`."""
    return LogProof(index, inclusion_proof(tree, index), note, extra)


def verify_proof(
    proof: LogProof,
    leaf: bytes,
    log_keys: Iterable[VerifierKey],
    *,
    witness_keys: Iterable[WitnessKey] = (),
    quorum: int = 0,
) -> Logged:
    """Return the fact that `leaf` (a leaf hash) is in the log, or raise a RegisterRefusal.

    `quorum` is how many of the given witnesses must have cosigned.
    """
    # 1. The checkpoint was signed by the log whose key is trusted.
    checkpoint = open_checkpoint(proof.note, log_keys)
    # 2. Enough trusted witnesses have seen the same tree.
    cosignatures = tuple(cosignatures_on(SignedNote.from_text(proof.note), witness_keys))
    if len(cosignatures) < quorum:
        raise TooFewWitnesses(f"{len(cosignatures)} of {quorum} witnesses cosigned.")
    # 3. The leaf is in that tree, at this place.
    verify_inclusion(leaf, proof.index, proof.inclusion, checkpoint.head)
    return Logged(leaf, proof.index, checkpoint, cosignatures)


def verify_entry(
    proof: LogProof,
    log_keys: Iterable[VerifierKey],
    *,
    witness_keys: Iterable[WitnessKey] = (),
    quorum: int = 0,
) -> tuple[RegisterEntry, Logged]:
    """The entry that the proof brings along, once it is proved to be the one in the log."""
    if not proof.extra:
        raise LogProofIsMalformed("The proof does not say which entry it proves.")
    logged = verify_proof(
        proof, leaf_hash(proof.extra), log_keys, witness_keys=witness_keys, quorum=quorum
    )
    return RegisterEntry.from_bytes(proof.extra), logged
