"""Publishing the log as static files (see `tiles`): the last of stage → commit head → publish.

It may run at any time and any number of times, and a crash anywhere in it is safe, because
- every file is complete before it appears under its name (see `durable`);
- the checkpoint comes last, after every tile it needs is on the disk, so a reader who holds a
  checkpoint finds its tiles;
- nothing is written before the new tree is known to be the signed one and to continue the one
  already published: what is published never moves backwards;
- nothing published is ever deleted, and a tile is only replaced by what a signed root commits to.
"""

from collections.abc import Iterable, Sequence
from itertools import count
from pathlib import Path

from hocvu.register.checkpoint import Checkpoint, VerifierKey, open_checkpoint
from hocvu.register.durable import alone, put
from hocvu.register.errors import RegisterRefusal
from hocvu.register.merkle import Frontier, TreeHead, hashes_in, leaf_hash, root_of
from hocvu.register.note import NoteSignature, SignedNote
from hocvu.register.tiles import (
    CHECKPOINT,
    COSIGNED_SIZES,
    HEIGHT,
    WIDTH,
    Folder,
    PublishedTree,
    bundle_of,
    bundle_path,
    cosigned_path,
    published_note,
    tile_path,
)


class PublicationWouldMoveBackwards(RegisterRefusal):
    """What is already published is longer than what was to be published."""


class TreesDisagree(RegisterRefusal):
    """The leaves do not make the signed tree, or do not continue the published one."""


def publish(
    folder: Path,
    signed_checkpoint: str,
    leaf_hashes: Sequence[bytes],
    verifier_keys: Iterable[VerifierKey],
    *,
    starting_at: int = 0,
    entries: Sequence[bytes] | None = None,
) -> Checkpoint:
    """Make `folder` show the tree that `signed_checkpoint` commits to; return what it shows now.

    `leaf_hashes` are D[starting_at:size]. From 0, every tile is written anew where it is missing
    or damaged; from the published size, only what is new is read and written. `entries` are what
    these leaves are the hashes of; with them, `starting_at` is a multiple of 256, so that every
    bundle is written from its beginning. An empty one stands for an entry that is not published
    (see `entries`). A log that keeps all its entries to itself gives none.
    """
    trusted = tuple(verifier_keys)
    with alone(folder):
        # 1. Both heads are genuine heads of one log, and the new one is not the smaller.
        new = open_checkpoint(signed_checkpoint, trusted)
        note = SignedNote.from_text(signed_checkpoint)
        shown = _shown(folder, new, trusted)
        # 2. The leaves reach from within what is published to the end of the new tree.
        if not 0 <= starting_at <= shown.size:
            raise TreesDisagree(f"{shown.size} leaves are published; {starting_at} leaves a gap.")
        if starting_at + len(leaf_hashes) != new.size:
            raise TreesDisagree(f"{len(leaf_hashes)} leaves from {starting_at} are not {new.size}.")
        bundles = {} if entries is None else _bundles(entries, leaf_hashes, starting_at)
        # 3. Growing from the published tiles by these leaves gives the published root on the way
        #    and the signed root in the end: so the one continues the other.
        edge = _RightEdge(PublishedTree(folder, shown), starting_at)
        tiles = edge.grow(leaf_hashes[: shown.size - starting_at])
        if edge.head() != shown:
            raise TreesDisagree("The leaves do not make the tree that is already published.")
        tiles |= edge.grow(leaf_hashes[shown.size - starting_at :])
        if edge.head() != new.head:
            raise TreesDisagree("The leaves do not make the tree that was signed.")
        # 4. Tiles first, safely on the disk; then the checkpoint that promises them. Where this
        #    head is published already, its cosignatures stay.
        put(folder, tiles | edge.unfinished_tiles() | bundles)
        put(folder, {CHECKPOINT: _joined(folder, note).to_text().encode()})
    return new


def publish_cosignatures(
    folder: Path,
    signed_checkpoint: str,
    cosignatures: Iterable[NoteSignature],
    verifier_keys: Iterable[VerifierKey],
) -> None:
    """Show what witnesses signed: with the head, if it is still the last, and among the earlier.

    The caller has verified the cosignatures.
    """
    cosigned = open_checkpoint(signed_checkpoint, verifier_keys)
    with alone(folder):
        note = SignedNote.from_text(signed_checkpoint).with_signatures(cosignatures)
        path = cosigned_path(cosigned.size)
        if (earlier := Folder(folder).read(path)) is not None:
            note = SignedNote.from_text(earlier.decode()).with_signatures(note.signatures)
        sizes = {*cosigned_sizes(folder), cosigned.size}
        listed = "".join(f"{size}\n" for size in sorted(sizes))
        put(folder, {path: note.to_text().encode(), COSIGNED_SIZES: listed.encode()})
        shown = published_note(Folder(folder))
        if shown is not None and SignedNote.from_text(shown).text == note.text:
            put(folder, {CHECKPOINT: _joined(folder, note).to_text().encode()})


def cosigned_sizes(folder: Path) -> list[int]:
    """Sizes of the heads that witnesses cosigned, as published here."""
    listed = Folder(folder).read(COSIGNED_SIZES) or b""
    return [int(line) for line in listed.decode().split()]


def _shown(folder: Path, new: Checkpoint, trusted: tuple[VerifierKey, ...]) -> TreeHead:
    note = published_note(Folder(folder))
    if note is None:
        return Frontier().head()
    published = open_checkpoint(note, trusted)
    if published.origin != new.origin:
        raise TreesDisagree(f"{folder} shows the log {published.origin}, not {new.origin}.")
    if new.size < published.size:
        raise PublicationWouldMoveBackwards(
            f"{published.size} leaves are published; {new.size} would be fewer."
        )
    return published.head


def _joined(folder: Path, note: SignedNote) -> SignedNote:
    """The note, with whatever has been signed under the same text that is published."""
    published = SignedNote.from_text(published_note(Folder(folder)) or note.to_text())
    return published.with_signatures(note.signatures) if published.text == note.text else note


def _bundles(
    entries: Sequence[bytes], leaf_hashes: Sequence[bytes], starting_at: int
) -> dict[Path, bytes]:
    if starting_at % WIDTH:
        raise TreesDisagree(f"Entries are published by {WIDTH}; {starting_at} is in between.")
    for entry, leaf in zip(entries, leaf_hashes, strict=True):
        if entry and leaf_hash(entry) != leaf:
            raise TreesDisagree("The entries are not the ones the leaves are hashes of.")
    bundles = {}
    for start in range(0, len(entries), WIDTH):
        some = entries[start : start + WIDTH]
        bundles[bundle_path((starting_at + start) // WIDTH, len(some))] = bundle_of(some)
    return bundles


class _RightEdge:
    """The unfinished last tile of every level, from which a tree grows tile by tile.

    What it takes over from published tiles is all part of its root, so comparing `head` with a
    signed one also vouches for those tiles.
    """

    def __init__(self, tree: PublishedTree, size: int) -> None:
        self._size = size
        self._rows: list[list[bytes]] = []
        for level in count():
            inside = size >> HEIGHT * level
            if not inside:
                break
            index, width = divmod(inside, WIDTH)
            self._rows.append(hashes_in(tree.tile(level, index))[:width] if width else [])

    def head(self) -> TreeHead:
        peaks = [peak for row in reversed(self._rows) for peak in Frontier().extend(row).peaks]
        return Frontier(self._size, tuple(peaks)).head()

    def grow(self, leaves: Iterable[bytes]) -> dict[Path, bytes]:
        """Append leaves; return the tiles they have filled."""
        filled: dict[Path, bytes] = {}
        for leaf in leaves:
            self._size += 1
            node = leaf
            for level in count():
                if level == len(self._rows):
                    self._rows.append([])
                row = self._rows[level]
                row.append(node)
                if len(row) < WIDTH:
                    break
                index = (self._size >> HEIGHT * (level + 1)) - 1
                filled[tile_path(level, index)] = b"".join(row)
                node = root_of(row)
                row.clear()
        return filled

    def unfinished_tiles(self) -> dict[Path, bytes]:
        return {
            tile_path(level, self._size >> HEIGHT * (level + 1), len(row)): b"".join(row)
            for level, row in enumerate(self._rows)
            if row
        }
