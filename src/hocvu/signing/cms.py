"""A CMS SignedData message (RFC 5652, 5) in the one form that Hocvu writes.

- DER throughout (X.690, 10): definite lengths, sets sorted, defaults left out;
- SHA-256 named without parameters (RFC 5754, 2), ECDSA with SHA-256 (RFC 5758, 3.2);
- signed attributes: content-type, message-digest, signing-certificate-v2 (RFC 5035, 3) and no
  other; PAdES puts the time of signing outside (EN 319 142-1, 6.3);
- certificates: the signer's and its authority's; no unsigned attributes.

Nothing in the message is left to choice, so a verifier can rebuild it and compare bytes.
"""

import hashlib
from typing import Final

SEQUENCE: Final = 0x30
SET: Final = 0x31
INTEGER: Final = 0x02
OCTET_STRING: Final = 0x04
CONTEXT_0: Final = 0xA0
LONG_FORM: Final = 0x80  # X.690, 8.1.3.5: from this length on, the length itself has a length

DATA: Final = bytes.fromhex("06092a864886f70d010701")  # 1.2.840.113549.1.7.1
SIGNED_DATA: Final = bytes.fromhex("06092a864886f70d010702")  # 1.2.840.113549.1.7.2
CONTENT_TYPE: Final = bytes.fromhex("06092a864886f70d010903")  # 1.2.840.113549.1.9.3
MESSAGE_DIGEST: Final = bytes.fromhex("06092a864886f70d010904")  # 1.2.840.113549.1.9.4
SIGNING_CERTIFICATE_V2: Final = bytes.fromhex("060b2a864886f70d010910022f")  # ...1.9.16.2.47
SHA256: Final = bytes.fromhex("300b0609608648016503040201")  # SEQUENCE { 2.16.840.1.101.3.4.2.1 }
ECDSA_WITH_SHA256: Final = bytes.fromhex("300a06082a8648ce3d040302")  # 1.2.840.10045.4.3.2
VERSION_1: Final = bytes.fromhex("020101")


def der(tag: int, *parts: bytes) -> bytes:
    """Return one DER value: its tag, its length, its contents."""
    contents = b"".join(parts)
    if len(contents) < LONG_FORM:
        return bytes((tag, len(contents))) + contents
    length = len(contents).to_bytes((len(contents).bit_length() + 7) // 8, "big")
    return bytes((tag, LONG_FORM | len(length))) + length + contents


def der_set(*members: bytes, tag: int = SET) -> bytes:
    """Return a SET OF, its members in DER's order (X.690, 11.6)."""
    return der(tag, *sorted(members))


def signed_attributes(document_digest: bytes, certificate: bytes) -> bytes:
    """Return the attributes as they are signed: a plain SET OF (RFC 5652, 5.4)."""
    # ESSCertIDv2 with SHA-256, which is the default and therefore not written.
    named = der(SEQUENCE, der(OCTET_STRING, hashlib.sha256(certificate).digest()))
    signing_certificate = der(SEQUENCE, der(SEQUENCE, named))
    return der_set(
        der(SEQUENCE, CONTENT_TYPE, der_set(DATA)),
        der(SEQUENCE, MESSAGE_DIGEST, der_set(der(OCTET_STRING, document_digest))),
        der(SEQUENCE, SIGNING_CERTIFICATE_V2, der_set(signing_certificate)),
    )


def signed_data(  # each argument is one field of the standard
    *,
    certificate: bytes,
    authority: bytes,
    issuer: bytes,
    serial_number: int,
    attributes: bytes,
    signature: bytes,
) -> bytes:
    """Return the whole message. Everything but `serial_number` is DER; `issuer` is a Name."""
    serial = serial_number.to_bytes(serial_number.bit_length() // 8 + 1, "big")
    signer_info = der(
        SEQUENCE,
        VERSION_1,
        der(SEQUENCE, issuer, der(INTEGER, serial)),
        SHA256,
        bytes((CONTEXT_0,)) + attributes[1:],  # the same set under an implicit tag
        ECDSA_WITH_SHA256,
        der(OCTET_STRING, signature),
    )
    message = der(
        SEQUENCE,
        VERSION_1,
        der_set(SHA256),
        der(SEQUENCE, DATA),  # the document itself stays outside: a detached signature
        der_set(certificate, authority, tag=CONTEXT_0),
        der_set(signer_info),
    )
    return der(SEQUENCE, SIGNED_DATA, der(CONTEXT_0, message))
