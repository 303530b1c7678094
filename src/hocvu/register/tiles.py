"""The layout of a published log: C2SP tlog-tiles, tiles of height 8, full and partial; reading it.

    checkpoint                            the signed head (see `checkpoint`), with cosignatures
    tile/<level>/<index>                  256 hashes
    tile/<level>/<index>.p/<width>        the 1 to 255 hashes a tree's last tile has so far
    tile/entries/<index>[.p/<width>]      as many entries, each behind its length in 16 bits
    cosigned/<size>, cosigned/sizes       earlier heads that witnesses cosigned, and their list

Hashes in a tile of level l are MTH(D[i * 256**l : (i + 1) * 256**l]); level 0 holds leaf hashes.
`cosigned` is an addition of this project: with it, anybody can hold the moment an entry claims
against the moments at which witnesses saw the log without it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from hocvu.register.checkpoint import Checkpoint, VerifierKey, open_checkpoint
from hocvu.register.errors import RegisterRefusal
from hocvu.register.merkle import HASH_BYTES, Nodes, TreeHead, hashes_in, perfect_root, root_of

HEIGHT = 8
WIDTH = 1 << HEIGHT
CHECKPOINT = Path("checkpoint")
COSIGNED_SIZES = Path("cosigned", "sizes")
_THOUSAND = 1000
_LENGTH_BYTES = 2


class TilesAreDamaged(RegisterRefusal):
    """A published tile is missing, has the wrong length, or does not belong to the signed root."""


# --- where things lie -------------------------------------------------------------------------


def tile_path(level: int, index: int, width: int = WIDTH) -> Path:
    return _numbered(Path("tile", str(level)), index, width)


def bundle_path(index: int, width: int = WIDTH) -> Path:
    """Where the entries lie whose leaf hashes are in the tile of level 0 with this index."""
    return _numbered(Path("tile", "entries"), index, width)


def cosigned_path(size: int) -> Path:
    return _numbered(Path("cosigned"), size, WIDTH)


def _numbered(folder: Path, index: int, width: int) -> Path:
    """The index in groups of three digits, all but the last after an x."""
    higher, group = divmod(index, _THOUSAND)
    parts = [f"{group:03}"]
    while higher:
        higher, group = divmod(higher, _THOUSAND)
        parts.insert(0, f"x{group:03}")
    full = folder.joinpath(*parts)
    return full if width == WIDTH else full.with_name(f"{full.name}.p") / str(width)


def bundle_of(entries: Iterable[bytes]) -> bytes:
    return b"".join(len(each).to_bytes(_LENGTH_BYTES, "big") + each for each in entries)


def entries_in(bundle: bytes) -> list[bytes]:
    """The entries of a bundle; raises TilesAreDamaged where it does not end with one."""
    entries, at = [], 0
    while at < len(bundle):
        start = at + _LENGTH_BYTES
        at = start + int.from_bytes(bundle[at:start], "big")
        entries.append(bundle[start:at])
    if at != len(bundle):
        raise TilesAreDamaged("An entry bundle ends in the middle of an entry.")
    return entries


# --- reading ----------------------------------------------------------------------------------


class Source(Protocol):
    """Wherever a published log is read from."""

    def read(self, path: Path) -> bytes | None:
        """The file at this path of the layout; None where there is none."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A published log on this machine."""

    path: Path

    def read(self, path: Path) -> bytes | None:
        try:
            return (self.path / path).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None


def published_note(source: Source) -> str | None:
    """The checkpoint's note as it stands there, unverified."""
    content = source.read(CHECKPOINT)
    return None if content is None else content.decode(errors="replace")


def published_checkpoint(folder: Path, verifier_keys: Iterable[VerifierKey]) -> Checkpoint | None:
    """The checkpoint in `folder`, verified; None where nothing was published yet."""
    note = published_note(Folder(folder))
    return None if note is None else open_checkpoint(note, verifier_keys)


class PublishedTree(Nodes):
    """The tiles of a published tree, which `merkle` can ask for proofs without reading them all.

    `node` does not check the tiles against the root: from a damaged tile comes a proof that does
    not hold. `leaf_hashes` reads everything and checks it.
    """

    def __init__(self, source: Path | Source, head: TreeHead) -> None:
        self._source = Folder(source) if isinstance(source, Path) else source
        self._head = head
        self._tiles: dict[tuple[int, int], bytes] = {}

    @property
    def size(self) -> int:
        return self._head.size

    def node(self, level: int, index: int) -> bytes:
        tile_level, level_inside = divmod(level, HEIGHT)
        first = index << level_inside  # aligned, so the whole subtree lies in one tile
        tile_index, start = divmod(first, WIDTH)
        tile = self.tile(tile_level, tile_index)
        return perfect_root(tile[start * HASH_BYTES : (start + (1 << level_inside)) * HASH_BYTES])

    def tile(self, level: int, index: int) -> bytes:
        """The hashes of one tile, as many as a tree of this size has there."""
        if (level, index) not in self._tiles:
            self._tiles[level, index] = self.read_tile(level, index)
        return self._tiles[level, index]

    def leaf_hashes(self) -> list[bytes]:
        """All leaf hashes, checked against the root."""
        leaves: list[bytes] = []
        for start in range(0, self.size, WIDTH):
            leaves += hashes_in(self.read_tile(0, start // WIDTH))
        if root_of(leaves) != self._head.root:
            raise TilesAreDamaged("The published leaf hashes do not make the signed tree.")
        return leaves

    def read_tile(self, level: int, index: int) -> bytes:
        width = self.width(level, index)
        for available in dict.fromkeys((width, WIDTH)):  # a full tile serves for a partial one
            hashes = self._source.read(path := tile_path(level, index, available))
            if hashes is not None:
                if len(hashes) != HASH_BYTES * available:
                    raise TilesAreDamaged(f"{path} has the wrong length.")
                return hashes[: HASH_BYTES * width]
        raise TilesAreDamaged(f"{tile_path(level, index, width)} is missing.")

    def read_bundle(self, index: int) -> list[bytes]:
        """The entries behind a tile of level 0, not yet held against it."""
        width = self.width(0, index)
        for available in dict.fromkeys((width, WIDTH)):
            bundle = self._source.read(path := bundle_path(index, available))
            if bundle is not None:
                entries = entries_in(bundle)
                if len(entries) != available:
                    raise TilesAreDamaged(f"{path} has the wrong number of entries.")
                return entries[:width]
        raise TilesAreDamaged(f"{bundle_path(index, width)} is missing.")

    def width(self, level: int, index: int) -> int:
        """How many hashes a tree of this size has in this tile."""
        return min((self.size >> HEIGHT * level) - index * WIDTH, WIDTH)


# --- serving ----------------------------------------------------------------------------------

_INDEX = r"(?:x\d{3}/)*\d{3}"
_WIDTH_OF_PARTIAL = r"(?:\.p/(?:[1-9]|[1-9]\d|1\d\d|2[0-4]\d|25[0-5]))?"
_TILE = re.compile(rf"tile/(?:[1-5]?\d|6[0-3]|entries)/{_INDEX}{_WIDTH_OF_PARTIAL}", re.ASCII)
_COSIGNED = re.compile(rf"cosigned/{_INDEX}", re.ASCII)
_TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Resource:
    """One file of a published log, as a web server gives it out."""

    content: bytes
    content_type: str
    is_immutable: bool  # may be kept by caches for ever; otherwise for a few seconds


def resource(folder: Path, path: str) -> Resource | None:
    """What `<prefix>/<path>` answers; None where there is nothing. No other file is reachable."""
    if _TILE.fullmatch(path):
        found, content_type, is_immutable = Path(path), "application/octet-stream", True
    elif path in (str(CHECKPOINT), str(COSIGNED_SIZES)) or _COSIGNED.fullmatch(path):
        found, content_type, is_immutable = Path(path), _TEXT, False
    else:
        return None
    content = Folder(folder).read(found)
    return None if content is None else Resource(content, content_type, is_immutable)
