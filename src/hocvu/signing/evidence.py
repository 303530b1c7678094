"""What a later verifier needs of certificates, and whether it is good (RFC 5280, 5; RFC 6960).

Of every certificate below a root: its issuer's list of revoked certificates, or its issuer's answer
about this one. A list or an answer counts when its own signature holds, when it is no older than a
month, and when it does not say itself that there is a newer one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import ocsp

from hocvu.signing.certificates import Chain, name_of
from hocvu.signing.errors import EvidenceMissing, SignerWasRevoked

MAY_BE_OLD: Final = timedelta(days=31)
_WEAK: Final = (hashes.MD5, hashes.SHA1)  # what either signs proves nothing
_DOES_NOT_HOLD: Final = (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError)


@dataclass(frozen=True)
class Evidence:
    """What lets a later verifier check chains: lists or answers, and everybody's certificates."""

    roots: tuple[x509.Certificate, ...]
    lists: tuple[x509.CertificateRevocationList, ...] = ()
    answers: tuple[ocsp.OCSPResponse, ...] = ()
    certificates: tuple[x509.Certificate, ...] = ()  # of the chains, roots included

    def __hash__(self) -> int:
        return hash(self.spelled)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Evidence) and self.spelled == other.spelled

    @property
    def spelled(self) -> tuple[bytes, ...]:
        """All of it as it stands in a file: certificates, lists, answers."""
        return (
            *(each.public_bytes(serialization.Encoding.DER) for each in self.certificates),
            *map(list_der, self.lists),
            *map(answer_der, self.answers),
        )


def require_not_revoked(
    chain: Chain, evidence: Evidence, *, at: datetime, proved_at: datetime
) -> None:
    """Refuse unless there is good evidence of each link of `chain`, which ends with a root.

    Raises `EvidenceMissing`, or `SignerWasRevoked` where somebody was before `proved_at`.
    """
    for certificate, issuer in pairwise(chain):
        lists = [each for each in evidence.lists if _is_good_list(each, issuer, at)]
        answers = [
            each for each in evidence.answers if _is_good_answer(each, certificate, issuer, at)
        ]
        if not lists and not answers:
            raise EvidenceMissing(
                f"Nothing current tells whether {name_of(issuer)} has revoked "
                f"the certificate of {name_of(certificate)}."
            )
        revoked = [_revoked_in(each, certificate) for each in lists]
        revoked += [each.revocation_time_utc for each in answers]
        if any(when is not None and when <= proved_at for when in revoked):
            raise SignerWasRevoked(name_of(certificate))


def list_der(revocations: x509.CertificateRevocationList) -> bytes:
    return revocations.public_bytes(serialization.Encoding.DER)


def answer_der(answer: ocsp.OCSPResponse) -> bytes:
    return answer.public_bytes(serialization.Encoding.DER)


def _is_good_list(
    revocations: x509.CertificateRevocationList, issuer: x509.Certificate, at: datetime
) -> bool:
    key: Any = issuer.public_key()
    return (
        revocations.issuer == issuer.subject
        and _is_current(revocations.last_update_utc, revocations.next_update_utc, at)
        and revocations.is_signature_valid(key)
    )


def _revoked_in(
    revocations: x509.CertificateRevocationList, certificate: x509.Certificate
) -> datetime | None:
    entry = revocations.get_revoked_certificate_by_serial_number(certificate.serial_number)
    return entry.revocation_date_utc if entry else None


def _is_good_answer(
    answer: ocsp.OCSPResponse,
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    at: datetime,
) -> bool:
    """Whether this is the issuer's word about this certificate (RFC 6960, 3.2)."""
    if answer.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
        return False
    asked = (
        ocsp.OCSPRequestBuilder()
        .add_certificate(certificate, issuer, answer.hash_algorithm)
        .build()
    )
    about = (answer.serial_number, answer.issuer_name_hash, answer.issuer_key_hash)
    return (
        about == (asked.serial_number, asked.issuer_name_hash, asked.issuer_key_hash)
        and answer.certificate_status is not ocsp.OCSPCertStatus.UNKNOWN
        and _is_current(answer.this_update_utc, answer.next_update_utc, at)
        and any(_signed_by(answer, each) for each in _who_may_answer(answer, issuer, at))
    )


def _who_may_answer(
    answer: ocsp.OCSPResponse, issuer: x509.Certificate, at: datetime
) -> list[x509.Certificate]:
    """The issuer, and those it issued a certificate for answering (RFC 6960, 4.2.2.2)."""
    return [issuer, *(each for each in answer.certificates if _may_answer(each, issuer, at))]


def _may_answer(responder: x509.Certificate, issuer: x509.Certificate, at: datetime) -> bool:
    try:
        responder.verify_directly_issued_by(issuer)
        purposes = responder.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (*_DOES_NOT_HOLD, x509.ExtensionNotFound, x509.DuplicateExtension):
        return False
    is_valid = responder.not_valid_before_utc <= at <= responder.not_valid_after_utc
    return is_valid and x509.oid.ExtendedKeyUsageOID.OCSP_SIGNING in purposes


def _signed_by(answer: ocsp.OCSPResponse, responder: x509.Certificate) -> bool:
    key, hashed = responder.public_key(), answer.signature_hash_algorithm
    if hashed is None or isinstance(hashed, _WEAK):
        return False
    signature, said = answer.signature, answer.tbs_response_bytes
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, said, ec.ECDSA(hashed))
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, said, padding.PKCS1v15(), hashed)
        else:
            return False
    except _DOES_NOT_HOLD:
        return False
    return True


def _is_current(since: datetime, until: datetime | None, at: datetime) -> bool:
    return at - MAY_BE_OLD <= since <= at and (until is None or at <= until)
