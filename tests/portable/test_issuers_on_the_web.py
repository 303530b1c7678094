from datetime import UTC, date, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from hocvu.portable.did import did_document, did_web, document_address
from hocvu.portable.keys import PublicKey, UnsuitableKey
from hocvu.portable.moments import xml_moment
from hocvu.portable.profile_links import add_to_profile
from portable.sessions import KeyInMemory


@pytest.mark.parametrize(
    ("parts", "did", "address"),
    [
        (["w3c-ccg.github.io"], "did:web:w3c-ccg.github.io", "w3c-ccg.github.io/.well-known"),
        (
            ["w3c-ccg.github.io", "user", "alice"],
            "did:web:w3c-ccg.github.io:user:alice",
            "w3c-ccg.github.io/user/alice",
        ),
        (
            ["example.com:3000", "user", "alice"],
            "did:web:example.com%3A3000:user:alice",
            "example.com:3000/user/alice",
        ),
        (["HOCVU.vn"], "did:web:hocvu.vn", "hocvu.vn/.well-known"),
    ],
)
def test_an_identifier_is_found_where_the_method_says(parts, did, address):
    """The examples of the did:web method, §3.1 and §3.2."""
    assert did_web(*parts) == did
    assert document_address(did) == f"https://{address}/did.json"


def test_the_document_lists_every_key_twice_and_no_secret():
    keys = [KeyInMemory().public(), KeyInMemory().public()]

    document = did_document(keys[0].did, keys)

    assert document["id"] == keys[0].did
    assert len(document["verificationMethod"]) == len(document["assertionMethod"]) == 4
    kinds = {each["type"] for each in document["verificationMethod"]}
    assert kinds == {"JsonWebKey", "Multikey"}
    jwk = document["verificationMethod"][0]["publicKeyJwk"]
    assert jwk.keys() == {"kty", "crv", "x", "y", "kid", "alg"}


def test_a_key_of_another_curve_is_refused():
    with pytest.raises(UnsuitableKey):
        PublicKey.of(ec.generate_private_key(ec.SECP384R1()).public_key(), name="X")


def test_a_moment_without_its_zone_is_refused():
    assert xml_moment(datetime(2026, 2, 5, 7, 0, tzinfo=UTC)) == "2026-02-05T07:00:00Z"
    with pytest.raises(ValueError, match="zone"):
        xml_moment(datetime(2026, 2, 5, 7, 0))  # noqa: DTZ001 - that is the point


def test_a_profile_is_filled_in_without_the_holders_name():
    link = add_to_profile(
        name="Kỹ năng số cơ bản",
        institution="Trường Chính trị mẫu",
        serial_number="A-2026-000001",
        address="https://hocvu.example.vn/s/abc",
        issued_on=date(2026, 2, 5),
        expires_on=date(2028, 2, 5),
    )

    assert urlsplit(link).hostname == "www.linkedin.com"
    assert parse_qs(urlsplit(link).query) == {
        "startTask": ["CERTIFICATION_NAME"],
        "name": ["Kỹ năng số cơ bản"],
        "organizationName": ["Trường Chính trị mẫu"],
        "issueYear": ["2026"],
        "issueMonth": ["2"],
        "expirationYear": ["2028"],
        "expirationMonth": ["2"],
        "certUrl": ["https://hocvu.example.vn/s/abc"],
        "certId": ["A-2026-000001"],
    }
