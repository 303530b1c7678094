"""Revocation lists that a later verifier will need, fetched once for a batch.

They come from where certificates say (RFC 5280, 4.2.1.13), from `*.crl` files that an administrator
puts into the authority's folder for authorities that publish elsewhere, and from the development
authority itself, which publishes nothing.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from django.conf import settings

from hocvu.signing import DevelopmentAuthority, Evidence, EvidenceMissing, fetch_lists
from hocvu.trust.queries.believed import trusted_roots

_PEM = b"-----BEGIN"
_A_MINUTE = timedelta(minutes=1)


class Evidences:
    """What is at hand of certificates; every certificate's list is asked for once."""

    def __init__(self, roots: Iterable[x509.Certificate], *, at: datetime) -> None:
        self.roots = tuple({*roots, *trusted_roots()})
        self._fetched: dict[x509.Certificate, tuple[x509.CertificateRevocationList, ...]] = {}
        self._at_hand = (*_put_there_by_hand(), *self._of_development(at))

    def about(self, certificates: Iterable[x509.Certificate]) -> Evidence:
        """Lists for these certificates; whoever needs one that could not be fetched refuses."""
        found = (*self._at_hand, *(each for one in certificates for each in self._of(one)))
        lists = {each.fingerprint(hashes.SHA256()): each for each in found}
        return Evidence(self.roots, tuple(lists.values()))

    def _of(self, certificate: x509.Certificate) -> tuple[x509.CertificateRevocationList, ...]:
        if certificate not in self._fetched:
            try:
                self._fetched[certificate] = fetch_lists([certificate])
            except EvidenceMissing:
                self._fetched[certificate] = ()  # `add_archive_timestamp` says whose is missing
        return self._fetched[certificate]

    def _of_development(self, at: datetime) -> tuple[x509.CertificateRevocationList, ...]:
        authority = DevelopmentAuthority.open(settings.AUTHORITY_FOLDER)
        return (authority.revocation_list(at - _A_MINUTE),)


def _put_there_by_hand() -> list[x509.CertificateRevocationList]:
    return [
        (x509.load_pem_x509_crl if octets.startswith(_PEM) else x509.load_der_x509_crl)(octets)
        for octets in (
            file.read_bytes() for file in sorted(settings.AUTHORITY_FOLDER.glob("*.crl"))
        )
    ]
