"""Keys at a signing service: a small real one, over HTTPS on this machine."""

from dataclasses import replace

import pytest

from hocvu.signing import (
    Algorithm,
    KeyMissing,
    RemoteKey,
    ServiceRefused,
    ServiceUnreachable,
    UnsuitableKey,
    WrongPin,
    signatures_over,
    write_tails,
)
from signing.signing_service import BEARER, PIN, SigningService, served
from signing.specimens import SIGNED_AT, pyhanko_says


@pytest.fixture(scope="module")
def backing(key, rsa_key):
    return {"ec": key, "rsa": rsa_key}


@pytest.fixture
def signing(backing):
    return SigningService(backing)


@pytest.fixture
def service(signing, tmp_path):
    with served(signing, tmp_path) as service:
        yield service


def test_a_service_signs_certificates_that_a_validator_accepts(
    service, backing, form, filling, words
):
    for credential, own in backing.items():
        key = RemoteKey.of(service, credential, PIN)

        with key.open() as session:
            (tail,) = write_tails(form, [filling], session=session, words=words, at=SIGNED_AT)

        (status,) = pyhanko_says(form.file(tail), own.chain[-1])
        assert status.bottom_line
        assert key.chain == own.chain


def test_a_batch_is_cut_into_as_many_hashes_as_the_service_takes(service, signing):
    key = RemoteKey.of(service, "ec", PIN)
    with key.open() as session:
        signatures = signatures_over(session, [bytes([each]) * 32 for each in range(25)])

    assert len(signatures) == 25
    assert signing.asked.count("signatures/signHash") == 3


def test_a_wrong_pin_is_refused_once_and_not_tried_again(service, signing):
    key = replace(RemoteKey.of(service, "ec", PIN), pin="000000")

    with key.open() as session, pytest.raises(WrongPin):
        session.sign([bytes(32)])

    assert signing.asked.count("credentials/authorize") == 1


def test_a_key_the_service_does_not_know_is_said_to_be_missing(service):
    with pytest.raises(KeyMissing):
        RemoteKey.of(service, "absent", PIN)


def test_a_key_that_was_switched_off_is_said_to_be_missing(service, signing):
    signing.enabled = False

    with pytest.raises(KeyMissing):
        RemoteKey.of(service, "ec", PIN)


def test_a_key_of_another_kind_than_asked_for_is_refused(service):
    with pytest.raises((ServiceRefused, UnsuitableKey)):
        RemoteKey.of(service, "ec", PIN, Algorithm.RSA_PSS_SHA256)


def test_a_caller_the_service_does_not_know_is_refused(service):
    with pytest.raises(ServiceRefused):
        RemoteKey.of(replace(service, bearer="another"), "ec", PIN)


def test_a_service_that_forgets_the_signatures_is_refused(service, signing):
    key = RemoteKey.of(service, "ec", PIN)
    signing.spoiled = True

    with key.open() as session, pytest.raises(ServiceRefused):
        session.sign([bytes(32)])


def test_a_service_with_a_stranger_behind_its_address_is_not_spoken_to(service, signing):
    with pytest.raises(ServiceUnreachable):
        RemoteKey.of(replace(service, trusted=None), "ec", PIN)

    assert signing.asked == []


def test_no_pin_goes_over_an_open_line(service):
    with pytest.raises(ServiceRefused):
        RemoteKey.of(replace(service, address="http://127.0.0.1:1/csc/v2"), "ec", PIN)


def test_a_service_that_went_away_in_the_middle_is_unreachable(signing, tmp_path):
    with served(signing, tmp_path) as service:
        key = RemoteKey.of(service, "ec", PIN)

    with key.open() as session, pytest.raises(ServiceUnreachable):
        session.sign([bytes(32)])


def test_the_pin_is_not_printed(service):
    key = RemoteKey.of(service, "ec", PIN)

    assert PIN not in repr(key)
    assert BEARER not in repr(key)
