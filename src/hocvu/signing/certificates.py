"""What has to be true of a certificate before its key signs (RFC 5280, 4.2 and 6.1, in part).

Circular 15/2025/TT-BKHCN asks that validity be checked before signing. Whether somebody else trusts
the chain is the verifier's question; here a signer makes sure not to sign in vain.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization

from hocvu.signing.errors import (
    CertificateNotValidAt,
    ChainBroken,
    NotForSigning,
    TimeWithoutZone,
)

Chain = tuple[x509.Certificate, ...]
LONGEST_CHAIN: Final = 6


def require_may_sign(chain: Sequence[x509.Certificate], at: datetime) -> None:
    """Refuse unless the first certificate of `chain` may sign documents at that moment.

    Behind the signer's certificate stands its issuer's, and so on; the last may be a root or not.
    """
    if not chain:
        raise ChainBroken("A key needs the certificate about it.")
    for certificate, issuer in pairwise(chain):
        _require_issued_by(certificate, issuer)
    _require_valid(chain, at)
    _require_purpose(chain[0])


def chain_to_root(
    certificate: x509.Certificate,
    others: Sequence[x509.Certificate],
    roots: Sequence[x509.Certificate],
) -> Chain:
    """Return the chain from `certificate` up to one of `roots`, each link checked."""
    chain = [certificate]
    while chain[-1] not in roots and len(chain) < LONGEST_CHAIN:
        above = [each for each in (*roots, *others) if each.subject == chain[-1].issuer]
        if not above:
            break
        chain.append(above[0])
    if chain[-1] not in roots:
        raise ChainBroken(f"No trusted authority stands behind {name_of(certificate)}.")
    for lower, issuer in pairwise(chain):
        _require_issued_by(lower, issuer)
    return tuple(chain)


def name_of(
    certificate: x509.Certificate,
    preferred: x509.ObjectIdentifier = x509.NameOID.ORGANIZATION_NAME,
) -> str:
    """Return the subject as its certificate writes it: the institution, else the common name."""
    for kind in (preferred, x509.NameOID.COMMON_NAME):
        for attribute in certificate.subject.get_attributes_for_oid(kind):
            return str(attribute.value)
    return certificate.subject.rfc4514_string()


def der_of(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def _require_valid(chain: Sequence[x509.Certificate], at: datetime) -> None:
    if at.tzinfo is None:
        raise TimeWithoutZone("The time of signing does not name its time zone.")
    for certificate in chain:
        if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
            raise CertificateNotValidAt(name_of(certificate), at)


def _require_issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> None:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm) as other:
        raise ChainBroken(
            f"{name_of(issuer)} did not issue the certificate of {name_of(certificate)}."
        ) from other


def _require_purpose(certificate: x509.Certificate) -> None:
    """Refuse a certificate whose key usage (RFC 5280, 4.2.1.3) leaves out signing documents."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError) as silent:
        raise NotForSigning(name_of(certificate)) from silent
    if not usage.content_commitment:  # X.509 once called it nonRepudiation
        raise NotForSigning(name_of(certificate))
