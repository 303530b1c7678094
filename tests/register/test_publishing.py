"""Entry bundles and cosignatures beside the tiles; what a web server gives out of them."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocvu.register.cosignature import WitnessKey, cosignatures_on, sign_cosignature
from hocvu.register.note import SignedNote, SigningKey
from hocvu.register.publishing import (
    TreesDisagree,
    cosigned_sizes,
    publish,
    publish_cosignatures,
)
from hocvu.register.tiles import (
    PublishedTree,
    TilesAreDamaged,
    bundle_of,
    entries_in,
    published_checkpoint,
    resource,
)
from register.log_scene import LOG_KEY, NOON, Log

TRUSTED = [LOG_KEY.verifier]
KEY = SigningKey.generate("witness.example/w1")
WITNESS = WitnessKey.of(KEY)


def grow(folder, log, *, starting_at):
    publish(
        folder,
        log.note,
        log.leaves[starting_at:],
        TRUSTED,
        starting_at=starting_at,
        entries=log.entries[starting_at:],
    )


def cosign(folder, log, *, at=NOON, key=KEY):
    signature = sign_cosignature(log.head.to_text(), key, at=at)
    publish_cosignatures(folder, log.note, [signature], TRUSTED)


def shown(folder):
    return SignedNote.from_text((folder / "checkpoint").read_text())


# --- entry bundles ----------------------------------------------------------------------------


def test_entries_lie_beside_the_tile_of_their_leaves(tmp_path):
    log = Log.of(300).publish(tmp_path)

    bundles = sorted(path for path in tmp_path.glob("tile/entries/**/*") if path.is_file())

    assert [str(path.relative_to(tmp_path)) for path in bundles] == [
        "tile/entries/000",
        "tile/entries/001.p/44",
    ]
    assert entries_in(bundles[0].read_bytes()) == log.entries[:256]
    assert bundles[1].read_bytes() == bundle_of(log.entries[256:])
    length = int.from_bytes(bundles[1].read_bytes()[:2], "big")
    assert bundles[1].read_bytes()[2 : 2 + length] == log.entries[256]


@settings(deadline=None, max_examples=10)
@given(sizes=st.lists(st.integers(0, 800), min_size=1, max_size=3).map(sorted))
def test_entries_published_step_by_step_are_all_there(tmp_path_factory, sizes):
    folder, shown_size = tmp_path_factory.mktemp("log"), 0

    for size in sizes:
        log = Log.of(size)
        grow(folder, log, starting_at=shown_size // 256 * 256)
        shown_size = size

    tree = PublishedTree(folder, log.head.head)
    bundles = [tree.read_bundle(index) for index in range(-(-shown_size // 256))]
    assert [each for bundle in bundles for each in bundle] == log.entries


def test_entries_that_are_not_what_the_leaves_are_hashes_of_are_never_published(tmp_path):
    log = Log.of(300)

    with pytest.raises(TreesDisagree, match="not the ones"):
        publish(tmp_path, log.note, log.leaves, TRUSTED, entries=log.rewritten(7).entries)

    assert published_checkpoint(tmp_path, TRUSTED) is None


def test_entries_are_published_from_the_beginning_of_a_bundle(tmp_path):
    Log.of(300).publish(tmp_path)

    with pytest.raises(TreesDisagree, match="in between"):
        grow(tmp_path, Log.of(400), starting_at=300)


def test_a_damaged_bundle_is_noticed(tmp_path):
    log = Log.of(300).publish(tmp_path)
    tree = PublishedTree(tmp_path, log.head.head)
    bundle = tmp_path / "tile/entries/000"

    bundle.write_bytes(bundle.read_bytes()[:-1])
    with pytest.raises(TilesAreDamaged, match="middle"):
        tree.read_bundle(0)
    bundle.write_bytes(bundle_of(log.entries[:255]))
    with pytest.raises(TilesAreDamaged, match="number"):
        tree.read_bundle(0)
    bundle.unlink()
    with pytest.raises(TilesAreDamaged, match="missing"):
        tree.read_bundle(0)


# --- cosignatures -----------------------------------------------------------------------------


def test_cosignatures_are_shown_with_the_head_and_among_the_earlier_ones(tmp_path):
    log = Log.of(7).publish(tmp_path)

    cosign(tmp_path, log)

    assert [each.at for each in cosignatures_on(shown(tmp_path), [WITNESS])] == [NOON]
    assert published_checkpoint(tmp_path, TRUSTED) == log.head
    assert cosigned_sizes(tmp_path) == [7]
    assert (tmp_path / "cosigned/007").read_text() == shown(tmp_path).to_text()


def test_publishing_the_same_head_again_keeps_its_cosignatures(tmp_path):
    log = Log.of(7).publish(tmp_path)
    cosign(tmp_path, log)

    log.publish(tmp_path)

    assert cosignatures_on(shown(tmp_path), [WITNESS])


def test_a_cosignature_that_comes_late_is_kept_with_its_own_head(tmp_path):
    log = Log.of(7).publish(tmp_path)
    log.grown(3).publish(tmp_path)

    cosign(tmp_path, log)

    assert shown(tmp_path).text == log.grown(3).head.to_text()
    assert cosignatures_on(shown(tmp_path), [WITNESS]) == []
    assert cosigned_sizes(tmp_path) == [7]


def test_cosignatures_of_several_witnesses_come_together(tmp_path):
    log = Log.of(1234).publish(tmp_path)
    other = SigningKey.generate("witness.example/w2")

    cosign(tmp_path, log)
    cosign(tmp_path, log, key=other)
    cosign(tmp_path, log, at=NOON + timedelta(hours=1))

    for note in (
        shown(tmp_path),
        SignedNote.from_text((tmp_path / "cosigned/x001/234").read_text()),
    ):
        found = cosignatures_on(note, [WITNESS, WitnessKey.of(other)])
        assert {each.witness.name for each in found} == {KEY.name, other.name}
        assert max(each.at for each in found) == NOON + timedelta(hours=1)


# --- serving ----------------------------------------------------------------------------------


@pytest.fixture
def served(tmp_path):
    cosign(tmp_path, Log.of(300).publish(tmp_path))
    (tmp_path / "register.key").write_text("secret")
    (tmp_path / "tile/secret").write_text("secret")
    return tmp_path


@pytest.mark.parametrize(
    ("path", "content_type", "is_immutable"),
    [
        ("checkpoint", "text/plain; charset=utf-8", False),
        ("tile/0/000", "application/octet-stream", True),
        ("tile/0/001.p/44", "application/octet-stream", True),
        ("tile/1/000.p/1", "application/octet-stream", True),
        ("tile/entries/000", "application/octet-stream", True),
        ("cosigned/300", "text/plain; charset=utf-8", False),
        ("cosigned/sizes", "text/plain; charset=utf-8", False),
    ],
)
def test_every_file_of_the_log_is_given_out(served, path, content_type, is_immutable):
    found = resource(served, path)

    assert found.content == (served / path).read_bytes()
    assert (found.content_type, found.is_immutable) == (content_type, is_immutable)


@pytest.mark.parametrize(
    "path",
    [
        "",
        ".",
        "register.key",
        "tile/secret",
        "tile/0",
        "tile/0/001",
        "tile/00/000",
        "tile/0/0000",
        "tile/0/000/",
        "tile/64/000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/../register.key",
        "../checkpoint",
        "/checkpoint",
        "tile/0/٠٠٠",
        "cosigned/007",
        "checkpoint\n",
    ],
)
def test_nothing_else_is_given_out(served, path):
    assert resource(served, path) is None


def test_a_path_that_names_a_folder_is_nothing(served):
    Path(served, "tile/0/002").mkdir()

    assert resource(served, "tile/0/002") is None
