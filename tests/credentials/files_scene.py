"""Keys of issuers and signers that are not the development authority's own, and their files."""

from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12

from hocvu.signing import DevelopmentAuthority, SoftwareKey

PASSWORD = "mẫu"
PASSWORD_FROM = "HOCVU_PASSWORD_OF_TESTS"


def certificate_about(public_key, name, *, root, until, usage=None):
    """A certificate by the authority of the tests."""
    subject = x509.Name(
        [
            x509.NameAttribute(x509.NameOID.COUNTRY_NAME, "VN"),
            x509.NameAttribute(x509.NameOID.COMMON_NAME, name),
        ]
    )
    may = {"digital_signature": True, "content_commitment": True, **(usage or {})}
    all_usages = dict.fromkeys(
        (
            "digital_signature",
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "key_cert_sign",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(root.certificate.subject)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**(all_usages | may)), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
    )
    return builder.sign(root.key, hashes.SHA256())


def make_key(folder, name, *, until=None, private=None, usage=None):
    """Somebody's key, certified by the authority in this folder."""
    root = DevelopmentAuthority.open(folder)._root
    private = private or ec.generate_private_key(ec.SECP256R1())
    until = until or datetime(2030, 1, 1, tzinfo=UTC)
    about = certificate_about(private.public_key(), name, root=root, until=until, usage=usage)
    return SoftwareKey.of(private, (about, root.certificate))


def keep_pkcs12(folder, name, key):
    """The key as a file that `keys.toml` may name."""
    sealed = serialization.BestAvailableEncryption(PASSWORD.encode())
    (folder / name).write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"key", key.private_key, key.chain[0], list(key.chain[1:]), sealed
        )
    )


def keep_certificates(folder, name, *certificates):
    pem = (each.public_bytes(serialization.Encoding.PEM) for each in certificates)
    (folder / name).write_bytes(b"".join(pem))


def days_from_now(days):
    return datetime.now(UTC) + timedelta(days=days)
