"""Was it revoked since? Bitstring status lists (W3C Bitstring Status List v1.0) one carries.

A list is a credential of the issuer, as a token (VC-JWT, ES256) or with its proof inside
(`ecdsa-jcs-2019`): one bit for each certificate it ever issued,
`revocation` (no longer valid) or `refresh` (corrected: a newer edition stands in its place; such
a certificate stands in the first list too, for those who read only that one). A snapshot is a text
file of such lists, one a line, fetched at some time; what happened after that it cannot know, so
every answer says how old it is. A key signs no list after the end of its use.

A place counts through all lists of an issuer: list n holds places n x 524,288 and on, and its
address ends in `/n`.
"""

import binascii
import re
import zlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, Final, Self

from hocvu_verifier import data_integrity, jose
from hocvu_verifier.issuers import IssuerKey, Issuers
from hocvu_verifier.refusals import NotAStatusList

PLACES: Final = 524_288  # of one list; the standard asks for at least 131,072 (§6.1)
GZIP: Final = 31  # zlib's name for a gzip wrapper (RFC 1952)
NUMBER: Final = re.compile(r".*/([0-9]{1,6})")
CONTEXT: Final = "https://www.w3.org/ns/credentials/v2"
_NOT_SIGNED: Final = (jose.NotASignedToken, data_integrity.NotAProvedDocument)


class Standing(Enum):
    """What the issuer said last, as far as the snapshot knows."""

    GOOD = "good"
    REVOKED = "revoked"
    CORRECTED = "corrected"
    UNKNOWN = "unknown"  # no list for it in the snapshot


class Purpose(Enum):
    """What a bit that is set means (§2.1)."""

    REVOCATION = "revocation"
    REFRESH = "refresh"


@dataclass(frozen=True)
class StatusList:
    """One verified list."""

    issuer: str  # did:web
    purpose: Purpose
    number: int
    bits: bytes
    issued_at: datetime
    valid_until: datetime | None

    def says(self, place: int) -> bool:
        """Whether the bit is set; the first place is the highest bit of the first byte (§3.2)."""
        index = place - self.number * PLACES
        return bool(self.bits[index >> 3] >> (7 - (index & 7)) & 1)


@dataclass(frozen=True)
class Answer:
    standing: Standing
    as_of: datetime | None  # the oldest list that the answer rests on
    good_until: datetime | None = None  # when its issuer wants it to be replaced, if it says so

    def age(self, at: datetime) -> timedelta | None:
        return None if self.as_of is None else at - self.as_of

    def is_outdated(self, at: datetime) -> bool:
        return self.good_until is not None and at > self.good_until


@dataclass(frozen=True)
class Snapshot:
    """The lists one carries; of two with the same name the newer one counts."""

    lists: tuple[StatusList, ...]

    @classmethod
    def read(cls, text: str, *, issuers: Issuers) -> Self:
        """Verify every line; one that does not hold spoils the whole snapshot."""
        lines = [line for line in text.splitlines() if line.strip()]
        if not lines:
            raise NotAStatusList("The snapshot is empty.")
        return cls(tuple(verify_status_list(line, issuers=issuers) for line in lines))

    def standing_of(self, issuer: str, place: int | None) -> Answer:
        if place is None:
            return Answer(Standing.UNKNOWN, None)
        about = [
            each for each in self.lists if each.issuer == issuer and each.number == place // PLACES
        ]
        revoked = _newest(each for each in about if each.purpose is Purpose.REVOCATION)
        corrected = _newest(each for each in about if each.purpose is Purpose.REFRESH)
        if revoked is None:
            return Answer(Standing.UNKNOWN, None)
        used = [each for each in (revoked, corrected) if each is not None]
        standing = Standing.REVOKED if revoked.says(place) else Standing.GOOD
        if corrected is not None and corrected.says(place):
            standing = Standing.CORRECTED
        return Answer(
            standing,
            min(each.issued_at for each in used),
            min((each.valid_until for each in used if each.valid_until), default=None),
        )


def verify_status_list(text: str, *, issuers: Issuers) -> StatusList:
    """Return one list that a trusted issuer signed, or raise NotAStatusList."""
    # 1. One of the keys of the issuer whom it names has signed it.
    try:
        read = data_integrity.read(text) if text.lstrip().startswith("{") else jose.read(text)
        credential, key = _signed_by_its_issuer(read, issuers)
    except _NOT_SIGNED as broken:
        raise NotAStatusList(str(broken)) from broken

    # 2. It is a status list credential, and says which one (§2.2).
    subject = credential.get("credentialSubject")
    types = credential.get("type")
    if not isinstance(subject, dict) or not isinstance(types, list):
        raise NotAStatusList("The credential is not a status list.")
    if "BitstringStatusListCredential" not in types or subject.get("type") != "BitstringStatusList":
        raise NotAStatusList("The credential is not a status list.")
    contexts = credential.get("@context")
    known = isinstance(contexts, list) and contexts[:1] == [CONTEXT]
    if not known or subject.get("statusSize", 1) != 1:
        raise NotAStatusList("The status list is written in a way that is not known here.")
    numbered = NUMBER.fullmatch(str(credential.get("id")))
    if numbered is None:
        raise NotAStatusList("The status list does not say which one it is.")

    # 3. The key was still in use.
    issued_at = _moment(credential.get("validFrom"))
    if key.ends_at is not None and issued_at > key.ends_at:
        raise NotAStatusList("The status list was signed with a key that was not used any more.")

    # 4. Its bits unfold to exactly one list.
    return StatusList(
        issuer=credential["issuer"],
        purpose=_purpose(subject.get("statusPurpose")),
        number=int(numbered[1]),
        bits=unfold(subject.get("encodedList")),
        issued_at=issued_at,
        valid_until=_moment(credential["validUntil"]) if "validUntil" in credential else None,
    )


def unfold(encoded: object, *, places: int = PLACES) -> bytes:
    """Return the bits in an `encodedList`: multibase base64url of gzip (§3.3), no more than fit."""
    size = places // 8
    if not isinstance(encoded, str) or not encoded.startswith("u"):
        raise NotAStatusList("The bits of the status list are not multibase base64url.")
    try:
        unpacker = zlib.decompressobj(GZIP)
        bits = unpacker.decompress(jose.base64url(encoded[1:]), size + 1)
    except (ValueError, binascii.Error, zlib.error) as broken:
        raise NotAStatusList("The bits of the status list cannot be unfolded.") from broken
    if len(bits) != size or not unpacker.eof or unpacker.unused_data:
        raise NotAStatusList(f"The status list does not hold {places:,} places.")
    return bits


def _signed_by_its_issuer(
    read: jose.Token | data_integrity.ProvedDocument, issuers: Issuers
) -> tuple[dict[str, Any], IssuerKey]:
    members = read.payload if isinstance(read, jose.Token) else read.members
    issuer = members.get("issuer")
    if not isinstance(read, jose.Token) and read.controller != issuer:
        raise jose.NotASignedToken("The proof of the status list names a key of somebody else.")
    for candidate in issuers.of_issuer(issuer) if isinstance(issuer, str) else ():
        with suppress(*_NOT_SIGNED):
            return read.verify(candidate.key), candidate
    raise jose.NotASignedToken("None of the trusted issuers signed this status list.")


def _newest(lists: Iterable[StatusList]) -> StatusList | None:
    return max(lists, key=lambda each: each.issued_at, default=None)


def _purpose(text: object) -> Purpose:
    try:
        return Purpose(text)
    except ValueError as unknown:
        raise NotAStatusList("The status list serves a purpose not known here.") from unknown


def _moment(text: object) -> datetime:
    try:
        moment = datetime.fromisoformat(str(text))
        if moment.tzinfo is None:
            raise NotAStatusList("The status list does not say in which zone its time is.")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as broken:
        raise NotAStatusList("The status list does not say when it was made.") from broken
