"""Files of our own form: what holds, that every change is seen, and that there is one spelling."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given
from hypothesis import strategies as st

from hocvu_verifier import (
    AddedAfterSigning,
    CertificateNotValid,
    ChangedAfterSigning,
    NotAPdf,
    NotSigned,
    NotVerified,
    SignedByAnother,
    algorithms,
    cms,
    verify_pdf,
)
from hocvu_verifier.der import Value, der
from verifier import pdf_forge
from verifier.pdf_forge import der_of, hole_of, message_in, with_message

SIGNED_AT = datetime(2026, 2, 5, 7, 5, 9, tzinfo=UTC)


@pytest.fixture(scope="session")
def rsa_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


# --- What holds --------------------------------------------------------------------------------


def test_a_signed_file_says_who_signed_it_and_when(signed, trusted):
    verified = verify_pdf(signed, trusted_roots=trusted)

    assert verified.signer_name == "Trường Chính trị mẫu"
    assert verified.issuer_name == "Gốc"
    assert verified.signed_at.isoformat() == "2026-02-05T14:05:09+07:00"
    assert verified.sha256 == sha256(signed).digest()
    assert verified.is_ours
    assert not verified.awaits_another


def test_the_signature_covers_everything_but_its_own_hole(signed, trusted):
    verified = verify_pdf(signed, trusted_roots=trusted)

    start, end = hole_of(signed)
    assert verified.byte_range == (0, start - 1, end + 1, len(signed) - end - 1)


def test_one_of_several_trusted_authorities_is_enough(signed, trusted, stranger):
    verified = verify_pdf(signed, trusted_roots=[stranger.root, *trusted])

    assert verified.signer_name == "Trường Chính trị mẫu"


@pytest.mark.parametrize(
    ("curve", "hash_"),
    [
        (ec.SECP256R1(), hashes.SHA256()),
        (ec.SECP384R1(), hashes.SHA384()),
        (ec.SECP521R1(), hashes.SHA512()),
    ],
    ids=["P-256", "P-384", "P-521"],
)
def test_every_curve_of_ours_is_known(root, trusted, curve, hash_):
    by = pdf_forge.hand(ec.generate_private_key(curve), root, hash_)

    assert verify_pdf(pdf_forge.signed(by), trusted_roots=trusted).is_ours


@pytest.mark.parametrize("hash_", [hashes.SHA256(), hashes.SHA384(), hashes.SHA512()])
def test_rsa_signatures_with_pss_are_known(root, trusted, rsa_key, hash_):
    by = pdf_forge.hand(rsa_key, root, hash_)

    assert verify_pdf(pdf_forge.signed(by), trusted_roots=trusted).is_ours


def test_an_authority_may_stand_between_signer_and_root(root):
    middle_key = ec.generate_private_key(ec.SECP256R1())
    usage = pdf_forge.MAY_ISSUE
    middle = pdf_forge.certificate(middle_key, root[1], root[0], cn="Giữa", ca=True, usage=usage)
    key = ec.generate_private_key(ec.SECP256R1())
    issued = pdf_forge.certificate(key, middle, middle_key)
    by = pdf_forge.Hand(key, (issued, middle, root[1]), hashes.SHA256())

    verified = verify_pdf(pdf_forge.signed(by), trusted_roots=[root[1]])

    assert verified.issuer_name == "Giữa"


# --- Every change is seen ----------------------------------------------------------------------


def test_a_change_of_any_byte_is_refused(signed, trusted):
    """Every byte, but of the zeros behind the message only some: they are all alike."""
    start, end = hole_of(signed)
    zeros = start + 2 * len(message_in(signed))
    for position in (*range(zeros), *range(zeros, end, 61), *range(end, len(signed))):
        changed = bytearray(signed)
        changed[position] ^= 1 << position % 8
        with pytest.raises(NotVerified):
            verify_pdf(bytes(changed), trusted_roots=trusted)


def respelled_bits(signature):
    """The last bits of a signature that ends in zeros, said to be unused."""
    return b"\x04" + signature[1:]


def respelled_numbers(signature):
    """(r, n - s): the other signature that everybody can make of an ECDSA signature."""
    r, s = decode_dss_signature(signature[1:])
    return b"\0" + encode_dss_signature(r, algorithms.ORDERS["secp256r1"] - s)


def respelled(certificate, way):
    signed, algorithm, signature = Value.only_of(der_of(certificate)).children()
    written = der(0x03, way(signature.contents))
    return der(0x30, signed.whole, algorithm.whole, written)


@pytest.mark.parametrize("way", [respelled_bits, respelled_numbers])
def test_the_authority_s_certificate_cannot_be_written_in_another_way(way):
    """Nothing in the file signs it: so it has to be the trusted one, to the letter."""
    key, root = pdf_forge.authority()
    while Value.only_of(der_of(root)).child(2).contents[-1] & 0x0F:
        key, root = pdf_forge.authority()
    by = pdf_forge.hand(root=(key, root))
    pdf = pdf_forge.signed(by)
    assert verify_pdf(pdf, trusted_roots=[root])
    enclosed = tuple(sorted((der_of(by.chain[0]), respelled(root, way))))
    rewritten = pdf_forge.signed(by, message=lambda *s: by.message(*s, certificates=enclosed))

    with pytest.raises(NotVerified):
        verify_pdf(rewritten, trusted_roots=[root])


@given(st.data())
def test_no_byte_can_be_replaced_by_any_other(signed, trusted, data):
    position = data.draw(st.integers(0, len(signed) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda value: value != signed[position]))
    changed = signed[:position] + bytes((other,)) + signed[position + 1 :]

    with pytest.raises(NotVerified):
        verify_pdf(changed, trusted_roots=trusted)


@given(st.data())
def test_no_byte_can_be_put_in_or_left_out(signed, trusted, data):
    start = data.draw(st.integers(0, len(signed)))
    left_out = data.draw(st.integers(0, 40))
    put_in = data.draw(st.binary(max_size=40))
    changed = signed[:start] + put_in + signed[start + left_out :]

    if changed != signed:
        with pytest.raises(NotVerified):
            verify_pdf(changed, trusted_roots=trusted)


@pytest.mark.parametrize("digit", [b"1", b"a", b"F", b" ", b"\0"])
def test_the_padding_of_the_hole_holds_nothing_but_zeros(signed, trusted, digit):
    _, end = hole_of(signed)

    with pytest.raises(ChangedAfterSigning):
        verify_pdf(signed[: end - 1] + digit + signed[end:], trusted_roots=trusted)


def test_the_same_signature_in_small_letters_is_refused(signed, trusted):
    start, end = hole_of(signed)
    small = signed[:start] + signed[start:end].lower() + signed[end:]

    with pytest.raises(ChangedAfterSigning):
        verify_pdf(small, trusted_roots=trusted)


@pytest.mark.parametrize("tail", [b"\n", b"\0", b"%%EOF\n", b"1 0 obj\n<<>>\nendobj\n%%EOF\n"])
def test_bytes_after_the_end_are_refused(signed, trusted, tail):
    with pytest.raises(AddedAfterSigning, match="added"):
        verify_pdf(signed + tail, trusted_roots=trusted)


def test_a_signature_moved_to_another_file_is_refused(signer, signed, trusted):
    other = pdf_forge.signed(signer, moment=b"D:20260205150000+07'00'")

    with pytest.raises(ChangedAfterSigning, match="not the one that was signed"):
        verify_pdf(with_message(other, message_in(signed)), trusted_roots=trusted)


# --- One spelling ------------------------------------------------------------------------------


def test_the_other_form_of_the_same_ecdsa_signature_is_refused(signed, trusted):
    message = cms.read(message_in(signed))
    r, s = decode_dss_signature(message.signature)
    order = algorithms.ORDERS["secp256r1"]
    twin = replace(message, signature=encode_dss_signature(r, order - s))

    with pytest.raises(ChangedAfterSigning, match="rewritten"):
        verify_pdf(with_message(signed, cms.spell(twin)), trusted_roots=trusted)


def test_swapped_certificates_are_refused(signed, trusted):
    written = message_in(signed)
    one, other = sorted(cms.read(written).certificates)
    swapped = written.replace(one + other, other + one)
    assert swapped != written

    with pytest.raises(ChangedAfterSigning, match="not spelled"):
        verify_pdf(with_message(signed, swapped), trusted_roots=trusted)


def test_a_signature_that_names_an_absent_certificate_is_refused(signer, trusted):
    pdf = pdf_forge.signed(
        signer, message=lambda *signed: signer.message(*signed, certificate_digest=bytes(32))
    )

    with pytest.raises(ChangedAfterSigning):
        verify_pdf(pdf, trusted_roots=trusted)


def test_a_signature_that_names_another_signer_beside_is_refused(signer, trusted):
    sid = cms.spell_signer(signer.root.subject.public_bytes(), 1)
    pdf = pdf_forge.signed(
        signer, message=lambda *signed: signer.message(*signed, issuer_and_serial=sid)
    )

    with pytest.raises(ChangedAfterSigning, match="two different signers"):
        verify_pdf(pdf, trusted_roots=trusted)


def test_a_hash_that_does_not_belong_to_the_curve_is_refused(root, trusted):
    by = pdf_forge.hand(ec.generate_private_key(ec.SECP384R1()), root, hashes.SHA256())

    with pytest.raises(NotVerified, match="no key for sha256"):
        verify_pdf(pdf_forge.signed(by), trusted_roots=trusted)


@given(st.binary(max_size=1200))
def test_any_bytes_in_the_hole_are_refused_and_nothing_worse(signed, trusted, octets):
    with pytest.raises(NotVerified):
        verify_pdf(with_message(signed, b"\x30" + octets), trusted_roots=trusted)


@given(st.binary(max_size=300))
def test_any_bytes_at_all_are_refused_and_nothing_worse(trusted, octets):
    with pytest.raises(NotVerified):
        verify_pdf(octets, trusted_roots=trusted)
    with pytest.raises(NotVerified):
        verify_pdf(b"%PDF-1.7\n" + octets + b"%%EOF\n", trusted_roots=trusted)


# --- What is something else --------------------------------------------------------------------


@pytest.mark.parametrize("octets", [b"", b"PK\x03\x04", b"%PDF-1.7\n"])
def test_what_is_not_a_pdf_is_named_so(octets, trusted):
    with pytest.raises(NotAPdf):
        verify_pdf(octets, trusted_roots=trusted)


def test_a_page_without_a_signature_is_named_so(trusted):
    with pytest.raises(NotSigned):
        verify_pdf(pdf_forge.written(pdf_forge.PAGE), trusted_roots=trusted)


# --- Who may sign ------------------------------------------------------------------------------


def test_an_authority_that_is_not_trusted_is_named_so(signed, stranger):
    with pytest.raises(SignedByAnother):
        verify_pdf(signed, trusted_roots=[stranger.root])


def test_trusting_nobody_verifies_nothing(signed):
    with pytest.raises(SignedByAnother):
        verify_pdf(signed, trusted_roots=[])


def test_a_certificate_that_only_claims_the_trusted_issuer_is_refused(root, trusted):
    key = ec.generate_private_key(ec.SECP256R1())
    forged = pdf_forge.certificate(key, root[1], key)
    by = pdf_forge.Hand(key, (forged, root[1]), hashes.SHA256())

    with pytest.raises(SignedByAnother, match="did not issue"):
        verify_pdf(pdf_forge.signed(by), trusted_roots=trusted)


def test_a_root_that_is_no_authority_cannot_vouch():
    root = pdf_forge.authority(ca=False)

    with pytest.raises(CertificateNotValid):
        verify_pdf(pdf_forge.signed(pdf_forge.hand(root=root)), trusted_roots=[root[1]])


def test_an_authority_need_not_say_what_its_key_is_for():
    """RFC 5280, 6.1.4 (n): a key usage counts only where there is one; many roots have none."""
    is_authority = x509.BasicConstraints(ca=True, path_length=None)
    root = pdf_forge.authority(speaks=False, extra=[is_authority])

    assert verify_pdf(pdf_forge.signed(pdf_forge.hand(root=root)), trusted_roots=[root[1]]).is_ours


@pytest.mark.filterwarnings("ignore:Parsed a serial number which wasn't positive")
def test_an_authority_numbered_zero_spoils_neither_its_own_nor_anybody_s_check(signer, trusted):
    """Some old roots carry that number (RFC 5280, 4.1.2.2 forbids it); who trusts them may."""
    root = pdf_forge.authority()
    numbered_one, numbered_zero = (
        bytes.fromhex("a003020102020101"),
        bytes.fromhex("a003020102020100"),
    )
    zero = x509.load_der_x509_certificate(
        pdf_forge.der_of(root[1]).replace(numbered_one, numbered_zero, 1)
    )
    below = pdf_forge.hand(root=root)
    by = pdf_forge.Hand(below.key, (below.chain[0], zero), below.hash)
    anchors = [zero, *trusted]

    assert verify_pdf(pdf_forge.signed(signer), trusted_roots=anchors).is_ours
    assert not verify_pdf(pdf_forge.signed_by_another(by), trusted_roots=anchors).is_ours
    with pytest.raises(ChangedAfterSigning):  # ours enclose no such thing
        verify_pdf(pdf_forge.signed(by), trusted_roots=anchors)


def test_an_authority_that_may_have_none_below_it_cannot_have_one():
    root = pdf_forge.authority(depth=0)
    middle_key = ec.generate_private_key(ec.SECP256R1())
    usage = pdf_forge.MAY_ISSUE
    middle = pdf_forge.certificate(middle_key, root[1], root[0], cn="Giữa", ca=True, usage=usage)
    key = ec.generate_private_key(ec.SECP256R1())
    issued = pdf_forge.certificate(key, middle, middle_key)
    by = pdf_forge.Hand(key, (issued, middle, root[1]), hashes.SHA256())

    with pytest.raises(CertificateNotValid):
        verify_pdf(pdf_forge.signed(by), trusted_roots=[root[1]])


@pytest.mark.parametrize(
    "wishes",
    [
        {"usage": {"digital_signature": True}},
        {"ca": True},
        {"speaks": False},
        {"extra": [x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])]},
        {"extra": [x509.PolicyConstraints(require_explicit_policy=0, inhibit_policy_mapping=None)]},
    ],
    ids=[
        "not for signing documents",
        "an authority",
        "silent",
        "a clock",
        "a condition nobody checks",
    ],
)
def test_a_certificate_for_something_else_is_refused(root, trusted, wishes):
    by = pdf_forge.hand(root=root, **wishes)

    with pytest.raises(CertificateNotValid):
        verify_pdf(pdf_forge.signed(by), trusted_roots=trusted)


def test_an_rsa_key_of_too_few_bits_is_refused(root, trusted):
    small = rsa.generate_private_key(public_exponent=65537, key_size=1024)

    with pytest.raises(NotVerified, match="too small"):
        verify_pdf(pdf_forge.signed(pdf_forge.hand(small, root)), trusted_roots=trusted)


@pytest.mark.parametrize(
    "wishes",
    [
        {"ends": SIGNED_AT - timedelta(seconds=1)},
        {"starts": SIGNED_AT + timedelta(seconds=1)},
    ],
    ids=["one second too late", "one second too early"],
)
def test_a_certificate_counts_only_while_it_is_valid(root, trusted, wishes):
    by = pdf_forge.hand(root=root, **wishes)

    with pytest.raises(CertificateNotValid, match="was not valid"):
        verify_pdf(pdf_forge.signed(by), trusted_roots=trusted)


def test_an_authority_counts_only_while_it_is_valid():
    root = pdf_forge.authority(ends=SIGNED_AT - timedelta(days=1))

    with pytest.raises(CertificateNotValid, match="was not valid"):
        verify_pdf(pdf_forge.signed(pdf_forge.hand(root=root)), trusted_roots=[root[1]])


# --- Two who sign ------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def waiting(signer):
    return pdf_forge.signed(signer, objects=pdf_forge.TWO_FIELDS, level=2)


@pytest.fixture(scope="session")
def countersigned(waiting, organisation):
    return pdf_forge.second_signature(waiting, organisation)


def test_a_file_that_waits_for_its_second_signature_says_so(waiting, trusted):
    assert verify_pdf(waiting, trusted_roots=trusted).awaits_another


def test_the_second_signature_is_told_beside_the_first(waiting, countersigned, trusted):
    verified = verify_pdf(countersigned, trusted_roots=trusted)

    assert countersigned.startswith(waiting)
    assert verified.signer_name == "Trường Chính trị mẫu"
    assert [each.signer_name for each in verified.further] == ["Văn thư mẫu"]
    assert verified.further[0].is_ours
    assert verified.sha256 == sha256(countersigned).digest()
    assert not verified.awaits_another


def test_a_change_of_any_byte_of_two_signatures_is_refused(countersigned, trusted):
    for position in range(0, len(countersigned), 31):
        changed = bytearray(countersigned)
        changed[position] ^= 1 << position % 8
        with pytest.raises(NotVerified):
            verify_pdf(bytes(changed), trusted_roots=trusted)
