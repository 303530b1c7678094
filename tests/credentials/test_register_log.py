"""The register's log beyond its first tile: published step by step, cosigned, followed."""

import pytest
from django.conf import settings

from credentials.evil_scene import head_signed_by, triggers_disabled, undone
from credentials.recognition_scene import NOON
from hocvu.credentials.actions.log import publish_log
from hocvu.credentials.models import LogCheckpoint, RegisterEntry
from hocvu.credentials.queries.logged import NotInLog, prove_in_published_log
from hocvu.register.auditing import audit
from hocvu.register.checkpoint import Checkpoint
from hocvu.register.entries import EntryKind
from hocvu.register.entries import RegisterEntry as Leaf
from hocvu.register.following import read_on
from hocvu.register.merkle import Frontier, leaf_hash
from hocvu.register.tiles import Folder, published_checkpoint
from hocvu.trust.actions.register_key import register_signing_key
from hocvu.trust.queries.believed import register_keys


@pytest.fixture(autouse=True)
def all_of_it_undone(db):
    with undone():
        yield


def leaf(number):
    return Leaf(EntryKind.ISSUE, None, bytes(32), number.to_bytes(32, "big"), None, NOON).to_bytes()


def enter(certificate, person, up_to):
    """Rows up to this size and their signed head, as if certificates stood behind them."""
    start = RegisterEntry.objects.count()
    with triggers_disabled():
        RegisterEntry.objects.bulk_create(
            RegisterEntry(
                leaf_index=index,
                event="duplicate",
                certificate=certificate,
                at=NOON,
                by=person,
                salt=bytes(32),
                leaf=leaf(index),
                leaf_hash=leaf_hash(leaf(index)),
            )
            for index in range(start, up_to)
        )
        frontier, note = head_signed_by(register_signing_key(), up_to)
        LogCheckpoint.objects.create(size=up_to, note=note, frontier=frontier.to_bytes(), at=NOON)


def shown():
    return published_checkpoint(settings.REGISTER_FOLDER, register_keys())


def test_a_log_that_grows_beyond_its_tiles_is_published_whole(certificate, registrar):
    frontier = Frontier()
    for size in (255, 256, 257, 512, 900):
        enter(certificate, registrar, size)
        publish_log()

        found = audit(Folder(settings.REGISTER_FOLDER), register_keys())
        assert (found.is_whole, found.checkpoint.size) == (True, size), found.findings
        frontier = read_on(Folder(settings.REGISTER_FOLDER), frontier, shown().head).frontier
    assert frontier.head() == shown().head


def test_what_was_left_unpublished_by_a_killed_process_is_published_later(certificate, registrar):
    for size in (300, 301, 650):  # three heads were committed, none was published
        enter(certificate, registrar, size)

    publish_log()

    assert shown() == Checkpoint(settings.REGISTER_ORIGIN, 650, shown().root)
    assert audit(Folder(settings.REGISTER_FOLDER), register_keys()).is_whole


def test_tiles_damaged_behind_the_last_are_mended_when_the_log_grows(certificate, registrar):
    enter(certificate, registrar, 600)
    publish_log()
    (settings.REGISTER_FOLDER / "tile/1/000.p/2").write_bytes(bytes(64))
    (settings.REGISTER_FOLDER / "tile/entries/000").unlink()

    enter(certificate, registrar, 700)
    publish_log()

    assert audit(Folder(settings.REGISTER_FOLDER), register_keys()).is_whole


def test_a_missing_bundle_is_mended_when_everything_is_published_anew(certificate, registrar):
    enter(certificate, registrar, 600)
    publish_log()
    bundle = settings.REGISTER_FOLDER / "tile/entries/000"
    whole = bundle.read_bytes()
    bundle.unlink()

    publish_log(anew=True)

    assert bundle.read_bytes() == whole


def test_an_entry_is_in_the_log_once_it_is_published(certificate, registrar):
    enter(certificate, registrar, 300)
    last = RegisterEntry.objects.get(leaf_index=299)
    with pytest.raises(NotInLog):
        prove_in_published_log(last)

    publish_log()

    assert prove_in_published_log(last).size == 300
