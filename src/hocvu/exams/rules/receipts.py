"""What commits to an answer and to an attempt: digests, chain links, the seal, and receipts.

An answer's digest is the SHA-256 of its canonical bytes: UTF-8 of the compact JSON array
`[attempt, question, sequence, "client id", saved at in µs since 1970-01-01 UTC, [lines, sorted]]`.
Every answer given to a question is chained to the one before it, `link = SHA-256(previous link ‖
digest)`, the first to nothing. The seal of an attempt is the SHA-256 over its seed (8 bytes,
big-endian) and, by rising question, question (8 bytes, big-endian) and last link (32 bytes).

The receipt of an answer can only have come from this installation; the one of an attempt is read
off the seal, so that whoever holds the answers can work it out again.
"""

import binascii
import hmac
import json
from base64 import b32decode, b32encode
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import reduce
from hashlib import sha256
from uuid import UUID

from hocvu.kernel.ids import as_typed, in_groups

HASH_BYTES = 32
# Base32 with the letters of `hocvu.kernel.ids`.
_READABLE = bytes.maketrans(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", b"0123456789ABCDEFGHJKMNPQRSTVWXYZ"
)
_IN_BASE32 = bytes.maketrans(
    b"0123456789ABCDEFGHJKMNPQRSTVWXYZ", b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
)
_ANSWER_CODE_LENGTH = 8
_ATTEMPT_CODE_LENGTH = 16
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class StoredAnswer:
    """What stands for a question; `link` commits to it and to everything it replaced."""

    question_id: int
    chosen: tuple[str, ...]
    sequence: int
    link: bytes


def answer_digest(
    attempt_id: int,
    question_id: int,
    lines: Collection[str],
    *,
    sequence: int,
    client_id: UUID,
    saved_at: datetime,
) -> bytes:
    """SHA-256 of the canonical bytes of an answer, 32 bytes."""
    moment = (saved_at - _EPOCH) // _MICROSECOND
    said = [attempt_id, question_id, sequence, str(client_id), moment, sorted(lines)]
    return sha256(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()).digest()


def next_link(link: bytes, digest: bytes) -> bytes:
    """The chain after one more answer; before the first one it is empty."""
    return sha256(link + digest).digest()


def link_over(digests: Iterable[bytes]) -> bytes:
    """The chain over these digests, oldest first; empty where there are none."""
    return reduce(next_link, digests, b"")


def digests_in(joined: bytes) -> list[bytes]:
    """Digests that stand one after the other, 32 bytes each."""
    return [joined[at : at + HASH_BYTES] for at in range(0, len(joined), HASH_BYTES)]


def link_before(chain: Sequence[bytes], late: Collection[bytes]) -> bytes:
    """The link as it was before answers that came late were added to the end of the chain."""
    kept = list(chain)
    while kept and kept[-1] in late:
        kept.pop()
    return link_over(kept)


def seal_of(seed: int, links: Iterable[tuple[int, bytes]]) -> bytes:
    """The seal over (question, last link) of every answered question of an attempt, 32 bytes."""
    seal = sha256(seed.to_bytes(8, "big", signed=True))
    for question_id, link in sorted(links):
        seal.update(question_id.to_bytes(8, "big") + link)
    return seal.digest()


def answer_receipt(secret: bytes, attempt_id: int, question_id: int, link: bytes) -> str:
    """`7K2M-Q0XF`: only this installation can have given it for exactly this chain of answers."""
    said = b"answer/%d/%d/" % (attempt_id, question_id)
    return _in_letters(hmac.digest(secret, said + link, "sha256"), _ANSWER_CODE_LENGTH)


def seal_receipt(seal: bytes) -> str:
    """`7K2M-Q0XF-…`: the first 80 bits of a seal in sixteen letters that are read out safely."""
    return _in_letters(seal, _ATTEMPT_CODE_LENGTH)


def seals_with_receipt(typed: str) -> tuple[bytes, bytes] | None:
    """The least and the greatest seal that have this receipt; none where it is no receipt."""
    letters = as_typed(typed).encode("ascii", "replace").translate(_IN_BASE32)
    if len(letters) != _ATTEMPT_CODE_LENGTH:
        return None
    try:
        begins = b32decode(letters)
    except binascii.Error:
        return None
    rest = HASH_BYTES - len(begins)
    return begins + bytes(rest), begins + b"\xff" * rest


def is_receipt(typed: str, receipt: str) -> bool:
    """Whether somebody typed this receipt, in whatever case and grouping."""
    return hmac.compare_digest(as_typed(typed).encode(), as_typed(receipt).encode())


def _in_letters(digest: bytes, length: int) -> str:
    return in_groups(b32encode(digest[: length * 5 // 8]).translate(_READABLE).decode())
