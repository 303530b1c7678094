"""Anybody's audit of a published log: everything is downloaded, recomputed and held together.

What is checked, in the notation of RFC 9162 §2.1 and with the files of C2SP tlog-tiles:
1. the head is signed by the log, and by which of the known witnesses (tlog-cosignature);
2. every leaf tile makes the hash that stands for it one tile higher, up to the signed root;
3. every earlier head the auditor knows (remembered from an earlier audit, shown by a witness,
   published as cosigned) is a head this very tree had on its way: nothing before it was changed;
4. every entry has the hash that is its leaf, is written in the one canonical form, speaks of an
   entry that exists, and claims a moment that neither the entries before it nor any witness
   contradict: an entry that witnesses have not seen yesterday was not made the day before;
5. no place in the status lists was given twice, and every later entry names the place of the issue
   it is about (`places`): what the published lists must say follows from the log (`status_lists`).

Nothing here stops at the first trouble: an auditor wants to know how much is wrong, and where.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from hashlib import sha256
from itertools import islice

from hocvu.register.checkpoint import Checkpoint, VerifierKey, open_checkpoint
from hocvu.register.cosignature import Cosignature, WitnessKey, cosignatures_on
from hocvu.register.entries import EntryIsMalformed, glance
from hocvu.register.errors import RegisterRefusal
from hocvu.register.merkle import HASH_BYTES, Frontier, TreeHead, hashes_in, perfect_root
from hocvu.register.note import SignedNote
from hocvu.register.places import Places
from hocvu.register.tiles import (
    COSIGNED_SIZES,
    WIDTH,
    Folder,
    PublishedTree,
    Source,
    TilesAreDamaged,
    cosigned_path,
    published_note,
    tile_path,
)

TOLERANCE = timedelta(hours=1)  # between clocks, and between deciding and entering
_MICROSECOND = timedelta(microseconds=1)
_SIZE = re.compile(rb"[0-9]{1,19}")
_READERS = 8  # downloads at a time
_AHEAD = 64  # tiles kept while the ones before them are still on their way


class Trouble(Enum):
    """What an audit of a published log can find."""

    NO_HEAD = "no_head"  # nothing is published, or not by this log
    COSIGNATURE_FORGED = "cosignature_forged"  # a known witness did not sign what is shown as its
    TILE_DAMAGED = "tile_damaged"  # a file is missing, or too short or too long
    TILES_DISAGREE = "tiles_disagree"  # a tile does not make the hash that stands for it above
    ROOT_DIFFERS = "root_differs"  # the leaves do not make the signed tree
    HISTORY_REWRITTEN = "history_rewritten"  # an earlier head is none that this tree ever had
    TAIL_CUT = "tail_cut"  # an earlier head was longer than the log is now
    ENTRY_CHANGED = "entry_changed"  # an entry is not the one its leaf is the hash of
    ENTRY_SENSELESS = "entry_senseless"  # not an entry, or of something that is not there
    CLOCK_SET_BACK = "clock_set_back"  # it claims a moment long before the entry in front of it
    BACK_DATED = "back_dated"  # it claims a moment when a witness saw the log without it
    PLACE_SHARED = "place_shared"  # it was given a place in a status list that another one has
    STATUS_MISSING = "status_missing"  # a list that entries name is not published
    STATUS_FORGED = "status_forged"  # a list is damaged, or none of the issuers signed it
    STATUS_HIDDEN = "status_hidden"  # a list calls good what the log has taken back
    STATUS_UNFOUNDED = "status_unfounded"  # a list takes back what the log has in force, or nothing


@dataclass(frozen=True, slots=True)
class Finding:
    """One trouble, and where: a file, the number of an entry (from 0), or a place in a list."""

    trouble: Trouble
    where: str


@dataclass(frozen=True, slots=True)
class EarlierHead:
    """A head the auditor knows from elsewhere."""

    head: TreeHead
    known_from: str  # "remembered", or the name of a witness
    seen_at: datetime | None = None  # when a witness had seen no longer tree


@dataclass(frozen=True, slots=True)
class Audit:
    """What was found. Without findings, `checkpoint` is the head of a log that is whole."""

    checkpoint: Checkpoint | None
    note: str
    cosignatures: tuple[Cosignature, ...]
    findings: tuple[Finding, ...]
    places: Places | None = None  # what the entries say of the status lists; None without entries

    @property
    def is_whole(self) -> bool:
        return self.checkpoint is not None and not self.findings


def audit(
    source: Source,
    log_keys: Iterable[VerifierKey],
    *,
    witness_keys: Iterable[WitnessKey] = (),
    earlier: Sequence[EarlierHead] = (),
    has_entries: bool = True,
    progress: Callable[[int], None] = lambda _entries: None,
) -> Audit:
    """Check a whole published log. Raises only `NotReachable`: everything else is a finding.

    `has_entries` is False for a log that publishes only hashes.
    """
    trusted, witnesses = tuple(log_keys), tuple(witness_keys)
    note = published_note(source) or ""
    try:
        checkpoint = open_checkpoint(note, trusted)
    except RegisterRefusal as refusal:
        return Audit(None, note, (), (Finding(Trouble.NO_HEAD, str(refusal)),))
    findings: list[Finding] = []
    cosignatures = _cosignatures(note, witnesses, "checkpoint", findings)
    known = [*earlier, *_published_earlier(source, trusted, witnesses, findings)]
    walk = _Walk(source, checkpoint.head, known, has_entries=has_entries)
    findings += walk.findings(progress)
    return Audit(checkpoint, note, tuple(cosignatures), tuple(findings), walk.places)


def earlier_head(
    note: str, log_keys: Iterable[VerifierKey], witness_key: WitnessKey | None = None
) -> EarlierHead:
    """A head in a note that was kept by the auditor, or shown by a witness as its last.

    Raises a RegisterRefusal where log or witness did not sign it.
    """
    checkpoint = open_checkpoint(note, log_keys)
    if witness_key is None:
        return EarlierHead(checkpoint.head, "remembered")
    for cosignature in cosignatures_on(SignedNote.from_text(note), [witness_key]):
        return EarlierHead(checkpoint.head, witness_key.name, cosignature.at)
    raise NotCosigned(f"The witness {witness_key.name} has not signed what it shows.")


class NotCosigned(RegisterRefusal):
    """A head that a witness is said to have cosigned, without its cosignature."""


def _cosignatures(
    note: str, witnesses: Sequence[WitnessKey], where: str, findings: list[Finding]
) -> list[Cosignature]:
    try:
        return cosignatures_on(SignedNote.from_text(note), witnesses)
    except RegisterRefusal as refusal:
        findings.append(Finding(Trouble.COSIGNATURE_FORGED, f"{where}: {refusal}"))
        return []


def _published_earlier(
    source: Source,
    trusted: Sequence[VerifierKey],
    witnesses: Sequence[WitnessKey],
    findings: list[Finding],
) -> Iterator[EarlierHead]:
    """Heads published as cosigned. They bind the log even where no witness is known to us."""
    listed = source.read(COSIGNED_SIZES) or b""
    for size in (int(line) for line in listed.split() if _SIZE.fullmatch(line)):
        path = cosigned_path(size)
        content = source.read(path)
        try:
            note = (content or b"").decode(errors="replace")
            head = open_checkpoint(note, trusted).head
        except RegisterRefusal as refusal:
            findings.append(Finding(Trouble.TILE_DAMAGED, f"{path}: {refusal}"))
            continue
        seen = _cosignatures(note, witnesses, str(path), findings)
        yield EarlierHead(head, str(path), max((each.at for each in seen), default=None))


# --- the walk over all tiles ------------------------------------------------------------------


class _Walk:
    """Once over the leaf tiles, from left to right, keeping the unfinished tile of every level."""

    def __init__(
        self, source: Source, head: TreeHead, earlier: Sequence[EarlierHead], *, has_entries: bool
    ) -> None:
        self._source = source
        self._head = head
        self._tree = PublishedTree(source, head)
        self._too_long = [each for each in earlier if each.head.size > head.size]
        self._on_the_way = sorted(
            (each for each in earlier if 0 < each.head.size <= head.size),
            key=lambda each: each.head.size,
        )
        self._unchanged = 0  # the largest earlier head that is one of this tree
        self._rows: list[list[bytes]] = []  # of the levels above 0
        self._story = _Story(self._on_the_way) if has_entries else None

    @property
    def places(self) -> Places | None:
        return None if self._story is None else self._story.places

    def findings(self, progress: Callable[[int], None]) -> Iterator[Finding]:
        for each in self._too_long:
            yield Finding(
                Trouble.TAIL_CUT, f"{self._head.size} < {each.head.size} ({each.known_from})"
            )
        last = b""
        for index, (leaves, bundle) in enumerate(self._leaf_tiles()):
            start, root = index * WIDTH, None
            if isinstance(leaves, TilesAreDamaged):
                yield Finding(Trouble.TILE_DAMAGED, str(leaves))
                if (root := self._published_root(index)) is None:
                    return  # without these leaves nothing behind them can be computed
                self._pass_over(start)
            else:
                yield from self._earlier_heads(start, leaves)
                if self._story is not None and bundle is not None:
                    yield from self._story.told(start, leaves, bundle)
                if len(leaves) == WIDTH * HASH_BYTES:
                    root = perfect_root(leaves)
                else:
                    last = leaves
                progress(start + len(leaves) // HASH_BYTES)
            if root is not None:
                yield from self._raise(root, index)
                yield from self._earlier_heads(start + WIDTH, b"")
        yield from self._unfinished_tiles()
        if self._root(last, self._head.size) != self._head.root:
            yield Finding(Trouble.ROOT_DIFFERS, "checkpoint")

    def _leaf_tiles(self) -> Iterator[tuple["_Read", "list[bytes] | TilesAreDamaged | None"]]:
        count = -(-self._head.size // WIDTH)
        if isinstance(self._source, Folder):
            yield from map(self._read, range(count))
            return
        with ThreadPoolExecutor(_READERS) as readers:
            indexes = iter(range(count))
            waiting = [readers.submit(self._read, each) for each in islice(indexes, _AHEAD)]
            while waiting:
                yield waiting.pop(0).result()
                waiting += [readers.submit(self._read, each) for each in islice(indexes, 1)]

    def _read(self, index: int) -> tuple["_Read", "list[bytes] | TilesAreDamaged | None"]:
        leaves: _Read
        bundle: list[bytes] | TilesAreDamaged | None
        try:
            leaves = self._tree.read_tile(0, index)
        except TilesAreDamaged as damage:
            leaves = damage
        try:
            bundle = None if self._story is None else self._tree.read_bundle(index)
        except TilesAreDamaged as damage:
            bundle = damage
        return leaves, bundle

    def _raise(self, root: bytes, index: int) -> Iterator[Finding]:
        """Put the root of a full tile into the level above; hold every full tile there."""
        level = 0
        while True:
            level += 1
            if level > len(self._rows):
                self._rows.append([])
            row = self._rows[level - 1]
            row.append(root)
            if len(row) < WIDTH:
                return
            index //= WIDTH
            yield from self._held_against_published(level, index)
            root = perfect_root(b"".join(row))
            row.clear()

    def _unfinished_tiles(self) -> Iterator[Finding]:
        for level, row in enumerate(self._rows, start=1):
            if row:
                yield from self._held_against_published(level, self._tree.size >> 8 * (level + 1))

    def _held_against_published(self, level: int, index: int) -> Iterator[Finding]:
        computed = self._rows[level - 1]
        try:
            published = hashes_in(self._tree.read_tile(level, index))
        except TilesAreDamaged as damage:
            yield Finding(Trouble.TILE_DAMAGED, str(damage))
            return
        for place, (own, shown) in enumerate(zip(computed, published, strict=True)):
            if own != shown:
                below = tile_path(level - 1, index * WIDTH + place)
                above = tile_path(level, index, len(computed))
                yield Finding(Trouble.TILES_DISAGREE, f"{below}, {above}[{place}]")

    def _published_root(self, index: int) -> bytes | None:
        """What the tile above says of a full leaf tile that cannot be read."""
        if (index + 1) * WIDTH > self._head.size:
            return None
        try:
            above = self._tree.read_tile(1, index // WIDTH)
        except TilesAreDamaged:
            return None
        place = index % WIDTH * HASH_BYTES
        return above[place : place + HASH_BYTES]

    def _earlier_heads(self, start: int, leaves: bytes) -> Iterator[Finding]:
        """Those whose size lies in this unfinished leaf tile, or exactly in front of it."""
        before_the_next = start + len(leaves) // HASH_BYTES + 1
        while self._on_the_way and self._on_the_way[0].head.size < min(
            before_the_next, start + WIDTH
        ):
            earlier = self._on_the_way.pop(0)
            size = earlier.head.size
            if self._root(leaves[: (size - start) * HASH_BYTES], size) == earlier.head.root:
                self._unchanged = size
            else:
                yield Finding(
                    Trouble.HISTORY_REWRITTEN, f"{self._unchanged} – {size} ({earlier.known_from})"
                )

    def _pass_over(self, start: int) -> None:
        """The leaves of this tile are not there: nothing can be said of what ends within it."""
        while self._on_the_way and self._on_the_way[0].head.size < start + WIDTH:
            self._on_the_way.pop(0)
        if self._story is not None:
            self._story.pass_over(WIDTH)

    def _root(self, leaves: bytes, size: int) -> bytes:
        rows = [*reversed(self._rows), hashes_in(leaves)]
        peaks = [peak for row in rows for peak in Frontier().extend(row).peaks]
        return Frontier(size, tuple(peaks)).root()


_Read = bytes | TilesAreDamaged


class _Story:
    """What the entries tell, held against their leaves, each other, and what witnesses saw."""

    def __init__(self, earlier: Sequence[EarlierHead]) -> None:
        self.places = Places()
        self._states = bytearray()  # of every entry so far: what stands of the certificate
        self._newest = 0
        self._seen = [
            (each.head.size, _microseconds(each.seen_at))
            for each in earlier
            if each.seen_at is not None
        ]
        self._withheld = 0  # entries at the beginning that are not published
        self._seen_last = 0  # when a witness saw the log without the entry at hand

    def told(
        self, start: int, leaves: bytes, entries: list[bytes] | TilesAreDamaged
    ) -> Iterator[Finding]:
        if isinstance(entries, TilesAreDamaged):
            yield Finding(Trouble.TILE_DAMAGED, str(entries))
            self.pass_over(len(leaves) // HASH_BYTES)
            return
        hashes = [sha256(b"\0" + each).digest() for each in entries]
        if b"".join(hashes) != leaves:
            for place, (own, leaf) in enumerate(zip(hashes, hashes_in(leaves), strict=True)):
                if own != leaf and not self._may_be_withheld(start + place, entries[: place + 1]):
                    yield Finding(Trouble.ENTRY_CHANGED, str(start + place))
        for number, raw in enumerate(entries, start=start):
            if raw:
                yield from self._one(number, raw)
            else:
                self._states.append(_UNSEEN)
                self.places.pass_over(1)
                self._withheld += self._withheld == number

    def pass_over(self, count: int) -> None:
        self._states += bytes([_UNSEEN]) * count
        self.places.pass_over(count)

    def _may_be_withheld(self, number: int, up_to_here: list[bytes]) -> bool:
        """Entries of version 1 are not published; nothing else may stand before them."""
        return number - len(up_to_here) + 1 == self._withheld and not any(up_to_here)

    def _one(self, number: int, raw: bytes) -> Iterator[Finding]:
        try:
            kind, of, at, place = glance(raw)
        except EntryIsMalformed:
            self._states.append(_NOTHING)
            self.places.pass_over(1)
            yield Finding(Trouble.ENTRY_SENSELESS, str(number))
            return
        if of is None:
            self._states.append(_STANDS)
            if not self.places.give(place, at):
                yield Finding(Trouble.PLACE_SHARED, str(number))
        else:
            self._states.append(_NOTHING)
            if not self._follows(number, of, kind):
                self.places.pass_over(1)
                yield Finding(Trouble.ENTRY_SENSELESS, str(number))
            elif not self.places.note(kind, of, at, place):
                yield Finding(Trouble.ENTRY_SENSELESS, str(number))
        while self._seen and self._seen[0][0] <= number:
            self._seen_last = max(self._seen_last, self._seen.pop(0)[1])
        if at < self._newest:
            if at < self._newest - _TOLERANCE:
                yield Finding(Trouble.CLOCK_SET_BACK, str(number))
        else:
            self._newest = at
        if at < self._seen_last - _TOLERANCE:
            yield Finding(Trouble.BACK_DATED, str(number))

    def _follows(self, number: int, of: int, kind: str) -> bool:
        """Whether this can happen to that certificate; what stands of it from now on."""
        if of >= number or self._states[of] == _NOTHING:
            return False
        after = _AFTER.get((kind, self._states[of]), _STANDS)
        if after == _NOTHING:
            return False
        if kind in _CHANGING:
            self._states[of] = after
        return True


_NOTHING, _STANDS, _IS_REVOKED, _UNSEEN = range(4)
_CHANGING = ("revoke", "reinstate")
_AFTER = {  # what stands after an event; `_NOTHING` where it cannot happen
    ("revoke", _STANDS): _IS_REVOKED,
    ("revoke", _IS_REVOKED): _NOTHING,
    ("reinstate", _IS_REVOKED): _STANDS,
    ("reinstate", _STANDS): _NOTHING,
    ("revoke", _UNSEEN): _IS_REVOKED,
}
_TOLERANCE = TOLERANCE // _MICROSECOND


def _microseconds(at: datetime) -> int:
    return int(at.timestamp()) * 1_000_000
