"""A portable credential, checked without a network: Open Badges 3.0 as VC-JWT (§8.2, ES256) or with
a proof inside (§8.3, `ecdsa-jcs-2019`).

It says the same as the certificate, in the form that wallets carry. Its issuer is named by a
did:web; the keys are those of the list of issuers one carries, so nothing is fetched.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from hocvu_verifier import data_integrity, jose
from hocvu_verifier.issuers import IssuerKey, Issuers
from hocvu_verifier.refusals import (
    CertificateNotValid,
    ChangedAfterSigning,
    NotACredential,
    SignedByAnother,
)
from hocvu_verifier.status import CONTEXT, NUMBER, PLACES

BADGES: Final = re.compile(r"https://purl\.imsglobal\.org/spec/ob/v3p0/context(-3\.\d\.\d)?\.json")
KINDS: Final = {"AchievementCredential", "OpenBadgeCredential"}
_NOT_READ = (jose.NotASignedToken, data_integrity.NotAProvedDocument)
CLOCKS_DIFFER: Final = timedelta(hours=24)
INDEX: Final = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True)
class VerifiedCredential:
    """What was verified."""

    holder_name: str  # "" where the holder chose to show only a hash of it
    achievement: str
    serial_number: str
    valid_from: datetime
    valid_until: datetime | None
    status_index: int | None  # place in the issuer's status lists
    issuer: IssuerKey
    members: dict[str, Any]  # the whole credential, for those who want more of it

    def begins_after(self, at: datetime) -> bool:
        """Whether it counts only from a later time on; clocks that differ by hours do not count."""
        return self.valid_from > at + CLOCKS_DIFFER

    def has_expired(self, at: datetime) -> bool:
        return self.valid_until is not None and at >= self.valid_until


def verify_credential(token: str, *, issuers: Issuers) -> VerifiedCredential:
    """Return what this credential says, or raise the `NotVerified` that tells why not."""
    # 1. It is a token, or a document with its proof inside, in one of the ways known here.
    try:
        read = data_integrity.read(token) if token.lstrip().startswith("{") else jose.read(token)
    except _NOT_READ as other:
        raise NotACredential(str(other)) from other

    # 2. A key of the trusted issuer that it names has signed it.
    members = read.payload if isinstance(read, jose.Token) else read.members
    issuer = _signer_of(read, members.get("issuer"), issuers)

    # 3. It is an Open Badges credential, and what stands beside it agrees with it.
    try:
        found = _described(members, issuer)
        _agree(read, found)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as odd:
        raise NotACredential("The credential does not say what one says.") from odd

    # 4. Nothing begins after its key was laid down. (It may begin before: files are written anew.)
    if issuer.ends_at is not None and found.valid_from > issuer.ends_at:
        raise CertificateNotValid(f"{issuer.name} did not use this key any more.")
    return found


def _signer_of(
    read: jose.Token | data_integrity.ProvedDocument, named: object, issuers: Issuers
) -> IssuerKey:
    did = named.get("id") if isinstance(named, dict) else named
    candidates = list(issuers.of_issuer(did)) if isinstance(did, str) else []
    if not candidates:
        raise SignedByAnother("The credential names an issuer who is not trusted here.")
    for candidate in candidates:
        try:
            read.verify(candidate.key)
        except _NOT_READ:
            continue
        return candidate
    raise ChangedAfterSigning("The credential is not the one that was signed.")


def _described(members: dict[str, Any], issuer: IssuerKey) -> VerifiedCredential:
    first, second, *_others = members["@context"]
    if first != CONTEXT or not BADGES.fullmatch(second) or not KINDS & set(members["type"]):
        raise NotACredential("The credential is of another kind.")
    valid_from, valid_until = _moment(members["validFrom"]), members.get("validUntil")
    ends_at = None if valid_until is None else _moment(valid_until)
    subject = members["credentialSubject"]
    return VerifiedCredential(
        holder_name=_name_in(subject),
        achievement=subject["achievement"]["name"],
        serial_number=subject.get("licenseNumber", ""),
        valid_from=valid_from,
        valid_until=ends_at,
        status_index=_place(members["credentialStatus"]) if "credentialStatus" in members else None,
        issuer=issuer,
        members=members,
    )


def _agree(read: jose.Token | data_integrity.ProvedDocument, found: VerifiedCredential) -> None:
    """A token says some of it a second time (Open Badges 3.0, §8.2.4); a proof names its key."""
    members, ends_at = found.members, found.valid_until
    if isinstance(read, jose.Token):
        ends = None if ends_at is None else int(ends_at.timestamp())
        claimed = (members["iss"], members["jti"], members["nbf"], members.get("exp"))
        starts = int(found.valid_from.timestamp())
        agrees = claimed == (found.issuer.did, members["id"], starts, ends)
    else:
        agrees = read.controller == found.issuer.did
    if not agrees:
        raise NotACredential("The credential contradicts itself.")


def _name_in(subject: dict[str, Any]) -> str:
    for identity in subject.get("identifier", []):
        if identity["identityType"] == "name" and not identity["hashed"]:
            return str(identity["identityHash"])
    return ""


def _place(entry: dict[str, Any]) -> int:
    numbered = NUMBER.fullmatch(entry["statusListCredential"])
    index = INDEX.fullmatch(entry["statusListIndex"])
    known = entry["type"] == "BitstringStatusListEntry" and entry["statusPurpose"] == "revocation"
    if numbered is None or index is None or not known or int(index[0]) >= PLACES:
        raise NotACredential("The credential's status stands in a list of another kind.")
    return int(numbered[1]) * PLACES + int(index[0])


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("A moment names its zone.")
    return moment.astimezone(UTC)
