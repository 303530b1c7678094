import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocvu.register.entries import EntryKind
from hocvu.register.following import Event, read_on
from hocvu.register.merkle import Frontier
from hocvu.register.tiles import Folder, TilesAreDamaged, bundle_of
from register.log_scene import Log, entry


def followed(folder, log, so_far=None):
    return read_on(Folder(folder), so_far or Frontier(), log.head.head)


@settings(deadline=None, max_examples=15)
@given(sizes=st.lists(st.integers(0, 800), min_size=1, max_size=4).map(sorted))
def test_a_log_read_step_by_step_is_read_whole_and_once(tmp_path_factory, sizes):
    folder, frontier, numbers = tmp_path_factory.mktemp("log"), Frontier(), []

    for size in sizes:
        reading = followed(folder, Log.of(size).publish(folder), frontier)
        frontier = reading.frontier
        numbers += [each.index for each in reading.events]

    assert numbers == list(range(sizes[-1]))
    assert frontier.head() == Log.of(sizes[-1]).head.head


def test_an_event_says_what_happened_to_which_issue(tmp_path):
    log = Log([entry(0), entry(1, EntryKind.REVOKE, 0)]).publish(tmp_path)

    issued, revoked = followed(tmp_path, log).events

    assert (issued.kind, issued.of) == (EntryKind.ISSUE, None)
    assert revoked == Event(1, EntryKind.REVOKE, 0, revoked.at)


def test_a_log_that_was_rewritten_is_not_read_on(tmp_path):
    log = Log.of(300)
    frontier = Frontier().extend(log.leaves)
    rewritten = log.rewritten(7).grown(100).publish(tmp_path)

    with pytest.raises(TilesAreDamaged, match="lead"):
        followed(tmp_path, rewritten, frontier)


def test_an_exchanged_entry_is_not_read(tmp_path):
    log = Log.of(300).publish(tmp_path)
    (tmp_path / "tile/entries/000").write_bytes(bundle_of(log.rewritten(9).entries[:256]))

    with pytest.raises(TilesAreDamaged, match="Entry 9"):
        followed(tmp_path, log)


def test_a_changed_leaf_is_not_read(tmp_path):
    log = Log.of(300).publish(tmp_path)
    tile = tmp_path / "tile/0/001.p/44"
    tile.write_bytes(tile.read_bytes()[::-1])

    with pytest.raises(TilesAreDamaged):
        followed(tmp_path, log)
