"""One strict check of one signed certificate: PAdES B-B (ETSI EN 319 142-1) as Hocvu writes it.

General PDF validators have to decide which later changes are harmless, and published attacks live
off that decision. Here none is harmless: the signature covers every byte of the file but the hole
it stands in, and what stands in the hole has exactly one possible spelling.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from hocvu_verifier import cms
from hocvu_verifier.refusals import (
    CertificateNotValid,
    ChangedAfterSigning,
    MoreThanOneSignature,
    NotAPdf,
    NotOurForm,
    NotSigned,
    SignedByAnother,
)

HEADER: Final = b"%PDF-"
END: Final = b"%%EOF"
WHERE_FILES_END: Final = 1024  # bytes; readers look for the end mark in these (ISO 32000-1, H.3)
BYTE_RANGE: Final = re.compile(rb"/ByteRange \[0 (\d{1,10}) (\d{1,10}) (\d{1,10})\] *\n")
BEFORE_HOLE: Final = b"\n/Contents "
HOLE: Final = re.compile(rb"<((?:[0-9A-F]{2})+)>")
SIGNING_TIME: Final = re.compile(rb"\n/M \(([^()\n]*)\)\n")
OCTAL: Final = re.compile(rb"\\([0-3][0-7]{2})")
LATEST_LOW_S: Final = 0x7FFFFFFF800000007FFFFFFFFFFFFFFFDE737D56D38BCF4279DCE5617E3192A8
NOT_MADE: Final = (InvalidSignature, UnsupportedAlgorithm)
UNDERSTOOD: Final = (x509.BasicConstraints, x509.KeyUsage)  # of extensions marked critical


class ByteRange(NamedTuple):
    """The two stretches of the file that are signed, as the file states them."""

    first_start: int
    first_length: int
    second_start: int
    second_length: int


@dataclass(frozen=True)
class VerifiedSignature:
    """What was verified. There is no such object for a file that was refused."""

    signer_name: str
    issuer_name: str
    signed_at: datetime  # as the signer claims it, with its time zone
    sha256: bytes  # of the whole file: what the register knows it by
    byte_range: ByteRange
    certificate: x509.Certificate


def verify_pdf(pdf: bytes, *, trusted_roots: Iterable[x509.Certificate]) -> VerifiedSignature:
    """Return what this file's signature says, or raise the `NotVerified` that tells why not.

    `trusted_roots` are the authorities whose word the caller takes; they may be intermediate ones.
    """
    # 1. It is one complete PDF file.
    if not (pdf.startswith(HEADER) and END in pdf[-WHERE_FILES_END:]):
        raise NotAPdf("These bytes are not a complete PDF file.")

    # 2. It claims exactly one signature.
    claims = pdf.count(b"/ByteRange")
    if claims == 0:
        raise NotSigned("The file carries no signature.")
    if claims > 1:
        raise MoreThanOneSignature(f"The file carries {claims} signatures.")

    # 3. That signature covers the whole file except one hole, and the hole is its /Contents.
    byte_range, hole = _hole_in(pdf)

    # 4. The hole holds one message, then nothing but zeros.
    octets = bytes.fromhex(hole.decode("ascii"))
    encoded = cms.Value.first_of(octets).whole
    if octets[len(encoded) :].strip(b"\0"):
        raise ChangedAfterSigning("Something was written behind the signature message.")

    # 5. The message is spelled in the only way it can be.
    message = cms.read(encoded)
    if cms.spell(message) != encoded:
        raise NotOurForm("The signature message is not spelled as Hocvu spells it.")

    # 6. It speaks about these bytes.
    start, end = byte_range.first_length, byte_range.second_start
    if message.digest != cms.sha256(pdf[:start] + pdf[end:]):
        raise ChangedAfterSigning("The file is not the one that was signed.")

    # 7. A trusted authority issued the certificate it names, for signing.
    signer, authority = _signer_and_authority(message, trusted_roots)
    _require_purpose(signer, is_authority=False)
    _require_purpose(authority, is_authority=True)

    # 8. The key in that certificate made this signature.
    _require_signature(message, signer)

    # 9. Both certificates were valid at the time of signing.
    signed_at = _signing_time_in(pdf, byte_range)
    for certificate in (signer, authority):
        starts, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
        if not starts <= signed_at <= ends:
            raise CertificateNotValid(f"{_name_of(certificate)} was not valid at {signed_at}.")

    return VerifiedSignature(
        signer_name=_name_of(signer),
        issuer_name=_name_of(authority, x509.NameOID.COMMON_NAME),
        signed_at=signed_at,
        sha256=cms.sha256(pdf),
        byte_range=byte_range,
        certificate=signer,
    )


def _hole_in(pdf: bytes) -> tuple[ByteRange, bytes]:
    """Return the one byte range and the hexadecimal digits in its hole (ISO 32000-2, 12.8.1)."""
    stated = BYTE_RANGE.search(pdf)
    if stated is None:
        raise NotOurForm("The signature does not state its byte range as Hocvu does.")
    length, resumes, rest = (int(number) for number in stated.groups())
    hole = HOLE.fullmatch(pdf, length, resumes)
    neighbours = pdf.endswith(BEFORE_HOLE, 0, length) and stated.start() == resumes + 1
    if hole is None or not neighbours:
        raise ChangedAfterSigning("The signature does not stand where the file says it does.")
    if resumes + rest != len(pdf):
        raise ChangedAfterSigning("Something was added to the file after signing.")
    return ByteRange(0, length, resumes, rest), hole[1]


def _signer_and_authority(
    message: cms.Message, trusted_roots: Iterable[x509.Certificate]
) -> tuple[x509.Certificate, x509.Certificate]:
    """Return the certificate that the signature names (RFC 5035) and the one that vouches for it.

    Nothing is read out of a certificate before its issuer's signature on it was checked.
    """
    named, other = message.certificates
    if cms.sha256(named) != message.certificate_digest:
        named, other = other, named
    if cms.sha256(named) != message.certificate_digest:
        raise ChangedAfterSigning("The signature names a certificate that is not in the file.")
    authority = {_der(root): root for root in trusted_roots}.get(other)
    if authority is None:
        raise SignedByAnother("None of the trusted authorities stands behind the signer.")
    try:
        signer = x509.load_der_x509_certificate(named)
        signer.verify_directly_issued_by(authority)
        digest = signer.signature_hash_algorithm
    except (ValueError, TypeError, x509.InvalidVersion, *NOT_MADE) as forged:
        raise SignedByAnother("The trusted authority did not issue this certificate.") from forged
    if digest is None or digest.digest_size < hashes.SHA256.digest_size:
        raise CertificateNotValid("The signer's certificate rests on a digest that is too weak.")
    return signer, authority


def _require_signature(message: cms.Message, signer: x509.Certificate) -> None:
    """Check the ECDSA signature (FIPS 186-5, 6.4) and that it is the lower of its two forms."""
    sid = cms.spell_signer(signer.issuer.public_bytes(), signer.serial_number)
    if message.issuer_and_serial != sid:
        raise ChangedAfterSigning("The signature names two different signers.")
    try:
        key = signer.public_key()
        if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != "secp256r1":
            raise NotOurForm("The signer's key is not an ECDSA P-256 key.")
        r, s = decode_dss_signature(message.signature)
        if s > LATEST_LOW_S or encode_dss_signature(r, s) != message.signature:
            raise ChangedAfterSigning("The signature was rewritten.")
        key.verify(message.signature, message.attributes, ec.ECDSA(hashes.SHA256()))
    except (ValueError, *NOT_MADE) as broken:
        raise ChangedAfterSigning("The signature does not hold.") from broken


def _require_purpose(certificate: x509.Certificate, *, is_authority: bool) -> None:
    """Check what the certificate may be used for (RFC 5280, 4.2.1.3 and 4.2.1.9)."""
    try:
        extensions = certificate.extensions
        constraints = extensions.get_extension_for_class(x509.BasicConstraints).value
        usage = extensions.get_extension_for_class(x509.KeyUsage).value
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError) as silent:
        raise CertificateNotValid("A certificate does not say what it may be used for.") from silent
    may = usage.key_cert_sign if is_authority else usage.content_commitment
    understood = all(isinstance(each.value, UNDERSTOOD) for each in extensions if each.critical)
    if constraints.ca is not is_authority or not may or not understood:
        raise CertificateNotValid(f"{_name_of(certificate)} may not be used like this.")


def _signing_time_in(pdf: bytes, byte_range: ByteRange) -> datetime:
    """Return the time in the signature dictionary, whose text follows the hole."""
    dictionary = pdf[byte_range.second_start :].partition(b"endobj")[0]
    stated = SIGNING_TIME.search(dictionary)
    if stated is None or b"\n/SubFilter /ETSI.CAdES.detached\n" not in dictionary:
        raise NotOurForm("The signature does not say when it was made.")
    text = OCTAL.sub(lambda octal: bytes((int(octal[1], 8),)), stated[1]).decode("latin-1")
    try:
        return datetime.strptime(text.replace("'", ""), "D:%Y%m%d%H%M%S%z")
    except ValueError as unreadable:
        raise NotOurForm("The signature does not say when it was made.") from unreadable


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def _name_of(
    certificate: x509.Certificate,
    preferred: x509.ObjectIdentifier = x509.NameOID.ORGANIZATION_NAME,
) -> str:
    for kind in (preferred, x509.NameOID.COMMON_NAME):
        for attribute in certificate.subject.get_attributes_for_oid(kind):
            return str(attribute.value)
    return certificate.subject.rfc4514_string()
