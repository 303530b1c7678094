"""A certificate authority for development and demonstrations (RFC 5280; RFC 3161 for its times).

Its certificates say in both languages that they have no legal value (`profiles`). Everything is
kept in one folder: `root.pem` and one file for each key, each holding a private key and its
certificate, readable by the owner only. `root.crt` holds the root certificate alone, to be given
away.

Why a crash is safe: key and certificate of one subject are one file. It is written under a
temporary name, synced, and then linked to its final name, which fails if the name is taken. So a
final name always holds a complete pair, is never replaced, and of two processes that race one
wins and the other reads what the winner wrote.
"""

import hashlib
import os
import tempfile
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from hocvu.signing.algorithms import Algorithm
from hocvu.signing.errors import KeyDoesNotMatch, UnusableName
from hocvu.signing.keys.software import PrivateKey, SoftwareKey
from hocvu.signing.pades import Signer
from hocvu.signing.profiles import (
    PublicKey,
    root_certificate,
    signer_certificate,
    timestamp_certificate,
)

LONGEST_INSTITUTION_NAME: Final = 200  # Decree 30/2020, annex VI: OrganName
RSA_KEY_SIZE: Final = 3072  # bits
LIST_VALID_FOR: Final = timedelta(days=30)
_CURVES: Final[dict[str | None, ec.EllipticCurve]] = {
    "secp256r1": ec.SECP256R1(),
    "secp384r1": ec.SECP384R1(),
    "secp521r1": ec.SECP521R1(),
}


@dataclass(frozen=True)
class _Pair:
    """A private key and the certificate about it."""

    key: PrivateKey
    certificate: x509.Certificate

    def pem(self) -> bytes:
        return self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ) + self.certificate.public_bytes(serialization.Encoding.PEM)

    @classmethod
    def read(cls, file: Path) -> Self:
        pem = file.read_bytes()
        key = serialization.load_pem_private_key(pem, password=None)
        certificate = x509.load_pem_x509_certificate(pem)
        if not isinstance(key, PrivateKey):
            raise KeyDoesNotMatch(f"{file.name} does not hold a key that signs.")
        if key.public_key() != certificate.public_key():
            raise KeyDoesNotMatch(f"The key in {file.name} does not belong to its certificate.")
        return cls(key, certificate)


@dataclass(frozen=True)
class DevelopmentAuthority:
    """Issues certificates that are worth nothing outside a demonstration."""

    folder: Path
    _root: _Pair

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Reload the authority kept in `folder`; make it first when the folder has none."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        root = _kept(folder / "root.pem", _new_root)
        public = folder / "root.crt"
        if not public.exists():
            _keep_once(public, root.certificate.public_bytes(serialization.Encoding.PEM))
        return cls(folder, root)

    @property
    def root_certificate(self) -> x509.Certificate:
        """Return the certificate that a verifier has to trust."""
        return self._root.certificate

    def signer_for(self, institution_name: str) -> Signer:
        """Return the one signer of this institution."""
        return Signer(self.key_for(institution_name))

    def key_for(
        self, institution_name: str, algorithm: Algorithm = Algorithm.ECDSA_P256_SHA256
    ) -> SoftwareKey:
        """Return the institution's one key of this kind; issue its certificate at first."""
        name = _usable(institution_name)
        kind = "" if algorithm is Algorithm.ECDSA_P256_SHA256 else f"-{algorithm.value}"
        named = hashlib.sha256(name.encode()).hexdigest()[:32]

        def new() -> _Pair:
            key = _new_key(algorithm)
            return _Pair(key, self.certify(key.public_key(), name))

        pair = _kept(self.folder / f"signer-{named}{kind}.pem", new)
        return SoftwareKey(pair.key, (pair.certificate, self.root_certificate), algorithm)

    def certify(self, public_key: PublicKey, institution_name: str) -> x509.Certificate:
        """Return a signer's certificate about a key that lives elsewhere, in a token perhaps."""
        name = _usable(institution_name)
        return self._signed(signer_certificate(public_key, name, self.root_certificate))

    def timestamp_key(self) -> SoftwareKey:
        """Return the key of this authority's timestamps."""

        def new() -> _Pair:
            key = _new_key(Algorithm.ECDSA_P256_SHA256)
            about = timestamp_certificate(key.public_key(), self.root_certificate)
            return _Pair(key, self._signed(about))

        pair = _kept(self.folder / "timestamps.pem", new)
        chain = (pair.certificate, self.root_certificate)
        return SoftwareKey(pair.key, chain, Algorithm.ECDSA_P256_SHA256)

    def revocation_list(
        self, at: datetime, revoked: Iterable[x509.Certificate] = ()
    ) -> x509.CertificateRevocationList:
        """Return the list (RFC 5280, 5) as of `at`; it names the certificates given."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.root_certificate.subject)
            .last_update(at)
            .next_update(at + LIST_VALID_FOR)
            .add_extension(x509.CRLNumber(int(at.timestamp())), critical=False)
        )
        for certificate in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(certificate.serial_number)
            builder = builder.add_revoked_certificate(entry.revocation_date(at).build())
        return builder.sign(self._root.key, hashes.SHA256())

    def _signed(self, builder: x509.CertificateBuilder) -> x509.Certificate:
        return builder.sign(self._root.key, hashes.SHA256())


def _new_root() -> _Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    return _Pair(key, root_certificate(key.public_key()).sign(key, hashes.SHA256()))


def _new_key(algorithm: Algorithm) -> PrivateKey:
    if algorithm.is_rsa:
        return rsa.generate_private_key(public_exponent=65537, key_size=RSA_KEY_SIZE)
    return ec.generate_private_key(_CURVES[algorithm.curve])


def _usable(institution_name: str) -> str:
    name = unicodedata.normalize("NFC", institution_name).strip()
    if not name or len(name) > LONGEST_INSTITUTION_NAME or not name.isprintable():
        raise UnusableName("An institution's name has 1 to 200 printable characters.")
    return name


def _kept(file: Path, new: Callable[[], _Pair]) -> _Pair:
    if not file.exists():
        _keep_once(file, new().pem())
    return _Pair.read(file)


def _keep_once(file: Path, content: bytes) -> None:
    """Write `file` completely or not at all; leave it alone when another process was first."""
    descriptor, temporary = tempfile.mkstemp(dir=file.parent, prefix=".new-")  # mode 0600
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        try:
            os.link(temporary, file)
        except FileExistsError:
            return
    finally:
        Path(temporary).unlink()
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
