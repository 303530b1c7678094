"""Following a published log: what was entered since one looked last, proved to be just that.

Whoever follows keeps a frontier (RFC 9162 §2.1.1, see `merkle`): the right edge of the tree as far
as it was read. The new leaves continue it, and together they make the signed root; so nothing that
was read before can have changed, and nothing can have been left out.
"""

from dataclasses import dataclass
from datetime import datetime

from hocvu.register.entries import EntryKind, RegisterEntry
from hocvu.register.merkle import Frontier, TreeHead, hashes_in, leaf_hash
from hocvu.register.tiles import WIDTH, PublishedTree, Source, TilesAreDamaged


@dataclass(frozen=True, slots=True)
class Event:
    """One published entry and where it stands."""

    index: int
    kind: EntryKind
    of: int | None  # index of the issue it is about; None for an issue
    at: datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """How far the log was read, and what was found on the way."""

    frontier: Frontier
    events: list[Event]


def read_on(source: Source, so_far: Frontier, head: TreeHead) -> Reading:
    """Read from `so_far` to `head`, a head that the log has signed.

    Raises TilesAreDamaged where files do not lead from the one to the other, EntryIsMalformed
    where an entry is none. Entries that are not published (version 1) are passed over.
    """
    tree = PublishedTree(source, head)
    frontier, events = so_far, []
    for index in range(so_far.size // WIDTH, -(-head.size // WIDTH)):
        known = max(so_far.size - index * WIDTH, 0)
        leaves = hashes_in(tree.read_tile(0, index))
        entries = tree.read_bundle(index)
        frontier = frontier.extend(leaves[known:])
        for place in range(known, len(leaves)):
            number = index * WIDTH + place
            if entries[place]:
                events.append(_event(number, entries[place], leaves[place]))
    if frontier.head() != head:
        raise TilesAreDamaged("What is published does not lead to the signed head.")
    return Reading(frontier, events)


def _event(number: int, raw: bytes, leaf: bytes) -> Event:
    if leaf_hash(raw) != leaf:
        raise TilesAreDamaged(f"Entry {number} is not the one its leaf is the hash of.")
    entry = RegisterEntry.from_bytes(raw)
    return Event(number, entry.kind, entry.of, entry.at)
