"""The signature message inside a certificate: read it, and spell it again.

A CMS SignedData message (RFC 5652) could be written in many ways, and parts of it are not covered
by its own signature. So the reader below only fetches the few values that vary; the writer then
spells the one message of ours that may hold them, and the caller compares bytes. What the reader
overlooked cannot survive that comparison. Messages of others, time stamps (RFC 3161) among them,
have no one spelling; of them everything that is used is covered by their signature.
"""

from dataclasses import dataclass
from typing import Final

from hocvu_verifier import der as d
from hocvu_verifier.algorithms import BY_IDENTIFIERS, Suite, digest, hash_named, suite_named
from hocvu_verifier.der import Value, der, oid
from hocvu_verifier.refusals import ChangedAfterSigning, NotOurForm

VERSION_1: Final = d.integer(1)
DATA: Final = oid("1.2.840.113549.1.7.1")
SIGNED_DATA: Final = oid("1.2.840.113549.1.7.2")
TIME_STAMP_INFO: Final = oid("1.2.840.113549.1.9.16.1.4")
CONTENT_TYPE: Final = oid("1.2.840.113549.1.9.3")
MESSAGE_DIGEST: Final = oid("1.2.840.113549.1.9.4")
SIGNING_CERTIFICATE_V2: Final = oid("1.2.840.113549.1.9.16.2.47")
TIME_STAMP: Final = oid("1.2.840.113549.1.9.16.2.14")
MOST_CERTIFICATES: Final = 20


@dataclass(frozen=True)
class Message:
    """What a signature message holds. Nothing of it is verified yet; DER but for the digests."""

    suite: Suite
    content_type: bytes
    content: bytes | None  # None: the content stands outside
    certificates: tuple[bytes, ...]
    issuer_and_serial: bytes
    attributes: bytes  # as they are signed: a plain SET OF (RFC 5652, 5.4)
    digest: bytes
    certificate_digest: bytes  # ESSCertIDv2, always SHA-256; empty where the message names none
    signature: bytes
    time_stamp: bytes  # a token; empty where there is none

    @property
    def signer(self) -> bytes:
        """Return the certificate that the message names (RFC 5035)."""
        for certificate in self.certificates:
            if sha256(certificate) == self.certificate_digest:
                return certificate
        raise ChangedAfterSigning("The signature names a certificate that is not in the file.")


def read(octets: bytes) -> Message:
    """Fetch the values by their places. Raises NotOurForm when a place is missing."""
    try:
        return _read(Value.only_of(octets))
    except (ValueError, IndexError, KeyError) as surprise:
        raise NotOurForm("The signature message is not laid out as one.") from surprise


def _read(message: Value) -> Message:
    kind, wrapped = message.children()
    (signed_data,) = wrapped.children()
    if kind.whole != SIGNED_DATA:
        raise NotOurForm("The signature message is not one of signed data.")
    _version, _algorithms, content, *certificates, signers = signed_data.children()
    (signer,) = signers.children()
    _version, sid, hashed, attributes, algorithm, signature, *unsigned = signer.children()
    content_type, *inside = content.children()
    stated = _attributes(attributes)
    if stated[CONTENT_TYPE].whole != content_type.whole:  # RFC 5652, 11.1
        raise NotOurForm("The signature speaks of another kind of content than stands there.")
    pair = (hashed.whole, algorithm.whole)
    return Message(
        suite=BY_IDENTIFIERS.get(pair) or suite_named(hashed, algorithm),
        content_type=content_type.whole,
        content=inside[0].child(0).contents if inside else None,
        certificates=_certificates(certificates),
        issuer_and_serial=sid.whole,
        attributes=bytes((d.SET,)) + attributes.whole[1:],
        digest=stated[MESSAGE_DIGEST].contents,
        certificate_digest=_certificate_digest(stated),
        signature=signature.contents,
        time_stamp=_time_stamp(unsigned),
    )


def spell(message: Message) -> bytes:
    """Return the only message of ours that may hold these values."""
    suite = message.suite
    signer = der(
        d.SEQUENCE,
        VERSION_1,
        message.issuer_and_serial,
        suite.digest_identifier,
        bytes((d.CONTEXT_0,)) + spell_attributes(message.digest, message.certificate_digest)[1:],
        suite.signature_identifier,
        der(d.OCTET_STRING, message.signature),
        spell_time_stamp(message.time_stamp) if message.time_stamp else b"",
    )
    signed_data = der(
        d.SEQUENCE,
        VERSION_1,
        der(d.SET, suite.digest_identifier),
        der(d.SEQUENCE, DATA),
        der(d.CONTEXT_0, *sorted(message.certificates)),
        der(d.SET, signer),
    )
    return der(d.SEQUENCE, SIGNED_DATA, der(d.CONTEXT_0, signed_data))


def spell_signer(issuer: bytes, serial_number: int) -> bytes:
    """Return the IssuerAndSerialNumber that names a certificate; `issuer` is a DER Name."""
    return der(d.SEQUENCE, issuer, d.integer(serial_number))


def spell_attributes(digest: bytes, certificate_digest: bytes) -> bytes:
    """Return the attributes that are signed, in DER's order (X.690, 11.6)."""
    named = der(
        d.SEQUENCE, der(d.SEQUENCE, der(d.SEQUENCE, der(d.OCTET_STRING, certificate_digest)))
    )
    attributes = (
        der(d.SEQUENCE, CONTENT_TYPE, der(d.SET, DATA)),
        der(d.SEQUENCE, MESSAGE_DIGEST, der(d.SET, der(d.OCTET_STRING, digest))),
        der(d.SEQUENCE, SIGNING_CERTIFICATE_V2, der(d.SET, named)),
    )
    return der(d.SET, *sorted(attributes))


def spell_time_stamp(token: bytes) -> bytes:
    """Return the one unsigned attribute there may be (EN 319 122-1, 5.3)."""
    return der(d.CONTEXT_1, der(d.SEQUENCE, TIME_STAMP, der(d.SET, token)))


def sha256(octets: bytes | memoryview) -> bytes:
    return digest(_SHA256, octets)


def _attributes(attributes: Value) -> dict[bytes, Value]:
    """Return the signed attributes by their names; each has exactly one value and comes once."""
    if attributes.tag != d.CONTEXT_0:
        raise NotOurForm("The signature covers no attributes.")
    stated: dict[bytes, Value] = {}
    for attribute in attributes.children():
        name, values = attribute.children()
        if name.whole in stated:
            raise NotOurForm("The signature states an attribute twice.")
        (stated[name.whole],) = values.children()
    return stated


def _certificates(fields: list[Value]) -> tuple[bytes, ...]:
    """Return the certificates; revocation lists, which others enclose, are left alone."""
    found = [field for field in fields if field.tag == d.CONTEXT_0]
    if len(found) != 1 or len(fields) > 2:  # noqa: PLR2004 - certificates, revocation lists
        raise NotOurForm("The signature message encloses no certificates.")
    certificates = tuple(each.whole for each in found[0].children())
    if len(certificates) > MOST_CERTIFICATES:
        raise NotOurForm("The signature message encloses too many certificates.")
    return certificates


def _certificate_digest(stated: dict[bytes, Value]) -> bytes:
    if SIGNING_CERTIFICATE_V2 not in stated:
        return b""
    named = stated[SIGNING_CERTIFICATE_V2].child(0, 0).children()
    if named[0].tag == d.SEQUENCE:  # a hash is named in front; believed if it is the default
        if hash_named(named[0]).name != _SHA256.name:
            raise NotOurForm("The signature names its certificate by another hash than SHA-256.")
        named = named[1:]
    return named[0].contents


def _time_stamp(unsigned: list[Value]) -> bytes:
    for each in unsigned[0].children() if unsigned else []:
        name, values = each.children()
        if name.whole == TIME_STAMP:
            return values.child(0).whole
    return b""


_SHA256: Final = next(each.hash for each in BY_IDENTIFIERS.values() if each.hash.name == "sha256")
