"""Public keys as others need them: JSON Web Keys (RFC 7517, 7518 §6.2) and who they belong to."""

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from hocvu.portable.multibase import multikey

COORDINATE_BYTES: Final = 32
STATEMENT_KEY_ID_BYTES: Final = 4  # of the thumbprint: a QR code has no room for all of it


class Session(Protocol):
    """A key that is open for signing; it may live in memory, in a token or behind a network."""

    def sign(self, digests: Sequence[bytes], /) -> list[bytes]:
        """Return one DER ECDSA signature for each SHA-256 digest; all, or an exception."""
        ...


class UnsuitableKey(Exception):
    """The key is not an ECDSA key on the curve P-256."""


@dataclass(frozen=True)
class PublicKey:
    """One key of an issuer (ECDSA P-256), and when it was used."""

    x: bytes
    y: bytes
    name: str  # the institution, as a verifier is to show it
    did: str = ""  # did:web, where the issuer has one
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    @classmethod
    def of(
        cls,
        key: ec.EllipticCurvePublicKey,
        *,
        name: str,
        did: str = "",
        starts_at: datetime | None = None,
        ends_at: datetime | None = None,
    ) -> "PublicKey":
        if key.curve.name != ec.SECP256R1.name:
            raise UnsuitableKey("Statements and credentials are signed with a P-256 key.")
        numbers = key.public_numbers()
        x, y = (each.to_bytes(COORDINATE_BYTES, "big") for each in (numbers.x, numbers.y))
        return cls(x, y, name, did, starts_at, ends_at)

    @classmethod
    def from_jwk(cls, jwk: Mapping[str, Any]) -> "PublicKey":
        """A key of a list that this project wrote; nothing of it is checked here."""
        return cls(octets(jwk["x"]), octets(jwk["y"]), jwk["name"], jwk.get("iss", ""))

    @property
    def thumbprint(self) -> bytes:
        """RFC 7638: SHA-256 of the required members in their order."""
        x, y = base64url(self.x), base64url(self.y)
        return hashlib.sha256(f'{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}'.encode()).digest()

    @property
    def kid(self) -> str:
        return base64url(self.thumbprint)

    @property
    def address(self) -> str:
        """The verification method: where a did:web document lists this key."""
        return f"{self.did}#{self.kid}"

    @property
    def multikey(self) -> str:
        return multikey(self.x, self.y)

    @property
    def multikey_address(self) -> str:
        """The verification method for proofs that stand inside a credential."""
        return f"{self.did}#{self.multikey}"

    def as_jwk(self) -> dict[str, Any]:
        """RFC 7517, with `name` and `iss` beside (§4 allows further members)."""
        members = self.required_members() | {"kid": self.kid, "alg": "ES256", "use": "sig"}
        members["name"] = self.name
        if self.did:
            members["iss"] = self.did
        for member, moment in (("nbf", self.starts_at), ("exp", self.ends_at)):
            if moment is not None:
                members[member] = int(moment.timestamp())
        return members

    def required_members(self) -> dict[str, Any]:
        return {"kty": "EC", "crv": "P-256", "x": base64url(self.x), "y": base64url(self.y)}


def key_set(keys: Iterable[PublicKey]) -> dict[str, Any]:
    """Return the list of trusted issuers that a verifier carries."""
    return {"keys": [key.as_jwk() for key in keys]}


def fixed(signature: bytes) -> bytes:
    """Return a DER ECDSA signature as JOSE and COSE write it: r and s, 32 bytes each."""
    r, s = decode_dss_signature(signature)
    return r.to_bytes(COORDINATE_BYTES, "big") + s.to_bytes(COORDINATE_BYTES, "big")


def base64url(octets: bytes) -> str:
    """Without padding (RFC 7515, §2)."""
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode("ascii")


def octets(text: str) -> bytes:
    """What `base64url` wrote."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
