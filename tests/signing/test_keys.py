import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, encode_dss_signature
from cryptography.hazmat.primitives.serialization import pkcs12

from hocvu.signing import (
    Algorithm,
    ChainBroken,
    KeyDoesNotMatch,
    KeyMissing,
    NotForSigning,
    SoftwareKey,
    UnsuitableKey,
    WrongPin,
    signatures_over,
)
from hocvu.signing.algorithms import order_of
from hocvu.signing.certificates import require_may_sign
from hocvu.signing.profiles import root_certificate, timestamp_certificate
from signing.specimens import INSTITUTION, SIGNED_AT

PASSWORD = "một mật khẩu"


def _file(folder, key, *, password=PASSWORD):
    file = folder / "key.p12"
    encryption = serialization.BestAvailableEncryption(password.encode())
    file.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"key", key.private_key, key.chain[0], list(key.chain[1:]), encryption
        )
    )
    return file


def test_every_algorithm_signs_what_its_public_key_verifies(keys):
    for algorithm, key in keys.items():
        digest = algorithm.digest(b"a document")

        with key.open() as session:
            (signature,) = signatures_over(session, [digest])

        hashed = Prehashed(algorithm.hash)
        public_key = key.chain[0].public_key()
        if algorithm.is_rsa:
            salt = algorithm.hash.digest_size
            pss = padding.PSS(padding.MGF1(algorithm.hash), salt)
            public_key.verify(signature, digest, pss, hashed)
        else:
            public_key.verify(signature, digest, ec.ECDSA(hashed))


def test_the_parameters_of_pss_are_spelled_as_another_library_spells_them(rsa_key, authority):
    builder = root_certificate(rsa_key.private_key.public_key())
    digest = hashes.SHA256()
    pss = padding.PSS(padding.MGF1(digest), digest.digest_size)
    certificate = builder.sign(rsa_key.private_key, digest, rsa_padding=pss)

    encoded = certificate.public_bytes(serialization.Encoding.DER)

    assert Algorithm.RSA_PSS_SHA256.signature_identifier in encoded


def test_the_orders_of_the_curves_are_those_of_the_library():
    for curve in (ec.SECP256R1(), ec.SECP384R1(), ec.SECP521R1()):
        order = order_of(curve.name)

        ec.derive_private_key(order - 1, curve)
        with pytest.raises(ValueError, match="out of range"):
            ec.derive_private_key(order, curve)


def test_a_key_comes_out_of_its_file_with_its_chain(key, rsa_key, tmp_path):
    for each in (key, rsa_key):
        again = SoftwareKey.from_pkcs12(_file(tmp_path, each), PASSWORD)

        assert again.chain == each.chain
        assert again.algorithm is each.algorithm
        assert again.private_key.private_numbers() == each.private_key.private_numbers()


def test_a_key_file_does_not_open_with_another_password(key, tmp_path):
    with pytest.raises(WrongPin):
        SoftwareKey.from_pkcs12(_file(tmp_path, key), "another")


def test_a_key_file_that_is_not_there_is_said_to_be_missing(tmp_path):
    with pytest.raises(KeyMissing):
        SoftwareKey.from_pkcs12(tmp_path / "absent.p12", PASSWORD)


def test_a_key_file_without_a_key_is_refused(key, tmp_path):
    file = tmp_path / "certificates.p12"
    encryption = serialization.BestAvailableEncryption(PASSWORD.encode())
    file.write_bytes(
        pkcs12.serialize_key_and_certificates(b"x", None, None, list(key.chain), encryption)
    )

    with pytest.raises(KeyMissing):
        SoftwareKey.from_pkcs12(file, PASSWORD)


def test_a_key_is_not_printed(key):
    assert "private" not in repr(key)


def test_a_small_rsa_key_may_not_sign():
    with pytest.raises(UnsuitableKey):
        Algorithm.usual_for(rsa.generate_private_key(65537, 1024).public_key())


@pytest.mark.parametrize(
    "private",
    [ec.generate_private_key(ec.SECP256K1()), ed25519.Ed25519PrivateKey.generate()],
)
def test_keys_of_other_kinds_may_not_sign(private):
    with pytest.raises(UnsuitableKey):
        Algorithm.usual_for(private.public_key())


def test_a_key_does_not_sign_with_the_algorithm_of_another_kind(key, rsa_key):
    with pytest.raises(UnsuitableKey):
        SoftwareKey.of(key.private_key, key.chain, Algorithm.RSA_PSS_SHA256)
    with pytest.raises(UnsuitableKey):
        SoftwareKey.of(rsa_key.private_key, rsa_key.chain, Algorithm.ECDSA_P256_SHA256)


def test_a_key_without_its_certificate_is_refused(key):
    with pytest.raises(KeyDoesNotMatch):
        SoftwareKey.of(key.private_key, ())


def test_a_signature_of_the_higher_form_is_turned_into_the_lower():
    order = order_of("secp256r1")
    high = encode_dss_signature(5, order - 7)

    assert Algorithm.ECDSA_P256_SHA256.canonical(high) == encode_dss_signature(5, 7)


def test_bytes_that_are_no_signature_are_refused():
    with pytest.raises(KeyDoesNotMatch):
        Algorithm.ECDSA_P256_SHA256.canonical(b"no signature")


class Forgetful:
    """A session that loses a signature."""

    def __init__(self, session):
        self.key = session.key
        self._session = session

    def sign(self, digests):
        return self._session.sign(digests)[1:]


def test_a_device_that_returns_fewer_signatures_is_refused(key):
    with key.open() as session, pytest.raises(KeyDoesNotMatch):
        signatures_over(Forgetful(session), [bytes(32), bytes(32)])


# --- Certificates ---------------------------------------------------------------------------------


def test_a_chain_whose_links_do_not_hold_is_refused(key, tmp_path):
    stranger = ec.generate_private_key(ec.SECP256R1())
    twin = root_certificate(stranger.public_key()).sign(stranger, hashes.SHA256())

    with pytest.raises(ChainBroken):
        require_may_sign((key.chain[0], twin), SIGNED_AT)


def test_a_chain_may_end_below_its_root(key):
    require_may_sign(key.chain[:1], SIGNED_AT)


def test_no_chain_is_no_signer():
    with pytest.raises(ChainBroken):
        require_may_sign((), SIGNED_AT)


def test_a_certificate_for_something_else_does_not_sign_documents(authority, key):
    private = ec.generate_private_key(ec.SECP256R1())
    root_key = serialization.load_pem_private_key(
        (authority.folder / "root.pem").read_bytes(), password=None
    )
    for_times = timestamp_certificate(private.public_key(), authority.root_certificate)

    with pytest.raises(NotForSigning):
        require_may_sign((for_times.sign(root_key, hashes.SHA256()),), SIGNED_AT)
    with pytest.raises(NotForSigning):
        require_may_sign((authority.root_certificate,), SIGNED_AT)


def test_a_certificate_that_says_nothing_about_its_use_does_not_sign():
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, INSTITUTION)])
    silent = (
        x509.CertificateBuilder()
        .public_key(private.public_key())
        .subject_name(name)
        .issuer_name(name)
        .serial_number(1)
        .not_valid_before(SIGNED_AT.replace(year=2025))
        .not_valid_after(SIGNED_AT.replace(year=2027))
        .sign(private, hashes.SHA256())
    )

    with pytest.raises(NotForSigning):
        require_may_sign((silent,), SIGNED_AT)
