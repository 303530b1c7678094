"""A CMS SignedData message (RFC 5652, 5) in the one form that Hocvu writes.

- DER throughout (X.690, 10): definite lengths, sets sorted, defaults left out;
- one digest, that of the key's algorithm, named as RFC 5754, 2 asks for (`algorithms`);
- signed attributes: content-type, message-digest, signing-certificate-v2 (RFC 5035, 3) and no
  other; PAdES puts the time of signing outside (EN 319 142-1, 6.3). The certificate is named by
  SHA-256, the default, whatever the digest of the message is;
- certificates: the signer's and of those who vouch for it; no revocation lists;
- unsigned attributes: none, or one signature-time-stamp (EN 319 122-1, 5.3; RFC 3161, appendix A).

Nothing in the message is left to choice, so a verifier can rebuild it and compare bytes.
"""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from cryptography import x509

from hocvu.signing.algorithms import Algorithm
from hocvu.signing.certificates import Chain, der_of
from hocvu.signing.der import (
    CONTEXT_0,
    CONTEXT_1,
    OCTET_STRING,
    SEQUENCE,
    SET,
    der,
    der_integer,
    der_set,
    oid,
)

DATA: Final = oid("1.2.840.113549.1.7.1")
SIGNED_DATA: Final = oid("1.2.840.113549.1.7.2")
CONTENT_TYPE: Final = oid("1.2.840.113549.1.9.3")
MESSAGE_DIGEST: Final = oid("1.2.840.113549.1.9.4")
SIGNING_CERTIFICATE_V2: Final = oid("1.2.840.113549.1.9.16.2.47")
SIGNATURE_TIME_STAMP: Final = oid("1.2.840.113549.1.9.16.2.14")
VERSION_1: Final = der_integer(1)
VERSION_3: Final = der_integer(3)  # RFC 5652, 5.1: where the content is something else than data


@dataclass(frozen=True)
class MessageWriter:
    """Writes the messages of one signer; what does not change is spelled once."""

    algorithm: Algorithm
    chain: Chain
    content_type: bytes = DATA  # DER OBJECT IDENTIFIER

    def attributes(self, digest: bytes) -> bytes:
        """Return the attributes as they are signed: a plain SET OF (RFC 5652, 5.4)."""
        stated = der(SEQUENCE, MESSAGE_DIGEST, der(SET, der(OCTET_STRING, digest)))
        return der_set(*self._constant_attributes, stated)

    def message(self, attributes: bytes, signature: bytes, *, timestamp: bytes = b"") -> bytes:
        """Return a detached message. `timestamp` is a token in DER, or empty."""
        return self._wrapped(der(SEQUENCE, self.content_type), attributes, signature, timestamp)

    def message_around(self, content: bytes, attributes: bytes, signature: bytes) -> bytes:
        """Return a message that carries the content it signs."""
        inside = der(CONTEXT_0, der(OCTET_STRING, content))
        return self._wrapped(der(SEQUENCE, self.content_type, inside), attributes, signature, b"")

    def longest(self, timestamp: int = 0) -> int:
        """Return how many bytes a message with a token of `timestamp` bytes takes at most."""
        public_key = self.chain[0].public_key()
        signature = bytes(self.algorithm.longest_signature(public_key))
        attributes = self.attributes(bytes(self.algorithm.hash.digest_size))
        return len(self.message(attributes, signature, timestamp=bytes(timestamp)))

    def _wrapped(
        self, content: bytes, attributes: bytes, signature: bytes, timestamp: bytes
    ) -> bytes:
        signer = der(
            SEQUENCE,
            self._signer_head,
            bytes((CONTEXT_0,)) + attributes[1:],  # the same set under an implicit tag
            self.algorithm.signature_identifier,
            der(OCTET_STRING, signature),
            _unsigned_attributes(timestamp) if timestamp else b"",
        )
        version = VERSION_1 if self.content_type == DATA else VERSION_3
        digests = der_set(self.algorithm.digest_identifier)
        message = der(SEQUENCE, version, digests, content, self._certificates, der(SET, signer))
        return der(SEQUENCE, SIGNED_DATA, der(CONTEXT_0, message))

    @cached_property
    def _constant_attributes(self) -> tuple[bytes, bytes]:
        return (
            der(SEQUENCE, CONTENT_TYPE, der(SET, self.content_type)),
            der(SEQUENCE, SIGNING_CERTIFICATE_V2, der(SET, signing_certificate(self.chain[0]))),
        )

    @cached_property
    def _signer_head(self) -> bytes:
        signer = self.chain[0]
        named = der(SEQUENCE, signer.issuer.public_bytes(), der_integer(signer.serial_number))
        return VERSION_1 + named + self.algorithm.digest_identifier

    @cached_property
    def _certificates(self) -> bytes:
        return der_set(*map(der_of, self.chain), tag=CONTEXT_0)


def signing_certificate(certificate: x509.Certificate) -> bytes:
    """Return the SigningCertificateV2 that names a certificate (RFC 5035, 3)."""
    # ESSCertIDv2 with SHA-256, which is the default and therefore not written.
    digest = hashlib.sha256(der_of(certificate)).digest()
    return der(SEQUENCE, der(SEQUENCE, der(SEQUENCE, der(OCTET_STRING, digest))))


def _unsigned_attributes(timestamp: bytes) -> bytes:
    return der(CONTEXT_1, der(SEQUENCE, SIGNATURE_TIME_STAMP, der(SET, timestamp)))
