"""What other people bring: dozens of kinds of files, each told as what it is.

The authority behind them is trusted here, so that refusing is not easy: what is verified has to
hold, and what is refused is refused for its own reason.
"""

import shutil
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from hocvu_verifier import (
    AddedAfterSigning,
    CertificateNotValid,
    ChangedAfterSigning,
    CoversOnlyAPart,
    NotAPdf,
    NotOurForm,
    NotSigned,
    SignedByAnother,
    verify_pdf,
)
from verifier import pdf_forge
from verifier.menagerie import (
    PADES,
    STAMP,
    Desk,
    certified,
    elliptic,
    encrypted,
    encrypted_and_signed,
    hybrid,
    page,
    rewritten,
    with_a_note,
    with_an_empty_field,
    with_another_page,
    with_attachment,
    with_range,
    zipped,
)

needs_qpdf = pytest.mark.skipif(shutil.which("qpdf") is None, reason="needs Debian's qpdf")


@pytest.fixture(scope="module")
def desk(root):
    return Desk(root)


GENUINE = {  # how it is made, and how many signatures stand behind the first
    "Adobe's kind": (lambda d: d.signed(), 0),
    "PAdES B-B": (lambda d: d.signed(**PADES), 0),
    "PAdES B-T": (lambda d: d.signed(clock=d.clock, **PADES), 0),
    "PAdES B-LT": (lambda d: d.proved(), 0),
    "PAdES B-LTA": (lambda d: d.proved(use_pades_lta=True), 0),
    "visible": (lambda d: d.signed(stamp=STAMP, box=(10, 10, 200, 60)), 0),
    "two signatures": (lambda d: d.signed(d.signed(), field="S2"), 1),
    "three": (lambda d: d.signed(d.signed(d.signed(), field="S2"), field="S3"), 2),
    "certified, nothing allowed": (lambda d: d.signed(**certified(1)), 0),
    "certified, forms allowed": (lambda d: d.signed(**certified(2)), 0),
    "certified, notes allowed": (lambda d: d.signed(**certified(3)), 0),
    "certified and approved": (lambda d: d.signed(d.signed(**certified(2)), field="S2"), 1),
    "a field made before": (lambda d: d.signed(with_an_empty_field(page())), 0),
    "an attachment before": (lambda d: d.signed(with_attachment(page())), 0),
    "tables, no streams": (lambda d: d.signed(page(stream_xrefs=False)), 0),
    "table and stream": (lambda d: d.signed(hybrid()), 0),
    "a large hole": (lambda d: d.signed(room=400_000), 0),
    "words of Vietnamese": (lambda d: d.signed(name="Trường Đại học", reason="Ký số"), 0),
    "RSA": (lambda d: d.signed(by=d.hand_of("RSA", d.rsa)), 0),
    "RSA-PSS": (lambda d: d.signed(by=d.hand_of("RSA", d.rsa), prefer_pss=True), 0),
    "P-521 and SHA-512": (
        lambda d: d.signed(by=d.hand_of("521", elliptic(ec.SECP521R1())), md_algorithm="sha512"),
        0,
    ),
    "OpenSSL's form": (lambda d: d.detached(), 0),
}


@pytest.mark.parametrize(("make", "behind"), GENUINE.values(), ids=GENUINE.keys())
def test_what_is_genuine_is_verified_and_never_called_ours(desk, trusted, make, behind):
    found = verify_pdf(make(desk), trusted_roots=trusted)

    assert not found.is_ours
    assert len(found.further) == behind


@needs_qpdf
@pytest.mark.parametrize(
    "option",
    [
        "--linearize",
        "--object-streams=generate",
        "--object-streams=disable",
        "--qdf",
        "--force-version=1.3",
        "--force-version=2.0",
    ],
)
def test_a_file_rewritten_before_it_was_signed_is_verified(desk, trusted, option):
    assert verify_pdf(desk.signed(rewritten(page(), option)), trusted_roots=trusted)


@needs_qpdf
@pytest.mark.parametrize("option", ["--linearize", "--object-streams=generate", "--qdf"])
def test_a_file_rewritten_after_it_was_signed_is_refused(desk, trusted, option):
    with pytest.raises(CoversOnlyAPart):
        verify_pdf(rewritten(desk.signed(), option), trusted_roots=trusted)


def web_server(desk):
    uses = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    hand = desk.hand_of("web", usage={"digital_signature": True}, extra=[uses])
    return desk.signed(by=hand, signer_key_usage={"digital_signature"})


def self_signed(desk):
    key = elliptic(ec.SECP256R1())
    hand = pdf_forge.Hand(key, (pdf_forge.certificate(key, cn="Tự ký"),), hashes.SHA256())
    return desk.signed(by=hand)


def the_authority_itself(desk):
    hand = pdf_forge.Hand(desk.root[0], (desk.root[1],), hashes.SHA256())
    return desk.signed(by=hand, signer_key_usage=set())


def expired(desk):
    years = {"starts": datetime(2020, 1, 1, tzinfo=UTC), "ends": datetime(2021, 1, 1, tzinfo=UTC)}
    return desk.signed(by=desk.hand_of("Hết hạn", **years))


def over_the_whole_page(desk):
    """The sneaky signature attack: a second signature that paints over what was certified."""
    first = desk.signed(**certified(2))
    return desk.signed(first, field="S2", stamp=STAMP, box=(0, 0, 300, 200))


def another_cross_reference(desk):
    front, mark, number = desk.signed().rpartition(b"startxref\n")
    return front + mark + b"9" + number[1:]


def hole(octets, kind=b"adbe.pkcs7.detached"):
    """Something else than a message stands in the hole."""
    return lambda d: d.by_hand(kind, lambda *_: octets)


def by(name, key):
    return lambda d: d.signed(by=d.hand_of(name, key()))


REFUSED = {
    # no PDF, or not all of it
    "nothing": (lambda _: b"", NotAPdf),
    "zeros": (lambda _: bytes(1000), NotAPdf),
    "a page of the web": (lambda _: b"<!doctype html>%PDF-1.7 %%EOF", NotAPdf),
    "a picture": (lambda _: b"\x89PNG\r\n\x1a\n" + bytes(500), NotAPdf),
    "a message in a ZIP": (
        lambda d: zipped(a_pdf=page(), a_p7s=d.hand.foreign_message(page())),
        NotAPdf,
    ),
    "a message alone": (lambda d: d.hand.foreign_message(page()), NotAPdf),
    "half a file": (lambda d: d.signed()[:3000], NotAPdf),
    "without its last bytes": (lambda d: d.signed()[:-30], NotAPdf),
    "a letter's head in front": (lambda d: b"Content-Type: pdf\r\n\r\n" + d.signed(), NotAPdf),
    "a page of the web that says it is": (lambda _: b"%PDF-1.7\n<html></html>\n%%EOF\n", NotSigned),
    # not signed
    "unsigned": (lambda _: page(), NotSigned),
    "an empty field": (lambda _: with_an_empty_field(page()), NotSigned),
    # signed in a way that proves too little, or that is not read here
    "adbe.pkcs7.sha1": (lambda d: d.by_hand(b"adbe.pkcs7.sha1", d.of_a_digest), NotOurForm),
    "adbe.x509.rsa_sha1": (hole(b"\4\x20" + b"1" * 32, b"adbe.x509.rsa_sha1"), NotOurForm),
    "a time stamp alone": (
        lambda d: d.by_hand(
            b"ETSI.RFC3161", pdf_forge.clock(root=d.root).token, kind=b"DocTimeStamp"
        ),
        NotOurForm,
    ),
    "a kind nobody knows": (
        lambda d: d.by_hand(b"Acme.secret", d.hand.foreign_message),
        NotOurForm,
    ),
    "no message in the hole": (hole(b"\x30\3\2\1\7"), NotOurForm),
    "noise in the hole": (hole(b"\xde\xad\xbe\xef" * 50), NotOurForm),
    "indefinite lengths": (
        lambda d: d.by_hand(b"adbe.pkcs7.detached", d.of_indefinite_length),
        NotOurForm,
    ),
    "no time": (lambda d: d.detached(moment=b""), NotOurForm),
    "a time without zone": (lambda d: d.detached(moment=b"D:20260205140509"), NotOurForm),
    "a time that cannot be": (lambda d: d.detached(moment=b"D:99999999999999Z"), NotOurForm),
    "encrypted and signed": (lambda d: encrypted_and_signed(d, "u"), NotOurForm),
    "encrypted for its owner": (lambda d: encrypted_and_signed(d, ""), NotOurForm),
    "encrypted": (lambda _: encrypted("u"), CoversOnlyAPart),
    "MD5": (lambda d: d.signed(by=d.hand_of("RSA", d.rsa), md_algorithm="md5"), NotOurForm),
    "SHA-1": (lambda d: d.signed(md_algorithm="sha1"), NotOurForm),
    "SHA-3": (lambda d: d.signed(md_algorithm="sha3_256"), NotOurForm),
    "RSA-1024": (by("RSA", lambda: rsa.generate_private_key(65537, 1024)), NotOurForm),
    "Ed25519": (by("Ed", ed25519.Ed25519PrivateKey.generate), NotOurForm),
    "brainpool": (by("BP", lambda: elliptic(ec.BrainpoolP256R1())), NotOurForm),
    "secp256k1": (by("K1", lambda: elliptic(ec.SECP256K1())), NotOurForm),
    "P-224": (by("224", lambda: elliptic(ec.SECP224R1())), NotOurForm),
    # by somebody who may not
    "expired": (expired, CertificateNotValid),
    "a web server": (web_server, CertificateNotValid),
    "the authority itself": (the_authority_itself, CertificateNotValid),
    "self-signed": (self_signed, SignedByAnother),
    "naming another certificate": (
        lambda d: d.by_hand(b"ETSI.CAdES.detached", d.naming_another_certificate),
        ChangedAfterSigning,
    ),
    # changed, or added to
    "another cross-reference": (another_cross_reference, ChangedAfterSigning),
    "not from the first byte": (lambda d: with_range(d.signed(), 0, b"1"), CoversOnlyAPart),
    "a range below zero": (lambda d: with_range(d.signed(), 1, b"-1"), CoversOnlyAPart),
    "a range beyond the end": (lambda d: with_range(d.signed(), 3, b"99999"), CoversOnlyAPart),
    "an attachment behind": (lambda d: with_attachment(d.signed()), AddedAfterSigning),
    "a page behind": (lambda d: with_another_page(d.signed()), AddedAfterSigning),
    "a note on a certified page": (
        lambda d: with_a_note(d.signed(**certified(3))),
        AddedAfterSigning,
    ),
    "a signature over the page": (over_the_whole_page, AddedAfterSigning),
    "ends of lines behind": (lambda d: d.signed() + b"\r\n\r\n", AddedAfterSigning),
}  # fmt: skip


@pytest.mark.parametrize(("make", "refusal"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_not_is_refused_for_its_own_reason(desk, trusted, make, refusal):
    with pytest.raises(refusal):
        verify_pdf(make(desk), trusted_roots=trusted)


@pytest.mark.parametrize("make", [make for make, _ in GENUINE.values()], ids=GENUINE.keys())
def test_none_of_it_is_believed_where_its_authority_is_not(desk, stranger, make):
    with pytest.raises(SignedByAnother):
        verify_pdf(make(desk), trusted_roots=[stranger.root])
