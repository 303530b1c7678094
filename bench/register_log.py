"""Measures of the transparency log: an audit by anybody, a proof out of ten million, appending.

Needs no database: `register_log_measurements` may stand in any measurement's list.
"""

import os
import random
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from bench.measuring import Measurement, expect, milliseconds, seconds
from hocvu.register.auditing import EarlierHead, audit
from hocvu.register.checkpoint import Checkpoint, sign_checkpoint
from hocvu.register.entries import EntryKind, RegisterEntry
from hocvu.register.merkle import (
    HASH_BYTES,
    Frontier,
    TreeHead,
    consistency_proof,
    hashes_in,
    inclusion_proof,
    leaf_hash,
    perfect_root,
    verify_consistency,
    verify_inclusion,
)
from hocvu.register.note import SigningKey
from hocvu.register.tiles import (
    CHECKPOINT,
    HEIGHT,
    WIDTH,
    Folder,
    PublishedTree,
    bundle_of,
    bundle_path,
    tile_path,
)

_KEY = SigningKey.generate("register.bench.example")
_AUDITED = 300_000
_RUNS = 3
_LARGE = 10_000_000
_PROOFS = 200
_APPENDED = 500_000
_NOON = datetime(2026, 11, 20, 5, tzinfo=UTC)
_EVERY = 50  # one entry in so many revokes an earlier one


def measure() -> list[Measurement]:
    return register_log_measurements()


def measurements() -> list[Measurement]:
    return register_log_measurements()


def register_log_measurements() -> list[Measurement]:
    with tempfile.TemporaryDirectory(prefix="hocvu-log-") as folder:
        audits = _audits(Path(folder))
    with tempfile.TemporaryDirectory(prefix="hocvu-log-") as folder:
        proofs = _proofs(Path(folder))
    return [*audits, *proofs, _appending()]


# --- an audit of everything -------------------------------------------------------------------


def _audits(folder: Path) -> list[Measurement]:
    entries = list(_entries(_AUDITED))
    head = _published(folder, entries)
    half = Frontier().extend(leaf_hash(each) for each in entries[: _AUDITED // 2])
    earlier = [EarlierHead(half.head(), "remembered")]

    def run(*, has_entries: bool) -> None:
        found = audit(Folder(folder), [_KEY.verifier], earlier=earlier, has_entries=has_entries)
        expect("findings", found.findings, ())
        expect("head", found.checkpoint and found.checkpoint.head, head)

    return [
        Measurement(
            f"audit-register of {_AUDITED:,} entries: every entry, tile and root, an earlier head",
            tuple(_AUDITED / seconds(partial(run, has_entries=True)) for _ in range(_RUNS)),
            unit="entries/s",
            against=200_000,
            at_least=True,
        ),
        Measurement(
            f"the same of the hashes alone ({_AUDITED:,})",
            tuple(_AUDITED / seconds(partial(run, has_entries=False)) for _ in range(_RUNS)),
            unit="entries/s",
        ),
    ]


def _entries(count: int) -> Iterator[bytes]:
    for number in range(count):
        is_revocation = number % _EVERY == _EVERY - 1
        yield RegisterEntry(
            EntryKind.REVOKE if is_revocation else EntryKind.ISSUE,
            number - 1 if is_revocation else None,
            os.urandom(HASH_BYTES),
            os.urandom(HASH_BYTES),
            number - is_revocation,  # an entry names the place of the issue it is about
            _NOON + timedelta(seconds=number),
        ).to_bytes()


def _published(folder: Path, entries: list[bytes]) -> TreeHead:
    """Written without waiting for the disk: how fast it is published is not measured here."""
    row = [leaf_hash(each) for each in entries]
    head = Frontier().extend(row).head()
    for start in range(0, len(entries), WIDTH):
        some = entries[start : start + WIDTH]
        _write(folder / bundle_path(start // WIDTH, len(some)), bundle_of(some))
    level = 0
    while row:
        for start in range(0, len(row), WIDTH):
            tile = row[start : start + WIDTH]
            _write(folder / tile_path(level, start // WIDTH, len(tile)), b"".join(tile))
        full = len(row) // WIDTH * WIDTH
        row = [perfect_root(b"".join(row[at : at + WIDTH])) for at in range(0, full, WIDTH)]
        level += 1
    note = sign_checkpoint(Checkpoint(_KEY.name, head.size, head.root), _KEY)
    _write(folder / CHECKPOINT, note.encode())
    return head


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


# --- proofs out of ten million ----------------------------------------------------------------


def _proofs(folder: Path) -> list[Measurement]:
    tiles = _large_log(folder)
    head = _head_of(tiles)
    chosen = random.Random(5)
    places = [chosen.randrange(_LARGE) for _ in range(_PROOFS)]
    leaves = hashes_in(tiles[0])
    old = _head_of(_perfect_tiles(), _LARGE // 2 // WIDTH * WIDTH)

    def included(place: int) -> None:
        proof = inclusion_proof(PublishedTree(folder, head), place)
        verify_inclusion(leaves[place % WIDTH], place, proof, head)

    def consistent() -> None:
        proof = consistency_proof(PublishedTree(folder, head), old.size)
        verify_consistency(old, head, proof)

    tree = PublishedTree(folder, head)
    made = milliseconds(partial(inclusion_proof, PublishedTree(folder, head), at) for at in places)
    return [
        Measurement(
            f"inclusion proof in a log of {_LARGE:,}, from tiles on disk",
            made,
            unit="ms",
            against=1,
        ),
        Measurement(
            f"the same, and its verification ({_LARGE:,})",
            milliseconds(partial(included, at) for at in places),
            unit="ms",
        ),
        Measurement(
            "inclusion proof with the tiles of other proofs in memory",
            milliseconds(partial(inclusion_proof, tree, at) for at in places),
            unit="ms",
        ),
        Measurement(
            f"consistency proof from {old.size:,} to {_LARGE:,}, made and verified",
            milliseconds(consistent for _ in range(20)),
            unit="ms",
        ),
    ]


def _perfect_tiles() -> list[bytes]:
    """One full tile of each level: all leaf tiles of the large log have the same leaves."""
    leaves = b"".join(leaf_hash(number.to_bytes(2, "big")) for number in range(WIDTH))
    tiles = [leaves]
    while WIDTH ** (len(tiles) + 1) <= _LARGE:
        tiles.append(perfect_root(tiles[-1]) * WIDTH)
    tiles.append(perfect_root(tiles[-1]) * WIDTH)
    return tiles


def _large_log(folder: Path) -> list[bytes]:
    """Ten million leaves in a few seconds: equal tiles are one file under many names."""
    tiles = _perfect_tiles()
    for level, tile in enumerate(tiles):
        full, rest = divmod(_LARGE >> HEIGHT * level, WIDTH)
        if full:
            _write(folder / f"full-{level}", tile)
        for index in range(full):
            path = folder / tile_path(level, index)
            if index % 1000 == 0:
                path.parent.mkdir(parents=True, exist_ok=True)
            path.hardlink_to(folder / f"full-{level}")
        if rest:
            _write(folder / tile_path(level, full, rest), tile[: rest * HASH_BYTES])
    return tiles


def _head_of(tiles: list[bytes], size: int = _LARGE) -> TreeHead:
    peaks = [
        peak
        for level in reversed(range(len(tiles)))
        for peak in Frontier()
        .extend(hashes_in(tiles[level])[: (size >> HEIGHT * level) % WIDTH])
        .peaks
    ]
    return Frontier(size, tuple(peaks)).head()


# --- appending --------------------------------------------------------------------------------


def _appending() -> Measurement:
    leaves = hashes_in(os.urandom(_APPENDED * HASH_BYTES))
    took = [seconds(lambda: Frontier().extend(leaves).root()) for _ in range(_RUNS)]
    return Measurement(
        f"leaves appended to the log's edge, {_APPENDED:,} at once",
        tuple(_APPENDED / each for each in took),
        unit="leaves/s",
    )
