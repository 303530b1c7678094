"""Time stamps on signatures, and what keeps signatures provable for decades."""

from datetime import UTC, datetime
from functools import partial

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given
from hypothesis import strategies as st

from hocvu_verifier import (
    AddedAfterSigning,
    MoreThanOneSignature,
    NotVerified,
    SignatureRemoved,
    TimestampNotValid,
    cms,
    verify_pdf,
)
from verifier import pdf_forge
from verifier.pdf_forge import PAGE, update

STAMPED_AT = datetime(2026, 2, 5, 7, 5, 10, tzinfo=UTC)
ROOT = PAGE[1].removesuffix(b">>")
PROOF = b"<</Length 4>>\nstream\n\x30\x02\x05\0\nendstream"
STORE = {
    1: ROOT + b" /DSS 20 0 R /Extensions <</ESIC <</BaseVersion /1.7 /ExtensionLevel 1>>>>>>",
    20: b"<</Type /DSS /Certs [21 0 R] /CRLs 22 0 R /VRI <</AB <</Cert [21 0 R] /TU (D:2026)>>>>>>",
    21: PROOF,
    22: b"[23 0 R]",
    23: PROOF,
}
STAMP_FIELD = {
    3: PAGE[3].replace(b"[7 0 R]", b"[7 0 R 30 0 R]"),
    6: PAGE[6].replace(b"[7 0 R]", b"[7 0 R 30 0 R]"),
    30: b"<</FT /Sig /T (Time) /Type /Annot /Subtype /Widget /F 132 /P 3 0 R /Rect [0 0 0 0]"
    b" /V 31 0 R>>",
}
SPLICES = [
    *[b"<<", b">>", b"[", b"]", b"(", b")", b"<", b">", b"\\", b"%", b" ", b"\n", b"null"],
    *[b"1 0 R", b"4 0 R", b" obj", b"endobj", b"stream\n", b"endstream", b"xref\n", b"trailer"],
    *[b"startxref\n", b"%%EOF\n", b"/Prev 0", b"/Length 999", b"/Type /XRef", b"/Kids [4 0 R]"],
]
BODY = pdf_forge.dictionary(sub_filter=b"ETSI.RFC3161", kind=b"DocTimeStamp")


@pytest.fixture(scope="session")
def clock(root):
    return pdf_forge.clock(root)


@pytest.fixture(scope="session")
def stamped(signer, clock):
    return _stamped(signer, clock)


@pytest.fixture(scope="session")
def stored(signed):
    """Our file with what proves its signature behind it."""
    return update(signed, STORE)


def _stamped(signer, clock, **replaced):
    message = partial(signer.message, time_stamp=partial(clock.token, **replaced))
    return pdf_forge.signed(signer, message=message)


def _archived(pdf, clock, objects=STAMP_FIELD, **replaced):
    return pdf_forge.filled(update(pdf, objects | {31: BODY}), partial(clock.token, **replaced))


# --- On a signature ---------------------------------------------------------------------------


def test_a_time_stamp_proves_when_a_file_was_signed(stamped, trusted):
    verified = verify_pdf(stamped, trusted_roots=trusted)

    assert verified.is_ours
    assert verified.time_stamp.at == STAMPED_AT
    assert verified.time_stamp.authority_name == "Đồng hồ"


def test_time_may_be_vouched_for_by_others_than_those_who_vouch_for_signers(signer, trusted):
    other = pdf_forge.clock()
    pdf = _stamped(signer, other)

    verified = verify_pdf(pdf, trusted_roots=trusted, trusted_time=[other.hand.root])

    assert verified.time_stamp.at == STAMPED_AT
    with pytest.raises(TimestampNotValid):
        verify_pdf(pdf, trusted_roots=trusted)


def test_a_certificate_has_to_be_valid_when_it_was_stamped(root, clock, trusted):
    by = pdf_forge.hand(root=root, ends=datetime(2026, 2, 5, 7, 5, 9, tzinfo=UTC))

    with pytest.raises(NotVerified, match="was not valid"):
        verify_pdf(_stamped(by, clock), trusted_roots=trusted)


@pytest.mark.parametrize(
    "replaced",
    [{"imprint": bytes(32)}, {"statement": b"\x30\0"}, {"kind": cms.DATA}],
    ids=["made for something else", "another statement", "no statement about time"],
)
def test_a_time_stamp_that_does_not_hold_spoils_the_signature(signer, clock, trusted, replaced):
    with pytest.raises(TimestampNotValid):
        verify_pdf(_stamped(signer, clock, **replaced), trusted_roots=trusted)


@pytest.mark.parametrize(
    "wishes",
    [
        {"extra": []},
        {"extra": [x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING])]},
        {"ends": datetime(2026, 2, 4, tzinfo=UTC)},
        {"ca": True},
    ],
    ids=["says nothing of time", "for something else", "expired", "an authority"],
)
def test_a_clock_that_may_not_tell_the_time(signer, root, trusted, wishes):
    with pytest.raises(TimestampNotValid):
        verify_pdf(_stamped(signer, pdf_forge.clock(root, **wishes)), trusted_roots=trusted)


def test_a_signature_cannot_claim_a_later_time_than_its_stamp(signer, root, trusted):
    early = pdf_forge.Clock(pdf_forge.clock(root).hand, moment=b"20260205060000Z")

    with pytest.raises(TimestampNotValid, match="later time"):
        verify_pdf(_stamped(signer, early), trusted_roots=trusted)


def test_a_changed_byte_of_a_stamped_message_changes_nothing_that_is_told(stamped, trusted):
    """The token is somebody else's message, so a few of its bytes have more than one spelling."""
    told = verify_pdf(stamped, trusted_roots=trusted)
    start, _ = pdf_forge.hole_of(stamped)
    for position in range(start, start + 2 * len(pdf_forge.message_in(stamped)), 3):
        changed = bytearray(stamped)
        changed[position] ^= 1 << position % 3
        try:
            verified = verify_pdf(bytes(changed), trusted_roots=trusted)
        except NotVerified:
            continue
        assert (verified.certificate, verified.time_stamp) == (told.certificate, told.time_stamp)


# --- Over the whole file ----------------------------------------------------------------------


def test_proofs_may_be_added_to_a_file_that_allows_nothing(signed, stored, trusted):
    verified = verify_pdf(stored, trusted_roots=trusted)

    assert verified.is_ours
    assert verified.sha256 == cms.sha256(signed)  # the register goes on knowing it


def test_a_document_time_stamp_covers_file_and_proofs(signed, stored, clock, trusted):
    verified = verify_pdf(_archived(stored, clock), trusted_roots=trusted)

    assert [each.at for each in verified.archived] == [STAMPED_AT]
    assert verified.sha256 == cms.sha256(signed)


def test_archives_are_renewed_by_further_stamps(stored, clock, trusted):
    again = {
        3: STAMP_FIELD[3].replace(b"30 0 R]", b"30 0 R 40 0 R]"),
        6: STAMP_FIELD[6].replace(b"30 0 R]", b"30 0 R 40 0 R]"),
        40: STAMP_FIELD[30].replace(b"31 0 R", b"41 0 R"),
    }
    twice = pdf_forge.filled(update(_archived(stored, clock), again | {41: BODY}), clock.token)

    assert len(verify_pdf(twice, trusted_roots=trusted).archived) == 2


@pytest.mark.parametrize("replaced", [{"imprint": bytes(32)}, {"statement": b"\x30\0"}])
def test_a_document_time_stamp_that_does_not_hold(stored, clock, trusted, replaced):
    with pytest.raises(TimestampNotValid):
        verify_pdf(_archived(stored, clock, **replaced), trusted_roots=trusted)


def test_a_document_time_stamp_by_a_stranger(stored, trusted):
    with pytest.raises(TimestampNotValid):
        verify_pdf(_archived(stored, pdf_forge.clock()), trusted_roots=trusted)


def test_a_document_time_stamp_that_hides_another_text(stored, clock, trusted):
    with pytest.raises(AddedAfterSigning):
        verify_pdf(_archived(stored, clock, STAMP_FIELD | {4: PROOF}), trusted_roots=trusted)


def test_a_document_time_stamp_that_shows_something(stored, clock, trusted):
    visible = {30: STAMP_FIELD[30].replace(b"[0 0 0 0]", b"[72 380 300 420]")}

    with pytest.raises(AddedAfterSigning):
        verify_pdf(_archived(stored, clock, STAMP_FIELD | visible), trusted_roots=trusted)


def test_a_document_time_stamp_that_was_emptied(stored, clock, trusted):
    pdf = _archived(stored, clock)
    start, end = pdf_forge.hole_of(pdf, 1)

    with pytest.raises(SignatureRemoved):
        verify_pdf(pdf[:start] + b"0" * (end - start) + pdf[end:], trusted_roots=trusted)


def test_nobody_signs_behind_an_archived_file(signer, clock, organisation, trusted):
    waiting = pdf_forge.signed(signer, objects=pdf_forge.TWO_FIELDS, level=2)
    field = {
        3: pdf_forge.TWO_FIELDS[3].replace(b"9 0 R]", b"9 0 R 30 0 R]"),
        6: pdf_forge.TWO_FIELDS[6].replace(b"9 0 R]", b"9 0 R 30 0 R]"),
        30: STAMP_FIELD[30],
    }
    archived = _archived(waiting, clock, field)
    assert verify_pdf(archived, trusted_roots=trusted).archived

    late = pdf_forge.second_signature(archived, organisation, number=50)

    with pytest.raises(MoreThanOneSignature):
        verify_pdf(late, trusted_roots=trusted)


def test_the_store_of_proofs_cannot_be_taken_away(stored, trusted):
    with pytest.raises(AddedAfterSigning):
        verify_pdf(update(stored, {1: PAGE[1]}), trusted_roots=trusted)


@given(st.data())
def test_no_splice_changes_what_is_told_or_worse(signed, stored, clock, trusted, data):
    """Attackers splice; whatever they do behind the signed part is refused or shows nowhere."""
    pdf = _archived(stored, clock)
    told = verify_pdf(pdf, trusted_roots=trusted)
    start = data.draw(st.integers(len(signed), len(pdf)))
    left_out = data.draw(st.integers(0, 30))
    put_in = data.draw(st.sampled_from(SPLICES) | st.binary(max_size=8))

    try:
        verified = verify_pdf(pdf[:start] + put_in + pdf[start + left_out :], trusted_roots=trusted)
    except NotVerified:
        return
    assert (verified.sha256, verified.signed_at) == (told.sha256, told.signed_at)
    assert (verified.signer_name, verified.further) == (told.signer_name, ())


def test_a_number_of_many_digits_is_no_number(stored, trusted):
    with pytest.raises(AddedAfterSigning):
        verify_pdf(
            stored.replace(b"/Length 4>>", b"/Length %b>>" % (b"9" * 5000)), trusted_roots=trusted
        )
