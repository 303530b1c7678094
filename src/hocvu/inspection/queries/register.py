"""The register held against its Merkle log: what no administrator can change unseen.

Four things are held against each other: the rows of the register, the heads that the register's
key signed, the log as it was published, and what witnesses cosigned. Whoever can write to the
database alone is found by the signed heads; whoever has the register's key as well, by what was
published; whoever rewrites that too, by the witnesses.
"""

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.db import connection, transaction

from hocvu.credentials.models import (
    Certificate,
    LogCheckpoint,
    RegisterEntry,
    RegisterEvent,
)
from hocvu.credentials.queries.logged import (
    leaf_as_recorded,
)
from hocvu.inspection.queries.books import audit_of_books
from hocvu.inspection.queries.findings import Finding, Trouble, span
from hocvu.inspection.queries.guards import audit_of_guards
from hocvu.inspection.queries.lists import audit_of_lists, shown_lists
from hocvu.register.auditing import TOLERANCE, EarlierHead
from hocvu.register.checkpoint import open_checkpoint
from hocvu.register.errors import RegisterRefusal
from hocvu.register.merkle import HASH_BYTES, Frontier, TreeHead
from hocvu.register.publishing import cosigned_sizes
from hocvu.register.tiles import WIDTH, PublishedTree, TilesAreDamaged, published_checkpoint
from hocvu.trust.queries.believed import register_keys
from hocvu.trust.queries.witnesses import heads_seen_by_witnesses


def audit_register() -> list[Finding]:
    """Hold every row of the register against the log, and the log against what was published."""
    return list(dict.fromkeys(_audit()))


def _audit() -> Iterator[Finding]:
    # Read first: whatever is published, or was seen by a witness, was committed before.
    published: TreeHead | None = None
    try:
        if shown := published_checkpoint(settings.REGISTER_FOLDER, register_keys()):
            published = shown.head
    except RegisterRefusal:
        yield Finding(Trouble.CHECKPOINT_FORGED, "checkpoint")
    seen, lists = heads_seen_by_witnesses(), shown_lists()
    with _one_moment():
        signed: list[TreeHead] = []
        heads = list(LogCheckpoint.objects.order_by("size"))
        for checkpoint in heads:
            if (head := _signed_head(checkpoint)) is None:
                yield Finding(Trouble.CHECKPOINT_FORGED, str(checkpoint.size))
            else:
                signed.append(head)
        walk = _Walk(signed, published, seen, [(each.size, each.at) for each in heads])
        yield from walk.findings()
        longest = max((head.size for head in signed), default=0)
        if walk.size != longest:
            yield Finding(Trouble.COUNT_DIFFERS, f"{walk.size} / {longest}")
        yield from _moved_backwards(walk.size, published)
        for each in seen:
            if each.head.size > walk.size:
                yield Finding(Trouble.WITNESS_DISAGREES, f"{each.head.size} ({each.known_from})")
        yield from audit_of_books()
        yield from audit_of_lists(lists)
    # By itself: it makes tables for a moment, which a transaction that only reads may not.
    yield from audit_of_guards()


def _moved_backwards(size: int, published: TreeHead | None) -> Iterator[Finding]:
    """More was published than is here, or more was cosigned than is published now."""
    if published is None:
        return
    if published.size > size:
        yield Finding(Trouble.MOVED_BACKWARDS, f"{size} / {published.size}")
    most = max(cosigned_sizes(settings.REGISTER_FOLDER), default=0)
    if most > published.size:
        yield Finding(Trouble.MOVED_BACKWARDS, f"{published.size} / {most}")


@contextmanager
def _one_moment() -> Iterator[None]:
    """Read everything as it was at one moment, while others go on issuing."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


class _Walk:
    """Once over all entries, in the order of their places in the log."""

    def __init__(
        self,
        signed: Sequence[TreeHead],
        published: TreeHead | None,
        seen: Sequence[EarlierHead],
        dated: Sequence[tuple[int, datetime]],
    ) -> None:
        self._heads_of: defaultdict[int, set[TreeHead]] = defaultdict(set)
        for head in (*signed, *([published] if published else [])):
            self._heads_of[head.size].add(head)
        self._covered = max(self._heads_of, default=0)
        self._seen_of = {each.head.size: each for each in seen}
        self._seen = list(seen)
        self._dated = deque(dated)  # sizes of heads and the moments they say, those still to come
        self._seen_last: datetime | None = None  # when a witness saw the log without this entry
        self._newest: datetime | None = None
        self._shown = _Shown(published)
        self._disagreeing: set[str] = set()  # witnesses; "": the register's own key
        self._misplaced: list[_Row] = []
        self._stored: set[bytes] = set()
        self._issued: dict[int, int] = {}
        self._frontier = Frontier()

    @property
    def size(self) -> int:
        return self._frontier.size

    def findings(self) -> Iterator[Finding]:
        entries = RegisterEntry.objects.select_related(
            "certificate__issuer", "certificate__entry__decision", "certificate__correction"
        )
        entries = entries.prefetch_related("certificate__form").order_by("leaf_index")
        expected = 0
        for entry in entries.iterator(chunk_size=200):
            if entry.leaf_index != expected:
                yield Finding(Trouble.ENTRY_MISSING, span(expected + 1, entry.leaf_index + 1))
            expected = entry.leaf_index + 1
            yield from self._entry(entry)
        yield from self._damage()
        yield from self._places()

    def _entry(self, entry: RegisterEntry) -> Iterator[Finding]:
        serial, certificate = entry.certificate.serial_number, entry.certificate
        if entry.event == RegisterEvent.ISSUE:
            self._issued[certificate.pk] = entry.leaf_index
        recorded = leaf_as_recorded(entry, of=self._subject(entry))
        stored = bytes(entry.leaf_hash)
        if recorded != stored:
            yield Finding(Trouble.RECORD_CHANGED, serial)
        if not _file_is_the_registered_one(certificate):
            yield Finding(Trouble.FILE_CHANGED, serial)
        yield from self._moment(entry, serial)
        shown = self._shown.leaf(entry.leaf_index)
        if entry.leaf_index >= self._covered or (shown is not None and shown != stored):
            self._misplaced.append(_Row(entry.leaf_index, serial, stored))
        self._stored.add(stored)
        self._frontier = self._frontier.append(recorded)
        head = self._frontier.head() if self._is_a_known_size() else None
        if head is not None and self._heads_of[self.size] - {head}:
            yield from self._first_of("", Finding(Trouble.HISTORY_REWRITTEN, str(self.size)))
        witnessed = self._seen_of.get(self.size)
        if witnessed is not None and witnessed.head != head:
            name = witnessed.known_from
            disagrees = Finding(Trouble.WITNESS_DISAGREES, f"{self.size} ({name})")
            yield from self._first_of(name, disagrees)

    def _first_of(self, who: str, finding: Finding) -> Iterator[Finding]:
        """No later head of the same signer can be right once one is wrong: that is not said again,
        thousands of times, in front of what else there is to say.
        """
        if who not in self._disagreeing:
            self._disagreeing.add(who)
            yield finding

    def _is_a_known_size(self) -> bool:
        return self.size in self._heads_of or self.size in self._seen_of

    def _subject(self, entry: RegisterEntry) -> int | None:
        if entry.event == RegisterEvent.ISSUE:
            return None
        return self._issued.get(entry.certificate_id)

    def _moment(self, entry: RegisterEntry, serial: str) -> Iterator[Finding]:
        while self._seen and self._seen[0].head.size <= entry.leaf_index:
            self._seen_last = self._seen.pop(0).seen_at
        if self._newest is not None and entry.at < self._newest - TOLERANCE:
            yield Finding(Trouble.CLOCK_SET_BACK, serial)
        self._newest = max(entry.at, self._newest or entry.at)
        while self._dated and self._dated[0][0] <= entry.leaf_index:
            self._dated.popleft()
        if self._dated and self._dated[0][1] != entry.at:  # a batch and its head have one moment
            yield Finding(Trouble.HEAD_MISDATED, str(self._dated[0][0]))
        claimed = entry.at
        if entry.event == RegisterEvent.ISSUE:
            claimed = min(claimed, entry.certificate.issued_at)
            if claimed < entry.at - TOLERANCE:
                yield Finding(Trouble.BACK_DATED, serial)
        if self._seen_last is not None and claimed < self._seen_last - TOLERANCE:
            yield Finding(Trouble.BACK_DATED, serial)

    def _damage(self) -> Iterator[Finding]:
        for damage in self._shown.damages:
            yield Finding(Trouble.PUBLICATION_DAMAGED, damage)

    def _places(self) -> Iterator[Finding]:
        """Of rows that are not what was published at their place: which were moved, put in, or
        altered together with their own leaf; and of published leaves: which have no row now.
        """
        if not self._misplaced:
            return
        places, altered = self._shown.all_leaves(), set()
        for row in self._misplaced:
            if row.stored in places:
                yield Finding(Trouble.ENTRY_MOVED, row.serial)
            elif row.index >= self._covered or self._shown.leaf(row.index) in self._stored:
                yield Finding(Trouble.ENTRY_INSERTED, row.serial)
            else:
                altered.add(row.index)
                yield Finding(Trouble.RECORD_CHANGED, row.serial)
        for leaf, index in places.items():
            if leaf not in self._stored and index not in altered:
                yield Finding(Trouble.ENTRY_MISSING, str(index + 1))


@dataclass(frozen=True)
class _Row:
    index: int
    serial: str
    stored: bytes


class _Shown:
    """The published leaves, tile by tile."""

    def __init__(self, head: TreeHead | None) -> None:
        self._head = head
        self._tree = PublishedTree(settings.REGISTER_FOLDER, head) if head else None
        self._last: tuple[int, bytes] = (-1, b"")
        self.damages: list[str] = []

    def leaf(self, index: int) -> bytes | None:
        """None for what is not published, or cannot be read."""
        if self._head is None or index >= self._head.size:
            return None
        tile, place = divmod(index, WIDTH)
        leaves = self._tile(tile)
        return leaves[place * HASH_BYTES : (place + 1) * HASH_BYTES] or None

    def all_leaves(self) -> dict[bytes, int]:
        size = self._head.size if self._head else 0
        found = ((self.leaf(index), index) for index in range(size))
        return {leaf: index for leaf, index in found if leaf is not None}

    def _tile(self, tile: int) -> bytes:
        known, leaves = self._last
        if known == tile or self._tree is None:
            return leaves
        try:
            leaves = self._tree.read_tile(0, tile)
        except TilesAreDamaged as damage:
            leaves = b""
            self.damages.append(str(damage))
        self._last = (tile, leaves)
        return leaves


def _file_is_the_registered_one(certificate: Certificate) -> bool:
    """Kept in one way, and giving the hash that was entered."""
    is_kept_twice = certificate.form_id is not None and certificate.stored_file is not None
    return not is_kept_twice and sha256(certificate.file).hexdigest() == certificate.file_sha256


def _signed_head(checkpoint: LogCheckpoint) -> TreeHead | None:
    """The head this checkpoint's note signs, if its other columns say the same."""
    try:
        head = open_checkpoint(checkpoint.note, register_keys()).head
        edge = Frontier.from_bytes(bytes(checkpoint.frontier))
    except (RegisterRefusal, ValueError):
        return None
    return head if head.size == checkpoint.size and head == edge.head() else None
