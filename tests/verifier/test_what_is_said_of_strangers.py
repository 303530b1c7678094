"""What the public page says of files that others signed: true words about each, and about all."""

import logging
from functools import reduce

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from hocvu.verification.queries.others_process import examine
from verifier import pdf_forge
from verifier.menagerie import (
    PADES,
    STAMP,
    Desk,
    certified,
    encrypted,
    encrypted_and_signed,
    page,
    with_a_note,
    with_another_page,
    with_attachment,
    with_range,
)


@pytest.fixture(scope="module")
def desk(root):
    return Desk(root)


@pytest.fixture(autouse=True)
def quiet():
    """A reader that repairs files warns of what it repairs; its process keeps that to itself."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def weak(desk):
    return desk.signed(by=desk.hand_of("RSA", rsa.generate_private_key(65537, 1024)))


SAID = {  # how it is made, and what is said of each signature
    "PAdES B-B": (lambda d: d.signed(**PADES), ["intact"]),
    "PAdES B-T": (lambda d: d.signed(clock=d.clock, **PADES), ["intact"]),
    "PAdES B-LTA": (lambda d: d.proved(use_pades_lta=True), ["added_to"]),
    "two signatures": (lambda d: d.signed(d.signed(), field="S2"), ["added_to", "intact"]),
    "certified": (lambda d: d.signed(**certified(1)), ["intact"]),
    "an attachment before": (lambda d: d.signed(with_attachment(page())), ["intact"]),
    "an attachment behind": (lambda d: with_attachment(d.signed()), ["added_to"]),
    "a page behind": (lambda d: with_another_page(d.signed()), ["added_to"]),
    "a note on a certified page": (lambda d: with_a_note(d.signed(**certified(3))), ["added_to"]),
    "a signature over the page": (
        lambda d: d.signed(d.signed(**certified(2)), field="S2", stamp=STAMP, box=(0, 0, 300, 200)),
        ["added_to", "intact"],
    ),
    "not from the first byte": (lambda d: with_range(d.signed(), 0, b"1"), ["broken"]),
    "a range below zero": (lambda d: with_range(d.signed(), 1, b"-1"), ["broken"]),
    "another certificate named": (
        lambda d: d.by_hand(b"ETSI.CAdES.detached", d.naming_another_certificate),
        ["broken"],
    ),
    "SHA-1": (lambda d: d.signed(md_algorithm="sha1"), ["weak"]),
    "MD5": (lambda d: d.signed(by=d.hand_of("RSA", d.rsa), md_algorithm="md5"), ["weak"]),
    "RSA-1024": (weak, ["weak"]),
    "noise beside a signature": (
        lambda d: d.by_hand(b"adbe.pkcs7.detached", lambda *_: b"\xde\xad\xbe\xef" * 50),
        ["unreadable"],
    ),
    "encrypted for its owner alone": (lambda d: encrypted_and_signed(d, ""), ["intact"]),
    "more signatures than a page has room for": (
        lambda d: reduce(lambda pdf, n: d.signed(pdf, field=f"S{n}"), range(12), page()),
        ["added_to"] * 11 + ["intact"],
    ),
}
NOT_EXAMINED = {
    "encrypted": (lambda _: encrypted("u"), "encrypted"),
    "encrypted and signed": (lambda d: encrypted_and_signed(d, "u"), "encrypted"),
    "adbe.pkcs7.sha1": (lambda d: d.by_hand(b"adbe.pkcs7.sha1", d.of_a_digest), "another_form"),
    "a time stamp alone": (
        lambda d: d.by_hand(
            b"ETSI.RFC3161", pdf_forge.clock(root=d.root).token, kind=b"DocTimeStamp"
        ),
        "another_form",
    ),
    "a kind nobody knows": (
        lambda d: d.by_hand(b"Acme.secret", d.hand.foreign_message),
        "another_form",
    ),
}


@pytest.mark.parametrize(("make", "said"), SAID.values(), ids=SAID.keys())
def test_each_signature_is_said_to_be_what_it_is(desk, make, said):
    assert [each["integrity"] for each in examine(make(desk))["signatures"]] == said


@pytest.mark.parametrize(("make", "why"), NOT_EXAMINED.values(), ids=NOT_EXAMINED.keys())
def test_why_nothing_is_said_is_said(desk, make, why):
    assert examine(make(desk)) == {"unreadable": why}
