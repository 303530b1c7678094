"""Examples of the COSE working group (github.com/cose-wg/Examples), key "11", ES256."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from hocvu_verifier import cose
from hocvu_verifier.refusals import ChangedAfterSigning, NotAStatement

CONTENT = b"This is the content."
TAIL = "A10442313154546869732069732074686520636F6E74656E742E5840"
R = "EAE868ECC176883766C5DC5BA5B8DCA25DAB3C2E56A551CE5705B793914348E1"
PLAIN = f"D28443A10126{TAIL}{R}9F43D6C6BA654472DA301B645B293C9BA939295B97C4BDB847782BFF384C5794"
ECDSA_SIG_01 = (
    f"D28445A201260300{TAIL}{R}72727F48461FABBBA2E343492DDECAC3983686250BC68E9F1A7A07D41225B59F"
)
SIGN_PASS_01 = (
    "D28441A0A201260442313154546869732069732074686520636F6E74656E742E5840"
    f"{R}1A02E5F0344BF2D4EE5C7FD75A68A9F5E0B3CC1F1FC1409C189566586FF9D610"
)
SIGN_PASS_02 = (
    f"D28443A10126{TAIL}{R}55388B10C4F1B59A6733EAB416870A945111A4B2FBDBEF33A77234B1DEFF2F9B"
)
EXTERNAL = "11aa22bb33cc44dd55006699"
SIGN_PASS_03 = PLAIN.removeprefix("D2")
SIGN_FAIL_01 = "D903E6" + PLAIN.removeprefix("D2")
SIGN_FAIL_02 = PLAIN.replace("74656E742E5840", "74656E742F5840")
SIGN_FAIL_03 = PLAIN.replace("8443A10126", "8445A1013903E6")
SIGN_FAIL_06 = PLAIN.replace("8443A10126", "8445A201260300")


@pytest.fixture
def key():
    x, y = (
        int.from_bytes(base64.urlsafe_b64decode(text + "="), "big")
        for text in (
            "usWxHK2PmfnHKwXPS54m0kTcGJ90UiglWiGahtagnv8",
            "IBOL-C3BttVivg-lSreASjpkttcsz-1rb7btKLv8EX4",
        )
    )
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()


@pytest.mark.parametrize(
    ("example", "external"),
    [
        (ECDSA_SIG_01, ""),
        (PLAIN, ""),
        (SIGN_PASS_02, "11aa22bb33cc44dd55006699"),
        (SIGN_PASS_03, ""),
    ],
    ids=["ecdsa-sig-01", "tagged", "sign-pass-02", "sign-pass-03"],
)
def test_examples_that_hold(key, example, external):
    message = cose.read(bytes.fromhex(example))

    assert message.key_id == b"11"
    assert message.verify(key, external=bytes.fromhex(external)) == CONTENT


@pytest.mark.parametrize(
    "example",
    [SIGN_FAIL_01, SIGN_FAIL_03, SIGN_PASS_01],
    ids=["sign-fail-01", "sign-fail-03", "sign-pass-01, whose algorithm nobody protects"],
)
def test_examples_that_are_not_read(example):
    with pytest.raises(NotAStatement):
        cose.read(bytes.fromhex(example))


@pytest.mark.parametrize(
    "example", [SIGN_FAIL_02, SIGN_FAIL_06, SIGN_PASS_02], ids=["fail-02", "fail-06", "no external"]
)
def test_examples_whose_signature_does_not_hold(key, example):
    with pytest.raises(ChangedAfterSigning):
        cose.read(bytes.fromhex(example)).verify(key)
