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
from hocvu.register.merkle import TreeHead, inclusion_proof, verify_inclusion
from hocvu.register.tiles import CHECKPOINT, Folder, PublishedTree, published_checkpoint
from hocvu.verification.queries.followed import followed, forget
from hocvu.verification.queries.trust import State, Trust, state_of, trust


class NotInLog(Exception):
    """The entry is not covered by a signed head of the log."""


class PublishedLog:
    """One signed head and the tree behind it."""

    def __init__(self, folder: Path, head: Checkpoint) -> None:
        self.head = head
        self._folder = folder
        self._tree = _RememberedTree(_RememberedFolder(folder), head.head)

    def prove(self, entries: Sequence[tuple[int, bytes]]) -> None:
        """Check that these leaves (index, hash) are in the log; NotInLog, or a RegisterRefusal."""
        for index, leaf in entries:
            if index >= self.head.size:
                raise NotInLog
            proof = inclusion_proof(self._tree, index)
            verify_inclusion(leaf, index, proof, self.head.head)

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


class _RememberedFolder:
    """Reads a published log; full tiles, which never change, are kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = Folder(folder)
        self._full = lru_cache(maxsize=256)(self._folder.read)

    def read(self, path: Path) -> bytes | None:
        return self._folder.read(path) if path.parent.suffix == ".p" else self._full(path)


class _RememberedTree(PublishedTree):
    """Keeps the inner nodes it worked out: many certificates share them."""

    def __init__(self, source: _RememberedFolder, head: TreeHead) -> None:
        super().__init__(source, head)
        self._node = lru_cache(maxsize=50_000)(super().node)

    def node(self, level: int, index: int) -> bytes:
        return self._node(level, index)


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
