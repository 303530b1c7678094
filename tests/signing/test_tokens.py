"""Keys in a token. SoftHSM2 stands for the device; nothing of ours is replaced."""

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from hocvu.signing import (
    Algorithm,
    KeyDoesNotMatch,
    KeyMissing,
    Place,
    TokenGone,
    TokenKey,
    UnsuitableKey,
    WrongPin,
    signatures_over,
    write_tails,
)
from signing.specimens import PUT_CERTIFICATE, SIGNED_AT, pyhanko_says

LIBRARY = Path("/usr/lib/softhsm/libsofthsm2.so")
PIN = "483920"
TOKEN = "hocvu"

pytestmark = pytest.mark.skipif(not LIBRARY.exists(), reason="needs Debian's softhsm2")


@pytest.fixture(scope="module")
def device(tmp_path_factory, key, rsa_key):
    """A token that holds an ECDSA key beside its certificate, and an RSA key without one."""
    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    settings = folder / "softhsm2.conf"
    settings.write_text(f"directories.tokendir = {folder / 'tokens'}\nlog.level = ERROR\n")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SOFTHSM2_CONF", str(settings))
        _softhsm("--init-token", "--free", "--label", TOKEN, "--so-pin", PIN)
        for label, each in (("ec", key), ("rsa", rsa_key)):
            _import(folder / "key.pem", label, each)
        subprocess.run(
            [sys.executable, "-c", PUT_CERTIFICATE, LIBRARY, TOKEN, PIN, "ec"],
            input=key.chain[0].public_bytes(serialization.Encoding.DER),
            check=True,
        )
        yield folder


def _import(file, label, key):
    file.write_bytes(
        key.private_key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    number = label.encode().hex()
    _softhsm("--import", file, "--token", TOKEN, "--label", label, "--id", number)
    file.unlink()


def _softhsm(*arguments):
    command = ["softhsm2-util", *arguments, "--pin", PIN]
    subprocess.run(command, check=True, capture_output=True)


@pytest.fixture
def token_key(device, key):
    return TokenKey(Place(LIBRARY, TOKEN, "ec"), PIN, key.chain, key.algorithm)


@pytest.fixture
def token_rsa_key(device, rsa_key):
    return TokenKey(Place(LIBRARY, TOKEN, "rsa"), PIN, rsa_key.chain, rsa_key.algorithm)


def test_a_token_signs_certificates_that_a_validator_accepts(
    token_key, token_rsa_key, form, filling, words
):
    for key in (token_key, token_rsa_key):
        with key.open() as session:
            tails = write_tails(form, [filling] * 3, session=session, words=words, at=SIGNED_AT)

        for tail in tails:
            (status,) = pyhanko_says(form.file(tail), key.chain[-1])
            assert status.bottom_line


def test_a_key_is_found_with_the_certificate_beside_it(device, key, authority):
    found = TokenKey.in_token(
        Place(LIBRARY, TOKEN, "ec"), PIN, authorities=(authority.root_certificate,)
    )

    assert found.chain == key.chain
    assert found.algorithm is Algorithm.ECDSA_P256_SHA256


def test_a_key_without_a_certificate_in_the_token_is_said_to_be_missing(device):
    with pytest.raises(KeyMissing):
        TokenKey.in_token(Place(LIBRARY, TOKEN, "rsa"), PIN)


@pytest.mark.parametrize(
    "place",
    [
        Place(LIBRARY, TOKEN, "absent"),
        Place(Path("/absent/library.so"), TOKEN, "ec"),
    ],
)
def test_a_key_that_is_not_there_is_said_to_be_missing(token_key, place):
    with pytest.raises(KeyMissing, match="absent"), replace(token_key, place=place).open():
        pytest.fail("It opened.")


def test_a_token_that_nobody_plugged_in_is_away_and_is_named(token_key):
    away = replace(token_key, place=Place(LIBRARY, "absent", "ec"))

    with pytest.raises(TokenGone, match="No token named absent"), away.open():
        pytest.fail("It opened.")


@pytest.mark.parametrize("pin", ["000000", ""])
def test_a_wrong_pin_is_refused(token_key, pin):
    with pytest.raises(WrongPin, match="refused the PIN"), replace(token_key, pin=pin).open():
        pytest.fail("It opened.")


def test_the_pin_is_printed_nowhere(token_key):
    with token_key.open() as session:
        command = Path(f"/proc/{session.process_id}/cmdline").read_bytes()

    assert PIN.encode() not in command
    assert PIN not in repr(token_key)


def test_a_key_whose_certificate_is_another_ones_is_found_out(token_key, other_key):
    stranger = replace(token_key, chain=other_key.chain)

    with stranger.open() as session, pytest.raises(KeyDoesNotMatch):
        signatures_over(session, [bytes(32)])


def test_a_token_that_cannot_sign_so_is_refused(token_key, rsa_key):
    mistaken = replace(token_key, chain=rsa_key.chain, algorithm=rsa_key.algorithm)

    with pytest.raises(UnsuitableKey), mistaken.open():
        pytest.fail("It opened.")


def test_a_token_pulled_out_in_the_middle_of_a_batch_is_said_to_be_gone(
    token_key, device, tmp_path
):
    with token_key.open() as session:
        signatures = signatures_over(session, [bytes(32)] * 500)
        shutil.move(device / "tokens", tmp_path)

        try:
            with pytest.raises(TokenGone):
                signatures_over(session, [bytes(32)] * 500)
        finally:
            shutil.move(tmp_path / "tokens", device)

    assert len(signatures) == 500


def test_a_library_that_crashes_is_a_token_that_is_gone(token_key):
    with token_key.open() as session:
        os.kill(session.process_id, signal.SIGSEGV)

        with pytest.raises(TokenGone):
            session.sign([bytes(32)])


def test_a_device_that_hangs_is_given_up(token_key):
    with replace(token_key, patience=1.0).open() as session:
        os.kill(session.process_id, signal.SIGSTOP)

        with pytest.raises(TokenGone):
            session.sign([bytes(32)])


def test_the_process_ends_with_the_batch(token_key):
    with token_key.open() as session:
        process = Path(f"/proc/{session.process_id}")
        assert process.exists()

    assert not process.exists()
