"""What the certificates of the development authority look like (RFC 5280, 4; RFC 3161, 2.3).

All of them say in both languages that they have no legal value.
"""

from datetime import UTC, datetime
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

ROOT_NAME: Final = "Hocvu DEVELOPMENT Authority – no legal value"
TIMESTAMPS_NAME: Final = "Hocvu DEVELOPMENT Timestamps – no legal value"
DISCLAIMER: Final = "Thử nghiệm, không có giá trị pháp lý / No legal value"
SIGNER_SUFFIX: Final = " (DEVELOPMENT)"
LONGEST_COMMON_NAME: Final = 64  # RFC 5280, A.1: ub-common-name; libraries count UTF-8 bytes

# A long, fixed window: demonstrations issue certificates with dates in the past. The authority
# needs no clock, and two installations differ only in their keys.
VALID_FROM: Final = datetime(2025, 1, 1, tzinfo=UTC)
ROOT_VALID_UNTIL: Final = datetime(2045, 1, 1, tzinfo=UTC)
SIGNERS_VALID_UNTIL: Final = datetime(2035, 1, 1, tzinfo=UTC)

PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey


def root_certificate(public_key: PublicKey) -> x509.CertificateBuilder:
    """Return the certificate, not yet signed, of an authority that vouches for itself."""
    name = _subject(ROOT_NAME, "Hocvu")
    return (
        _certificate_about(public_key, name, until=ROOT_VALID_UNTIL)
        .issuer_name(name)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
    )


def signer_certificate(
    public_key: PublicKey, institution_name: str, root: x509.Certificate
) -> x509.CertificateBuilder:
    """Return the certificate of somebody who signs documents."""
    name = _subject(_short(institution_name) + SIGNER_SUFFIX, institution_name)
    may = _usage(digital_signature=True, content_commitment=True)
    return _issued(public_key, name, root).add_extension(may, critical=True)


def timestamp_certificate(public_key: PublicKey, root: x509.Certificate) -> x509.CertificateBuilder:
    """Return the certificate of a timestamp authority, which may do nothing else."""
    purpose = x509.ExtendedKeyUsage([x509.oid.ExtendedKeyUsageOID.TIME_STAMPING])
    return (
        _issued(public_key, _subject(TIMESTAMPS_NAME, "Hocvu"), root)
        .add_extension(_usage(digital_signature=True), critical=True)
        .add_extension(purpose, critical=True)
    )


def _issued(
    public_key: PublicKey, name: x509.Name, root: x509.Certificate
) -> x509.CertificateBuilder:
    key_id = root.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return (
        _certificate_about(public_key, name, until=SIGNERS_VALID_UNTIL)
        .issuer_name(root.subject)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(key_id),
            critical=False,
        )
    )


def _certificate_about(
    public_key: PublicKey, name: x509.Name, *, until: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .public_key(public_key)
        .subject_name(name)
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


def _usage(
    *,
    digital_signature: bool = False,
    content_commitment: bool = False,  # X.509 once called it nonRepudiation
    key_cert_sign: bool = False,
    crl_sign: bool = False,
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=content_commitment,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        encipher_only=False,
        decipher_only=False,
    )


def _short(institution_name: str) -> str:
    """Return the front of the name that a common name has room for; the whole stands beside it."""
    room = LONGEST_COMMON_NAME - len(SIGNER_SUFFIX)
    return institution_name.encode()[:room].decode(errors="ignore").rstrip()
