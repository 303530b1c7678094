"""The short way for files of ours: once one file of a signer was verified, the next is compared.

Two messages of one signer differ in the digest of the file and in the signature, nowhere else
(`cms`). So after a full check the message is kept as a pattern with two gaps; the next file has to
fit it byte for byte, and only its digest and its signature are computed. Whatever does not fit goes
the long way: this module can only agree with it, and tests hold the two together.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

from hocvu_verifier import cms
from hocvu_verifier.algorithms import Suite
from hocvu_verifier.certificates import Path

RANGE: Final = re.compile(
    rb"\n/ByteRange \[0 (\d{1,10}) (\d{1,10}) (\d{1,10})\] *\n"
    rb"/M \(D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\+(\d\d)'(\d\d)'\)\n"
)
PERMITTED: Final = re.compile(
    rb"\n/Reference \[<</Type /SigRef /TransformMethod /DocMDP "
    rb"/TransformParams <</Type /TransformParams /P ([123]) /V /1\.2>>>>\]\n"
)
BEFORE_HOLE: Final = b"\n/SubFilter /ETSI.CAdES.detached\n/Contents "
MARK: Final = b"\n/ByteRange [0 "
TAIL: Final = 1 << 16  # bytes from the end in which our signatures stand
MOST_PATTERNS: Final = 64


@dataclass(frozen=True)
class Found:
    """What the short way found to hold. Nothing else has to be checked."""

    path: Path
    byte_range: tuple[int, int, int, int]
    signed_at: datetime
    sha256: bytes
    permitted: int  # ISO 32000-2, table 257


@dataclass(frozen=True)
class Pattern:
    """Messages of one signer: `head` digest `middle` signature, then nothing."""

    path: Path
    suite: Suite
    key: ec.EllipticCurvePublicKey
    starts_at: datetime
    ends_at: datetime
    head: bytes
    middle: bytes
    length: int  # of the whole message; that of the signature follows
    attributes: tuple[bytes, bytes]  # what is signed stands around the digest

    @classmethod
    def of(cls, message: cms.Message, encoded: bytes, path: Path) -> "Pattern | None":
        """Return the pattern of a verified message; only those of P-256 without time stamp."""
        key = path.signer.public_key()
        if not isinstance(key, ec.EllipticCurvePublicKey) or message.time_stamp:
            return None
        if message.suite.kind != "ecdsa" or message.suite.hash.name != "sha256":
            return None
        around = encoded.split(message.digest)
        signed = message.attributes.split(message.digest)
        if len(around) != 2 or len(signed) != 2 or not encoded.endswith(message.signature):  # noqa: PLR2004
            return None
        return cls(
            path=path,
            suite=message.suite,
            key=key,
            starts_at=max(each.not_valid_before_utc for each in path.certificates),
            ends_at=min(each.not_valid_after_utc for each in path.certificates),
            head=around[0],
            middle=around[1].removesuffix(message.signature),
            length=len(encoded),
            attributes=(signed[0], signed[1]),
        )

    def signature_in(self, octets: bytes, digest: bytes) -> bytes | None:
        """Return the signature in `octets`, if they are this message over that digest."""
        at = len(self.head)
        front = self.head + digest + self.middle
        if not octets.startswith(front) or octets[self.length :].strip(b"\0"):
            return None
        return octets[at + len(digest) + len(self.middle) : self.length]


@dataclass
class Patterns:
    """The patterns of one set of trusted authorities; those used last are kept."""

    known: list[Pattern]

    def learn(self, pattern: Pattern | None) -> None:
        if pattern is not None and pattern not in self.known:
            self.known.insert(0, pattern)
            del self.known[MOST_PATTERNS:]

    def find(self, pdf: bytes) -> Found | None:
        """Verify `pdf` if it fits a known pattern. `None` says nothing: go the long way."""
        # 1. It is one revision, and our signature covers all of it but its own hole.
        at = pdf.rfind(MARK, max(0, len(pdf) - TAIL))
        stated = RANGE.match(pdf, at) if at >= 0 else None
        if stated is None:
            return None
        start, end, rest = int(stated[1]), int(stated[2]), int(stated[3])
        permitted = PERMITTED.search(pdf, end)
        covers = end == at and end + rest == len(pdf) and pdf.endswith(BEFORE_HOLE, 0, start)
        if not covers or permitted is None or pdf.find(b"/Prev", end) >= 0:
            return None

        # 2. In the hole stands a message of a known signer over these bytes, then only zeros.
        octets = _octets(pdf[start:end])
        prefix = hashlib.sha256(memoryview(pdf)[:start])
        whole = prefix.copy()
        whole.update(memoryview(pdf)[start:])
        prefix.update(memoryview(pdf)[end:])
        digest = prefix.digest()
        for pattern in self.known:
            signature = pattern.signature_in(octets, digest)
            if signature is None:
                continue

            # 3. That signer's key made it, in the one spelling, while all certificates were valid.
            before, behind = pattern.attributes
            pattern.suite.require_one_spelling(pattern.key, signature)
            pattern.suite.require_signed(pattern.key, signature, before + digest + behind)
            signed_at = _moment(stated)
            if signed_at is None or not pattern.starts_at <= signed_at <= pattern.ends_at:
                return None
            byte_range = (0, start, end, rest)
            level = int(permitted[1])
            return Found(pattern.path, byte_range, signed_at, whole.digest(), level)
        return None


def _octets(hole: bytes) -> bytes:
    """Return what stands in a hole; nothing, if it is not written as ours are."""
    try:
        octets = bytes.fromhex(hole[1:-1].decode("ascii"))
    except ValueError:
        return b""
    return octets if hole == b"<" + octets.hex().upper().encode() + b">" else b""


def _moment(stated: re.Match[bytes]) -> datetime | None:
    year, month, day, hour, minute, second, hours, minutes = map(int, stated.groups()[3:])
    try:
        zone = timezone(timedelta(hours=hours, minutes=minutes))
        return datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return None


_PATTERNS: Final[dict[tuple[bytes, ...], Patterns]] = {}


def patterns_of(anchors: tuple[bytes, ...]) -> Patterns:
    """Return what was learnt under these trusted authorities."""
    if anchors not in _PATTERNS and len(_PATTERNS) >= MOST_PATTERNS:
        _PATTERNS.clear()
    return _PATTERNS.setdefault(anchors, Patterns([]))
