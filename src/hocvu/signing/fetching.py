"""Fetches the revocation lists that certificates name (RFC 5280, 4.2.1.13 and 5).

Over plain HTTP, as authorities publish them: a list carries its own signature, which
`add_archive_timestamp` checks. Authorities that answer by OCSP only are not served yet.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from cryptography import x509

from hocvu.signing.certificates import name_of
from hocvu.signing.errors import EvidenceMissing, ServiceUnreachable
from hocvu.signing.wire import PATIENCE, Line, is_good

PEM: Final = b"-----BEGIN"


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
