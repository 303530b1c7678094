"""The published log as verification asks it, thousands of times a second.

What was read and proved once is kept in this process and is never taken for granted elsewhere:
a new checkpoint is opened and its signature checked before anything is proved against it, and
every proof ends in a root that the register's key signed.
"""

import time
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from hocvu.credentials.models import RegisterEntry
from hocvu.register.checkpoint import Checkpoint
from hocvu.register.errors import RegisterRefusal
from hocvu.register.merkle import (
    ProofDoesNotHold,
    TreeHead,
    hashes_in,
    inclusion_proof,
    verify_inclusion,
)
from hocvu.register.tiles import CHECKPOINT, HEIGHT, WIDTH, PublishedTree, published_checkpoint
from hocvu.verification.queries.followed import followed, forget
from hocvu.verification.queries.trust import State, Trust, state_of, trust

_TILES_KEPT = 512  # of 256 leaves; about 20 KB each, with its leaves apart
_NODES_KEPT = 100_000  # a log of ten millions has 80,000 of them


class NotInLog(Exception):
    """The entry is not covered by a signed head of the log."""


class PublishedLog:
    """One signed head and the tree behind it."""

    def __init__(self, folder: Path, head: Checkpoint) -> None:
        self.head = head
        self._folder = folder
        self._tree = _RememberedTree(folder, head.head)
        self._proved = lru_cache(maxsize=_TILES_KEPT)(self._prove)

    def prove(self, entries: Sequence[tuple[int, bytes]]) -> None:
        """Check that these leaves (index, hash) are in the log; NotInLog, or a RegisterRefusal."""
        for index, leaf in entries:
            if index >= self.head.size:
                raise NotInLog
            tile, place = divmod(index, WIDTH)
            if self._proved(tile)[place] != leaf:
                raise ProofDoesNotHold(f"Leaf {index} with this content is not in this tree.")

    def _prove(self, tile: int) -> list[bytes]:
        """The leaf hashes of a tile, every one of them proved.

        The proof of its first leaf is made of all the others: what lies beside the way from that
        leaf to the root covers the rest of the tile, and is worked out from these very hashes.
        So where it leads to the signed root, no other leaf of the tile can be another.
        """
        leaves = hashes_in(self._tree.tile(0, tile))
        first = tile * WIDTH
        proof = inclusion_proof(self._tree, first)
        verify_inclusion(leaves[0], first, proof, self.head.head)
        return leaves

    def later_entries(self, issue: int) -> frozenset[int] | None:
        """Where the log holds entries about the certificate issued at this index.

        None while a long log is being read for the first time; RegisterRefusal where the
        published entries are not those the head was signed over.
        """
        try:
            return followed(self._folder).later_entries(issue, self.head.head)
        except RegisterRefusal:
            if not followed(self._folder).has_begun:
                raise
            forget(self._folder)  # what was read before may belong to another log
            return followed(self._folder).later_entries(issue, self.head.head)


def published_log(trust: Trust) -> PublishedLog:
    """The log as published. Raises NotInLog before its first head, RegisterRefusal if forged."""
    folder = settings.REGISTER_FOLDER
    log = _opened(folder, state_of(folder / CHECKPOINT), trust)
    if log is None:
        raise NotInLog
    return log


def publication_state() -> tuple[State, State]:
    """Changes when another head is published, or somebody else's word is taken."""
    return trust().state, state_of(settings.REGISTER_FOLDER / CHECKPOINT)


@lru_cache(maxsize=2)
def _opened(folder: Path, state: State, trust: Trust) -> PublishedLog | None:
    if not state:
        return None
    head = published_checkpoint(folder, trust.register_keys)
    return None if head is None else PublishedLog(folder, head)


class _RememberedTree(PublishedTree):
    """Keeps the tiles it read last, and the inner nodes above them: many certificates share those.

    What lies inside a tile of leaves is worked out from the tile each time.
    """

    def __init__(self, folder: Path, head: TreeHead) -> None:
        super().__init__(folder, head)
        self._tile = lru_cache(maxsize=_TILES_KEPT)(super().read_tile)
        self._upper_node = lru_cache(maxsize=_NODES_KEPT)(super().node)

    def tile(self, level: int, index: int) -> bytes:
        return self._tile(level, index)

    def node(self, level: int, index: int) -> bytes:
        return super().node(level, index) if level < HEIGHT else self._upper_node(level, index)


# --- is the register whole? -------------------------------------------------------------------


# The state in which the register was last found without a gap, and up to where.
_found_whole: list[tuple[str, int]] = [("", 0)]
_LOOK_AGAIN = 60  # seconds: then all is counted anew, whatever the database says of its state


def register_is_whole(state: str, size: int) -> bool:
    """Whether the register holds every entry below `size`.

    `state` changes when a row was removed or rewritten (see `queries.found`); while it stays the
    same, only what was appended since the last look has to be counted.
    """
    state = f"{state} {int(time.monotonic()) // _LOOK_AGAIN}"
    known, up_to = _found_whole[0]
    start = up_to if known == state else 0
    if start >= size:
        return True
    is_whole = _count(start, size) == size - start
    if is_whole:
        _found_whole[0] = (state, size)
    return is_whole


def entries_are_missing_behind(index: int, size: int) -> bool:
    """Whether the register holds fewer entries behind this one than were published."""
    return _count(index + 1, size) < size - index - 1


def _count(start: int, end: int) -> int:
    return RegisterEntry.objects.filter(leaf_index__gte=start, leaf_index__lt=end).count()
