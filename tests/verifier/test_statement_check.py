"""The reading half: what a QR code may not be. The writing half is tested in tests/portable."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvu_verifier import (
    CertificateNotValid,
    ChangedAfterSigning,
    NotAStatement,
    NotVerified,
    SignedByAnother,
    cbor,
)
from hocvu_verifier.issuers import IssuerKey, Issuers
from hocvu_verifier.refusals import NotATrustList
from hocvu_verifier.statement import verify_statement
from verifier.statement_shapes import (
    BROKEN_PAYLOADS,
    FROZEN_KEY,
    ISSUED_AT,
    PAYLOAD,
    Writer,
    address,
)


@pytest.fixture
def writer():
    return Writer()


@pytest.fixture
def issuers():
    return Issuers.of([IssuerKey.read(FROZEN_KEY)])


# --- What holds --------------------------------------------------------------------------------


def test_a_statement_written_by_hand_says_what_the_paper_says(writer, issuers):
    read = verify_statement(writer.text(), issuers=issuers)

    assert read.holder_name == "Lê Thị Na"
    assert read.serial_number == "HVCTQG-2026-000123"
    assert read.programme_code == "LQ-1"
    assert read.issued_on == date(2026, 2, 5)
    assert read.status_index == 1_234_567
    assert read.issuer.name == "Trường Chính trị mẫu"


@pytest.mark.parametrize("around", ["{}", " {}\n"])
def test_the_digits_alone_are_enough(writer, issuers, around):
    digits = writer.text().partition("#")[2]

    assert verify_statement(around.format(digits), issuers=issuers).holder_name == "Lê Thị Na"


def test_a_certificate_without_status_says_so(writer, issuers):
    payload = PAYLOAD.replace(
        bytes.fromhex("82644c512d311a0012d687"), bytes.fromhex("81644c512d31")
    )

    assert verify_statement(writer.text(payload), issuers=issuers).status_index is None


def test_of_two_keys_that_begin_alike_the_right_one_is_found(writer):
    twin = IssuerKey.read({**Writer(secret=2).jwk, "name": "Khác"})
    alike = IssuerKey(**{**vars(twin), "thumbprint": writer.key_id + bytes(28)})
    issuers = Issuers.of([alike, IssuerKey.read(FROZEN_KEY)])

    assert verify_statement(writer.text(), issuers=issuers).issuer.name == "Trường Chính trị mẫu"


# --- Forgeries ---------------------------------------------------------------------------------


def test_a_code_copied_onto_another_certificate_names_its_own_holder(writer, issuers):
    """The paper says somebody else: whoever compares the two sees it."""
    read = verify_statement(writer.text(), issuers=issuers)

    assert (read.holder_name, read.serial_number) != ("Trần Văn Tám", "HVCTQG-2026-000777")


def test_another_name_under_the_same_signature_is_refused(writer, issuers):
    forged = writer.octets().replace("Lê Thị Na".encode(), "Lê Thị Mi".encode())

    with pytest.raises(NotVerified):
        verify_statement(address(forged), issuers=issuers)


@given(st.data())
def test_no_byte_of_a_statement_can_be_changed(data):
    octets = bytearray(Writer().octets())
    position = data.draw(st.integers(0, len(octets) - 1))
    octets[position] ^= data.draw(st.integers(1, 255))

    with pytest.raises(NotVerified):
        verify_statement(address(bytes(octets)), issuers=Issuers.of([IssuerKey.read(FROZEN_KEY)]))


def test_a_forger_with_a_key_of_his_own_is_named_a_stranger(issuers):
    with pytest.raises(SignedByAnother):
        verify_statement(Writer(secret=2).text(), issuers=issuers)


def test_a_forger_who_borrows_the_name_of_a_trusted_key_is_refused(writer, issuers):
    forger = Writer(secret=2)
    text = forger.text(protected=writer.protected())

    with pytest.raises(ChangedAfterSigning):
        verify_statement(text, issuers=issuers)


def test_trusting_nobody_verifies_nothing(writer):
    with pytest.raises(SignedByAnother):
        verify_statement(writer.text(), issuers=Issuers.of([]))


@pytest.mark.parametrize(
    ("bound", "first_beyond", "last_within"),
    [("nbf", ISSUED_AT + 86400, ISSUED_AT + 86399), ("exp", ISSUED_AT - 1, ISSUED_AT)],
    ids=["made the day after", "given up the day before"],
)
def test_a_key_counts_only_for_days_on_which_it_was_used(writer, bound, first_beyond, last_within):
    """A key made at noon may sign what is dated of that day."""
    beyond, within = (
        Issuers.of([IssuerKey.read({**FROZEN_KEY, bound: moment})])
        for moment in (first_beyond, last_within)
    )

    assert verify_statement(writer.text(), issuers=within)
    with pytest.raises(CertificateNotValid):
        verify_statement(writer.text(), issuers=beyond)


# --- What is no statement ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["", "https://hocvu.example.vn/q#", "https://example.vn/", "1" * 300, "0" * 300, "9" * 9000],
    ids=["nothing", "no digits", "an address", "a number", "zeros", "a huge number"],
)
def test_other_texts_are_named_so(text, issuers):
    with pytest.raises(NotAStatement):
        verify_statement(text, issuers=issuers)


@pytest.mark.parametrize("payload", BROKEN_PAYLOADS.values(), ids=BROKEN_PAYLOADS.keys())
def test_a_signed_payload_of_another_form_is_refused(writer, issuers, payload):
    with pytest.raises(NotAStatement):
        verify_statement(writer.text(payload), issuers=issuers)


@pytest.mark.parametrize(
    "protected",
    ["a10126", "a2013822044400000000", "a30126028104044400000000", "a20126044400", "40"],
    ids=["no key", "another algorithm", "critical", "cut off", "no map"],
)
def test_headers_of_another_form_are_refused(writer, issuers, protected):
    with pytest.raises(NotAStatement):
        verify_statement(writer.text(protected=bytes.fromhex(protected)), issuers=issuers)


def test_nothing_may_stand_beside_what_is_signed(writer, issuers):
    octets = writer.octets().replace(b"\xa0\x58", b"\xa1\x04\x41A\x58", 1)

    with pytest.raises(NotAStatement):
        verify_statement(address(octets), issuers=issuers)


@pytest.mark.parametrize(
    "octets",
    ["1817", "190017", "1a00000017", "5f", "a2020101", "a2010101", "81" * 10 + "01", "fb", "61ff"],
)
def test_cbor_in_any_but_its_one_spelling_is_refused(octets):
    with pytest.raises(NotAStatement):
        cbor.decode(bytes.fromhex(octets))


@given(st.binary(max_size=400))
def test_any_octets_at_all_are_refused_and_nothing_worse(octets):
    with pytest.raises(NotVerified):
        verify_statement(
            address(b"\x84" + octets + bytes(80)),
            issuers=Issuers.of([IssuerKey.read(FROZEN_KEY)]),
        )


# --- The list of issuers -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"kty": "RSA"},
        {"crv": "P-384"},
        {"x": "AA"},
        {"x": FROZEN_KEY["y"]},
        {"x": FROZEN_KEY["x"] + "="},
        {"nbf": "yesterday"},
    ],
    ids=["RSA", "P-384", "short", "not on the curve", "padded", "no moment"],
)
def test_a_key_that_cannot_be_used_spoils_the_list(wrong):
    with pytest.raises(NotATrustList):
        Issuers.read(json.dumps({"keys": [{**FROZEN_KEY, **wrong}]}))


@pytest.mark.parametrize("text", ["", "[]", '{"keys": 1}', '{"keys": [1]}', '{"keys": [{}]}'])
def test_a_list_of_another_form_is_refused(text):
    with pytest.raises(NotATrustList):
        Issuers.read(text)


def test_an_expiry_is_told_by_the_clock_of_whoever_asks(writer, issuers):
    ends = (ISSUED_AT + 86400).to_bytes(4, "big")
    payload = PAYLOAD.replace(b"\xa4\x02", b"\xa5\x02", 1).replace(
        b"\x06\x1a", b"\x04\x1a" + ends + b"\x06\x1a", 1
    )

    read = verify_statement(writer.text(payload), issuers=issuers)

    ended_at = datetime.fromtimestamp(ISSUED_AT, UTC) + timedelta(days=1)
    assert read.has_expired(ended_at)
    assert not read.has_expired(ended_at - timedelta(seconds=1))
