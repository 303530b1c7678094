import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvu.register.entries import (
    SALT_BYTES,
    EntryIsMalformed,
    EntryKind,
    RegisterEntry,
    glance,
    leaf_of_version_1,
    record_commitment,
)
from hocvu.register.merkle import leaf_hash

SALT = bytes(range(SALT_BYTES))
FIELDS = {"holder": "Nguyễn Thị Hoà", "programme": "Kỹ năng số cơ bản"}
ISSUED = RegisterEntry(
    kind=EntryKind.ISSUE,
    of=None,
    file_hash=sha256(b"file").digest(),
    record_hash=sha256(b"record").digest(),
    status_index=17,
    at=datetime(2026, 11, 21, 2, 0, tzinfo=UTC),
)
REVOKED = replace(ISSUED, kind=EntryKind.REVOKE, of=4711)


def test_an_entry_is_these_bytes_for_ever():
    version = "617602"
    at = "6261741b" + f"{1795226400 * 10**6:016x}"
    file = "6466696c655820" + sha256(b"file").hexdigest()
    kind = "646b696e64656973737565"
    record = "667265636f72645820" + sha256(b"record").hexdigest()
    status = "6673746174757311"

    assert ISSUED.to_bytes().hex() == "a6" + version + at + file + kind + record + status


def test_an_entry_about_an_earlier_one_names_its_place():
    of = "626f66" + "191267"
    kind = "646b696e64" + "667265766f6b65"

    assert of in REVOKED.to_bytes().hex()
    assert kind in REVOKED.to_bytes().hex()


def test_a_leaf_of_version_1_stays_what_it_was():
    """The bytes as version 1 wrote them, with the serial number at their end."""
    raw = (
        "a6617601"
        "6261741b"
        f"{1795226400 * 10**6:016x}"
        "6466696c655820"
        + sha256(b"file").hexdigest()
        + "646b696e64656973737565"
        + "667265636f72645820"
        + sha256(b"record").hexdigest()
        + "6673657269616c6e48562d323032362d303030303137"
    )

    leaf = leaf_of_version_1(
        EntryKind.ISSUE, "HV-2026-000017", ISSUED.file_hash, ISSUED.record_hash, ISSUED.at
    )

    assert leaf == leaf_hash(bytes.fromhex(raw))


numbers = st.one_of(st.integers(0, 300), st.integers(0, 2**64 - 1))


@given(
    st.sampled_from(EntryKind),
    numbers,
    st.none() | numbers,
    st.binary(min_size=32, max_size=32),
    st.datetimes(datetime(2000, 1, 1), datetime(9998, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_an_entry_reads_as_it_was_written(kind, of, status, hash_, at):
    entry = RegisterEntry(kind, None if kind is EntryKind.ISSUE else of, hash_, SALT, status, at)

    assert RegisterEntry.from_bytes(entry.to_bytes()) == entry
    assert glance(entry.to_bytes())[:2] == (kind.value, entry.of)


@given(st.data())
def test_no_other_bytes_read_as_an_entry(data):
    raw = bytearray(data.draw(st.sampled_from([ISSUED, REVOKED])).to_bytes())
    raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))

    try:
        entry = RegisterEntry.from_bytes(bytes(raw))
    except EntryIsMalformed:
        return
    assert entry.to_bytes() == raw


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        ISSUED.to_bytes()[:-1],
        ISSUED.to_bytes() + b"\0",
        ISSUED.to_bytes().replace(b"\x61v\x02", b"\x61v\x01"),
        ISSUED.to_bytes().replace(b"status\x11", b"status\x18\x11"),  # longer than it needs to be
        REVOKED.to_bytes().replace(b"of\x19\x12\x67", b"of\x1a\0\0\x12\x67"),
        REVOKED.to_bytes().replace(b"\x66revoke", b"\x65issue"),  # an issue of something else
        b"\xa5" + ISSUED.to_bytes()[1:],
    ],
)
def test_bytes_that_are_not_the_one_form_of_an_entry_are_refused(raw):
    with pytest.raises(EntryIsMalformed):
        RegisterEntry.from_bytes(raw)


def test_the_leaf_of_an_entry_is_the_hash_of_its_bytes():
    assert ISSUED.leaf_hash() == leaf_hash(ISSUED.to_bytes())


@pytest.mark.parametrize(
    "change",
    [
        {"kind": EntryKind.REVOKE, "of": 1},
        {"file_hash": bytes(32)},
        {"record_hash": bytes(32)},
        {"status_index": 18},
        {"status_index": None},
        {"at": ISSUED.at + timedelta(microseconds=1)},
    ],
)
def test_every_part_of_an_entry_changes_its_leaf(change):
    assert replace(ISSUED, **change).leaf_hash() != ISSUED.leaf_hash()


def test_the_same_moment_in_another_time_zone_is_the_same_entry():
    in_hanoi = ISSUED.at.astimezone(timezone(timedelta(hours=7)))

    assert replace(ISSUED, at=in_hanoi).to_bytes() == ISSUED.to_bytes()


@pytest.mark.parametrize(
    ("change", "because"),
    [
        ({"of": 3}, "which issue"),
        ({"kind": EntryKind.REVOKE}, "which issue"),
        ({"kind": EntryKind.REVOKE, "of": -1}, "not negative"),
        ({"file_hash": b"short"}, "SHA-256"),
        ({"record_hash": bytes(33)}, "SHA-256"),
        ({"status_index": -1}, "status list"),
        ({"at": datetime(2026, 11, 21)}, "time zone"),  # noqa: DTZ001
        ({"at": datetime(1999, 12, 31, tzinfo=UTC)}, "century"),
    ],
)
def test_an_entry_that_could_be_misread_is_refused(change, because):
    with pytest.raises(ValueError, match=because):
        replace(ISSUED, **change)


def test_a_commitment_is_the_hash_of_salt_and_canonical_fields():
    commitment = record_commitment(SALT, {"b": "2", "a": "1"})

    assert commitment == sha256(SALT + bytes.fromhex("a26161613161626132")).digest()


@given(st.dictionaries(st.sampled_from("abcdef"), st.text(st.characters(codec="utf-8"))), st.data())
def test_fields_in_another_order_or_unicode_form_give_the_same_commitment(fields, data):
    shuffled = data.draw(st.permutations(list(fields.items())))
    decomposed = {name: unicodedata.normalize("NFD", value) for name, value in shuffled}

    assert record_commitment(SALT, decomposed) == record_commitment(SALT, fields)


def test_a_changed_field_or_salt_gives_another_commitment():
    commitment = record_commitment(SALT, FIELDS)

    assert record_commitment(SALT, FIELDS | {"holder": "Nguyễn Thị Hòa"}) != commitment
    assert record_commitment(SALT, {"holder": FIELDS["holder"]}) != commitment
    assert record_commitment(bytes(SALT_BYTES), FIELDS) != commitment


def test_the_fields_do_not_appear_in_the_entry():
    entry = replace(ISSUED, record_hash=record_commitment(SALT, FIELDS))

    assert "Hoà".encode() not in entry.to_bytes()
    assert SALT not in entry.to_bytes()


@pytest.mark.parametrize("salt", [b"", bytes(SALT_BYTES - 1), bytes(SALT_BYTES + 1)])
def test_a_salt_of_another_length_is_refused(salt):
    with pytest.raises(ValueError, match="salt"):
        record_commitment(salt, FIELDS)


def test_two_fields_that_differ_only_in_unicode_form_are_refused():
    with pytest.raises(ValueError, match="same name"):
        record_commitment(SALT, {"số": "1", unicodedata.normalize("NFD", "số"): "2"})
