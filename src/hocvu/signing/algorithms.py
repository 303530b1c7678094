"""The signature algorithms that may be used, and how each is written down.

Which: Circular 15/2025/TT-BKHCN asks for RSA of at least 2048 bits with RSASSA-PSS, or ECDSA of at
least 256, with SHA-256 or stronger. How: digests without parameters (RFC 5754, 2); ECDSA by the
identifiers of RFC 5758, 3.2; RSASSA-PSS with its parameters written out (RFC 4055, 3.1; RFC 8933):
the same hash in MGF1, a salt as long as the hash, the default trailer left out.

An ECDSA signature can be turned into a second valid one by taking `order - s`. `canonical` takes
the lower of the two, so that a signed file has one spelling.
"""

import hashlib
from enum import Enum
from functools import cache
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.asymmetric.utils import (
    Prehashed,
    decode_dss_signature,
    encode_dss_signature,
)

from hocvu.signing.der import CONTEXT_0, CONTEXT_1, CONTEXT_2, INTEGER, NULL, SEQUENCE, der, oid
from hocvu.signing.errors import KeyDoesNotMatch, UnsuitableKey

SMALLEST_RSA_KEY: Final = 2048  # bits

# FIPS 186-5 / SP 800-186, 3.2.1: the orders of the base points.
_ORDERS: Final = {
    "secp256r1": 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    "secp384r1": int(
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
        "C7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973",
        16,
    ),
    "secp521r1": int(
        "01" + 32 * "FF" + "FA51868783BF2F966B7FCC0148F709A5D03BB5C9B8899C47AEBB6FB71E91386409",
        16,
    ),
}
_HASHES: Final[dict[str, hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
_HASH_OIDS: Final = {
    "sha256": "2.16.840.1.101.3.4.2.1",
    "sha384": "2.16.840.1.101.3.4.2.2",
    "sha512": "2.16.840.1.101.3.4.2.3",
}
_ECDSA_OIDS: Final = {
    "sha256": "1.2.840.10045.4.3.2",
    "sha384": "1.2.840.10045.4.3.3",
    "sha512": "1.2.840.10045.4.3.4",
}
_MGF1: Final = "1.2.840.113549.1.1.8"
_RSASSA_PSS: Final = "1.2.840.113549.1.1.10"


class Algorithm(Enum):
    """A kind of key with the hash it signs. The value is a name that may be stored."""

    ECDSA_P256_SHA256 = "ecdsa-p256-sha256"
    ECDSA_P384_SHA384 = "ecdsa-p384-sha384"
    ECDSA_P521_SHA512 = "ecdsa-p521-sha512"
    RSA_PSS_SHA256 = "rsa-pss-sha256"
    RSA_PSS_SHA384 = "rsa-pss-sha384"
    RSA_PSS_SHA512 = "rsa-pss-sha512"

    @classmethod
    def usual_for(cls, public_key: CertificatePublicKeyTypes) -> "Algorithm":
        """Return the algorithm a key of this kind signs with unless told otherwise."""
        if isinstance(public_key, rsa.RSAPublicKey):
            found = cls.RSA_PSS_SHA256
        elif isinstance(public_key, ec.EllipticCurvePublicKey) and public_key.curve.name in _ORDERS:
            found = next(each for each in cls if each.curve == public_key.curve.name)
        else:
            raise UnsuitableKey("The key is neither RSA nor ECDSA on P-256, P-384 or P-521.")
        found.require_suits(public_key)
        return found

    @property
    def is_rsa(self) -> bool:
        return self.value.startswith("rsa")

    @property
    def curve(self) -> str | None:
        """Return the curve's name, as the library writes it; `None` for RSA."""
        return None if self.is_rsa else f"secp{self.value[7:10]}r1"

    @property
    def hash_name(self) -> str:
        """Return "sha256", "sha384" or "sha512"."""
        return self.value[-6:]

    @property
    def hash(self) -> hashes.HashAlgorithm:
        return _HASHES[self.hash_name]

    @property
    def digest_identifier(self) -> bytes:
        """Return the DER AlgorithmIdentifier of the hash."""
        return der(SEQUENCE, oid(_HASH_OIDS[self.hash_name]))

    @property
    def hash_oid(self) -> str:
        return _HASH_OIDS[self.hash_name]

    @property
    def signature_oid(self) -> str:
        return _RSASSA_PSS if self.is_rsa else _ECDSA_OIDS[self.hash_name]

    @property
    def pss_parameters(self) -> bytes:
        """Return the DER RSASSA-PSS-params (RFC 4055, 3.1)."""
        hashed = der(SEQUENCE, oid(self.hash_oid), NULL)  # there the hash carries NULL: 2.1
        masked = der(SEQUENCE, oid(_MGF1), hashed)
        salt = der(INTEGER, bytes((self.hash.digest_size,)))
        return der(SEQUENCE, der(CONTEXT_0, hashed), der(CONTEXT_1, masked), der(CONTEXT_2, salt))

    @property
    def signature_identifier(self) -> bytes:
        """Return the DER AlgorithmIdentifier of the signature."""
        return _signature_identifier(self)

    def digest(self, octets: bytes) -> bytes:
        return hashlib.new(self.hash_name, octets).digest()

    def pss(self) -> padding.PSS:
        return padding.PSS(padding.MGF1(self.hash), self.hash.digest_size)

    def longest_signature(self, public_key: CertificatePublicKeyTypes) -> int:
        """Return how many bytes a signature by this key takes at most."""
        if isinstance(public_key, rsa.RSAPublicKey):
            return public_key.key_size // 8
        order = order_of(self.curve or "")
        return len(encode_dss_signature(order, order))

    def require_suits(self, public_key: object) -> None:
        """Refuse a key that is of another kind or too small."""
        if isinstance(public_key, rsa.RSAPublicKey) and self.is_rsa:
            if public_key.key_size < SMALLEST_RSA_KEY:
                raise UnsuitableKey(f"An RSA key needs {SMALLEST_RSA_KEY} bits to sign.")
        elif not (
            isinstance(public_key, ec.EllipticCurvePublicKey)
            and public_key.curve.name == self.curve
        ):
            raise UnsuitableKey(f"The key is not one for {self.value}.")

    def canonical(self, signature: bytes) -> bytes:
        """Return the one spelling of a signature: for ECDSA, DER with the lower `s`."""
        if self.curve is None:
            return signature
        try:
            r, s = decode_dss_signature(signature)
        except ValueError as unreadable:
            raise KeyDoesNotMatch(
                "The key returned something that is no signature."
            ) from unreadable
        return encode_dss_signature(r, min(s, _ORDERS[self.curve] - s))

    def require_signed(
        self, public_key: CertificatePublicKeyTypes, digest: bytes, signature: bytes
    ) -> None:
        """Refuse a signature that this key did not make over this digest.

        Devices fail, and one wrong RSA signature can give the key away: nothing leaves unchecked.
        """
        hashed = Prehashed(self.hash)
        try:
            if isinstance(public_key, rsa.RSAPublicKey) and self.is_rsa:
                public_key.verify(signature, digest, self.pss(), hashed)
            elif isinstance(public_key, ec.EllipticCurvePublicKey) and not self.is_rsa:
                public_key.verify(signature, digest, ec.ECDSA(hashed))
            else:
                raise UnsuitableKey(f"The key is not one for {self.value}.")
        except InvalidSignature as wrong:
            raise KeyDoesNotMatch("The key made a signature that does not hold.") from wrong


def order_of(curve: str) -> int:
    """Return the order of the base point of this curve."""
    return _ORDERS[curve]


@cache
def _signature_identifier(algorithm: Algorithm) -> bytes:
    parameters = algorithm.pss_parameters if algorithm.is_rsa else b""
    return der(SEQUENCE, oid(algorithm.signature_oid), parameters)
