"""Whose word is taken: the public keys of issuers, as a JSON Web Key Set (RFC 7517) one carries.

Beside the members of RFC 7517 and 7518 a key of ours says whose it is (`name`), under which
decentralised identifier the issuer speaks (`iss`, did:web) and, as seconds since 1970, from when
to when it was used (`nbf`, `exp`). A key is named by its thumbprint (RFC 7638); a statement in a
QR code names it by the first four bytes of that, and all keys that fit are tried.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Self

from cryptography.hazmat.primitives.asymmetric import ec

from hocvu_verifier.jose import base64url
from hocvu_verifier.refusals import NotATrustList

COORDINATE_BYTES: Final = 32


@dataclass(frozen=True)
class IssuerKey:
    """One public key (ECDSA P-256) and whose it is."""

    key: ec.EllipticCurvePublicKey
    thumbprint: bytes
    name: str  # the institution, as it is to be shown
    did: str  # "" where it has none
    starts_at: datetime | None
    ends_at: datetime | None

    def was_used_on(self, day: datetime) -> bool:
        """Whether it was in use at any time of the day that begins at this moment."""
        started = self.starts_at is None or self.starts_at < day + timedelta(days=1)
        return started and (self.ends_at is None or day <= self.ends_at)

    @classmethod
    def read(cls, jwk: dict[str, Any]) -> Self:
        try:
            if (jwk["kty"], jwk["crv"]) != ("EC", "P-256"):
                raise NotATrustList("A key in the list of issuers is not an ECDSA P-256 key.")
            x, y = _coordinate(jwk["x"]), _coordinate(jwk["y"])
            numbers = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1())
            return cls(
                key=numbers.public_key(),
                thumbprint=thumbprint(jwk["x"], jwk["y"]),
                name=str(jwk["name"]),
                did=str(jwk.get("iss", "")),
                starts_at=_moment(jwk.get("nbf")),
                ends_at=_moment(jwk.get("exp")),
            )
        except (KeyError, TypeError, ValueError, OverflowError, OSError) as broken:
            raise NotATrustList("A key in the list of issuers cannot be read.") from broken


@dataclass(frozen=True)
class Issuers:
    """The keys that are trusted. Who trusts nobody verifies nothing."""

    keys: tuple[IssuerKey, ...]

    @classmethod
    def read(cls, text: str | bytes) -> Self:
        try:
            found = json.loads(text)["keys"]
        except (ValueError, KeyError, TypeError, RecursionError) as broken:
            raise NotATrustList("The list of issuers is not a JSON Web Key Set.") from broken
        if not isinstance(found, list):
            raise NotATrustList("The list of issuers is not a JSON Web Key Set.")
        return cls.of(IssuerKey.read(each) for each in found)

    @classmethod
    def of(cls, keys: Iterable[IssuerKey]) -> Self:
        return cls(tuple(keys))

    def named(self, key_id: bytes) -> Iterator[IssuerKey]:
        """Yield the keys whose thumbprint begins with `key_id`."""
        return (each for each in self.keys if key_id and each.thumbprint.startswith(key_id))

    def of_issuer(self, did: str) -> Iterator[IssuerKey]:
        return (each for each in self.keys if did and each.did == did)


def thumbprint(x: str, y: str) -> bytes:
    """Return the JWK thumbprint (RFC 7638, §3): SHA-256 of the required members, in order."""
    return hashlib.sha256(f'{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}'.encode()).digest()


def _coordinate(text: str) -> int:
    octets = base64url(text)
    if len(octets) != COORDINATE_BYTES:
        raise ValueError("A coordinate has 32 bytes.")
    return int.from_bytes(octets, "big")


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
