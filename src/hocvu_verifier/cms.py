"""The signature message inside a certificate: read it, and spell it again.

A CMS SignedData message (RFC 5652) could be written in many ways, and parts of it are not covered
by its own signature. So the reader below only fetches the few values that vary; the writer then
spells the one message that may hold them, and the caller compares bytes. What the reader
overlooked cannot survive that comparison.
"""

import hashlib
from dataclasses import dataclass
from typing import Final, Self

from hocvu_verifier.refusals import NotOurForm

LONG_FORM: Final = 0x80
LONGEST_LENGTH: Final = 3  # bytes; a signature message never reaches 16 MB
DIGEST_SIZE: Final = 32


@dataclass(frozen=True)
class Value:
    """One DER value (X.690): its tag, its contents, and itself as it stood in the file."""

    tag: int
    contents: bytes
    whole: bytes

    @classmethod
    def first_of(cls, octets: bytes) -> Self:
        """Read the value at the front of `octets`; what follows it is left alone."""
        if len(octets) < 2:  # noqa: PLR2004 - a tag and a length
            raise NotOurForm("The signature message ends too early.")
        start, length = 2, octets[1]
        if length & LONG_FORM:
            start += length & ~LONG_FORM
            if start > 2 + LONGEST_LENGTH:
                raise NotOurForm("The signature message states an impossible length.")
            length = int.from_bytes(octets[2:start], "big")
        if len(octets) < start + length:
            raise NotOurForm("The signature message ends too early.")
        return cls(octets[0], octets[start : start + length], octets[: start + length])

    def children(self) -> list[Self]:
        found, rest = [], self.contents
        while rest:
            child = self.first_of(rest)
            found.append(child)
            rest = rest[len(child.whole) :]
        return found


@dataclass(frozen=True)
class Message:
    """The values that vary from one signature to the next. All but `digest` are DER."""

    certificates: tuple[bytes, bytes]
    issuer_and_serial: bytes
    digest: bytes
    certificate_digest: bytes
    attributes: bytes
    signature: bytes


def read(octets: bytes) -> Message:
    """Fetch the values by their places. Raises NotOurForm when a place is missing."""
    try:
        _kind, wrapped = Value.first_of(octets).children()
        (signed_data,) = wrapped.children()
        _version, _algorithms, _content, certificates, signers = signed_data.children()
        (signer,) = signers.children()
        _version, sid, _algorithm, attributes, _algorithm, signature = signer.children()
        one, other = (certificate.whole for certificate in certificates.children())
        _content_type, message_digest, signing_certificate = attributes.children()
        (digest,) = message_digest.children()[1].children()
        (certs,) = signing_certificate.children()[1].children()
        ((named,),) = (each.children() for each in certs.children())
        (certificate_digest,) = named.children()
    except (ValueError, IndexError) as surprise:
        raise NotOurForm("The signature message is not laid out as Hocvu does it.") from surprise
    return Message(
        certificates=(one, other),
        issuer_and_serial=sid.whole,
        digest=digest.contents,
        certificate_digest=certificate_digest.contents,
        attributes=b"\x31" + attributes.whole[1:],  # RFC 5652, 5.4: signed as a plain SET
        signature=signature.contents,
    )


def spell(message: Message) -> bytes:
    """Return the only message that may hold these values."""
    attributes = spell_attributes(message.digest, message.certificate_digest)
    signer = _der(
        0x30,
        VERSION_1,
        message.issuer_and_serial,
        SHA256,
        b"\xa0" + attributes[1:],
        ECDSA_WITH_SHA256,
        _der(0x04, message.signature),
    )
    signed_data = _der(
        0x30,
        VERSION_1,
        _der(0x31, SHA256),
        _der(0x30, DATA),
        _der(0xA0, *sorted(message.certificates)),
        _der(0x31, signer),
    )
    return _der(0x30, SIGNED_DATA, _der(0xA0, signed_data))


def spell_signer(issuer: bytes, serial_number: int) -> bytes:
    """Return the IssuerAndSerialNumber that names a certificate; `issuer` is a DER Name."""
    serial = serial_number.to_bytes(serial_number.bit_length() // 8 + 1, "big")
    return _der(0x30, issuer, _der(0x02, serial))


def spell_attributes(digest: bytes, certificate_digest: bytes) -> bytes:
    """Return the attributes that are signed, for these two SHA-256 digests."""
    if len(digest) != DIGEST_SIZE or len(certificate_digest) != DIGEST_SIZE:
        raise NotOurForm("The signature message holds a digest that is not SHA-256.")
    named = _der(0x30, _der(0x30, _der(0x30, _der(0x04, certificate_digest))))
    return _der(
        0x31,
        _der(0x30, CONTENT_TYPE, _der(0x31, DATA)),
        _der(0x30, MESSAGE_DIGEST, _der(0x31, _der(0x04, digest))),
        _der(0x30, SIGNING_CERTIFICATE_V2, _der(0x31, named)),
    )


def sha256(octets: bytes) -> bytes:
    return hashlib.sha256(octets).digest()


def _der(tag: int, *parts: bytes) -> bytes:
    contents = b"".join(parts)
    size = len(contents)
    if size < LONG_FORM:
        return bytes((tag, size)) + contents
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, LONG_FORM | len(length))) + length + contents


def _oid(dotted: str) -> bytes:
    """Return an OBJECT IDENTIFIER (X.690, 8.19), so that the numbers can be read below."""
    first, second, *others = (int(arc) for arc in dotted.split("."))
    contents = bytearray((40 * first + second,))
    for arc in others:
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(arc & 0x7F | 0x80)
        contents += bytes(reversed(groups))
    return _der(0x06, bytes(contents))


VERSION_1: Final = _der(0x02, b"\x01")
DATA: Final = _oid("1.2.840.113549.1.7.1")
SIGNED_DATA: Final = _oid("1.2.840.113549.1.7.2")
CONTENT_TYPE: Final = _oid("1.2.840.113549.1.9.3")
MESSAGE_DIGEST: Final = _oid("1.2.840.113549.1.9.4")
SIGNING_CERTIFICATE_V2: Final = _oid("1.2.840.113549.1.9.16.2.47")
SHA256: Final = _der(0x30, _oid("2.16.840.1.101.3.4.2.1"))  # RFC 5754: no parameters
ECDSA_WITH_SHA256: Final = _der(0x30, _oid("1.2.840.10045.4.3.2"))
