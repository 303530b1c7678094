"""A certificate as an Open Badges 3.0 AchievementCredential, which is a W3C Verifiable Credential.

1EdTech Open Badges 3.0, §B.1 (data model) and §8.2 (VC-JWT proof format); W3C VC Data Model 2.0.
It names the holder as the certificate does, or only by a salted hash of the name (IdentityObject,
§B.1.12) where the holder wants to show the credential in public. No birthday, no identity number.
"""

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from typing import Any, Final

from hocvu.portable.jose import write_tokens
from hocvu.portable.keys import PublicKey, Session
from hocvu.portable.moments import xml_moment
from hocvu.portable.status import status_entry

VIETNAM: Final = timezone(timedelta(hours=7))  # no summer time since 1975
CONTEXTS: Final = (
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
)
SCHEMA: Final = (
    "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
)


@dataclass(frozen=True)
class Skill:
    """A competence that the programme leads to (§B.1.3, Alignment)."""

    name: str
    address: str
    framework: str = ""
    code: str = ""


@dataclass(frozen=True)
class Achievement:
    """What was achieved: one programme, the same for everybody who completed it (§B.1.2)."""

    address: str
    name: str
    description: str
    criteria: str  # what had to be done, in words
    kind: str = "CertificateOfCompletion"  # vocabulary AchievementType
    language: str = "vi"
    code: str = ""
    skills: Sequence[Skill] = ()
    image: str = ""  # where a picture of it is (§B.1.13), SVG or PNG


@dataclass(frozen=True)
class Award:
    """One certificate."""

    address: str  # of the credential; says nothing about the holder
    holder_name: str
    serial_number: str
    issued_at: datetime
    started_on: date
    ended_on: date
    site: str  # where the status lists are
    status_place: int | None = None
    valid_until: datetime | None = None
    salt: str = field(default="", repr=False)  # not empty: the name is only hashed


def achievement_credential(
    award: Award, achievement: Achievement, *, issuer: PublicKey, issuer_address: str
) -> dict[str, Any]:
    """Return the credential, not yet signed."""
    subject = {
        "type": ["AchievementSubject"],
        "identifier": [_identity(award)],
        "licenseNumber": award.serial_number,
        "activityStartDate": _midnight(award.started_on),
        "activityEndDate": _midnight(award.ended_on),
        "achievement": achievement_members(achievement, _profile(issuer)),
    }
    credential: dict[str, Any] = {
        "@context": list(CONTEXTS),
        "id": award.address,
        "type": ["VerifiableCredential", "AchievementCredential"],
        "name": achievement.name,
        "issuer": {
            "id": issuer.did,
            "type": ["Profile"],
            "name": issuer.name,
            "url": issuer_address,
        },
        "validFrom": xml_moment(award.issued_at),
        "awardedDate": xml_moment(award.issued_at),
        "credentialSubject": subject,
        "credentialSchema": [{"id": SCHEMA, "type": "1EdTechJsonSchemaValidator2019"}],
    }
    if award.valid_until is not None:
        credential["validUntil"] = xml_moment(award.valid_until)
    if award.status_place is not None:
        credential["credentialStatus"] = status_entry(award.site, award.status_place)
    return credential


def write_achievement_tokens(
    credentials: Sequence[Mapping[str, Any]], *, session: Session, key: PublicKey
) -> list[str]:
    """Return the credentials as VC-JWT, with the claims that §8.2.4 asks for beside them."""
    payloads = [_with_claims(each) for each in credentials]
    return write_tokens(payloads, session=session, key=key, kind="JWT")


def _with_claims(credential: Mapping[str, Any]) -> dict[str, Any]:
    claims = {
        "iss": credential["issuer"]["id"],
        "jti": credential["id"],
        "nbf": _seconds(credential["validFrom"]),
    }
    if "validUntil" in credential:
        claims["exp"] = _seconds(credential["validUntil"])
    return {**credential, **claims}


def _identity(award: Award) -> dict[str, Any]:
    name = unicodedata.normalize("NFC", award.holder_name)
    if not award.salt:
        identity = {"hashed": False, "identityHash": name}
    else:
        hashed = hashlib.sha256((name + award.salt).encode()).hexdigest()
        identity = {"hashed": True, "identityHash": f"sha256${hashed}", "salt": award.salt}
    return {"type": "IdentityObject", "identityType": "name", **identity}


def achievement_members(achievement: Achievement, creator: Mapping[str, Any]) -> dict[str, Any]:
    """The achievement as credentials hold it and as its own address shows it."""
    about: dict[str, Any] = {
        "id": achievement.address,
        "type": ["Achievement"],
        "achievementType": achievement.kind,
        "name": achievement.name,
        "description": achievement.description,
        "criteria": {"narrative": achievement.criteria},
        "inLanguage": achievement.language,
        "creator": dict(creator),
    }
    if achievement.image:
        about["image"] = {"id": achievement.image, "type": "Image", "caption": achievement.name}
    if achievement.code:
        about["humanCode"] = achievement.code
    if achievement.skills:
        about["alignment"] = [_alignment(each) for each in achievement.skills]
    return about


def _profile(issuer: PublicKey) -> dict[str, Any]:
    return {"id": issuer.did, "type": ["Profile"], "name": issuer.name}


def _alignment(skill: Skill) -> dict[str, Any]:
    about = {"type": ["Alignment"], "targetName": skill.name, "targetUrl": skill.address}
    beside = {"targetFramework": skill.framework, "targetCode": skill.code}
    return about | {name: value for name, value in beside.items() if value}


def _midnight(day: date) -> str:
    return datetime.combine(day, time(), VIETNAM).isoformat()


def _seconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())
