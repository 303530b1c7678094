"""The signature algorithms that are believed, and how each is written down.

Of our own: ECDSA on P-256, P-384, P-521 and RSASSA-PSS, each with one spelling (RFC 5754, 2;
RFC 5758, 3.2; RFC 4055, 3.1). Of others, time-stamping authorities among them, also the older RSA
signatures (RFC 8017, 8.2: RSASSA-PKCS1-v1_5). Nothing below SHA-256, 2048 bits or P-256 (Circular
15/2025/TT-BKHCN).
"""

from dataclasses import dataclass
from typing import Final, Literal

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from hocvu_verifier.der import (
    CONTEXT_0,
    CONTEXT_1,
    CONTEXT_2,
    INTEGER,
    NULL,
    SEQUENCE,
    Value,
    der,
    oid,
)
from hocvu_verifier.refusals import ChangedAfterSigning, NotOurForm

SMALLEST_RSA_KEY: Final = 2048  # bits
NOTHING: Final = der(NULL)
PSS: Final = oid("1.2.840.113549.1.1.10")
MGF1: Final = oid("1.2.840.113549.1.1.8")
RSA_ENCRYPTION: Final = oid("1.2.840.113549.1.1.1")
HASHES: Final[dict[bytes, hashes.HashAlgorithm]] = {
    oid("2.16.840.1.101.3.4.2.1"): hashes.SHA256(),
    oid("2.16.840.1.101.3.4.2.2"): hashes.SHA384(),
    oid("2.16.840.1.101.3.4.2.3"): hashes.SHA512(),
}
HASH_OIDS: Final = {each.name: identifier for identifier, each in HASHES.items()}
ECDSA: Final = {
    oid("1.2.840.10045.4.3.2"): "sha256",
    oid("1.2.840.10045.4.3.3"): "sha384",
    oid("1.2.840.10045.4.3.4"): "sha512",
}
PKCS1: Final = {
    oid("1.2.840.113549.1.1.11"): "sha256",
    oid("1.2.840.113549.1.1.12"): "sha384",
    oid("1.2.840.113549.1.1.13"): "sha512",
}
# FIPS 186-5 / SP 800-186, 3.2.1: the orders of the base points.
ORDERS: Final = {
    "secp256r1": 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    "secp384r1": int(
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
        "C7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973",
        16,
    ),
    "secp521r1": int(
        "01FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFA"
        "51868783BF2F966B7FCC0148F709A5D03BB5C9B8899C47AEBB6FB71E91386409",
        16,
    ),
}
CURVE_OF_HASH: Final = {"sha256": "secp256r1", "sha384": "secp384r1", "sha512": "secp521r1"}


@dataclass(frozen=True)
class Suite:
    """How a message is hashed and signed."""

    hash: hashes.HashAlgorithm
    kind: Literal["ecdsa", "pss", "pkcs1"]
    salt: int = 0  # bytes, of PSS

    @property
    def digest_identifier(self) -> bytes:
        """The one way in which we name the hash: without parameters."""
        return der(SEQUENCE, HASH_OIDS[self.hash.name])

    @property
    def signature_identifier(self) -> bytes:
        """The one way in which we name the signature."""
        if self.kind == "ecdsa":
            named = next(each for each, hash_name in ECDSA.items() if hash_name == self.hash.name)
            return der(SEQUENCE, named)
        hashed = der(SEQUENCE, HASH_OIDS[self.hash.name], NOTHING)
        masked = der(SEQUENCE, MGF1, hashed)
        salt = der(INTEGER, bytes((self.hash.digest_size,)))
        parameters = der(
            SEQUENCE, der(CONTEXT_0, hashed), der(CONTEXT_1, masked), der(CONTEXT_2, salt)
        )
        return der(SEQUENCE, PSS, parameters)

    def digest(self, *parts: bytes | memoryview) -> bytes:
        return digest(self.hash, *parts)

    def require_signed(self, key: object, signature: bytes, signed: bytes) -> None:
        """Raise ChangedAfterSigning unless `key` made this signature."""
        try:
            if isinstance(key, ec.EllipticCurvePublicKey) and self.kind == "ecdsa":
                if key.curve.name not in ORDERS:
                    raise NotOurForm("The signer's key lies on a curve that is not believed here.")
                key.verify(signature, signed, ec.ECDSA(self.hash))
            elif isinstance(key, rsa.RSAPublicKey) and self.kind != "ecdsa":
                if key.key_size < SMALLEST_RSA_KEY:
                    raise NotOurForm("The signer's key is too small to be believed.")
                key.verify(signature, signed, self._padding(), self.hash)
            else:
                raise NotOurForm("The signer's key is not of the kind that the signature names.")
        except (InvalidSignature, UnsupportedAlgorithm, ValueError) as broken:
            raise ChangedAfterSigning("The signature does not hold.") from broken

    def require_one_spelling(self, key: object, signature: bytes) -> None:
        """Raise ChangedAfterSigning when an ECDSA signature could also be written otherwise."""
        if not isinstance(key, ec.EllipticCurvePublicKey) or self.kind != "ecdsa":
            return
        if CURVE_OF_HASH[self.hash.name] != key.curve.name:
            raise NotOurForm(f"The signer's key is no key for {self.hash.name}.")
        try:
            r, s = decode_dss_signature(signature)
        except ValueError as broken:
            raise ChangedAfterSigning("The signature does not hold.") from broken
        too_high = 2 * s > ORDERS[key.curve.name]
        if too_high or encode_dss_signature(r, s) != signature:
            raise ChangedAfterSigning("The signature was rewritten.")

    def _padding(self) -> padding.AsymmetricPadding:
        if self.kind == "pkcs1":
            return padding.PKCS1v15()
        return padding.PSS(padding.MGF1(self.hash), self.salt)


OURS: Final = tuple(
    Suite(each, kind, each.digest_size if kind == "pss" else 0)
    for kind in ("ecdsa", "pss")
    for each in HASHES.values()
)
BY_IDENTIFIERS: Final = {(each.digest_identifier, each.signature_identifier): each for each in OURS}


def digest(algorithm: hashes.HashAlgorithm, *parts: bytes | memoryview) -> bytes:
    hasher = hashes.Hash(algorithm)
    for part in parts:
        hasher.update(part)
    return hasher.finalize()


def hash_named(identifier: Value) -> hashes.HashAlgorithm:
    """Return the hash that an AlgorithmIdentifier names, with or without NULL behind it."""
    named, *parameters = identifier.children()
    found = HASHES.get(named.whole)
    if found is None or [each.whole for each in parameters] not in ([], [NOTHING]):
        raise NotOurForm("The signature rests on a hash that is not believed here.")
    return found


def suite_named(digest_identifier: Value, signature_identifier: Value) -> Suite:
    """Return the suite that two AlgorithmIdentifiers of anybody name. Raises NotOurForm."""
    hashed = hash_named(digest_identifier)
    named, *parameters = signature_identifier.children()
    if ECDSA.get(named.whole) == hashed.name:
        return Suite(hashed, "ecdsa")
    if named.whole == RSA_ENCRYPTION or PKCS1.get(named.whole) == hashed.name:
        return Suite(hashed, "pkcs1")
    if named.whole == PSS and len(parameters) == 1:
        return _pss(parameters[0], hashed)
    raise NotOurForm("The signature was made in a way that is not believed here.")


def _pss(parameters: Value, hashed: hashes.HashAlgorithm) -> Suite:
    """RFC 4055, 3.1: both hashes the message's own, the salt as stated, the usual trailer."""
    stated = {each.tag: each.children()[0] for each in parameters.children()}
    if stated.keys() != {CONTEXT_0, CONTEXT_1, CONTEXT_2}:
        raise NotOurForm("The signature was made in a way that is not believed here.")
    masked, mask_hash = stated[CONTEXT_1].children()
    same = hash_named(stated[CONTEXT_0]) is hashed and hash_named(mask_hash) is hashed
    if not same or masked.whole != MGF1:
        raise NotOurForm("The signature was made in a way that is not believed here.")
    return Suite(hashed, "pss", int.from_bytes(stated[CONTEXT_2].contents, "big"))
