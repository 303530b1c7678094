import socket
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from asn1crypto import core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import serialization
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from hocvu.signing import (
    Algorithm,
    DevelopmentAuthority,
    DevelopmentTimestampAuthority,
    SoftwareKey,
    TimestampClient,
    TimestampNotAcceptable,
    TimestampUnavailable,
    serving,
    write_tails,
)
from hocvu.signing.profiles import timestamp_certificate
from hocvu.signing.timestamps import now, request_for
from hocvu.signing.tokens_of_time import read_answer, read_token
from signing.specimens import SIGNED_AT

DIGEST = Algorithm.ECDSA_P256_SHA256.digest(b"a signature")


@pytest.fixture(scope="module")
def desk(authority):
    return DevelopmentTimestampAuthority(authority.timestamp_key())


@pytest.fixture(scope="module")
def address(desk):
    with serving(desk) as address:
        yield address


@pytest.fixture(scope="module")
def client(address, authority):
    return TimestampClient.at(address, [authority.root_certificate])


def _client(answer, authority, **differently):
    return replace(TimestampClient.beside(answer, [authority.root_certificate]), **differently)


def test_a_certificate_carries_a_timestamp_that_a_validator_accepts(
    form, filling, key, words, client
):
    with key.open() as session:
        tails = write_tails(
            form, [filling] * 5, session=session, words=words, at=SIGNED_AT, timestamps=client
        )

    for tail in tails:
        status = _validated(form.file(tail), key.chain[-1])
        assert status.bottom_line
        assert status.timestamp_validity.valid
        assert status.timestamp_validity.trusted
        assert abs(status.timestamp_validity.timestamp - now()) < timedelta(minutes=1)
        assert len(form.pack(tail)) < 6 * 1024


def test_every_kind_of_key_can_have_its_signature_timestamped(form, filling, keys, words, client):
    for algorithm, key in keys.items():
        with key.open() as session:
            (tail,) = write_tails(
                form, [filling], session=session, words=words, at=SIGNED_AT, timestamps=client
            )

        assert _validated(form.file(tail), key.chain[-1]).bottom_line, algorithm


def test_a_single_document_carries_a_timestamp(signer, page, client):
    words = {"reason": "Ban hành", "location": "Hải Phòng", "contact": "a@example.vn"}

    signed = signer.sign(page, **words, at=SIGNED_AT, timestamps=client)

    assert _validated(signed, signer.authority).timestamp_validity.valid


def _validated(pdf, root):
    root = asn1_x509.Certificate.load(root.public_bytes(serialization.Encoding.DER))
    context = ValidationContext(trust_roots=[root], allow_fetching=False)
    (signature,) = PdfFileReader(BytesIO(pdf)).embedded_regular_signatures
    return validate_pdf_signature(signature, context, ts_validation_context=context)


def test_tokens_come_back_in_the_order_of_their_signatures(client, authority):
    signatures = [bytes([number]) for number in range(11)]

    tokens = client.over(signatures)

    proofs = [read_token(each, [authority.root_certificate]) for each in tokens]
    digest = client.algorithm.digest
    assert [each.digest for each in proofs] == [digest(each) for each in signatures]


@pytest.mark.parametrize("algorithm", [Algorithm.RSA_PSS_SHA384, Algorithm.RSA_PSS_SHA512])
def test_longer_hashes_are_timestamped_too(address, authority, algorithm):
    client = replace(TimestampClient.at(address, [authority.root_certificate]), algorithm=algorithm)

    proof = client.proof_of(algorithm.digest(b"a signature"))

    assert proof.hash_name == algorithm.hash_name


def test_an_authority_may_sign_its_times_with_rsa(authority, rsa_key, desk):
    certificate = authority._signed(
        timestamp_certificate(rsa_key.private_key.public_key(), authority.root_certificate)
    )
    key = SoftwareKey.of(rsa_key.private_key, (certificate, authority.root_certificate))

    client = _client(DevelopmentTimestampAuthority(key).answer, authority)

    assert client.proof_of(DIGEST).chain[0] == certificate


# --- Refusals ---------------------------------------------------------------------------------


def test_an_authority_that_is_down_is_found_before_anything_is_signed(
    form, filling, key, words, authority
):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{nobody.getsockname()[1]}/"
    client = TimestampClient.at(address, [authority.root_certificate])

    with key.open() as session, pytest.raises(TimestampUnavailable):
        write_tails(form, [filling], session=session, words=words, at=SIGNED_AT, timestamps=client)


def test_an_authority_that_never_answers_is_given_up(authority):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        client = TimestampClient.at(address, [authority.root_certificate], patience=0.2)

        with pytest.raises(TimestampUnavailable):
            client.proof_of(DIGEST)


def test_an_authority_that_refuses_says_why(desk, authority):
    def ask(request):
        return desk.answer(request[:10])

    with pytest.raises(TimestampUnavailable, match="bad_data_format"):
        _client(ask, authority).proof_of(DIGEST)


def test_a_hash_that_is_too_weak_is_rejected_by_the_authority(desk):
    sha1 = tsp.TimeStampReq(
        {
            "version": 1,
            "message_imprint": {
                "hash_algorithm": {"algorithm": "sha1"},
                "hashed_message": bytes(20),
            },
        }
    )

    response = core.Sequence.load(desk.answer(sha1.dump()))
    status = tsp.PKIStatusInfo.load(response[0].dump())

    assert status["status"].native == "rejection"
    assert status["fail_info"].native == {"bad_alg"}


def test_an_answer_to_another_question_is_refused(desk, authority):
    def ask(_request):
        return desk.answer(request_for(Algorithm.ECDSA_P256_SHA256, DIGEST, nonce=1))

    with pytest.raises(TimestampNotAcceptable, match="another question"):
        _client(ask, authority).proof_of(DIGEST)


def test_a_token_about_other_bytes_is_refused(desk, authority):
    def ask(request):
        return desk.answer(request.replace(DIGEST, bytes(32)))

    with pytest.raises(TimestampNotAcceptable, match="other bytes"):
        _client(ask, authority).proof_of(DIGEST)


@pytest.mark.parametrize("apart", [timedelta(hours=1), timedelta(hours=-1)])
def test_a_clock_that_was_set_wrong_is_noticed(desk, authority, apart):
    client = _client(desk.answer, authority, clock=lambda: now() + apart)

    with pytest.raises(TimestampNotAcceptable, match="clocks differ"):
        client.proof_of(DIGEST)


def test_a_timestamp_of_an_untrusted_authority_is_refused(desk, tmp_path):
    stranger = DevelopmentAuthority.open(tmp_path)

    with pytest.raises(TimestampNotAcceptable, match="did not issue"):
        _client(desk.answer, stranger).proof_of(DIGEST)


def test_a_signer_of_documents_is_no_timestamp_authority(key, authority):
    usurper = DevelopmentTimestampAuthority(key)

    with pytest.raises(TimestampNotAcceptable, match="not a timestamp authority"):
        _client(usurper.answer, authority).proof_of(DIGEST)


@pytest.mark.parametrize("years", [-10, 20])
def test_an_authority_whose_certificate_is_not_valid_then_is_refused(authority, years):
    at = now().replace(year=now().year + years)
    expired = DevelopmentTimestampAuthority(authority.timestamp_key(), clock=lambda: at)

    with pytest.raises(TimestampNotAcceptable, match="was not valid"):
        _client(expired.answer, authority, clock=lambda: at).proof_of(DIGEST)


@pytest.mark.parametrize("answer", [b"", b"<html>", b"\x30\x03\x02\x01\x00"])
def test_an_answer_that_is_none_is_refused(authority, answer):
    with pytest.raises(TimestampNotAcceptable):
        _client(lambda _request: answer, authority).proof_of(DIGEST)


@pytest.mark.filterwarnings("ignore:Parsed a (negative )?serial number")
@given(st.integers(0, 10_000), st.integers(1, 255))
@settings(max_examples=40)
def test_no_byte_of_what_a_token_proves_can_be_changed(desk, authority, place, change):
    answer = bytearray(desk.answer(request_for(Algorithm.ECDSA_P256_SHA256, DIGEST, nonce=7)))
    before = read_answer(bytes(answer), [authority.root_certificate])
    answer[place % len(answer)] ^= change

    try:
        proof = read_answer(bytes(answer), [authority.root_certificate])
    except (TimestampNotAcceptable, TimestampUnavailable):
        return

    # It was changed where nothing is proved: in the words around the token.
    assert replace(proof, token=b"") == replace(before, token=b"")
