"""A certificate authority for development and demonstrations (RFC 5280 profile, ECDSA P-256).

Its certificates say in both languages that they have no legal value. Everything is kept in one
folder: `root.pem` and one file per institution, each holding a private key and its certificate,
readable by the owner only. `root.crt` holds the root certificate alone, to be given away.

Why a crash is safe: key and certificate of one subject are one file. It is written under a
temporary name, synced, and then linked to its final name, which fails if the name is taken. So a
final name always holds a complete pair, is never replaced, and of two processes that race one
wins and the other reads what the winner wrote.
"""

import hashlib
import os
import tempfile
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from hocvu.signing.errors import KeyDoesNotMatch, UnusableName
from hocvu.signing.pades import Signer

ROOT_NAME: Final = "Hocvu DEVELOPMENT Authority – no legal value"
DISCLAIMER: Final = "Thử nghiệm, không có giá trị pháp lý / No legal value"
SIGNER_SUFFIX: Final = " (DEVELOPMENT)"
LONGEST_COMMON_NAME: Final = 64  # RFC 5280, A.1: ub-common-name; libraries count UTF-8 bytes
LONGEST_INSTITUTION_NAME: Final = 200  # Decree 30/2020, annex VI: OrganName

# A long, fixed window: demonstrations issue certificates with dates in the past. The authority
# needs no clock, and two installations differ only in their keys.
VALID_FROM: Final = datetime(2025, 1, 1, tzinfo=UTC)
ROOT_VALID_UNTIL: Final = datetime(2045, 1, 1, tzinfo=UTC)
SIGNERS_VALID_UNTIL: Final = datetime(2035, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class _Pair:
    """A private key and the certificate about it."""

    key: ec.EllipticCurvePrivateKey
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
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise KeyDoesNotMatch(f"{file.name} does not hold an elliptic curve key.")
        if key.public_key() != certificate.public_key():
            raise KeyDoesNotMatch(f"The key in {file.name} does not belong to its certificate.")
        return cls(key, certificate)


@dataclass(frozen=True)
class DevelopmentAuthority:
    """Issues signing certificates that are worth nothing outside a demonstration."""

    folder: Path
    _root: _Pair

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Reload the authority kept in `folder`; make it first when the folder has none."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        file = folder / "root.pem"
        if not file.exists():
            _keep_once(file, _new_root().pem())
        root = _Pair.read(file)
        public = folder / "root.crt"
        if not public.exists():
            _keep_once(public, root.certificate.public_bytes(serialization.Encoding.PEM))
        return cls(folder, root)

    @property
    def root_certificate(self) -> x509.Certificate:
        """Return the certificate that a verifier has to trust."""
        return self._root.certificate

    def signer_for(self, institution_name: str) -> Signer:
        """Return the one signer of this institution; issue its certificate at the first call."""
        name = _usable(institution_name)
        file = self.folder / f"signer-{hashlib.sha256(name.encode()).hexdigest()[:32]}.pem"
        if not file.exists():
            _keep_once(file, self._new_signer(name).pem())
        pair = _Pair.read(file)
        return Signer(pair.key, pair.certificate, self.root_certificate)

    def _new_signer(self, institution_name: str) -> _Pair:
        key = ec.generate_private_key(ec.SECP256R1())
        issuer_key_id = self.root_certificate.extensions.get_extension_for_class(
            x509.SubjectKeyIdentifier
        ).value
        builder = (
            _certificate_about(key.public_key(), until=SIGNERS_VALID_UNTIL)
            .subject_name(_subject(_short(institution_name) + SIGNER_SUFFIX, institution_name))
            .issuer_name(self.root_certificate.subject)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_key_usage(signs_documents=True), critical=True)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer_key_id),
                critical=False,
            )
        )
        return _Pair(key, builder.sign(self._root.key, hashes.SHA256()))


def _new_root() -> _Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _subject(ROOT_NAME, "Hocvu")
    builder = (
        _certificate_about(key.public_key(), until=ROOT_VALID_UNTIL)
        .subject_name(name)
        .issuer_name(name)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(signs_documents=False), critical=True)
    )
    return _Pair(key, builder.sign(key, hashes.SHA256()))


def _certificate_about(
    public_key: ec.EllipticCurvePublicKey, *, until: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(VALID_FROM)
        .not_valid_after(until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )


def _subject(common_name: str, organization: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(x509.NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, organization),
            x509.NameAttribute(x509.NameOID.ORGANIZATIONAL_UNIT_NAME, DISCLAIMER),
            x509.NameAttribute(x509.NameOID.COMMON_NAME, common_name),
        ]
    )


def _key_usage(*, signs_documents: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs_documents,
        content_commitment=signs_documents,  # X.509 once called it nonRepudiation
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not signs_documents,
        crl_sign=not signs_documents,
        encipher_only=False,
        decipher_only=False,
    )


def _usable(institution_name: str) -> str:
    name = unicodedata.normalize("NFC", institution_name).strip()
    if not name or len(name) > LONGEST_INSTITUTION_NAME or not name.isprintable():
        raise UnusableName("An institution's name has 1 to 200 printable characters.")
    return name


def _short(institution_name: str) -> str:
    """Return the front of the name that a common name has room for; the whole stands beside it."""
    room = LONGEST_COMMON_NAME - len(SIGNER_SUFFIX)
    return institution_name.encode()[:room].decode(errors="ignore").rstrip()


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
