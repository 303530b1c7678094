import base64
import gzip
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvu.portable.jose import write_tokens
from hocvu.portable.status import (
    PLACES,
    ListName,
    NotInThisList,
    Purpose,
    bits_of,
    encoded,
    place,
    prove_status_list,
    status_entry,
    status_list_credential,
    write_status_list,
)
from hocvu_verifier import data_integrity, jose
from hocvu_verifier.issuers import IssuerKey, Issuers
from hocvu_verifier.refusals import NotAStatusList
from hocvu_verifier.status import Snapshot, Standing, unfold, verify_status_list

AT = datetime(2026, 2, 5, 12, 0, tzinfo=UTC)
SITE = "https://hocvu.example.vn"
REVOKED = ListName(SITE, Purpose.REVOCATION, 2)
CORRECTED = ListName(SITE, Purpose.REFRESH, 2)
FIRST = 2 * PLACES


@pytest.fixture
def issuers(key):
    return Issuers.of([IssuerKey.read(key.as_jwk())])


@pytest.fixture
def write(session, key):
    def written(name, places, at=AT, **more):
        return write_status_list(name, places, at=at, session=session, key=key, **more)

    return written


def test_a_snapshot_tells_revoked_corrected_and_good_apart(write, issuers, key):
    lines = [write(REVOKED, [FIRST, FIRST + 9]), write(CORRECTED, [FIRST + 9])]

    snapshot = Snapshot.read("\n".join(lines), issuers=issuers)

    standing = {n: snapshot.standing_of(key.did, FIRST + n).standing for n in (0, 1, 9)}
    assert standing == {0: Standing.REVOKED, 1: Standing.GOOD, 9: Standing.CORRECTED}


@pytest.mark.parametrize("write_one", [write_status_list, prove_status_list])
def test_both_forms_of_a_list_are_read(write_one, session, key, issuers):
    text = write_one(REVOKED, [FIRST + 9], at=AT, session=session, key=key)

    read = verify_status_list(text, issuers=issuers)

    assert (read.number, read.issued_at, read.says(FIRST + 9)) == (2, AT, True)


@pytest.mark.parametrize("write_one", [write_status_list, prove_status_list])
def test_a_key_signs_no_list_after_the_end_of_its_use(write_one, session, key):
    """Who finds an old key could otherwise write the newest list."""
    text = write_one(REVOKED, [], at=AT, session=session, key=key)
    ended = {after: replace(key, ends_at=AT + after) for after in (timedelta(1), -timedelta(1))}
    before, after = (Issuers.of([IssuerKey.read(each.as_jwk())]) for each in ended.values())

    assert verify_status_list(text, issuers=before)
    with pytest.raises(NotAStatusList, match="not used any more"):
        verify_status_list(text, issuers=after)


def test_a_proof_by_the_key_of_somebody_else_is_none(session, key, issuers):
    text = prove_status_list(REVOKED, [], at=AT, session=session, key=replace(key, did="did:web:x"))

    with pytest.raises(NotAStatusList):
        verify_status_list(text, issuers=issuers)
    with pytest.raises(NotAStatusList):
        verify_status_list(text.replace("did:web:x", key.did, 1), issuers=issuers)


@given(places=st.sets(st.integers(0, PLACES - 1), max_size=50), other=st.integers(0, PLACES - 1))
def test_every_bit_is_read_where_it_was_written(places, other):
    bits = unfold(encoded(bits_of(3, {3 * PLACES + each for each in places})))

    for each in {*places, other}:
        assert bool(bits[each // 8] & 0x80 >> each % 8) is (each in places)


def test_the_standards_own_list_unfolds_as_it_says():
    """Bitstring Status List v1.0, examples 2 and 4: 131,072 places, none of them set."""
    published = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"

    assert unfold(published, places=131_072) == bytes(131_072 // 8)
    with pytest.raises(NotAStatusList):
        unfold(published)  # ours are longer: a place beyond would not be found


def test_a_list_is_written_as_the_standard_writes_it():
    """Multibase base64url without padding of gzip (§3.3), as other programs unfold it."""
    text = encoded(bits_of(0, [0, 7, PLACES - 1]))

    octets = base64.urlsafe_b64decode(text.removeprefix("u") + "=" * (-(len(text) - 1) % 4))
    bits = gzip.decompress(octets)
    assert (bits[0], sum(bits[1:-1]), bits[-1]) == (0x81, 0, 0x01)


def test_a_list_with_its_proof_inside_says_what_the_token_says(session, key):
    about = {"at": AT, "valid_until": AT + timedelta(days=1), "session": session, "key": key}

    document = prove_status_list(REVOKED, [FIRST + 9], **about)

    token = jose.read(write_status_list(REVOKED, [FIRST + 9], **about))
    read = data_integrity.read(document)
    assert read.verify(session.key.public_key()) == token.payload
    assert read.controller == key.did


def test_the_first_place_is_the_highest_bit_of_the_first_byte():
    assert bits_of(0, [0])[0] == 0x80
    assert bits_of(0, [PLACES - 1])[-1] == 0x01


def test_the_same_places_give_the_same_text_and_little_of_it():
    """1 % of 524,288 revoked: the claim of the design is about 7.4 KB compressed."""
    places = range(0, PLACES, 100)

    assert encoded(bits_of(0, places)) == encoded(bits_of(0, reversed(places)))
    assert len(encoded(bits_of(0, []))) < 200


def test_an_answer_says_how_old_it_is(write, issuers, key):
    lines = [write(REVOKED, []), write(CORRECTED, [], at=AT - timedelta(days=3))]
    snapshot = Snapshot.read("\n".join(lines), issuers=issuers)

    answer = snapshot.standing_of(key.did, FIRST)

    assert answer.age(AT + timedelta(days=1)) == timedelta(days=4)


def test_a_list_that_its_issuer_wanted_replaced_says_so(write, issuers, key):
    lines = [
        write(REVOKED, [], valid_until=AT + timedelta(days=30)),
        write(CORRECTED, [], valid_until=AT + timedelta(days=7)),
    ]
    answer = Snapshot.read("\n".join(lines), issuers=issuers).standing_of(key.did, FIRST)

    assert not answer.is_outdated(AT + timedelta(days=7))
    assert answer.is_outdated(AT + timedelta(days=8))


def test_of_two_lists_the_newer_counts(write, issuers, key):
    lines = [write(REVOKED, [FIRST], at=AT + timedelta(hours=1)), write(REVOKED, [])]

    answer = Snapshot.read("\n".join(lines), issuers=issuers).standing_of(key.did, FIRST)

    assert answer.standing is Standing.REVOKED


@pytest.mark.parametrize(
    ("did", "where"),
    [("did:web:other.example.vn", FIRST), (None, FIRST + PLACES), (None, None)],
    ids=["another issuer", "another list", "no place"],
)
def test_what_no_list_speaks_of_is_unknown(write, issuers, key, did, where):
    snapshot = Snapshot.read(write(REVOKED, []), issuers=issuers)

    assert snapshot.standing_of(did or key.did, where).standing is Standing.UNKNOWN


def test_a_list_of_corrections_alone_says_nothing_of_revocation(write, issuers, key):
    snapshot = Snapshot.read(write(CORRECTED, []), issuers=issuers)

    assert snapshot.standing_of(key.did, FIRST).standing is Standing.UNKNOWN


def test_a_list_signed_by_somebody_else_is_refused(write, key):
    stranger = {**key.as_jwk(), "iss": "did:web:other.example.vn"}
    issuers = Issuers.of([IssuerKey.read(stranger)])

    with pytest.raises(NotAStatusList, match="None of the trusted issuers"):
        verify_status_list(write(REVOKED, []), issuers=issuers)


@given(st.data())
def test_no_letter_of_a_list_can_be_changed(session, key, data):
    issuers = Issuers.of([IssuerKey.read(key.as_jwk())])
    text = write_status_list(REVOKED, [FIRST], at=AT, session=session, key=key)
    position = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.sampled_from("AQgw-_.x").filter(lambda each: each != text[position]))

    with pytest.raises(NotAStatusList):
        verify_status_list(text[:position] + letter + text[position + 1 :], issuers=issuers)


def _without(member):
    return lambda credential: credential.pop(member)


@pytest.mark.parametrize(
    "change",
    [
        _without("credentialSubject"),
        _without("type"),
        _without("validFrom"),
        _without("id"),
        lambda credential: credential.update({"@context": ["https://example.vn"]}),
        lambda credential: credential.update({"@context": []}),
        lambda credential: credential.update(type=["VerifiableCredential"]),
        lambda credential: credential.update(validFrom="2026-02-05T12:00:00"),
        lambda credential: credential["credentialSubject"].update(type="Other"),
        lambda credential: credential["credentialSubject"].update(statusSize=2),
        lambda credential: credential["credentialSubject"].update(statusPurpose="message"),
        lambda credential: credential["credentialSubject"].update(encodedList="H4sI"),
        lambda credential: credential["credentialSubject"].update(encodedList="uAAAA"),
        lambda credential: credential["credentialSubject"].update(encodedList=encoded(bytes(99))),
        lambda credential: credential["credentialSubject"].update(
            encodedList=encoded(bytes(1 << 24))
        ),
    ],
)
def test_a_signed_list_of_another_form_is_refused(session, key, issuers, change):
    credential = status_list_credential(REVOKED, [], issuer_did=key.did, at=AT)
    change(credential)
    (token,) = write_tokens([credential], session=session, key=key)

    with pytest.raises(NotAStatusList):
        verify_status_list(token, issuers=issuers)


@pytest.mark.parametrize("text", ["", "\n", "a.b", "a.b.c", "eyJ9.e30.AA"])
def test_what_is_no_snapshot_is_refused(issuers, text):
    with pytest.raises(NotAStatusList):
        Snapshot.read(text, issuers=issuers)


def test_a_place_of_another_list_is_refused():
    with pytest.raises(NotInThisList):
        bits_of(2, [FIRST - 1])
    with pytest.raises(NotInThisList):
        place(0, PLACES)


def test_a_credential_names_its_list_and_its_place_there():
    entry = status_entry(SITE, place(2, 7))

    assert entry["statusListCredential"] == REVOKED.address
    assert entry["statusListIndex"] == "7"
