"""Credentials are held against the JSON schema that 1EdTech publishes for Open Badges 3.0."""

import json
import sys
import tarfile
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from jsonschema import Draft201909Validator

from hocvu.portable.achievement import (
    Achievement,
    Award,
    Skill,
    achievement_credential,
    write_achievement_tokens,
)
from hocvu.portable.data_integrity import prove
from hocvu.portable.did import did_document
from hocvu_verifier import jose
from hocvu_verifier.issuers import IssuerKey
from portable.sessions import KeyInMemory

SCHEMAS = Path(sys.prefix) / "schemas" / "openbadgeslib-4.6.3.tar.gz"
NAMED = "openbadgeslib-4.6.3/tests/fixtures/ob_schemas/ob_v3p0_achievementcredential_schema.json"
ISSUED_AT = datetime(2026, 2, 5, 3, 0, tzinfo=UTC)
SITE = "https://hocvu.example.vn"
PROGRAMME = Achievement(
    address=f"{SITE}/programmes/LQ-1",
    name="Kỹ năng số cơ bản",
    description="Bồi dưỡng kỹ năng số cho cán bộ cấp xã.",
    criteria="Dự ít nhất 80 % thời lượng và đạt bài kiểm tra cuối khóa.",
    code="LQ-1",
    skills=[Skill("Khai thác dữ liệu", f"{SITE}/competences/1.1", "Thông tư 02/2025", "1.1")],
)
AWARD = Award(
    address="urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    holder_name="Nguyễn Thị Ánh Tuyết",
    serial_number="HVCTQG-2026-000123",
    issued_at=ISSUED_AT,
    started_on=date(2026, 1, 5),
    ended_on=date(2026, 1, 16),
    site=SITE,
    status_place=1_234_567,
)


@pytest.fixture(scope="session")
def schema():
    """The schema comes in the source archive of a package, and is not kept in this repository."""
    if not SCHEMAS.exists():
        pytest.fail(f"{SCHEMAS.name} is missing; `make test` fetches it.")
    with tarfile.open(SCHEMAS) as archive:
        found = json.load(archive.extractfile(NAMED))
    return Draft201909Validator(found, format_checker=Draft201909Validator.FORMAT_CHECKER)


@pytest.fixture
def credential(key):
    return achievement_credential(AWARD, PROGRAMME, issuer=key, issuer_address=SITE)


def _credential(key, award=AWARD, programme=PROGRAMME):
    return achievement_credential(award, programme, issuer=key, issuer_address=SITE)


@pytest.mark.parametrize(
    ("award", "programme"),
    [
        (AWARD, PROGRAMME),
        (replace(AWARD, valid_until=datetime(2028, 2, 5, tzinfo=UTC)), PROGRAMME),
        (replace(AWARD, status_place=None), PROGRAMME),
        (replace(AWARD, salt="muối"), PROGRAMME),
        (AWARD, replace(PROGRAMME, skills=[], code="")),
        (AWARD, replace(PROGRAMME, kind="Diploma")),
    ],
    ids=["usual", "expires", "no status", "name hashed", "no skills", "diploma"],
)
def test_every_credential_fits_the_official_schema(schema, key, award, programme):
    assert list(schema.iter_errors(_credential(key, award, programme))) == []


def test_the_schema_does_find_faults(schema, credential):
    del credential["credentialSubject"]["achievement"]["criteria"]

    assert list(schema.iter_errors(credential))


def test_a_credential_with_its_proof_inside_fits_too(schema, session, key, credential):
    (proved,) = prove([credential], session=session, key=key, at=ISSUED_AT)

    assert list(schema.iter_errors({**proved, "proof": [proved["proof"]]})) == []
    assert list(schema.iter_errors(proved)) == []


def test_the_token_holds_the_credential_and_the_claims_the_standard_asks_for(
    schema, session, key, credential
):
    (token,) = write_achievement_tokens([credential], session=session, key=key)

    read = jose.read(token)
    payload = read.verify(IssuerKey.read(key.as_jwk()).key)

    assert {name: payload[name] for name in credential} == credential
    assert payload["iss"] == credential["issuer"]["id"] == key.did
    assert payload["jti"] == credential["id"]
    assert payload["nbf"] == ISSUED_AT.timestamp()
    assert read.header == {"alg": "ES256", "typ": "JWT", "kid": key.address}
    assert list(schema.iter_errors(payload)) == []


def test_a_token_names_a_key_that_the_issuers_document_lists(session, key, credential):
    (token,) = write_achievement_tokens([credential], session=session, key=key)
    document = did_document(key.did, [key])

    assert jose.read(token).header["kid"] in document["assertionMethod"]


def test_a_token_by_another_key_does_not_hold(session, key, credential):
    (token,) = write_achievement_tokens([credential], session=KeyInMemory(), key=key)

    with pytest.raises(jose.NotASignedToken):
        jose.read(token).verify(IssuerKey.read(key.as_jwk()).key)


def test_a_token_expires_when_the_certificate_does(session, key):
    until = datetime(2028, 2, 5, tzinfo=UTC)
    credential = _credential(key, replace(AWARD, valid_until=until))

    (token,) = write_achievement_tokens([credential], session=session, key=key)

    assert jose.read(token).payload["exp"] == until.timestamp()


def test_a_name_may_be_hashed_so_that_only_those_who_know_it_can_check(key):
    credential = _credential(key, replace(AWARD, salt="abc"))

    (identity,) = credential["credentialSubject"]["identifier"]
    expected = sha256((AWARD.holder_name + "abc").encode()).hexdigest()
    assert identity["identityHash"] == f"sha256${expected}"
    assert AWARD.holder_name not in json.dumps(credential, ensure_ascii=False)
    assert "abc" not in repr(replace(AWARD, salt="abc"))


def test_days_are_days_in_vietnam(credential):
    assert credential["credentialSubject"]["activityStartDate"] == "2026-01-05T00:00:00+07:00"
