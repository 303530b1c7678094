"""Fetches what authorities say of revoked certificates, from where these name it.

Lists (RFC 5280, 4.2.1.13 and 5), and answers about one certificate (RFC 6960; 4.2.2.1). Over plain
HTTP, as authorities publish them: both carry their own signatures, which `evidence` checks.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp

from hocvu.signing.certificates import name_of
from hocvu.signing.errors import EvidenceMissing, ServiceUnreachable
from hocvu.signing.wire import PATIENCE, Line, is_good

PEM: Final = b"-----BEGIN"
ASKING: Final = {"Content-Type": "application/ocsp-request"}  # RFC 6960, A.1


def fetch_lists(
    certificates: Iterable[x509.Certificate], *, patience: float = PATIENCE
) -> tuple[x509.CertificateRevocationList, ...]:
    """Return one list for each certificate that names any, each address asked once.

    Raises `EvidenceMissing` when none of a certificate's addresses gives a readable list.
    """
    known: dict[str, x509.CertificateRevocationList] = {}
    for certificate in certificates:
        addresses = list(_addresses_in(certificate))
        if addresses and not any(_is_fetched(each, known, patience) for each in addresses):
            raise EvidenceMissing(
                f"The revocation list for {name_of(certificate)} cannot be fetched."
            )
    return tuple(known.values())


def fetch_answer(
    certificate: x509.Certificate, issuer: x509.Certificate, *, patience: float = PATIENCE
) -> ocsp.OCSPResponse | None:
    """Return what the first responder says that answers; `None` where none is named or answers."""
    question = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA256())
    octets = question.build().public_bytes(serialization.Encoding.DER)
    for address in _responders_of(certificate):
        try:
            with Line(address, patience) as line:
                answer = line.post(octets, ASKING)
            if is_good(answer):
                return ocsp.load_der_ocsp_response(answer.body)
        except (ServiceUnreachable, ValueError):
            continue  # another responder may answer; whoever needs an answer refuses without one
    return None


def _responders_of(certificate: x509.Certificate) -> Iterator[str]:
    try:
        named = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess)
    except x509.ExtensionNotFound:
        return
    for each in named.value:
        if each.access_method == x509.oid.AuthorityInformationAccessOID.OCSP:
            yield str(each.access_location.value)


def _addresses_in(certificate: x509.Certificate) -> Iterator[str]:
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return
    for point in points:
        for name in point.full_name or ():
            address = str(name.value)
            if address.startswith(("http://", "https://")):
                yield address


def _is_fetched(
    address: str, known: dict[str, x509.CertificateRevocationList], patience: float
) -> bool:
    """Tell whether the list at this address is known now."""
    if address in known:
        return True
    try:
        with Line(address, patience) as line:
            answer = line.get()
    except ServiceUnreachable:
        return False  # another address of the same certificate may answer; if none does, we refuse
    if not is_good(answer):
        return False
    read = x509.load_pem_x509_crl if answer.body.startswith(PEM) else x509.load_der_x509_crl
    try:
        known[address] = read(answer.body)
    except ValueError:
        return False
    return True
