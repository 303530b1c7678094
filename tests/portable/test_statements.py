from dataclasses import replace
from datetime import UTC, date, datetime
from unicodedata import normalize

import pytest
import segno
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from hocvu.portable.keys import key_set
from hocvu.portable.statement import (
    CannotBeStated,
    StatementFacts,
    digits,
    encode,
    statement_address,
    write_statements,
)
from hocvu_verifier import cbor
from hocvu_verifier.issuers import IssuerKey, Issuers
from hocvu_verifier.statement import verify_statement

ADDRESS = "https://hocvu.example.vn/v/0123456789ABCDEF/"

# RFC 8949, appendix A: those values that a statement can hold.
RFC_8949 = [
    (0, "00"),
    (1, "01"),
    (10, "0a"),
    (23, "17"),
    (24, "1818"),
    (25, "1819"),
    (100, "1864"),
    (1000, "1903e8"),
    (1000000, "1a000f4240"),
    (1000000000000, "1b000000e8d4a51000"),
    (18446744073709551615, "1bffffffffffffffff"),
    (-1, "20"),
    (-10, "29"),
    (-100, "3863"),
    (-1000, "3903e7"),
    (-18446744073709551616, "3bffffffffffffffff"),
    (b"", "40"),
    (bytes.fromhex("01020304"), "4401020304"),
    ("", "60"),
    ("a", "6161"),
    ("IETF", "6449455446"),
    ('"\\', "62225c"),
    ("\u00fc", "62c3bc"),
    ("\u6c34", "63e6b0b4"),
    ([], "80"),
    ([1, 2, 3], "83010203"),
    ([1, [2, 3], [4, 5]], "8301820203820405"),
    ({}, "a0"),
    ({1: 2, 3: 4}, "a201020304"),
    ({"a": 1, "b": [2, 3]}, "a26161016162820203"),
    (["a", {"b": "c"}], "826161a161626163"),
]


@pytest.fixture
def issuers(key):
    return Issuers.of([IssuerKey.read(key.as_jwk())])


def _stated(facts, session, key):
    (octets,) = write_statements([facts], session=session, key=key)
    return octets


@pytest.mark.parametrize(("value", "octets"), RFC_8949, ids=[each[1] for each in RFC_8949])
def test_values_are_encoded_as_the_standard_shows(value, octets):
    assert encode(value).hex() == octets
    assert cbor.decode(bytes.fromhex(octets)) == value


def test_what_is_written_is_what_is_read(facts, session, key, issuers):
    address = statement_address(ADDRESS, _stated(facts, session, key))

    read = verify_statement(address, issuers=issuers)

    assert read.holder_name == facts.holder_name
    assert read.serial_number == facts.serial_number
    assert read.programme_code == facts.programme_code
    assert read.issued_on == facts.issued_on
    assert read.status_index == facts.status_place
    assert read.expires_at is None
    assert read.issuer.name == key.name


@given(
    name=st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=60),
    day=st.dates(date(1970, 1, 2), date(2200, 1, 1)),
    place=st.none() | st.integers(0, 2**32),
)
def test_any_name_day_and_place_survive(session, key, name, day, place):
    facts = StatementFacts(name, "A-2026-000001", "X", day, place)
    issuers = Issuers.of([IssuerKey.read(key.as_jwk())])

    read = verify_statement(digits(_stated(facts, session, key)), issuers=issuers)

    expected = (normalize("NFC", name), day, place)
    assert (read.holder_name, read.issued_on, read.status_index) == expected


def test_the_day_of_issue_is_a_day_in_vietnam(facts, session, key, issuers):
    stated = _stated(replace(facts, expires_on=date(2027, 2, 5)), session, key)

    read = verify_statement(digits(stated), issuers=issuers)

    assert read.issued_on == date(2026, 2, 5)
    assert not read.has_expired(datetime(2027, 2, 4, 16, 59, tzinfo=UTC))
    assert read.has_expired(datetime(2027, 2, 4, 17, 0, tzinfo=UTC))


def test_a_thousand_statements_take_one_call_of_the_key(facts, key, session):
    before = session.calls

    written = write_statements([facts] * 1000, session=session, key=key)

    assert len(written) == 1000
    assert session.calls == before + 1


def test_a_name_typed_in_pieces_is_written_whole(facts, session, key):
    in_pieces = replace(facts, holder_name=normalize("NFD", facts.holder_name))

    assert _stated(in_pieces, session, key) == _stated(facts, session, key)


@pytest.mark.parametrize(
    "wrong",
    [{"holder_name": ""}, {"holder_name": "A\nB"}, {"holder_name": "A" * 151}],
    ids=["empty", "two lines", "too long"],
)
def test_a_name_that_cannot_be_shown_is_refused(facts, session, key, wrong):
    with pytest.raises(CannotBeStated):
        _stated(replace(facts, **wrong), session, key)


def test_a_statement_is_small_enough_for_a_phone(facts, session, key):
    """Error correction M, modules of 0.45 mm: version 11 has 61 of them, 27 mm."""
    octets = _stated(facts, session, key)
    code = segno.make([f"{ADDRESS}#", digits(octets)], error="m", micro=False)

    assert len(octets) <= 180
    assert code.version <= 11


def test_a_scanner_reads_the_code_and_the_statement_in_it(facts, session, key, issuers, tmp_path):
    octets = _stated(facts, session, key)
    code = segno.make([f"{ADDRESS}#", digits(octets)], error="m", boost_error=False)
    code.save(str(tmp_path / "code.png"), scale=4, border=4)

    (scanned,) = zxingcpp.read_barcodes(
        Image.open(tmp_path / "code.png"), formats=zxingcpp.BarcodeFormat.QRCode
    )

    assert scanned.text == statement_address(ADDRESS, octets)
    assert verify_statement(scanned.text, issuers=issuers).holder_name == facts.holder_name


def test_the_list_of_keys_is_what_a_verifier_reads(session):
    starts = datetime(2026, 1, 1, tzinfo=UTC)
    public = session.public(starts_at=starts)

    (read,) = Issuers.of(map(IssuerKey.read, key_set([public])["keys"])).keys

    assert (read.name, read.did, read.thumbprint) == (public.name, public.did, public.thumbprint)
    assert (read.starts_at, read.ends_at) == (starts, None)
