"""A certificate for digital wallets: what is downloaded is what others verify."""

import base64
import hashlib
import json
import sys
import tarfile
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from django.urls import reverse
from jsonschema import Draft201909Validator

from credentials.recognition_scene import NOON, sign_in, tamper
from hocvu.credentials.actions import correct_certificate
from hocvu.credentials.rules.causes import Ruling
from hocvu.kernel.errors import NotAllowed
from hocvu.portable.multibase import ALPHABET
from hocvu.wallet.actions import sign_credential
from hocvu.wallet.actions.portable import CannotBeSignedNow, DoesNotCount
from hocvu.wallet.models import PortableCredential
from hocvu_verifier import ChangedAfterSigning, Issuers, Snapshot, Standing, verify_credential

SCHEMAS = Path(sys.prefix) / "schemas" / "openbadgeslib-4.6.3.tar.gz"
NAMED = "openbadgeslib-4.6.3/tests/fixtures/ob_schemas/ob_v3p0_achievementcredential_schema.json"


@pytest.fixture
def signed(certificate, holder):
    return sign_credential(certificate, by=holder, at=NOON)


@pytest.fixture
def issuers(client):
    """As anybody fetches them."""
    return lambda: Issuers.read(client.get(reverse("verification:issuers")).content)


@pytest.fixture
def standing_of(client, issuers):
    def found(credential):
        snapshot = Snapshot.read(
            client.get(reverse("verification:snapshot")).content.decode(), issuers=issuers()
        )
        return snapshot.standing_of(credential.issuer.did, credential.status_index).standing

    return found


@pytest.fixture
def methods(client):
    """The keys that the issuer's document on the web lists, by their names."""
    document = client.get(reverse("verification:did")).json()
    return {each["id"]: each for each in document["verificationMethod"]}


@pytest.fixture(scope="session")
def schema():
    if not SCHEMAS.exists():
        pytest.fail(f"{SCHEMAS.name} is missing; `make test` fetches it.")
    with tarfile.open(SCHEMAS) as archive:
        found = json.load(archive.extractfile(NAMED))
    return Draft201909Validator(found, format_checker=Draft201909Validator.FORMAT_CHECKER)


def downloaded(client, holder, certificate, kind):
    address = reverse("wallet:credential", args=[certificate.pk, kind])
    return sign_in(client, holder).get(address)


# --- what is downloaded --------------------------------------------------------------------------


def test_what_is_downloaded_is_what_the_offline_verifier_accepts(
    client, signed, certificate, issuers, standing_of
):
    response = downloaded(client, certificate.entry.person, certificate, "jwt")

    read = verify_credential(response.content.decode(), issuers=issuers())
    assert response["Content-Type"] == "application/vc+jwt"
    assert read.holder_name == certificate.holder.full_name
    assert read.serial_number == certificate.serial_number
    assert read.achievement == certificate.entry.decision.programme_name
    assert read.issuer.name == certificate.issuer.name
    assert standing_of(read) is Standing.GOOD


def test_the_document_is_accepted_as_the_token_is(
    client, signed, certificate, issuers, standing_of
):
    response = downloaded(client, certificate.entry.person, certificate, "json")

    read = verify_credential(response.content.decode(), issuers=issuers())
    assert read.serial_number == certificate.serial_number
    assert read.holder_name == certificate.holder.full_name
    assert standing_of(read) is Standing.GOOD


def test_after_a_revocation_the_verifier_refuses_what_was_downloaded_before(
    signed, certificate, revoke, issuers, standing_of
):
    revoke(certificate)

    read = verify_credential(signed.token, issuers=issuers())
    assert standing_of(read) is Standing.REVOKED


def test_after_a_correction_it_is_told_that_a_newer_one_counts(
    signed, certificate, registrar, issuers, standing_of
):
    ruling = Ruling("10/QĐ-TCT", NOON.date(), "written_wrong", "")
    says = replace(certificate.holder, full_name="Phạm Văn Ấn")

    correct_certificate(certificate, says, ruling=ruling, by=registrar, at=NOON)

    assert standing_of(verify_credential(signed.token, issuers=issuers())) is Standing.CORRECTED


def test_a_changed_letter_is_found(signed, issuers):
    header, payload, signature = signed.token.split(".")
    members = json.loads(base64.urlsafe_b64decode(payload + "=="))
    members["credentialSubject"]["licenseNumber"] = "TCT-31-2026-999999"
    changed = base64.urlsafe_b64encode(json.dumps(members).encode()).decode().rstrip("=")

    with pytest.raises(ChangedAfterSigning):
        verify_credential(f"{header}.{changed}.{signature}", issuers=issuers())


def test_another_library_verifies_the_token_with_the_key_of_the_web_document(
    signed, methods, settings
):
    named = jwt.get_unverified_header(signed.token)["kid"]
    key = jwt.PyJWK(methods[named]["publicKeyJwk"], algorithm="ES256")

    claims = jwt.decode(signed.token, key, algorithms=["ES256"])

    assert claims["iss"] == named.partition("#")[0]
    assert claims["jti"] == f"urn:uuid:{signed.identifier}"
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(signed.token[:-4] + "AAAA", key, algorithms=["ES256"])


def test_the_proof_inside_holds_as_the_standard_describes_it(signed, methods):
    """W3C vc-di-ecdsa, §3.3, written down here a second time."""
    document = json.loads(signed.document)
    proof = document.pop("proof")
    value = proof.pop("proofValue")
    method = methods[proof["verificationMethod"]]
    point = _base58(method["publicKeyMultibase"], 35)[2:]
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    r, s = (int.from_bytes(half, "big") for half in _halves(_base58(value, 64)))

    data = b"".join(hashlib.sha256(_jcs(each)).digest() for each in (proof, document))

    key.verify(encode_dss_signature(r, s), data, ec.ECDSA(hashes.SHA256()))
    assert proof["cryptosuite"] == "ecdsa-jcs-2019"
    assert proof["proofPurpose"] == "assertionMethod"


def test_both_forms_say_the_same_and_fit_the_official_schema(signed, schema):
    claims = jwt.decode(signed.token, options={"verify_signature": False})
    document = json.loads(signed.document)
    del document["proof"]

    assert {name: claims[name] for name in document} == document
    assert list(schema.iter_errors(claims)) == []
    assert list(schema.iter_errors(json.loads(signed.document))) == []


def test_it_says_no_more_of_its_holder_than_the_name(signed, certificate):
    for text in (certificate.holder.unit_name, certificate.verification_code, "1980"):
        assert text not in signed.document


# --- signing ------------------------------------------------------------------------------------


def test_it_is_signed_once_and_given_as_it_is(signed, certificate, holder):
    again = sign_credential(certificate, by=holder, at=NOON)

    assert (again.token, again.document) == (signed.token, signed.document)
    assert PortableCredential.objects.count() == 1


def test_only_the_holder_has_it_signed(certificate, learners, registrar):
    for somebody in (learners[1], registrar):
        with pytest.raises(NotAllowed):
            sign_credential(certificate, by=somebody, at=NOON)


def test_what_does_not_count_is_not_given_away_anew(signed, certificate, holder, revoke):
    revoke(certificate)

    with pytest.raises(DoesNotCount):
        sign_credential(certificate, by=holder, at=NOON)


def test_where_the_key_is_away_nothing_is_made(certificate, holder, settings):
    toml = '[[issuer]]\ncode = "TCT-31"\npkcs12 = "x.p12"\npassword_from = "HOCVU_NO_SUCH"\n'
    (settings.AUTHORITY_FOLDER / "keys.toml").write_text(toml)

    with pytest.raises(CannotBeSignedNow):
        sign_credential(certificate, by=holder, at=NOON)
    assert not PortableCredential.objects.exists()


def test_a_certificate_from_before_the_lists_names_none(certificate, holder, issuers):
    tamper(
        "UPDATE credentials_certificate SET status_list = NULL, status_index = NULL WHERE id = %s",
        [certificate.pk],
    )
    certificate.refresh_from_db()

    signed = sign_credential(certificate, by=holder, at=NOON)

    assert verify_credential(signed.token, issuers=issuers()).status_index is None


# --- what it points at ----------------------------------------------------------------------------


def test_the_achievement_stands_where_the_credential_says(client, signed, certificate):
    members = json.loads(signed.document)["credentialSubject"]["achievement"]
    path = "/" + members["id"].split("/", 3)[3]

    hosted = client.get(path, headers={"accept": "application/ld+json"})
    page = client.get(path)

    assert hosted["Content-Type"] == "application/json"
    assert hosted.json()["id"] == members["id"]
    assert hosted.json()["criteria"] == members["criteria"]
    assert "80" in members["criteria"]["narrative"]
    assert members["criteria"]["narrative"] in page.content.decode()
    assert "Accept" in page["Vary"]
    image = client.get("/" + members["image"]["id"].split("/", 3)[3])
    assert image["Content-Type"] == "image/svg+xml"


def test_the_issuer_stands_where_the_credential_says(client, signed, certificate):
    members = json.loads(signed.document)["issuer"]
    path = "/" + members["url"].split("/", 3)[3]

    hosted = client.get(path, headers={"accept": "application/json"}).json()

    assert {name: hosted[name] for name in members} == members
    page = client.get(path).content.decode()
    assert certificate.issuer.name in page
    assert certificate.holder.full_name not in page


def test_nothing_stands_where_nothing_was_certified(client, certificate, other_city):
    programme = certificate.entry.decision.training_class.programme_id

    assert client.get(f"/achievements/{programme}/{other_city.pk}").status_code == 404
    assert client.get(f"/achievements/{programme + 999}/{certificate.issuer_id}").status_code == 404
    assert client.get(f"/issuers/{other_city.pk}").status_code == 404


def _jcs(value):
    """RFC 8785 for texts, lists and objects with ASCII names, which is all that stands here."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _base58(text, length):
    number = 0
    for letter in text.removeprefix("z"):
        number = number * 58 + ALPHABET.index(letter)
    return number.to_bytes(length, "big")


def _halves(octets):
    stream = BytesIO(octets)
    return stream.read(32), stream.read(32)
