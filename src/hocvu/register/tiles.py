"""The log as static files: C2SP tlog-tiles, tiles of height 8, full and partial.

    <folder>/checkpoint                     the signed head (see `checkpoint`)
    <folder>/tile/<level>/<index>           256 hashes
    <folder>/tile/<level>/<index>.p/<width> the 1 to 255 hashes a tree's last tile has so far

Hashes in a tile of level l are MTH(D[i * 256**l : (i + 1) * 256**l]); level 0 holds leaf hashes.

This module is the last of the three steps stage → commit the signed head → publish. It may run at
any time and any number of times, and a crash anywhere in it is safe, because
- every tile is complete before it appears under its name (temporary file, fsync, rename);
- the checkpoint comes last, after every tile it needs is on the disk, so a reader who holds a
  checkpoint finds its tiles;
- nothing is written before the new tree is known to be the signed one and to continue the one
  already published: what is published never moves backwards;
- nothing published is ever deleted, and a tile is only replaced by what a signed root commits to.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from hocvu.register.checkpoint import Checkpoint, VerifierKey, open_checkpoint
from hocvu.register.errors import RegisterRefusal
from hocvu.register.merkle import Frontier, Nodes, TreeHead, hashes_in, root_of

_HEIGHT = 8
_WIDTH = 1 << _HEIGHT
_THOUSAND = 1000


class PublicationWouldMoveBackwards(RegisterRefusal):
    """What is already published is longer than what was to be published."""


class TreesDisagree(RegisterRefusal):
    """The leaves do not make the signed tree, or do not continue the published one."""


class TilesAreDamaged(RegisterRefusal):
    """A published tile is missing, has the wrong length, or does not belong to the signed root."""


# --- reading ----------------------------------------------------------------------------------


def published_checkpoint(folder: Path, verifier_keys: Iterable[VerifierKey]) -> Checkpoint | None:
    """The checkpoint in `folder`, verified; None where nothing was published yet."""
    try:
        note = (folder / "checkpoint").read_bytes().decode(errors="replace")
    except FileNotFoundError:
        return None
    return open_checkpoint(note, verifier_keys)


class PublishedTree(Nodes):
    """The tiles of a published tree, which `merkle` can ask for proofs without reading them all.

    `node` does not check the tiles against the root: from a damaged tile comes a proof that does
    not hold. `leaf_hashes` reads everything and checks it.
    """

    def __init__(self, folder: Path, head: TreeHead) -> None:
        self._folder = folder
        self._head = head
        self._tiles: dict[tuple[int, int], list[bytes]] = {}

    @property
    def size(self) -> int:
        return self._head.size

    def node(self, level: int, index: int) -> bytes:
        tile_level, level_inside = divmod(level, _HEIGHT)
        first = index << level_inside  # aligned, so the whole subtree lies in one tile
        tile_index, start = divmod(first, _WIDTH)
        return root_of(self.tile(tile_level, tile_index)[start : start + (1 << level_inside)])

    def tile(self, level: int, index: int) -> list[bytes]:
        """The hashes of one tile, as many as a tree of this size has there."""
        if (level, index) not in self._tiles:
            self._tiles[level, index] = self._read(level, index)
        return self._tiles[level, index]

    def leaf_hashes(self) -> list[bytes]:
        """All leaf hashes, checked against the root."""
        leaves: list[bytes] = []
        for start in range(0, self.size, _WIDTH):
            leaves += self._read(0, start // _WIDTH)
        if root_of(leaves) != self._head.root:
            raise TilesAreDamaged("The published leaf hashes do not make the signed tree.")
        return leaves

    def _read(self, level: int, index: int) -> list[bytes]:
        width = min((self.size >> _HEIGHT * level) - index * _WIDTH, _WIDTH)
        for available in (width, _WIDTH):  # a full tile serves where a partial one was
            path = self._folder / tile_path(level, index, available)
            if path.exists():
                hashes = path.read_bytes()
                if len(hashes) != len(self._head.root) * available:
                    raise TilesAreDamaged(f"The tile {path} has the wrong length.")
                return hashes_in(hashes)[:width]
        raise TilesAreDamaged(f"The tile {tile_path(level, index, width)} is missing.")


def tile_path(level: int, index: int, width: int = _WIDTH) -> Path:
    """Where a tile lies: the index in groups of three digits, all but the last after an x."""
    higher, group = divmod(index, _THOUSAND)
    parts = [f"{group:03}"]
    while higher:
        higher, group = divmod(higher, _THOUSAND)
        parts.insert(0, f"x{group:03}")
    full = Path("tile", str(level), *parts)
    return full if width == _WIDTH else full.with_name(f"{full.name}.p") / str(width)


# --- publishing -------------------------------------------------------------------------------


def publish(
    folder: Path,
    signed_checkpoint: str,
    leaf_hashes: Sequence[bytes],
    verifier_keys: Iterable[VerifierKey],
    *,
    starting_at: int = 0,
) -> Checkpoint:
    """Make `folder` show the tree that `signed_checkpoint` commits to; return what it shows now.

    `leaf_hashes` are D[starting_at:size]. From 0, every tile is written anew where it is missing
    or damaged; from the published size, only what is new is read and written.
    """
    trusted = tuple(verifier_keys)
    folder.mkdir(parents=True, exist_ok=True)
    with _only_publisher(folder):
        # 1. Both heads are genuine heads of one log, and the new one is not the smaller.
        new = open_checkpoint(signed_checkpoint, trusted)
        published = published_checkpoint(folder, trusted)
        if published is not None and published.origin != new.origin:
            raise TreesDisagree(f"{folder} shows the log {published.origin}, not {new.origin}.")
        shown = published.head if published is not None else Frontier().head()
        if new.size < shown.size:
            raise PublicationWouldMoveBackwards(
                f"{shown.size} leaves are published; {new.size} would be fewer."
            )
        # 2. The leaves reach from within what is published to the end of the new tree.
        if not 0 <= starting_at <= shown.size:
            raise TreesDisagree(f"{shown.size} leaves are published; {starting_at} leaves a gap.")
        if starting_at + len(leaf_hashes) != new.size:
            raise TreesDisagree(f"{len(leaf_hashes)} leaves from {starting_at} are not {new.size}.")
        # 3. Growing from the published tiles by these leaves gives the published root on the way
        #    and the signed root in the end: so the one continues the other.
        edge = _RightEdge(PublishedTree(folder, shown), starting_at)
        tiles = edge.grow(leaf_hashes[: shown.size - starting_at])
        if edge.head() != shown:
            raise TreesDisagree("The leaves do not make the tree that is already published.")
        tiles |= edge.grow(leaf_hashes[shown.size - starting_at :])
        if edge.head() != new.head:
            raise TreesDisagree("The leaves do not make the tree that was signed.")
        # 4. Tiles first, safely on the disk; then the checkpoint that promises them.
        _put(folder, tiles | edge.unfinished_tiles())
        _put(folder, {Path("checkpoint"): signed_checkpoint.encode()})
    return new


class _RightEdge:
    """The unfinished last tile of every level, from which a tree grows tile by tile.

    What it takes over from published tiles is all part of its root, so comparing `head` with a
    signed one also vouches for those tiles.
    """

    def __init__(self, tree: PublishedTree, size: int) -> None:
        self._size = size
        self._rows: list[list[bytes]] = []
        for level in count():
            inside = size >> _HEIGHT * level
            if not inside:
                break
            index, width = divmod(inside, _WIDTH)
            self._rows.append(tree.tile(level, index)[:width] if width else [])

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
                if len(row) < _WIDTH:
                    break
                index = (self._size >> _HEIGHT * (level + 1)) - 1
                filled[tile_path(level, index)] = b"".join(row)
                node = root_of(row)
                row.clear()
        return filled

    def unfinished_tiles(self) -> dict[Path, bytes]:
        return {
            tile_path(level, self._size >> _HEIGHT * (level + 1), len(row)): b"".join(row)
            for level, row in enumerate(self._rows)
            if row
        }


@contextmanager
def _only_publisher(folder: Path) -> Iterator[None]:
    """One process at a time; the lock goes with the process, however it ends."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _put(folder: Path, contents: dict[Path, bytes]) -> None:
    """Bring files onto the disk, each whole or not at all; return when all of them are there."""
    touched: set[Path] = set()
    for relative, content in contents.items():
        path = folder / relative
        touched |= {folder / parent for parent in relative.parents}
        if path.exists() and path.read_bytes() == content:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.new")  # alone here, so one fixed name will do
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    # A rename is only safe once its directory is on the disk. That holds for files found here too:
    # an earlier run may have ended between the rename and this line.
    for directory in touched:
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
