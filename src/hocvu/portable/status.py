"""Which certificates were taken back or corrected: W3C Bitstring Status List v1.0.

A list has 524,288 places, one bit each; the first place is the highest bit of the first byte
(§3.2). It is compressed with gzip (no name, no time in it: the same bits give the same text) and
written as multibase base64url (§3.3) into a credential that the issuer signs as VC-JWT.

Certificates get their places at random, so that a list does not tell who was certified together.
Place numbers go on through the lists: list n holds the places from n x 524,288.
"""

import gzip
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Final

from hocvu.portable.data_integrity import prove
from hocvu.portable.jose import write_tokens
from hocvu.portable.keys import PublicKey, Session, base64url
from hocvu.portable.moments import xml_moment

PLACES: Final = 524_288
CONTEXT: Final = "https://www.w3.org/ns/credentials/v2"


class Purpose(Enum):
    """What a set bit means (§2.1)."""

    REVOCATION = "revocation"  # no longer valid: taken back, or corrected
    REFRESH = "refresh"  # corrected: a newer edition stands in its place; set in both lists


class NotInThisList(Exception):
    """A place belongs to another list."""


@dataclass(frozen=True)
class ListName:
    """Which list: `address` of list 3 for revocations is `<site>/status/revocation/3`."""

    site: str
    purpose: Purpose
    number: int

    @property
    def address(self) -> str:
        return f"{self.site}/status/{self.purpose.value}/{self.number}"


def place(list_number: int, index: int) -> int:
    """Return the number under which statements and credentials name this place."""
    if not 0 <= index < PLACES:
        raise NotInThisList(f"A list has {PLACES:,} places.")
    return list_number * PLACES + index


def bits_of(number: int, places_set: Iterable[int]) -> bytes:
    """Return the bitstring of list `number`; `places_set` count through all lists."""
    bits = bytearray(PLACES // 8)
    for each in places_set:
        index = each - number * PLACES
        if not 0 <= index < PLACES:
            raise NotInThisList(f"Place {each} does not belong to list {number}.")
        bits[index >> 3] |= 0x80 >> (index & 7)
    return bytes(bits)


def encoded(bits: bytes) -> str:
    """Return multibase base64url of gzip (§3.3)."""
    return "u" + base64url(gzip.compress(bits, compresslevel=9, mtime=0))


def status_list_credential(
    name: ListName,
    places_set: Iterable[int],
    *,
    issuer_did: str,
    at: datetime,
    valid_until: datetime | None = None,
) -> dict[str, Any]:
    """Return the BitstringStatusListCredential (§2.2), not yet signed."""
    credential: dict[str, Any] = {
        "@context": [CONTEXT],
        "id": name.address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer_did,
        "validFrom": xml_moment(at),
        "credentialSubject": {
            "id": f"{name.address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": name.purpose.value,
            "encodedList": encoded(bits_of(name.number, places_set)),
        },
    }
    if valid_until is not None:
        credential["validUntil"] = xml_moment(valid_until)
    return credential


def write_status_list(
    name: ListName,
    places_set: Iterable[int],
    *,
    at: datetime,
    valid_until: datetime | None = None,
    session: Session,
    key: PublicKey,
) -> str:
    """Return the signed list: one line of a snapshot, served as `application/vc+jwt`."""
    credential = status_list_credential(
        name, places_set, issuer_did=key.did, at=at, valid_until=valid_until
    )
    return write_tokens([credential], session=session, key=key)[0]


def prove_status_list(
    name: ListName,
    places_set: Iterable[int],
    *,
    at: datetime,
    valid_until: datetime | None = None,
    session: Session,
    key: PublicKey,
) -> str:
    """Return the list as a document with its proof inside (`ecdsa-jcs-2019`).

    For wallets that read credentials so and no tokens; served as `application/vc` beside the token.
    """
    credential = status_list_credential(
        name, places_set, issuer_did=key.did, at=at, valid_until=valid_until
    )
    return json.dumps(prove([credential], session=session, key=key, at=at)[0], ensure_ascii=False)


def status_entry(site: str, status_place: int) -> dict[str, str]:
    """Return the `credentialStatus` of a credential (§2.1).

    One entry, for revocation: the JSON schema of Open Badges 3.0 knows no list of them.
    """
    number, index = divmod(status_place, PLACES)
    address = ListName(site, Purpose.REVOCATION, number).address
    return {
        "id": f"{address}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": Purpose.REVOCATION.value,
        "statusListIndex": str(index),
        "statusListCredential": address,
    }
