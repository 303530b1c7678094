"""Compact JSON Web Signatures with ES256 (RFC 7515, §3.1 and §5.2; RFC 7518, §3.4): check one.

Credentials travel in them as W3C "Securing Verifiable Credentials using JOSE and COSE" says: the
payload is the credential itself.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

SIGNATURE_BYTES: Final = 64
LARGEST: Final = 1 << 20  # characters; a full status list of 524,288 places takes about 100,000


class NotASignedToken(Exception):
    """Not a token that can be checked here, or its signature does not hold."""


@dataclass(frozen=True)
class Token:
    """A compact JWS as it was read. Nothing in it is verified yet."""

    header: dict[str, Any]
    payload: dict[str, Any]
    signed: bytes
    signature: bytes

    def verify(self, key: ec.EllipticCurvePublicKey) -> dict[str, Any]:
        """Return the payload if `key` made this signature; raise NotASignedToken if not."""
        r, s = self.signature[:32], self.signature[32:]
        signature = encode_dss_signature(int.from_bytes(r, "big"), int.from_bytes(s, "big"))
        try:
            key.verify(signature, self.signed, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature as broken:
            raise NotASignedToken("The token is not the one that was signed.") from broken
        return self.payload


def read(text: str) -> Token:
    """Take a token apart. Raises NotASignedToken when it is not a compact JWS with ES256."""
    parts = text.strip().split(".")
    if len(parts) != 3 or len(text) > LARGEST:  # noqa: PLR2004 - header, payload, signature
        raise NotASignedToken("This is not a compact JSON Web Signature.")
    try:
        header, payload = (json.loads(base64url(part)) for part in parts[:2])
        signature = base64url(parts[2])
    except (ValueError, RecursionError) as broken:
        raise NotASignedToken("The token cannot be read.") from broken
    if not isinstance(header, dict) or not isinstance(payload, dict):
        raise NotASignedToken("The token does not hold what a token holds.")
    if header.get("alg") != "ES256" or "crit" in header or len(signature) != SIGNATURE_BYTES:
        raise NotASignedToken("The token is signed in a way that is not known here.")
    return Token(header, payload, f"{parts[0]}.{parts[1]}".encode(), signature)


def base64url(text: str) -> bytes:
    """Return what stands in base64url without padding (RFC 7515, §2), in its one spelling."""
    try:
        octets = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as broken:
        raise ValueError("This is not base64url.") from broken
    if base64.urlsafe_b64encode(octets).rstrip(b"=").decode() != text:
        raise ValueError("This base64url could have been written otherwise.")
    return octets
