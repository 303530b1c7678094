"""Asking a witness to cosign: the log's side of C2SP tlog-witness.

The log proves that its head continues whatever the witness has cosigned last. Two answers are no
trouble of the network but findings, and are named as such: the witness knows a longer log than
this one, or another history.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import Self

from hocvu.register.checkpoint import Checkpoint
from hocvu.register.cosignature import WitnessKey, cosignatures_on
from hocvu.register.errors import RegisterRefusal
from hocvu.register.fetching import NotReachable, Reply, Site
from hocvu.register.merkle import Nodes, consistency_proof
from hocvu.register.note import KeyIsMalformed, NoteSignature, SignedNote
from hocvu.register.witness import ADD_CHECKPOINT, SIZE_TYPE, AddCheckpoint

_SIZE = re.compile(rb"(0|[1-9][0-9]{0,18})\n")
_ATTEMPTS = 3  # another request may overtake this one


class WitnessKnowsMore(RegisterRefusal):
    """The witness has cosigned a longer log than this one is: here a tail was cut off."""


class WitnessSawAnotherHistory(RegisterRefusal):
    """The witness has cosigned a tree that this log does not continue: it was rewritten."""


class WitnessRefused(RegisterRefusal):
    """The witness does not cosign, for a reason of form or trust."""


@dataclass(frozen=True, slots=True)
class KnownWitness:
    """Another institution's witness: the key it is recognised by, and where it listens."""

    key: WitnessKey
    address: str

    @classmethod
    def from_line(cls, line: str) -> Self:
        """`<verifier key> <address>`, as its operator hands it out."""
        match line.split():
            case [key, address]:
                return cls(WitnessKey.from_text(key), address)
        raise KeyIsMalformed("A witness is its key and its address, with a space between.")

    def to_line(self) -> str:
        return f"{self.key.to_text()} {self.address}"


@dataclass(frozen=True, slots=True)
class Cosigned:
    """A witness's verified signature line, and the time it names."""

    line: NoteSignature
    at: datetime


def ask_to_cosign(
    witness: KnownWitness, note: str, tree: Nodes, *, seconds: float = 20
) -> Cosigned:
    """Have `note`, the head of `tree`, cosigned; raises a RegisterRefusal that says why not."""
    head = Checkpoint.from_text(SignedNote.from_text(note).text)
    old_size = 0
    with Site(witness.address, seconds=seconds) as site:
        for _ in range(_ATTEMPTS):
            proof = consistency_proof(tree, old_size) if old_size else ()
            request = AddCheckpoint(old_size, proof, note).to_text()
            reply = site.ask("POST", ADD_CHECKPOINT, request.encode())
            if reply.status != HTTPStatus.CONFLICT:
                return _cosigned(witness, note, reply)
            old_size = _size_known_to(witness, reply)
            if old_size > head.size:
                raise WitnessKnowsMore(
                    f"The witness {witness.key.name} has cosigned {old_size} leaves; "
                    f"here are only {head.size}."
                )
    raise NotReachable(f"The witness {witness.key.name} changes its mind all the time.")


def remembered_by(witness: KnownWitness, origin: str, *, seconds: float = 20) -> str | None:
    """The head the witness shows as the last it cosigned of this log; None if it has seen none."""
    with Site(witness.address, seconds=seconds) as site:
        content = site.read(Path(sha256(origin.encode()).hexdigest(), "checkpoint"))
    return None if content is None else content.decode(errors="replace")


def _cosigned(witness: KnownWitness, note: str, reply: Reply) -> Cosigned:
    words = reply.body.decode(errors="replace").strip()
    if reply.status == HTTPStatus.UNPROCESSABLE_ENTITY:
        raise WitnessSawAnotherHistory(
            f"The witness {witness.key.name} has cosigned another history: {words}"
        )
    if reply.status != HTTPStatus.OK:
        raise WitnessRefused(
            f"The witness {witness.key.name} does not cosign ({reply.status}): {words}"
        )
    lines = [NoteSignature.from_line(line) for line in words.split("\n")]
    answered = SignedNote(SignedNote.from_text(note).text, tuple(lines))
    for cosignature in cosignatures_on(answered, [witness.key]):
        line = next(each for each in reversed(lines) if each.is_of(witness.key))
        return Cosigned(line, cosignature.at)
    raise WitnessRefused(f"What {witness.address} answers was not signed by {witness.key.name}.")


def _size_known_to(witness: KnownWitness, reply: Reply) -> int:
    size = _SIZE.fullmatch(reply.body) if reply.content_type == SIZE_TYPE else None
    if size is None:
        raise NotReachable(f"The witness {witness.key.name} does not say what it has seen last.")
    return int(size[1])
