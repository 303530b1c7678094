"""Leaves of one tile are proved together: as strictly as one by one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocvu.register.checkpoint import Checkpoint, sign_checkpoint
from hocvu.register.errors import RegisterRefusal
from hocvu.register.merkle import HASH_BYTES, leaf_hash, root_of
from hocvu.register.note import SigningKey
from hocvu.register.publishing import publish
from hocvu.register.tiles import WIDTH, published_checkpoint, tile_path
from hocvu.verification.queries.published import NotInLog, PublishedLog

KEY = SigningKey.generate("register.example/2026")
LEAVES = [leaf_hash(number.to_bytes(4, "big")) for number in range(1_500)]
SIZES = st.integers(1, len(LEAVES))


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A function that publishes so many leaves in a folder of their own."""

    def done(size):
        folder = tmp_path_factory.mktemp("published")
        note = sign_checkpoint(Checkpoint(KEY.name, size, root_of(LEAVES[:size])), KEY)
        publish(folder, note, LEAVES[:size], [KEY.verifier])
        return folder, published_checkpoint(folder, [KEY.verifier])

    return done


@settings(deadline=None, max_examples=20)
@given(size=SIZES, data=st.data())
def test_every_leaf_is_proved_and_no_other_in_its_place(published, size, data):
    log = PublishedLog(*published(size))
    index, other = (data.draw(st.integers(0, size - 1)) for _ in range(2))

    log.prove([(each, LEAVES[each]) for each in (index, other, size - 1, 0)])

    with pytest.raises(RegisterRefusal):
        log.prove([(index, leaf_hash(b"another"))])
    if index != other:
        with pytest.raises(RegisterRefusal):
            log.prove([(index, LEAVES[other])])
    with pytest.raises(NotInLog):
        log.prove([(size, leaf_hash(b"the next"))])


@settings(deadline=None, max_examples=20)
@given(size=SIZES, data=st.data())
def test_a_tile_in_which_one_leaf_was_rewritten_proves_none_of_its_leaves(published, size, data):
    folder, head = published(size)
    index, rewritten = (data.draw(st.integers(0, size - 1)) for _ in range(2))
    tile, place = divmod(rewritten, WIDTH)
    file = folder / tile_path(0, tile, min(size - tile * WIDTH, WIDTH))
    leaves = file.read_bytes()
    at = place * HASH_BYTES
    false = leaf_hash(b"false")
    file.write_bytes(leaves[:at] + false + leaves[at + HASH_BYTES :])

    log = PublishedLog(folder, head)

    with pytest.raises(RegisterRefusal):
        log.prove([(rewritten, false)])
    if index // WIDTH == tile:
        with pytest.raises(RegisterRefusal):
            log.prove([(index, LEAVES[index])])
