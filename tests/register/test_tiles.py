"""Vectors: the paths and tile counts given as examples in C2SP tlog-tiles."""

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocvu.register.checkpoint import Checkpoint, sign_checkpoint
from hocvu.register.merkle import (
    TreeHead,
    consistency_proof,
    hashes_in,
    inclusion_proof,
    leaf_hash,
    root_of,
    verify_inclusion,
)
from hocvu.register.note import NoteIsForged, SigningKey
from hocvu.register.publishing import PublicationWouldMoveBackwards, TreesDisagree, publish
from hocvu.register.tiles import (
    PublishedTree,
    TilesAreDamaged,
    published_checkpoint,
    tile_path,
)

KEY = SigningKey.generate("register.example/2026")
TRUSTED = [KEY.verifier]
LEAVES = [leaf_hash(number.to_bytes(4, "big")) for number in range(70_000)]


def signed(leaves, key=KEY):
    return sign_checkpoint(Checkpoint(key.name, len(leaves), root_of(leaves)), key)


def show(folder, size, *, starting_at=0):
    return publish(
        folder, signed(LEAVES[:size]), LEAVES[starting_at:size], TRUSTED, starting_at=starting_at
    )


def files_in(folder):
    return {
        path.relative_to(folder): (path.read_bytes(), path.stat().st_ino)
        for path in folder.rglob("*")
        if path.is_file()
    }


def contents_of(folder):
    return {path: content for path, (content, _) in files_in(folder).items()}


def shown(folder):
    checkpoint = published_checkpoint(folder, TRUSTED)
    return PublishedTree(folder, checkpoint.head).leaf_hashes()


@pytest.mark.parametrize(
    ("level", "index", "width", "path"),
    [
        (0, 1234067, 256, "tile/0/x001/x234/067"),
        (0, 0, 256, "tile/0/000"),
        (1, 999, 17, "tile/1/999.p/17"),
        (0, 1000, 1, "tile/0/x001/000.p/1"),
    ],
)
def test_tiles_lie_where_the_standard_says(level, index, width, path):
    assert tile_path(level, index, width) == Path(path)


def test_a_tree_of_70000_leaves_has_the_tiles_of_the_standards_example(tmp_path):
    show(tmp_path, 70_000)

    tiles = [str(path) for path in files_in(tmp_path) if path.parts[0] == "tile"]
    assert sorted(path for path in tiles if not path.startswith("tile/0/")) == [
        "tile/1/000",
        "tile/1/001.p/17",
        "tile/2/000.p/1",
    ]
    assert sum(path.startswith("tile/0/") for path in tiles) == 274
    assert "tile/0/273.p/112" in tiles


def test_a_tree_of_256_leaves_has_one_full_tile_and_its_root_above(tmp_path):
    show(tmp_path, 256)

    assert set(files_in(tmp_path)) == {
        Path("checkpoint"),
        Path("tile/0/000"),
        Path("tile/1/000.p/1"),
    }
    assert (tmp_path / "tile/1/000.p/1").read_bytes() == root_of(LEAVES[:256])


def test_what_was_published_is_read_back_and_verified(tmp_path):
    checkpoint = show(tmp_path, 1000)

    assert published_checkpoint(tmp_path, TRUSTED) == checkpoint
    assert shown(tmp_path) == LEAVES[:1000]
    assert hashes_in((tmp_path / "tile/0/003.p/232").read_bytes()) == LEAVES[768:1000]


def test_nothing_is_published_where_there_is_no_checkpoint(tmp_path):
    assert published_checkpoint(tmp_path, TRUSTED) is None


def test_the_empty_log_is_published_as_a_checkpoint_alone(tmp_path):
    show(tmp_path, 0)

    assert set(files_in(tmp_path)) == {Path("checkpoint")}
    assert shown(tmp_path) == []


def test_publishing_the_same_again_touches_no_file(tmp_path):
    show(tmp_path, 700)
    before = files_in(tmp_path)

    show(tmp_path, 700)
    show(tmp_path, 700, starting_at=700)

    assert files_in(tmp_path) == before


@settings(deadline=None, max_examples=15)
@given(sizes=st.lists(st.integers(0, 1500), min_size=1, max_size=4).map(sorted), data=st.data())
def test_a_log_published_step_by_step_shows_the_same_tree_and_keeps_what_it_showed(
    tmp_path_factory, sizes, data
):
    stepwise, at_once = tmp_path_factory.mktemp("stepwise"), tmp_path_factory.mktemp("at_once")
    size = 0
    for next_size in sizes:
        before = contents_of(stepwise)
        show(stepwise, next_size, starting_at=data.draw(st.integers(0, size)))
        size = next_size
        after = contents_of(stepwise)
        before.pop(Path("checkpoint"), None)
        assert before.items() <= after.items()

    show(at_once, size)

    assert contents_of(at_once).items() <= contents_of(stepwise).items()
    assert shown(stepwise) == LEAVES[:size]


def test_proofs_come_from_a_few_tiles(tmp_path):
    head = show(tmp_path, 70_000).head
    tree = PublishedTree(tmp_path, head)

    proof = inclusion_proof(tree, 12_345)

    assert verify_inclusion(LEAVES[12_345], 12_345, proof, head).head == head
    assert consistency_proof(tree, 1_234) == consistency_proof(LEAVES, 1_234)
    assert len(tree._tiles) <= 8


def test_a_smaller_tree_is_never_published_over_a_larger_one(tmp_path):
    show(tmp_path, 300)
    before = files_in(tmp_path)

    with pytest.raises(PublicationWouldMoveBackwards):
        show(tmp_path, 299)

    assert files_in(tmp_path) == before


@pytest.mark.parametrize("new_size", [300, 301, 900])
def test_a_tree_with_another_past_is_never_published(tmp_path, new_size):
    show(tmp_path, 300)
    before = files_in(tmp_path)
    rewritten = [*LEAVES[:new_size]]
    rewritten[7] = leaf_hash(b"rewritten")

    with pytest.raises(TreesDisagree):
        publish(tmp_path, signed(rewritten), rewritten, TRUSTED)
    with pytest.raises(TreesDisagree):
        publish(tmp_path, signed(rewritten), rewritten[300:], TRUSTED, starting_at=300)

    assert files_in(tmp_path) == before


def test_leaves_that_do_not_make_the_signed_tree_are_never_published(tmp_path):
    wrong = [*LEAVES[:299], leaf_hash(b"wrong")]

    with pytest.raises(TreesDisagree):
        publish(tmp_path, signed(LEAVES[:300]), wrong, TRUSTED)

    assert files_in(tmp_path) == {}


def test_too_few_leaves_for_the_signed_size_are_refused(tmp_path):
    with pytest.raises(TreesDisagree, match="299 leaves from 0 are not 300"):
        publish(tmp_path, signed(LEAVES[:300]), LEAVES[:299], TRUSTED)


@pytest.mark.parametrize("starting_at", [-1, 301])
def test_a_gap_after_the_published_leaves_is_refused(tmp_path, starting_at):
    show(tmp_path, 300)

    with pytest.raises(TreesDisagree):
        publish(tmp_path, signed(LEAVES[:400]), LEAVES[301:400], TRUSTED, starting_at=starting_at)


def test_a_forged_checkpoint_is_never_published(tmp_path):
    forged = signed(LEAVES[:10], SigningKey.generate(KEY.name))

    with pytest.raises(NoteIsForged):
        publish(tmp_path, forged, LEAVES[:10], TRUSTED)

    assert files_in(tmp_path) == {}


def test_another_log_is_never_published_over_this_one(tmp_path):
    other = SigningKey.generate("other.example")
    show(tmp_path, 10)

    with pytest.raises(TreesDisagree):
        publish(tmp_path, signed(LEAVES[:20], other), LEAVES[:20], [*TRUSTED, other.verifier])


def test_a_published_checkpoint_that_was_tampered_with_stops_publication(tmp_path):
    show(tmp_path, 300)
    checkpoint = tmp_path / "checkpoint"
    checkpoint.write_bytes(checkpoint.read_bytes().replace(b"\n300\n", b"\n200\n"))

    with pytest.raises(NoteIsForged):
        show(tmp_path, 400)


@pytest.mark.parametrize("tile", ["tile/0/000", "tile/0/001.p/44"])
def test_a_tampered_tile_is_noticed(tmp_path, tile):
    head = show(tmp_path, 300).head
    content = bytearray((tmp_path / tile).read_bytes())
    content[-1] ^= 1
    (tmp_path / tile).write_bytes(content)

    with pytest.raises(TilesAreDamaged):
        PublishedTree(tmp_path, head).leaf_hashes()


def test_the_log_does_not_grow_from_a_tampered_tile(tmp_path):
    show(tmp_path, 300)
    tile = tmp_path / "tile/0/001.p/44"
    tile.write_bytes(tile.read_bytes()[::-1])
    before = files_in(tmp_path)

    with pytest.raises(TreesDisagree):
        show(tmp_path, 400, starting_at=300)

    assert files_in(tmp_path) == before


def test_a_missing_or_shortened_tile_is_noticed(tmp_path):
    head = show(tmp_path, 300).head
    (tmp_path / "tile/0/001.p/44").write_bytes(b"short")
    with pytest.raises(TilesAreDamaged, match="length"):
        PublishedTree(tmp_path, head).leaf_hashes()

    (tmp_path / "tile/0/000").unlink()
    with pytest.raises(TilesAreDamaged, match="missing"):
        PublishedTree(tmp_path, head).leaf_hashes()


def test_publishing_all_leaves_again_mends_damaged_tiles(tmp_path):
    show(tmp_path, 300)
    sound = contents_of(tmp_path)
    (tmp_path / "tile/0/000").unlink()
    (tmp_path / "tile/0/001.p/44").write_bytes(b"short")

    show(tmp_path, 300)

    assert contents_of(tmp_path) == sound


def test_a_full_tile_serves_a_reader_whose_partial_tile_was_removed(tmp_path):
    earlier = show(tmp_path, 300).head
    show(tmp_path, 512)
    (tmp_path / "tile/0/001.p/44").unlink()

    assert PublishedTree(tmp_path, earlier).leaf_hashes() == LEAVES[:300]


def test_a_reader_of_an_earlier_checkpoint_still_finds_its_tree(tmp_path):
    earlier = show(tmp_path, 300).head

    show(tmp_path, 1000)

    assert PublishedTree(tmp_path, earlier).leaf_hashes() == LEAVES[:300]


def test_the_published_tree_must_have_the_root_the_reader_trusts(tmp_path):
    show(tmp_path, 300)

    with pytest.raises(TilesAreDamaged):
        PublishedTree(tmp_path, TreeHead(300, bytes(32))).leaf_hashes()


class PowerCut(BaseException):
    """Nothing in the program answers this."""


@pytest.mark.parametrize("renames_before", range(7))
def test_a_power_cut_while_publishing_leaves_the_old_tree_and_can_be_made_good(
    tmp_path, monkeypatch, renames_before
):
    show(tmp_path, 300)
    rename, left = os.replace, iter(range(renames_before))

    def rename_until_the_power_goes(source, target):
        if next(left, None) is None:
            raise PowerCut
        rename(source, target)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", rename_until_the_power_goes)
        with pytest.raises(PowerCut):
            show(tmp_path, 1400)
    assert shown(tmp_path) == LEAVES[:300]

    show(tmp_path, 1400, starting_at=300)
    assert shown(tmp_path) == LEAVES[:1400]
    assert not list(tmp_path.rglob(".*.new"))


def test_of_several_publishers_at_once_the_longest_tree_remains(tmp_path):
    def publish_unless_overtaken(size):
        with suppress(PublicationWouldMoveBackwards):
            show(tmp_path, size)

    with ThreadPoolExecutor(6) as publishers:
        list(publishers.map(publish_unless_overtaken, [600, 100, 900, 300, 0, 700]))

    assert shown(tmp_path) == LEAVES[:900]
