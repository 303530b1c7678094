"""Published status lists held against the log by somebody who has no database."""

import json
import shutil
from datetime import timedelta
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from hypothesis import given
from hypothesis import strategies as st

from hocvu.portable.keys import PublicKey, key_set
from hocvu.portable.status import (
    PLACES,
    ListName,
    Purpose,
    prove_status_list,
    write_status_list,
)
from hocvu.register import commands
from hocvu.register.auditing import Trouble, audit
from hocvu.register.entries import EntryKind, RegisterEntry
from hocvu.register.places import Places
from hocvu.register.status_lists import PURPOSES
from hocvu.register.tiles import Folder
from register.log_scene import LOG_KEY, NOON, Log, static_site

SITE = "https://register.example"
WHOLE = "✓ Nhật ký nguyên vẹn. / The log is whole."
DAY, WEEK = timedelta(days=1), timedelta(days=7)
SECRET = ec.generate_private_key(ec.SECP256R1())


class Pen:
    """The issuer's key, in memory."""

    def sign(self, digests):
        return [SECRET.sign(each, ec.ECDSA(Prehashed(hashes.SHA256()))) for each in digests]


def public(secret=SECRET):
    return PublicKey.of(secret.public_key(), name="Trường mẫu", did="did:web:register.example")


def place(index):
    return PLACES + index


def entry(number, kind=EntryKind.ISSUE, of=None, *, index=None, at=None):
    return RegisterEntry(
        kind,
        of,
        sha256(f"file {number}".encode()).digest(),
        sha256(f"record {number}".encode()).digest(),
        None if index is None else place(index),
        at or NOON + timedelta(seconds=number),
    ).to_bytes()


ISSUED = [entry(number, index=number * 100) for number in range(4)]
REVOKED = entry(4, EntryKind.REVOKE, 1, index=100)
CORRECTED = entry(5, EntryKind.SUPERSEDE, 2, index=200)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "log"


def publish_list(folder, indexes, *, purpose=Purpose.REVOCATION, at=NOON + WEEK, name=None):
    shown = folder / "status" / purpose.value / "1"
    shown.parent.mkdir(parents=True, exist_ok=True)
    places = [place(each) for each in indexes]
    text = write_status_list(
        name or ListName(SITE, purpose, 1), places, at=at, session=Pen(), key=public()
    )
    shown.write_text(text)
    return shown


def prove_list(folder, indexes, *, purpose=Purpose.REVOCATION, at=NOON + WEEK):
    """The same list as a document with its proof inside."""
    shown = folder / "status-proved" / purpose.value / "1"
    shown.parent.mkdir(parents=True, exist_ok=True)
    places = [place(each) for each in indexes]
    name = ListName(SITE, purpose, 1)
    shown.write_text(prove_status_list(name, places, at=at, session=Pen(), key=public()))
    return shown


def publish_both(folder, revocation, refresh=(), *, at=NOON + WEEK):
    publish_list(folder, revocation, at=at)
    publish_list(folder, refresh, purpose=Purpose.REFRESH, at=at)


@pytest.fixture
def look(folder, tmp_path):
    """Somebody audits the folder with the issuer's key in a file; everything that was told."""
    kept = tmp_path / "issuers.json"
    kept.write_text(json.dumps(key_set([public()])))

    def looked(at=NOON + WEEK, *, issuers=kept, lists=""):
        told = []
        commands.audit_register(
            str(folder),
            [LOG_KEY.verifier.to_text()],
            lists=commands.StatusLists(at, lists, str(issuers or "")),
            tell=told.append,
        )
        return told

    return looked


def troubles(told):
    """What was found, without the sentence: its place."""
    return [line.rpartition(": ")[2] for line in told if "trạng thái" in line and "  · " in line]


# --- lists that say what the log says ---------------------------------------------------------


def test_lists_that_agree_with_the_log_are_counted(folder, look):
    Log([*ISSUED, REVOKED, CORRECTED]).publish(folder)
    publish_both(folder, [100, 200], [200])

    told = look()

    assert "2 danh sách, 2 chỗ" in told[-2]
    assert told[-1] == WHOLE


def test_a_revocation_taken_back_is_in_no_list(folder, look):
    reinstated = entry(5, EntryKind.REINSTATE, 1, index=100)
    Log([*ISSUED, REVOKED, reinstated]).publish(folder)
    publish_both(folder, [])

    assert look()[-1] == WHOLE


def test_a_revoked_edition_that_was_corrected_before_stands_in_one_list(folder, look):
    also_revoked = entry(6, EntryKind.REVOKE, 2, index=200)
    Log([*ISSUED, REVOKED, CORRECTED, also_revoked]).publish(folder)
    publish_both(folder, [100, 200], [])

    assert look()[-1] == WHOLE


def test_a_log_without_places_needs_no_lists(folder, look):
    Log.of(3).publish(folder)

    assert look()[-1] == WHOLE


def test_an_audit_tells_how_many_of_each_kind_were_entered(folder, look):
    duplicate = entry(5, EntryKind.DUPLICATE, 0, index=0)
    Log([*ISSUED, REVOKED, duplicate]).publish(folder)
    publish_both(folder, [100])

    said = "\n".join(look())

    assert "cấp / issued: 4" in said
    assert "thu hồi / revoked: 1" in said
    assert "bản sao từ sổ gốc / copies from the register: 1" in said


# --- lists that say otherwise -----------------------------------------------------------------


def test_a_list_that_hides_a_revocation_is_named_with_place_and_entry(folder, look):
    Log([*ISSUED, REVOKED]).publish(folder)
    publish_both(folder, [])

    told = look()

    assert troubles(told) == ["status/revocation/1#100; 4"]
    assert "hides a revocation" in told[-1]


def test_a_list_that_takes_back_what_no_entry_takes_back_is_named(folder, look):
    Log([*ISSUED, REVOKED]).publish(folder)
    publish_both(folder, [100, 300, 77], [])

    assert troubles(look()) == ["status/revocation/1#77", "status/revocation/1#300"]


def test_a_list_that_calls_corrected_what_is_revoked_is_named(folder, look):
    Log([*ISSUED, REVOKED]).publish(folder)
    publish_both(folder, [100], [100])

    assert troubles(look()) == ["status/refresh/1#100; 4"]


def test_a_reinstated_certificate_still_in_the_list_a_day_later_is_named(folder, look):
    reinstated = entry(5, EntryKind.REINSTATE, 1, index=100)
    Log([*ISSUED, REVOKED, reinstated]).publish(folder)
    publish_both(folder, [100])

    assert troubles(look()) == ["status/revocation/1#100; 5"]


def test_a_list_need_not_know_what_was_entered_after_it_was_signed(folder, look):
    later = entry(4, EntryKind.REVOKE, 1, index=100, at=NOON + WEEK)
    Log([*ISSUED, later]).publish(folder)
    publish_both(folder, [], at=NOON + DAY)

    assert look(at=NOON + WEEK + DAY / 2)[-1] == WHOLE
    assert troubles(look(at=NOON + WEEK + 2 * DAY)) == ["status/revocation/1#100; 4"]


def test_a_missing_list_is_named_once_it_should_be_there(folder, look):
    Log(ISSUED).publish(folder)
    publish_list(folder, [])

    assert look(at=NOON + DAY / 2)[-1] == WHOLE
    assert troubles(look()) == ["status/refresh/1"]


def test_a_list_that_the_issuer_did_not_sign_is_named(folder, look, tmp_path):
    Log(ISSUED).publish(folder)
    publish_both(folder, [])
    other = tmp_path / "other.json"
    other.write_text(json.dumps(key_set([public(ec.generate_private_key(ec.SECP256R1()))])))

    told = look(issuers=other)

    assert [f"status/{each}/1: None of the trusted" in "".join(told) for each in PURPOSES] == [
        True
    ] * 2
    assert "its issuer did not sign it" in told[-1]


def test_a_list_in_the_place_of_another_is_named(folder, look):
    Log([*ISSUED, REVOKED]).publish(folder)
    publish_both(folder, [100])
    shown = folder / "status" / "revocation" / "1"
    shutil.copy(folder / "status" / "refresh" / "1", shown)

    assert "status/revocation/1: It is another list" in look()[-1]


# --- the same lists with their proof inside ---------------------------------------------------


def test_both_forms_of_a_list_are_held_against_the_log(folder, look):
    Log([*ISSUED, REVOKED]).publish(folder)
    publish_both(folder, [100])
    prove_list(folder, [100])
    prove_list(folder, [], purpose=Purpose.REFRESH)

    assert "4 danh sách" in look()[-2]

    prove_list(folder, [300])
    assert troubles(look()) == [
        "status-proved/revocation/1#100; 4",
        "status-proved/revocation/1#300",
    ]


@pytest.mark.parametrize("spoil", ["a token", "another's", "changed"])
def test_a_list_with_a_false_proof_is_named(folder, look, spoil):
    Log([*ISSUED, REVOKED]).publish(folder)
    publish_both(folder, [100])
    proved = prove_list(folder, [100])
    if spoil == "a token":
        shutil.copy(folder / "status" / "revocation" / "1", proved)
    elif spoil == "another's":
        proved.write_text(proved.read_text().replace("did:web:register", "did:web:other"))
    else:
        proved.write_text(proved.read_text().replace("revocation/1", "revocation/2"))

    told = look()

    assert "its issuer did not sign it" in told[-1]
    assert "status-proved/revocation/1" in told[-1]


def test_a_proved_list_does_not_stand_in_for_a_missing_token(folder, look):
    Log([*ISSUED, REVOKED]).publish(folder)
    publish_both(folder, [100])
    prove_list(folder, [100])
    (folder / "status" / "revocation" / "1").unlink()

    assert troubles(look()) == ["status/revocation/1"]


def test_a_site_that_tells_wallets_something_else_than_others_is_found(folder, tmp_path):
    """It hands out the token, which is true, and to who asks for it a document, which is not."""
    Log([*ISSUED, REVOKED]).publish(folder)
    publish_both(folder, [100])
    proved = prove_list(folder, [])
    shutil.move(folder / "status", tmp_path / "status")
    (tmp_path / "status-of-wallets").write_bytes(proved.read_bytes())
    proved.unlink()
    kept = tmp_path / "issuers.json"
    kept.write_text(json.dumps(key_set([public()])))
    told, lists = [], commands.StatusLists(NOON + WEEK, issuers=str(kept))
    to_wallets = {"/status/revocation/1": "/status-of-wallets"}

    with static_site(tmp_path, for_wallets=to_wallets) as address:
        code = commands.audit_register(
            f"{address}/log", [LOG_KEY.verifier.to_text()], lists=lists, tell=told.append
        )

    assert code == commands.REFUSED
    assert troubles(told) == ["status/revocation/1#100; 4"]


# --- what cannot be compared is said, and is no trouble ---------------------------------------


@pytest.mark.parametrize("way", ["no lists here", "no key of the issuer"])
def test_what_cannot_be_compared_is_said(folder, look, way):
    Log([*ISSUED, REVOKED]).publish(folder)
    if way != "no lists here":
        publish_both(folder, [])

    told = look(issuers=None if way != "no lists here" else "")

    assert any(line.startswith("? Chưa đối chiếu danh sách trạng thái") for line in told)
    assert told[-1] == WHOLE


def test_a_file_of_keys_that_is_none_is_wrong_use(folder, look, tmp_path):
    Log(ISSUED).publish(folder)

    assert "Not a key" in look(issuers=tmp_path / "nowhere.json")[-1]


def test_lists_and_keys_of_a_site_are_found_beside_its_log(folder, tmp_path):
    Log([*ISSUED, REVOKED]).publish(folder)
    publish_both(folder, [])
    shutil.move(folder / "status", tmp_path / "status")
    (tmp_path / "trust").mkdir()
    (tmp_path / "trust" / "issuers.json").write_text(json.dumps(key_set([public()])))
    told, lists = [], commands.StatusLists(NOON + WEEK)

    with static_site(tmp_path) as address:
        code = commands.audit_register(
            f"{address}/log", [LOG_KEY.verifier.to_text()], lists=lists, tell=told.append
        )

    assert code == commands.REFUSED
    assert troubles(told) == ["status/revocation/1#100; 4"]


# --- places in the log itself -----------------------------------------------------------------


def found_in(folder):
    return {
        (each.trouble, each.where) for each in audit(Folder(folder), [LOG_KEY.verifier]).findings
    }


def test_a_place_given_twice_is_found(folder):
    Log([*ISSUED, entry(4, index=100)]).publish(folder)

    assert found_in(folder) == {(Trouble.PLACE_SHARED, "4")}


def test_a_revocation_that_names_the_place_of_somebody_else_is_found(folder):
    Log([*ISSUED, entry(4, EntryKind.REVOKE, 1, index=200)]).publish(folder)

    assert found_in(folder) == {(Trouble.ENTRY_SENSELESS, "4")}


def test_behind_an_entry_that_makes_no_sense_places_are_followed_as_before(folder, look):
    """The next certificates and what happens to them are read as if it were not there."""
    senseless = entry(4, EntryKind.REVOKE, 77, index=100)
    issued, revoked = entry(5, index=500), entry(6, EntryKind.REVOKE, 5, index=500)
    Log([*ISSUED, senseless, issued, revoked]).publish(folder)
    publish_both(folder, [500])

    assert found_in(folder) == {(Trouble.ENTRY_SENSELESS, "4")}
    assert troubles(look()) == []


@given(st.lists(st.sampled_from(["revoke", "reinstate", "supersede", "duplicate"]), max_size=6))
def test_the_last_word_on_a_place_is_what_a_list_must_say(kinds):
    places = Places()
    places.give(place(5), 0)
    for at, kind in enumerate(kinds, start=1):
        assert places.note(kind, 0, at, place(5))

    changes = places.changes.get(place(5), [])
    force = [each for each in kinds if each in ("revoke", "reinstate")]
    is_revoked, is_corrected = force[-1:] == ["revoke"], "supersede" in kinds
    said = (
        (changes[-1].is_set("revocation"), changes[-1].is_set("refresh"))
        if changes
        else (False, False)
    )
    assert said == (is_revoked or is_corrected, is_corrected and not is_revoked)
