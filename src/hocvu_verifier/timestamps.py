"""Proof of time (RFC 3161): a token in which a trusted authority states when it saw some octets."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from cryptography.hazmat.primitives import hashes

from hocvu_verifier import cms
from hocvu_verifier import der as d
from hocvu_verifier.algorithms import digest, hash_named
from hocvu_verifier.certificates import Path, Purpose, Trust, name_of
from hocvu_verifier.der import Value
from hocvu_verifier.refusals import NotOurForm, NotVerified, TimestampNotValid

TIME: Final = re.compile(rb"(\d{14})(?:\.(\d{1,9}))?Z")


@dataclass(frozen=True)
class VerifiedTime:
    """When a trusted authority saw the octets."""

    at: datetime
    authority_name: str


def verify_token(token: bytes, *octets: bytes | memoryview, trust: Trust) -> VerifiedTime:
    """Return when these octets (together) existed, or raise TimestampNotValid."""
    try:
        return _verify(token, octets, trust)
    except TimestampNotValid:
        raise
    except NotVerified as wrong:
        raise TimestampNotValid(f"The time stamp does not hold: {wrong}") from wrong


def _verify(token: bytes, octets: tuple[bytes | memoryview, ...], trust: Trust) -> VerifiedTime:
    # 1. It is a signed message that holds a statement about time.
    message = cms.read(token)
    if message.content_type != cms.TIME_STAMP_INFO or message.content is None:
        raise TimestampNotValid("The time stamp holds no statement about time.")

    # 2. The statement speaks about these octets (2.4.2).
    stated_at, imprint_hash, imprint = _statement(message.content)
    if imprint != digest(imprint_hash, *octets):
        raise TimestampNotValid("The time stamp was made for something else.")

    # 3. The message was signed over this statement.
    if message.digest != message.suite.digest(message.content):
        raise TimestampNotValid("The time stamp was changed.")
    path = signer_of(message, trust, Purpose.TIME)
    message.suite.require_signed(path.signer.public_key(), message.signature, message.attributes)

    # 4. The authority was allowed to make it at that time.
    path.require_valid_at(stated_at)
    return VerifiedTime(stated_at, name_of(path.signer))


def signer_of(message: cms.Message, trust: Trust, purpose: Purpose) -> Path:
    """Return the path of the certificate that a message names, by digest or else by issuer."""
    if message.certificate_digest:
        named = [message.signer]
    else:
        named = [
            each for each in message.certificates if _sid_of(each) == message.issuer_and_serial
        ]
    if not named:
        raise NotOurForm("The message names a signer whose certificate it does not enclose.")
    return trust.path_of(named[0], message.certificates, purpose)


def _statement(content: bytes) -> tuple[datetime, hashes.HashAlgorithm, bytes]:
    try:
        _version, _policy, imprint, _serial, stated, *_others = Value.only_of(content).children()
        algorithm, hashed = imprint.children()
        found = TIME.fullmatch(stated.contents)
        if found is None or stated.tag != d.GENERALIZED_TIME:
            raise TimestampNotValid("The time stamp does not say when it was made.")
        moment = datetime.strptime(found[1].decode(), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        return moment, hash_named(algorithm), hashed.contents
    except ValueError as broken:
        raise TimestampNotValid("The time stamp's statement cannot be read.") from broken


def _sid_of(certificate: bytes) -> bytes:
    """Return the IssuerAndSerialNumber of a certificate (RFC 5280, 4.1)."""
    fields = Value.first_of(certificate).child(0).children()
    if fields[0].tag == d.CONTEXT_0:  # the version stands in front
        fields = fields[1:]
    serial, _algorithm, issuer = fields[:3]
    return d.der(d.SEQUENCE, issuer.whole, serial.whole)
