"""What `hocvu.portable` writes as Open Badges is what the verifier reads, and nothing else is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvu.portable.achievement import achievement_credential, write_achievement_tokens
from hocvu.portable.jose import write_tokens
from hocvu.portable.status import ListName, Purpose, write_status_list
from hocvu_verifier import (
    CertificateNotValid,
    ChangedAfterSigning,
    NotACredential,
    NotVerified,
    SignedByAnother,
)
from hocvu_verifier.credential import verify_credential
from hocvu_verifier.issuers import IssuerKey, Issuers
from hocvu_verifier.status import Snapshot, Standing
from portable.sessions import KeyInMemory
from portable.test_open_badges import AWARD, ISSUED_AT, PROGRAMME, SITE


@pytest.fixture(scope="session")
def issuers(key):
    return Issuers.of([IssuerKey.read(key.as_jwk())])


@pytest.fixture(scope="session")
def write(session, key):
    def written(award=AWARD, session=session):
        credential = achievement_credential(award, PROGRAMME, issuer=key, issuer_address=SITE)
        return write_achievement_tokens([credential], session=session, key=key)[0]

    return written


def test_a_credential_says_what_the_certificate_says(write, issuers, key):
    read = verify_credential(write(), issuers=issuers)

    assert read.holder_name == AWARD.holder_name
    assert read.serial_number == AWARD.serial_number
    assert read.achievement == PROGRAMME.name
    assert read.valid_from == ISSUED_AT
    assert read.status_index == AWARD.status_place
    assert read.issuer.name == key.name


def test_a_hashed_name_is_not_told(write, issuers):
    assert verify_credential(write(replace(AWARD, salt="x")), issuers=issuers).holder_name == ""


def test_a_credential_expires(write, issuers):
    until = datetime(2028, 2, 5, tzinfo=UTC)

    read = verify_credential(write(replace(AWARD, valid_until=until)), issuers=issuers)

    assert read.has_expired(until)


def test_a_credential_does_not_begin_after_its_key_was_laid_down(write, key):
    ends = ISSUED_AT + timedelta(days=1), ISSUED_AT - timedelta(days=1)
    before, after = (
        Issuers.of([IssuerKey.read(replace(key, ends_at=each).as_jwk())]) for each in ends
    )

    assert verify_credential(write(), issuers=before)
    with pytest.raises(CertificateNotValid):
        verify_credential(write(), issuers=after)


def test_a_credential_is_found_in_the_same_lists_as_the_code(write, session, key, issuers):
    name = ListName(SITE, Purpose.REVOCATION, 2)
    line = write_status_list(name, [AWARD.status_place], at=ISSUED_AT, session=session, key=key)

    read = verify_credential(write(), issuers=issuers)

    snapshot = Snapshot.read(line, issuers=issuers)
    assert snapshot.standing_of(key.did, read.status_index).standing is Standing.REVOKED


def test_a_credential_by_another_key_is_refused(write, issuers):
    with pytest.raises(ChangedAfterSigning):
        verify_credential(write(session=KeyInMemory()), issuers=issuers)


def test_a_credential_of_a_stranger_is_named_so(write):
    with pytest.raises(SignedByAnother):
        verify_credential(write(), issuers=Issuers.of([]))


@given(st.data())
def test_no_letter_of_a_credential_can_be_changed(write, issuers, data):
    text = write()
    position = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.sampled_from("AQgw-_.x").filter(lambda each: each != text[position]))

    with pytest.raises(NotVerified):
        verify_credential(text[:position] + letter + text[position + 1 :], issuers=issuers)


@pytest.mark.parametrize(
    "change",
    [
        {"@context": ["https://www.w3.org/ns/credentials/v2", "https://example.vn"]},
        {"@context": []},
        {"type": ["VerifiableCredential"]},
        {"type": 1},
        {"iss": "did:web:other.example.vn"},
        {"jti": "urn:uuid:0"},
        {"nbf": 0},
        {"exp": 1},
        {"validFrom": "2026-02-05T12:00:00"},
        {"validFrom": None},
        {"credentialSubject": []},
        {"credentialSubject": {}},
        {"credentialStatus": {}},
        {"credentialStatus": {"type": "Other"}},
    ],
    ids=str,
)
def test_a_signed_credential_of_another_form_is_refused(session, key, issuers, change):
    credential = achievement_credential(AWARD, PROGRAMME, issuer=key, issuer_address=SITE)
    claims = {"iss": key.did, "jti": credential["id"], "nbf": int(ISSUED_AT.timestamp())}
    (token,) = write_tokens([{**credential, **claims, **change}], session=session, key=key)

    with pytest.raises(NotACredential):
        verify_credential(token, issuers=issuers)


@pytest.mark.parametrize("text", ["", "a.b", "a.b.c", "eyJ9.e30.AA"])
def test_what_is_no_credential_is_named_so(issuers, text):
    with pytest.raises(NotACredential):
        verify_credential(text, issuers=issuers)
