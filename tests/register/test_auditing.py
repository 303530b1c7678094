from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocvu.register.auditing import EarlierHead, NotCosigned, Trouble, audit, earlier_head
from hocvu.register.cosignature import WitnessKey, sign_cosignature
from hocvu.register.entries import EntryKind
from hocvu.register.note import NoteIsForged, SignedNote, SigningKey
from hocvu.register.publishing import publish, publish_cosignatures
from hocvu.register.tiles import Folder, bundle_of
from register.log_scene import LOG_KEY, NOON, Log, entry

TRUSTED = [LOG_KEY.verifier]
KEY = SigningKey.generate("witness.example/w1")
WITNESS = WitnessKey.of(KEY)
SIZE = 70_000  # three levels of tiles
LARGE = Log.of(SIZE)


def audited(folder, *, earlier=(), has_entries=True):
    return audit(
        Folder(folder), TRUSTED, witness_keys=[WITNESS], earlier=earlier, has_entries=has_entries
    )


def findings(folder, **options):
    return {(each.trouble, each.where) for each in audited(folder, **options).findings}


def troubles(folder, **options):
    return {trouble for trouble, _ in findings(folder, **options)}


def remembered(log):
    return EarlierHead(log.head.head, "remembered")


def cosign(folder, log, *, at):
    signature = sign_cosignature(log.head.to_text(), KEY, at=at)
    publish_cosignatures(folder, log.note, [signature], TRUSTED)


def spoil(path, at=-1):
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    folder = tmp_path_factory.mktemp("large")
    publish(folder, LARGE.note, LARGE.leaves, TRUSTED)
    return folder


# --- a log that is whole ----------------------------------------------------------------------


@settings(deadline=None, max_examples=15)
@given(size=st.integers(0, 1500), data=st.data())
def test_a_whole_log_of_any_size_continues_every_head_it_ever_had(tmp_path_factory, size, data):
    folder = tmp_path_factory.mktemp("log")
    log = Log.of(size).publish(folder)
    sizes = data.draw(st.lists(st.integers(0, size), max_size=6))

    found = audited(folder, earlier=[remembered(Log.of(each)) for each in sizes])

    assert found.is_whole, found.findings
    assert found.checkpoint == log.head


def test_a_log_with_three_levels_of_tiles_is_whole(large):
    sizes = (1, 256, 65_535, 65_536, 65_537, 66_048, 69_999, SIZE)
    earlier = [remembered(Log(LARGE.entries[:size])) for size in sizes]

    assert audited(large, earlier=earlier, has_entries=False).is_whole


def test_a_whole_log_names_the_witnesses_of_its_head(tmp_path):
    log = Log.of(7).publish(tmp_path)
    cosign(tmp_path, log, at=NOON + timedelta(hours=2))

    (found,) = audited(tmp_path).cosignatures

    assert (found.witness, found.at) == (WITNESS, NOON + timedelta(hours=2))


def test_the_audit_tells_how_far_it_is(tmp_path):
    Log.of(600).publish(tmp_path)
    told = []

    audit(Folder(tmp_path), TRUSTED, progress=told.append)

    assert told == [256, 512, 600]


# --- a head that is none ----------------------------------------------------------------------


def test_a_folder_without_a_log_is_not_whole(tmp_path):
    found = audited(tmp_path)

    assert not found.is_whole
    assert [each.trouble for each in found.findings] == [Trouble.NO_HEAD]


def test_a_log_signed_by_a_stranger_is_not_whole(tmp_path):
    Log.of(7).publish(tmp_path)

    found = audit(Folder(tmp_path), [SigningKey.generate(LOG_KEY.name).verifier])

    assert [each.trouble for each in found.findings] == [Trouble.NO_HEAD]


def test_a_cosignature_that_the_witness_did_not_make_is_named(tmp_path):
    log = Log.of(7).publish(tmp_path)
    signature = sign_cosignature("another text\n", KEY, at=NOON)
    publish_cosignatures(tmp_path, log.note, [signature], TRUSTED)

    assert troubles(tmp_path) == {Trouble.COSIGNATURE_FORGED}


# --- damaged files ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "tile", ["tile/0/000", "tile/0/272", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1"]
)
def test_a_changed_tile_is_named(large, tile):
    path = large / tile
    whole = path.read_bytes()
    spoil(path)

    found = findings(large, has_entries=False)

    path.write_bytes(whole)
    assert any(tile in where for _, where in found)
    assert {trouble for trouble, _ in found} <= {Trouble.TILES_DISAGREE, Trouble.ROOT_DIFFERS}


def test_a_changed_last_tile_is_noticed(tmp_path):
    Log.of(300).publish(tmp_path)
    spoil(tmp_path / "tile/0/001.p/44")

    assert troubles(tmp_path, has_entries=False) == {Trouble.ROOT_DIFFERS}


@pytest.mark.parametrize("tile", ["tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1"])
def test_a_missing_or_shortened_tile_is_named(tmp_path, tile):
    Log.of(300).publish(tmp_path)
    path = tmp_path / tile

    path.write_bytes(path.read_bytes()[:-1])
    assert (Trouble.TILE_DAMAGED, f"{tile} has the wrong length.") in findings(tmp_path)
    path.unlink()
    assert (Trouble.TILE_DAMAGED, f"{tile} is missing.") in findings(tmp_path)


def test_what_stands_behind_a_missing_tile_is_still_checked(tmp_path):
    log = Log.of(900).publish(tmp_path)
    (tmp_path / "tile/0/001").unlink()
    spoil(tmp_path / "tile/entries/002")

    found = findings(tmp_path, earlier=[remembered(Log(log.entries[:600]))])

    assert {where for _, where in found} == {"tile/0/001 is missing.", "767"}


def test_a_changed_entry_is_named_by_its_number(tmp_path):
    log = Log.of(300).publish(tmp_path)
    bundle = tmp_path / "tile/entries/001.p/44"
    bundle.write_bytes(bundle_of(log.rewritten(260).entries[256:]))

    assert findings(tmp_path) == {(Trouble.ENTRY_CHANGED, "260")}


def test_a_missing_bundle_is_named(tmp_path):
    Log.of(300).publish(tmp_path)
    (tmp_path / "tile/entries/000").unlink()

    assert findings(tmp_path) == {(Trouble.TILE_DAMAGED, "tile/entries/000 is missing.")}
    assert findings(tmp_path, has_entries=False) == set()


# --- a history that was rewritten -------------------------------------------------------------


def anew(folder, log):
    """Everything published anew by somebody who has the log's key and the folder."""
    for path in sorted(folder.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    log.publish(folder)


def test_a_log_rewritten_with_its_own_key_is_whole_to_whoever_knows_nothing_earlier(tmp_path):
    anew(tmp_path, Log.of(300).rewritten(7))

    assert audited(tmp_path).is_whole


@settings(deadline=None, max_examples=15)
@given(changed=st.integers(0, 299), data=st.data())
def test_a_rewritten_log_is_none_that_continues_what_was_remembered(
    tmp_path_factory, changed, data
):
    folder = tmp_path_factory.mktemp("log")
    log = Log.of(300)
    known = data.draw(st.integers(changed + 1, 300))
    anew(folder, log.rewritten(changed).grown(data.draw(st.integers(0, 300))))

    found = findings(folder, earlier=[remembered(Log(log.entries[:known]))])

    assert found == {(Trouble.HISTORY_REWRITTEN, f"0 – {known} (remembered)")}


def test_where_a_history_was_rewritten_is_narrowed_down_by_every_head_that_is_known(tmp_path):
    log = Log.of(300)
    anew(tmp_path, log.rewritten(150))
    earlier = [remembered(Log(log.entries[:size])) for size in (300, 100, 200)]

    found = findings(tmp_path, earlier=earlier)

    assert (Trouble.HISTORY_REWRITTEN, "100 – 200 (remembered)") in found


def test_a_tail_that_was_cut_is_noticed(tmp_path):
    anew(tmp_path, Log.of(299))

    found = findings(tmp_path, earlier=[remembered(Log.of(300))])

    assert found == {(Trouble.TAIL_CUT, "299 < 300 (remembered)")}


def test_heads_published_as_cosigned_bind_the_log(tmp_path):
    log = Log.of(300).publish(tmp_path)
    cosign(tmp_path, log, at=NOON + timedelta(hours=1))
    rewritten = log.rewritten(7).grown(3)
    for tile in tmp_path.rglob("tile/*/*"):
        if tile.is_file():
            tile.unlink()
    (tmp_path / "checkpoint").unlink()
    rewritten.publish(tmp_path)

    assert (Trouble.HISTORY_REWRITTEN, "0 – 300 (cosigned/300)") in findings(tmp_path)


# --- what entries tell ------------------------------------------------------------------------


def told(tmp_path, *entries):
    """An audit of a log of these entries."""
    Log([*entries]).publish(tmp_path)
    return findings(tmp_path)


def test_a_certificate_can_be_revoked_reinstated_and_revoked_again(tmp_path):
    assert not told(
        tmp_path,
        entry(0),
        entry(1, EntryKind.REVOKE, 0),
        entry(2, EntryKind.REINSTATE, 0),
        entry(3, EntryKind.DUPLICATE, 0),
        entry(4, EntryKind.SUPERSEDE, 0),
        entry(5, EntryKind.REISSUE, 0),
        entry(6, EntryKind.REVOKE, 0),
    )


@pytest.mark.parametrize(
    ("story", "number"),
    [
        ([entry(0), entry(1, EntryKind.REVOKE, 1)], 1),
        ([entry(0), entry(1, EntryKind.REVOKE, 5)], 1),
        ([entry(0), entry(1, EntryKind.REINSTATE, 0)], 1),
        ([entry(0), entry(1, EntryKind.REVOKE, 0), entry(2, EntryKind.REVOKE, 0)], 2),
        ([entry(0), entry(1, EntryKind.REVOKE, 0), entry(2, EntryKind.DUPLICATE, 1)], 2),
        ([entry(0), b"no entry"], 1),
    ],
)
def test_an_entry_that_cannot_be_is_named(tmp_path, story, number):
    assert told(tmp_path, *story) == {(Trouble.ENTRY_SENSELESS, str(number))}


def test_a_clock_that_was_set_back_is_named(tmp_path):
    found = told(
        tmp_path,
        entry(0),
        entry(1, at=NOON - timedelta(minutes=59)),
        entry(2, at=NOON - timedelta(days=30)),
        entry(3),
    )

    assert found == {(Trouble.CLOCK_SET_BACK, "2")}


def test_an_entry_that_claims_a_moment_when_a_witness_saw_the_log_without_it_is_named(tmp_path):
    log = Log.of(3).publish(tmp_path)
    cosign(tmp_path, log, at=NOON + timedelta(days=10))
    claims_last_week = entry(3, at=NOON + timedelta(days=3))
    Log([*log.entries, claims_last_week, entry(4, at=NOON + timedelta(days=11))]).publish(tmp_path)

    assert findings(tmp_path) == {(Trouble.BACK_DATED, "3")}


def test_a_witness_of_one_s_own_shows_back_dating_too(tmp_path):
    Log([entry(0), entry(1, at=NOON + timedelta(days=1))]).publish(tmp_path)
    seen = replace(remembered(Log.of(1)), seen_at=NOON + timedelta(days=5))

    assert findings(tmp_path, earlier=[seen]) == {(Trouble.BACK_DATED, "1")}


def old_log(*, withheld, entries):
    """A log that began with entries of version 1, which are not published."""
    log = Log([*(f"version 1, {number}".encode() for number in range(withheld)), *entries])
    return log, [b""] * withheld + [*entries]


def test_entries_that_are_not_published_may_stand_at_the_beginning(tmp_path):
    new = [entry(number) for number in range(300, 400)]
    log, shown = old_log(withheld=300, entries=[*new, entry(500, EntryKind.REVOKE, 7)])
    publish(tmp_path, log.note, log.leaves, TRUSTED, entries=shown)

    assert audited(tmp_path).is_whole


def test_no_entry_is_withheld_after_one_that_is_published(tmp_path):
    new = [entry(number) for number in range(300, 400)]
    log, shown = old_log(withheld=300, entries=new)
    publish(tmp_path, log.note, log.leaves, TRUSTED, entries=[*shown[:-1], b""])

    assert findings(tmp_path) == {(Trouble.ENTRY_CHANGED, "399")}


# --- heads known from elsewhere ---------------------------------------------------------------


def test_a_head_that_was_kept_is_read_once_it_is_verified():
    assert earlier_head(Log.of(7).note, TRUSTED) == remembered(Log.of(7))

    with pytest.raises(NoteIsForged):
        earlier_head(Log.of(7, key=SigningKey.generate(LOG_KEY.name)).note, TRUSTED)


def test_a_head_that_a_witness_shows_was_cosigned_by_it():
    log = Log.of(7)
    signature = sign_cosignature(log.head.to_text(), KEY, at=NOON)
    note = SignedNote.from_text(log.note).with_signatures([signature]).to_text()

    assert earlier_head(note, TRUSTED, WITNESS) == EarlierHead(log.head.head, KEY.name, NOON)

    with pytest.raises(NotCosigned):
        earlier_head(log.note, TRUSTED, WITNESS)
