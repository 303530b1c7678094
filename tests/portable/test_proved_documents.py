"""A credential with its proof inside: what is written here is read there, and nothing else is."""

import json
from copy import deepcopy

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from hocvu.portable.achievement import achievement_credential
from hocvu.portable.canonical import canonical
from hocvu.portable.data_integrity import prove
from hocvu_verifier import ChangedAfterSigning, NotACredential, NotVerified, SignedByAnother
from hocvu_verifier import data_integrity as reading
from hocvu_verifier.credential import verify_credential
from hocvu_verifier.issuers import IssuerKey, Issuers
from portable.sessions import KeyInMemory
from portable.test_data_integrity import CREDENTIAL, OPTIONS, SECRET, SIGNATURE, decoded
from portable.test_open_badges import AWARD, ISSUED_AT, PROGRAMME, SITE


@pytest.fixture(scope="session")
def issuers(key):
    return Issuers.of([IssuerKey.read(key.as_jwk())])


@pytest.fixture(scope="session")
def document(session, key):
    credential = achievement_credential(AWARD, PROGRAMME, issuer=key, issuer_address=SITE)
    return prove([credential], session=session, key=key, at=ISSUED_AT)[0]


def test_the_standards_own_document_holds():
    """W3C vc-di-ecdsa, appendix A.3: representation with JCS, P-256."""
    from hocvu.portable.multibase import base58

    secret = int.from_bytes(decoded(SECRET)[2:], "big")
    key = ec.derive_private_key(secret, ec.SECP256R1()).public_key()
    proof = {**OPTIONS, "proofValue": base58(bytes.fromhex(SIGNATURE))}

    read = reading.read(json.dumps({**CREDENTIAL, "proof": proof}))

    assert read.verify(key) == CREDENTIAL
    assert read.controller == "https://vc.example/issuers/5678"


def test_a_document_says_what_the_certificate_says(document, issuers, key):
    read = verify_credential(json.dumps(document, ensure_ascii=False, indent=1), issuers=issuers)

    assert read.holder_name == AWARD.holder_name
    assert read.serial_number == AWARD.serial_number
    assert read.status_index == AWARD.status_place
    assert read.issuer.name == key.name


@given(st.data())
def test_no_letter_of_a_document_can_be_changed(document, issuers, data):
    text = canonical(document).decode()
    position = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.sampled_from('A9z"{,:ộ').filter(lambda each: each != text[position]))

    with pytest.raises(NotVerified):
        verify_credential(text[:position] + letter + text[position + 1 :], issuers=issuers)


def test_a_changed_document_is_named_so(document, issuers):
    changed = deepcopy(document)
    changed["credentialSubject"]["licenseNumber"] = "X"

    with pytest.raises(ChangedAfterSigning):
        verify_credential(json.dumps(changed), issuers=issuers)


def test_a_document_by_another_key_is_refused(key, issuers):
    credential = achievement_credential(AWARD, PROGRAMME, issuer=key, issuer_address=SITE)
    other = KeyInMemory()
    (forged,) = prove([credential], session=other, key=key, at=ISSUED_AT)
    (foreign,) = prove([credential], session=other, key=other.public(), at=ISSUED_AT)

    for text in (forged, foreign):
        with pytest.raises(ChangedAfterSigning):
            verify_credential(json.dumps(text), issuers=issuers)
    with pytest.raises(SignedByAnother):
        verify_credential(json.dumps(forged), issuers=Issuers.of([]))


def test_a_proof_that_names_another_controller_is_refused(session, key, issuers):
    credential = achievement_credential(AWARD, PROGRAMME, issuer=key, issuer_address=SITE)
    other = session.public(did="did:web:other.example.vn")
    (proved,) = prove([credential], session=session, key=other, at=ISSUED_AT)

    with pytest.raises(NotACredential, match="contradicts"):
        verify_credential(json.dumps(proved), issuers=issuers)


@pytest.mark.parametrize(
    "change",
    [
        {"type": "Other"},
        {"cryptosuite": "eddsa-jcs-2022"},
        {"proofPurpose": "authentication"},
        {"@context": []},
        {"expires": "2030-01-01T00:00:00Z"},
        {"verificationMethod": "did:web:hocvu.example.vn"},
        {"verificationMethod": 1},
        {"proofValue": "z"},
        {"proofValue": "z0"},
        {"proofValue": "u" + "A" * 86},
        {"proofValue": "z" + "z" * 500},
        {"proofValue": None},
    ],
    ids=str,
)
def test_a_proof_of_another_kind_is_refused(document, issuers, change):
    odd = {**document, "proof": {**document["proof"], **change}}

    with pytest.raises(NotACredential):
        verify_credential(json.dumps(odd), issuers=issuers)


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "{}",
        '{"proof": 1}',
        '{"proof": []}',
        '{"a": 1, "a": 2, "proof": {}}',
        '{"a": 1.5, "proof": {}}',
        '{"a": NaN, "proof": {}}',
        '{"a": ' * 100_000,
        "{" + " " * (1 << 20) + "}",
    ],
    ids=range(9),
)
def test_what_is_no_document_is_refused(issuers, text):
    with pytest.raises(NotACredential):
        verify_credential(text, issuers=issuers)


@pytest.mark.parametrize("odd", [2**53, "\ud800"])
def test_what_readers_read_differently_is_refused(document, issuers, odd):
    with pytest.raises(NotACredential):
        verify_credential(json.dumps({**document, "odd": odd}), issuers=issuers)
