"""A witness: C2SP tlog-witness (v1.0.0, and the clarifications of July 2026 on size 0 and 422).

Another institution remembers the largest tree it has seen of this log and cosigns a new head only
where a consistency proof shows that it continues the remembered one. It needs no trust in the log,
and nobody has to trust it further than that: it sees hashes, no entries and no persons.

State, one folder for each log, named by the hash of its origin:

    <folder>/<SHA-256 of origin>/checkpoint       the last head it cosigned, with its cosignature
    <folder>/<SHA-256 of origin>/refused/<size>-… heads a log signed of the size of the last one,
                                                  with another root: the two convict the log
    <folder>/<SHA-256 of origin>/unproved/<size>-… larger ones that came without a proof that holds;
                                                  whoever sends them may have spoilt it, so they
                                                  say nothing alone and never crowd out the others

What must never happen: two cosignatures of which neither head continues the other. The remembered
head is read, compared and replaced under one lock, and it is on the disk before the cosignature
leaves this module; a crash in between has cosigned a head nobody was told of, which is harmless.
The state vouches for itself by its own cosignature. Who loses it makes a new key: an older state
put back from a copy would forget what was cosigned meanwhile.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path
from typing import ClassVar, Self

from hocvu.register.checkpoint import (
    Checkpoint,
    EmptyTreeHasAnotherRoot,
    VerifierKey,
    open_checkpoint,
)
from hocvu.register.cosignature import WitnessKey, cosignatures_on, sign_cosignature
from hocvu.register.durable import alone, put
from hocvu.register.errors import RegisterRefusal
from hocvu.register.merkle import (
    EMPTY_ROOT,
    HASH_BYTES,
    Proof,
    ProofDoesNotHold,
    TreeHead,
    verify_consistency,
)
from hocvu.register.note import (
    NoteIsForged,
    NoteIsMalformed,
    NoteSignature,
    SignedNote,
    SigningKey,
    from_base64,
    to_base64,
)

ADD_CHECKPOINT = "add-checkpoint"
SIZE_TYPE = "text/x.tlog.size"
LONGEST_REQUEST = 64 * 1024  # bytes
_MOST_HASHES = 63
_MOST_REFUSED = 100  # kept as evidence
_CLOCK_TOLERANCE = timedelta(seconds=1)  # times are kept in whole seconds
_CHECKPOINT = Path("checkpoint")
_REQUEST = re.compile(
    r"old (?P<old>0|[1-9][0-9]{0,18})\n(?P<hashes>(?:[A-Za-z0-9+/=]+\n)*)\n(?P<note>.+)",
    re.DOTALL,
)


class WitnessRefusal(RegisterRefusal):
    """Why a head was not cosigned."""

    status: ClassVar[HTTPStatus] = HTTPStatus.BAD_REQUEST


class RequestIsMalformed(WitnessRefusal):
    """Not in the form of the standard, or asking for a tree smaller than the old one."""


class LogIsUnknown(WitnessRefusal):
    """The operator of this witness has not asked it to watch the log of this name."""

    status = HTTPStatus.NOT_FOUND


class LogDidNotSign(WitnessRefusal):
    """No key that this witness knows of the log has signed the head."""

    status = HTTPStatus.FORBIDDEN


class NotTheLastSize(WitnessRefusal):
    """The old size is not the one this witness cosigned last; `size` is."""

    status = HTTPStatus.CONFLICT

    def __init__(self, size: int) -> None:
        super().__init__(f"This witness has cosigned a tree of {size} leaves last.")
        self.size = size


class AnotherHistory(WitnessRefusal):
    """The head does not continue the one this witness has cosigned."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class WitnessCannotSign(WitnessRefusal):
    """The witness's own state or clock is not to be relied on; its operator has to look."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    """The request of the protocol: a size the witness may know, the proof from there, the head."""

    old_size: int
    proof: Proof
    note: str

    def to_text(self) -> str:
        hashes = "".join(f"{to_base64(each)}\n" for each in self.proof)
        return f"old {self.old_size}\n{hashes}\n{self.note}"

    @classmethod
    def from_text(cls, body: str) -> Self:
        parts = _REQUEST.fullmatch(body) if len(body) <= LONGEST_REQUEST else None
        if parts is None:
            raise RequestIsMalformed("The request is not in the form of tlog-witness.")
        lines = parts["hashes"].split()
        if len(lines) > _MOST_HASHES:
            raise RequestIsMalformed(f"A proof has at most {_MOST_HASHES} hashes.")
        try:
            proof = tuple(from_base64(line) for line in lines)
        except ValueError:
            raise RequestIsMalformed("The proof is not written in base64.") from None
        if any(len(each) != HASH_BYTES for each in proof):
            raise RequestIsMalformed(f"A hash has {HASH_BYTES} bytes.")
        return cls(int(parts["old"]), proof, parts["note"])


def verify_growth(old_note: str, grown: str, log_keys: Iterable[VerifierKey]) -> Checkpoint:
    """The later of two signed heads, once it is proved to continue the earlier.

    `grown` is what a log would send a witness that has cosigned `old_note`: proof and head.
    Raises a RegisterRefusal.
    """
    trusted = tuple(log_keys)
    # 1. Both heads are genuine heads of one log.
    request = AddCheckpoint.from_text(grown)
    old, new = open_checkpoint(old_note, trusted), open_checkpoint(request.note, trusted)
    if old.origin != new.origin:
        raise ProofDoesNotHold(f"{new.origin} is another log than {old.origin}.")
    # 2. The one continues the other.
    _require_continuation(old.head, new.head, request.proof)
    return new


@dataclass(frozen=True)
class Witness:
    """One witness with its key, its memory and the logs it watches."""

    folder: Path
    key: SigningKey
    log_keys: Iterable[VerifierKey]
    _keys_of: dict[str, list[VerifierKey]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        by_origin: defaultdict[str, list[VerifierKey]] = defaultdict(list)
        for each in self.log_keys:
            by_origin[each.name].append(each)
        object.__setattr__(self, "_keys_of", dict(by_origin))

    @property
    def public_key(self) -> WitnessKey:
        return WitnessKey.of(self.key)

    def add_checkpoint(self, body: str, *, at: datetime) -> str:
        """The cosignature line of this witness under the submitted head, or a WitnessRefusal."""
        # 1. The request has the form of the protocol.
        request = AddCheckpoint.from_text(body)
        # 2. Its first line names a log that this witness watches,
        origin = request.note.partition("\n")[0]
        if origin not in self._keys_of:
            raise LogIsUnknown(f"This witness does not watch the log {origin}.")
        # 3. and that log has signed it.
        new = self._signed_by_log(origin, request.note)
        if request.old_size > new.size:
            raise RequestIsMalformed(f"{request.old_size} leaves cannot grow to {new.size}.")
        with alone(self._of(origin)):
            # 4. The proof starts where this witness stands.
            last, last_at = self._last(origin)
            if request.old_size != last.size:
                raise NotTheLastSize(last.size)
            # 5. The new tree continues the remembered one.
            try:
                _require_continuation(last, new.head, request.proof)
            except ProofDoesNotHold as refusal:
                self._keep_as_evidence(origin, new, request.note)
                raise AnotherHistory(str(refusal)) from None
            # 6. The clock has not gone back: a smaller tree cannot be the later one.
            if last_at is not None and at < last_at - _CLOCK_TOLERANCE:
                raise WitnessCannotSign(f"The clock shows a time before {last_at.isoformat()}.")
            # 7. Remember first; then answer.
            return self._remember_and_sign(origin, request.note, max(at, last_at or at))

    def last_note(self, origin: str) -> str | None:
        """The head this witness cosigned last, as it may be shown to anybody."""
        file = self._of(origin) / _CHECKPOINT
        return file.read_text(encoding="utf-8") if file.exists() else None

    def _signed_by_log(self, origin: str, note: str) -> Checkpoint:
        try:
            return open_checkpoint(note, self._keys_of[origin])
        except EmptyTreeHasAnotherRoot as refusal:
            raise AnotherHistory(str(refusal)) from None
        except NoteIsMalformed as refusal:
            raise RequestIsMalformed(str(refusal)) from None
        except NoteIsForged as refusal:
            raise LogDidNotSign(str(refusal)) from None

    def _last(self, origin: str) -> tuple[TreeHead, datetime | None]:
        """The remembered head and when it was cosigned; the empty tree for a log not seen yet."""
        note = self.last_note(origin)
        if note is None:
            return TreeHead(0, EMPTY_ROOT), None
        try:
            remembered = SignedNote.from_text(note)
            (own,) = cosignatures_on(remembered, [self.public_key])
            return Checkpoint.from_text(remembered.text).head, own.at
        except (RegisterRefusal, ValueError) as error:
            raise WitnessCannotSign(f"What is remembered of {origin} was altered.") from error

    def _remember_and_sign(self, origin: str, note: str, at: datetime) -> str:
        submitted = SignedNote.from_text(note)
        of_log = [
            each
            for each in submitted.signatures
            if any(each.is_of(key) for key in self._keys_of[origin])
        ]
        own: NoteSignature = sign_cosignature(submitted.text, self.key, at=at)
        kept = SignedNote(submitted.text, (*of_log, own))
        put(self._of(origin), {_CHECKPOINT: kept.to_text().encode()})
        return own.to_line()

    def _keep_as_evidence(self, origin: str, new: Checkpoint, note: str) -> None:
        """Keep a head that the log signed and that may be another history, for whoever looks."""
        last, _at = self._last(origin)
        kind = "refused" if new.size == last.size else "unproved"
        kept = self._of(origin) / kind
        if not kept.exists() or sum(1 for _ in kept.iterdir()) < _MOST_REFUSED:
            name = f"{new.size}-{new.root.hex()[:16]}"
            put(self._of(origin), {Path(kind, name): note.encode()})

    def _of(self, origin: str) -> Path:
        return self.folder / sha256(origin.encode()).hexdigest()


def _require_continuation(last: TreeHead, new: TreeHead, proof: Proof) -> None:
    if last.size > 0:
        verify_consistency(last, new, proof)
    elif proof:
        raise ProofDoesNotHold("Every tree continues the empty one: there is nothing to prove.")
