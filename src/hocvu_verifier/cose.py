"""COSE_Sign1 with ES256 (RFC 9052, §4.2 and §4.4; RFC 9053, §2.1): check one signature.

A profile that is narrower than the standard: the algorithm must be ES256 and must be protected by
the signature, nobody else's headers are understood, the payload stands inside.
"""

from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from hocvu_verifier import cbor
from hocvu_verifier.refusals import ChangedAfterSigning, NotAStatement

TAG: Final = b"\xd2"  # 18; may be left out where the context says what it is
ALGORITHM, CRITICAL, KEY_ID = 1, 2, 4  # RFC 9052, §3.1
ES256: Final = -7
SIGNATURE_BYTES: Final = 64
LARGEST: Final = 4096  # bytes; a statement in a QR code never reaches 3 KB


@dataclass(frozen=True)
class Sign1:
    """A COSE_Sign1 as it was read. Nothing in it is verified yet."""

    protected: bytes
    unprotected: dict[cbor.Item, cbor.Item]
    key_id: bytes
    payload: bytes
    signature: bytes

    def verify(self, key: ec.EllipticCurvePublicKey, *, external: bytes = b"") -> bytes:
        """Return the payload if `key` made this signature; raise ChangedAfterSigning if not."""
        r, s = self.signature[:32], self.signature[32:]
        signature = encode_dss_signature(int.from_bytes(r, "big"), int.from_bytes(s, "big"))
        signed = b"\x84\x6aSignature1" + b"".join(
            _byte_string(part) for part in (self.protected, external, self.payload)
        )
        try:
            key.verify(signature, signed, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature as broken:
            raise ChangedAfterSigning("The statement is not the one that was signed.") from broken
        return self.payload


def read(octets: bytes) -> Sign1:
    """Take the message apart. Raises NotAStatement when it is not a COSE_Sign1 with ES256."""
    if len(octets) > LARGEST:
        raise NotAStatement("The statement is too long.")
    message = cbor.decode(octets.removeprefix(TAG))
    match message:
        case [bytes(protected), dict(unprotected), bytes(payload), bytes(signature)]:
            headers = cbor.decode(protected) if protected else {}
        case _:
            raise NotAStatement("This is not a signed statement.")
    if not isinstance(headers, dict) or headers.get(ALGORITHM) != ES256 or CRITICAL in headers:
        raise NotAStatement("The statement is signed in a way that is not known here.")
    key_id = headers.get(KEY_ID, unprotected.get(KEY_ID))
    if not isinstance(key_id, bytes) or len(signature) != SIGNATURE_BYTES:
        raise NotAStatement("The statement does not name its key, or its signature is too short.")
    return Sign1(protected, unprotected, key_id, payload, signature)


def _byte_string(octets: bytes) -> bytes:
    size = len(octets)
    if size < cbor.IN_THE_HEAD_ITSELF:
        return bytes((0x40 | size,)) + octets
    width = 1 if size < 1 << 8 else 2
    return bytes((0x40 | 0x17 + width,)) + size.to_bytes(width, "big") + octets
