"""Whatever is held before the verifier: it is verified, or refused in one of the declared ways."""

import base64
import copy
import hashlib
import json
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from hypothesis import given, settings
from hypothesis import strategies as st

from hocvu.portable.canonical import NotCanonical
from hocvu.portable.data_integrity import prove
from hocvu.portable.keys import PublicKey, key_set
from hocvu.portable.status import ListName, Purpose, write_status_list
from hocvu_verifier import NotVerified, cbor, cose, jose, verify_pdf
from hocvu_verifier.credential import verify_credential
from hocvu_verifier.issuers import Issuers
from hocvu_verifier.refusals import NotATrustList
from hocvu_verifier.statement import verify_statement
from hocvu_verifier.status import Snapshot
from verifier import test_verifier_command as shapes
from verifier.pdf_forge import hole_of
from verifier.statement_shapes import PAYLOAD, Writer

DID = "did:web:hocvu.example.vn"
CREDENTIAL = {
    "@context": [
        "https://www.w3.org/ns/credentials/v2",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ],
    "id": "urn:uuid:1",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": {"id": DID, "type": ["Profile"]},
    "validFrom": "2026-02-05T00:00:00+07:00",
    "credentialSubject": {
        "identifier": [{"identityType": "name", "hashed": False, "identityHash": "Lê Thị Na"}],
        "achievement": {"name": "Kỹ năng số"},
        "licenseNumber": "A-1",
    },
    "credentialStatus": {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "5",
        "statusListCredential": "https://hocvu.example.vn/status/revocation/0",
    },
    "iss": DID,
    "jti": "urn:uuid:1",
    "nbf": 1770224400,
}
ODD = [
    None,
    True,
    -1,
    10**30,
    1e308,
    "",
    "\ud800",
    [],
    {},
    [[]],
    "9999-12-31T23:59:59-23:59",
    "0001-01-01T00:00:00+23:59",
]
few = settings(max_examples=60)


@pytest.fixture(scope="module")
def session():
    return shapes.Session()


@pytest.fixture(scope="module")
def key(session):
    return PublicKey.of(session.key.public_key(), name="Trường mẫu", did=DID)


@pytest.fixture(scope="module")
def issuers(key):
    return Issuers.read(json.dumps(key_set([key])))


@pytest.fixture(scope="module")
def status_list(session, key):
    name = ListName("https://hocvu.example.vn", Purpose.REVOCATION, 0)
    at = datetime(2026, 2, 6, tzinfo=UTC)
    return write_status_list(name, [5], at=at, valid_until=None, session=session, key=key)


@pytest.fixture(scope="module")
def proved(session, key):
    """The same with its proof inside."""
    at = datetime(2026, 2, 6, tzinfo=UTC)
    return lambda members: prove([members], session=session, key=key, at=at)[0]


@pytest.fixture(scope="module")
def document(proved):
    return proved(CREDENTIAL)


@pytest.fixture(scope="module")
def sign(session):
    """A trusted issuer signs whatever it is given."""

    def signed(payload):
        parts = [json.dumps(each).encode() for each in ({"alg": "ES256"}, payload)]
        text = ".".join(base64.urlsafe_b64encode(each).rstrip(b"=").decode() for each in parts)
        r, s = decode_dss_signature(session.sign([hashlib.sha256(text.encode()).digest()])[0])
        octets = r.to_bytes(32, "big") + s.to_bytes(32, "big")
        return f"{text}.{base64.urlsafe_b64encode(octets).rstrip(b'=').decode()}"

    return signed


@st.composite
def spoilt(draw, good):
    """The good text or bytes with a stretch replaced, left out or repeated."""
    start = draw(st.integers(0, len(good)))
    end = draw(st.integers(start, min(len(good), start + 40)))
    other = st.binary(max_size=8) if isinstance(good, bytes) else st.text(max_size=8)
    between = draw(st.one_of(other, st.just(good[start:end] * 2), st.just(good[:0])))
    return good[:start] + between + good[end:]


def places_in(value, way=()):
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    for key, held in inside:
        yield (*way, key)
        if isinstance(held, dict | list):
            yield from places_in(held, (*way, key))


@st.composite
def odd(draw, good):
    """The good members with one of them replaced or left out."""
    changed = copy.deepcopy(good)
    *way, last = draw(st.sampled_from(list(places_in(good))))
    inside = changed
    for key in way:
        inside = inside[key]
    if draw(st.booleans()):
        inside[last] = draw(st.sampled_from(ODD))
    else:
        del inside[last]
    return changed


def is_answered(check, given_one):
    """It holds, or it is refused in a declared way; nothing else comes out."""
    try:
        check(given_one)
    except (NotVerified, jose.NotASignedToken):
        return True
    return True


@few
@given(st.data())
def test_any_statement(data):
    writer = Writer()
    issuers = Issuers.read(json.dumps({"keys": [writer.jwk]}))

    for text in (
        data.draw(spoilt(writer.text())),
        writer.text(data.draw(spoilt(PAYLOAD)).ljust(80, b"\0")),
    ):
        assert is_answered(lambda each: verify_statement(each, issuers=issuers), text)


@few
@given(st.data())
def test_any_cbor_and_cose(data):
    assert is_answered(cbor.decode, data.draw(st.one_of(st.binary(), spoilt(PAYLOAD))))
    assert is_answered(cose.read, data.draw(spoilt(Writer().octets())))


@few
@given(st.data())
def test_any_snapshot_of_status_lists(status_list, issuers, sign, data):
    members = jose.read(status_list).payload

    for text in (data.draw(spoilt(status_list)), sign(data.draw(odd(members)))):
        assert is_answered(lambda each: Snapshot.read(each, issuers=issuers), text)


@few
@given(st.data())
def test_any_credential(issuers, sign, data):
    def check(token):
        return verify_credential(token, issuers=issuers)

    assert check(sign(CREDENTIAL)).holder_name == "Lê Thị Na"
    for token in (data.draw(spoilt(sign(CREDENTIAL))), sign(data.draw(odd(CREDENTIAL)))):
        assert is_answered(check, token)


@few
@given(st.data())
def test_any_credential_with_its_proof_inside(issuers, proved, document, data):
    def check(text):
        return verify_credential(text, issuers=issuers)

    assert check(json.dumps(document)).holder_name == "Lê Thị Na"
    for text in (
        data.draw(spoilt(json.dumps(document))),
        json.dumps(data.draw(odd(document))),
        json.dumps({**document, "proof": data.draw(odd(document["proof"]))}),
    ):
        assert is_answered(check, text)
    with suppress(NotCanonical):  # what the writer cannot write it does not sign
        assert is_answered(check, json.dumps(proved(data.draw(odd(CREDENTIAL)))))


@few
@given(st.data())
def test_any_list_of_issuers(key, data):
    listed = key_set([key])
    listed["keys"][0] |= {"nbf": 1_700_000_000, "exp": 1_900_000_000}

    for text in (data.draw(spoilt(json.dumps(listed))), json.dumps(data.draw(odd(listed)))):
        assert is_answered(Issuers.read, text)


@pytest.mark.parametrize("text", ["[" * 200_000, '{"a":' * 200_000])
def test_lists_in_lists_without_end(text):
    octets = base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()

    with pytest.raises(NotATrustList):
        Issuers.read(text)
    with pytest.raises(jose.NotASignedToken):
        jose.read(f"{octets}.{octets}.{'A' * 86}")


@few
@given(st.data())
def test_any_message_in_the_hole_of_a_file(signed, trusted, data):
    start, end = hole_of(signed)
    octets = bytes.fromhex(signed[start:end].decode()).rstrip(b"\0")
    written = data.draw(spoilt(octets)).hex().upper().encode().ljust(end - start, b"0")

    changed = signed[:start] + written + signed[end:]

    assert is_answered(lambda pdf: verify_pdf(pdf, trusted_roots=trusted), changed)
