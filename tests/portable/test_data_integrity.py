"""W3C Data Integrity ECDSA Cryptosuites v1.0, appendix A: test vectors of ecdsa-jcs-2019, P-256."""

import hashlib
from datetime import UTC, datetime

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from hocvu.portable.canonical import canonical
from hocvu.portable.data_integrity import hash_data, prove
from hocvu.portable.multibase import ALPHABET, base58, multikey
from portable.sessions import KeyInMemory

MULTIKEY = "zDnaepBuvsQ8cpsWrVKw8fbpGpvPeNSjVPTWoq6cRqaYzBKVP"
SECRET = "z42twTcNeSYcnqg1FLuSFs2bsGH3ZqbRHFmvS9XMsYhjxvHN"  # published with the standard
CONTEXTS = [
    "https://www.w3.org/ns/credentials/v2",
    "https://www.w3.org/ns/credentials/examples/v2",
]
CREDENTIAL = {
    "@context": CONTEXTS,
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential", "AlumniCredential"],
    "name": "Alumni Credential",
    "description": "A minimum viable example of an Alumni Credential.",
    "issuer": "https://vc.example/issuers/5678",
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
}
OPTIONS = {
    "type": "DataIntegrityProof",
    "cryptosuite": "ecdsa-jcs-2019",
    "created": "2023-02-24T23:36:38Z",
    "verificationMethod": f"https://vc.example/issuers/5678#{MULTIKEY}",
    "proofPurpose": "assertionMethod",
    "@context": CONTEXTS,
}
CREATED = datetime(2023, 2, 24, 23, 36, 38, tzinfo=UTC)
DOCUMENT_HASH = "59b7cb6251b8991add1ce0bc83107e3db9dbbab5bd2c28f687db1a03abc92f19"
OPTIONS_HASH = "1cb0435d142d1cc97e10b0f330cc5a637b25aeeeabc8d63f278df951c48712ff"
SIGNATURE = (
    "7befc76b324ffb93073c7b9c59a11ec548f6e034da6be2f40044e7f2c4e2b606"
    "46c50b158666a802a83979cc31751619888d43cd1a3e103b73deaeb5dc8a4a3a"
)


def decoded(text):
    number = 0
    for letter in text.removeprefix("z"):
        number = number * 58 + ALPHABET.index(letter)
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


@pytest.fixture
def vector():
    secret = int.from_bytes(decoded(SECRET)[2:], "big")
    return KeyInMemory(ec.derive_private_key(secret, ec.SECP256R1()))


def test_the_key_is_written_as_the_vector_shows(vector):
    key = vector.public()

    assert key.multikey == multikey(key.x, key.y) == MULTIKEY


def test_document_and_options_are_hashed_as_the_vector_shows():
    assert hashlib.sha256(canonical(CREDENTIAL)).hexdigest() == DOCUMENT_HASH
    assert hash_data(CREDENTIAL, OPTIONS).hex() == OPTIONS_HASH + DOCUMENT_HASH


def test_the_proof_is_the_vectors_own(vector):
    """Signatures are deterministic here (RFC 6979), as the vector's is."""
    key = vector.public(did="https://vc.example/issuers/5678")

    (proved,) = prove([CREDENTIAL], session=vector, key=key, at=CREATED)

    assert proved == {
        **CREDENTIAL,
        "proof": {**OPTIONS, "proofValue": base58(bytes.fromhex(SIGNATURE))},
    }


def test_a_changed_credential_does_not_hold(vector):
    signature = bytes.fromhex(SIGNATURE)
    r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
    der = encode_dss_signature(r, s)
    public, algorithm = vector.key.public_key(), ec.ECDSA(hashes.SHA256())
    public.verify(der, hash_data(CREDENTIAL, OPTIONS), algorithm)

    changed = {**CREDENTIAL, "name": "Doctor"}
    with pytest.raises(InvalidSignature):
        public.verify(der, hash_data(changed, OPTIONS), algorithm)


def test_many_credentials_take_one_call_of_the_key(vector):
    key = vector.public()

    proved = prove([CREDENTIAL] * 50, session=vector, key=key, at=CREATED)

    assert len(proved) == 50
    assert vector.calls == 1


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        (b"", "z"),
        (b"\0\0", "z11"),
        (b"Hello World!", "z2NEpo7TZRRrLZSi2U"),
        (bytes.fromhex("0000287fb4cd"), "z11233QC4"),
    ],
)
def test_base58_is_written_as_its_draft_shows(octets, text):
    assert base58(octets) == text
