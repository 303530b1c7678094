"""The register held against its Merkle log: what no administrator can change unseen."""

from collections import defaultdict
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256

from django.conf import settings
from django.db import connection, transaction

from hocvu.credentials.models import (
    Certificate,
    LogCheckpoint,
    RecognitionDecision,
    RegisterEntry,
)
from hocvu.credentials.queries.records import leaf_of
from hocvu.credentials.queries.trust import register_keys
from hocvu.register.checkpoint import Checkpoint, open_checkpoint
from hocvu.register.errors import RegisterRefusal
from hocvu.register.merkle import (
    HASH_BYTES,
    Frontier,
    TreeHead,
    inclusion_proof,
    verify_inclusion,
)
from hocvu.register.tiles import PublishedTree, published_checkpoint


class Trouble(Enum):
    """What an audit of the register can find."""

    RECORD_CHANGED = "record_changed"  # a row no longer says what the log committed to
    FILE_CHANGED = "file_changed"  # the stored file is not the one that was registered
    ENTRY_MISSING = "entry_missing"  # a number is skipped, or the tail was cut
    NOT_IN_REGISTER = "not_in_register"  # a certificate nobody entered
    LIST_CHANGED = "list_changed"  # a decision's list is not as long as its article 1 says
    CHECKPOINT_FORGED = "checkpoint_forged"  # a head that the register's key did not sign
    HISTORY_REWRITTEN = "history_rewritten"  # entries do not make the tree that was signed
    MOVED_BACKWARDS = "moved_backwards"  # more was published than is here now


@dataclass(frozen=True)
class Finding:
    """One trouble, and where: a serial number, a leaf or a size."""

    trouble: Trouble
    where: str


NO_LEAF = bytes(HASH_BYTES)  # the hash of nothing that was ever entered


class NotInLog(Exception):
    """The entry is not covered by a signed head of the log."""


def latest_checkpoint() -> LogCheckpoint | None:
    return LogCheckpoint.objects.order_by("-size").first()


def prove_in_published_log(entry: RegisterEntry) -> Checkpoint:
    """Check, by the published tiles, that this entry's leaf is in the signed log.

    Reads a handful of tiles, whatever the size of the log. Raises `NotInLog`, or a
    `RegisterRefusal` where tiles or signatures do not hold.
    """
    head = published_checkpoint(settings.REGISTER_FOLDER, register_keys())
    if head is None or entry.leaf_index >= head.size:
        raise NotInLog
    tree = PublishedTree(settings.REGISTER_FOLDER, head.head)
    leaf = bytes(entry.leaf_hash)
    proof = inclusion_proof(tree, entry.leaf_index)
    verify_inclusion(leaf, entry.leaf_index, proof, head.head)
    return head


def entries_are_missing_after(entry: RegisterEntry, head: Checkpoint) -> bool:
    """Whether the register holds fewer entries behind this one than were published."""
    later = RegisterEntry.objects.filter(leaf_index__gt=entry.leaf_index, leaf_index__lt=head.size)
    return later.count() < head.size - entry.leaf_index - 1


def leaf_as_recorded(entry: RegisterEntry) -> bytes:
    """The leaf hash that this entry's rows give today; `NO_LEAF` where they make no sense."""
    try:
        leaf = leaf_of(
            entry.certificate,
            event=entry.event,
            at=entry.at,
            by_id=entry.by_id,
            reason=entry.reason,
            salt=bytes(entry.salt),
        )
    except ValueError:
        return NO_LEAF
    return leaf.leaf_hash()


def audit_register() -> list[Finding]:
    """Hold every row of the register against the log, and the log against what was published."""
    return list(_audit())


def _audit() -> Iterator[Finding]:
    published: list[TreeHead] = []
    try:
        # Read first: whatever is published was committed before.
        if shown := published_checkpoint(settings.REGISTER_FOLDER, register_keys()):
            published.append(shown.head)
    except RegisterRefusal:
        yield Finding(Trouble.CHECKPOINT_FORGED, "checkpoint")
    with _one_moment():
        signed: list[TreeHead] = []
        for checkpoint in LogCheckpoint.objects.order_by("size"):
            if (head := _signed_head(checkpoint)) is None:
                yield Finding(Trouble.CHECKPOINT_FORGED, str(checkpoint.size))
            else:
                signed.append(head)
        frontier = yield from _audit_entries([*signed, *published])
        longest = max((head.size for head in signed), default=0)
        if frontier.size != longest:
            yield Finding(Trouble.ENTRY_MISSING, f"{frontier.size} / {longest}")
        if any(head.size > frontier.size for head in published):
            yield Finding(Trouble.MOVED_BACKWARDS, f"{frontier.size} / {published[0].size}")
        yield from _audit_the_lists()


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


def _audit_entries(heads: Sequence[TreeHead]) -> Generator[Finding, None, Frontier]:
    """Every entry against its leaf, and the tree they make against every head on its way."""
    heads_of: defaultdict[int, set[TreeHead]] = defaultdict(set)
    for head in heads:
        heads_of[head.size].add(head)
    frontier = Frontier()
    entries = RegisterEntry.objects.select_related(
        "certificate__issuer", "certificate__entry__decision"
    ).order_by("leaf_index")
    expected = 0
    for entry in entries.iterator(chunk_size=200):
        if entry.leaf_index != expected:
            yield Finding(Trouble.ENTRY_MISSING, str(expected))
        expected = entry.leaf_index + 1
        serial = entry.certificate.serial_number
        recorded = leaf_as_recorded(entry)
        if recorded != bytes(entry.leaf_hash):
            yield Finding(Trouble.RECORD_CHANGED, serial)
        if sha256(entry.certificate.file).hexdigest() != entry.certificate.file_sha256:
            yield Finding(Trouble.FILE_CHANGED, serial)
        frontier = frontier.append(recorded)
        if heads_of[frontier.size] - {frontier.head()}:
            yield Finding(Trouble.HISTORY_REWRITTEN, str(frontier.size))
    return frontier


def _signed_head(checkpoint: LogCheckpoint) -> TreeHead | None:
    """The head this checkpoint's note signs, if its other columns say the same."""
    try:
        head = open_checkpoint(checkpoint.note, register_keys()).head
        edge = Frontier.from_bytes(bytes(checkpoint.frontier))
    except (RegisterRefusal, ValueError):
        return None
    return head if head.size == checkpoint.size and head == edge.head() else None


def _audit_the_lists() -> Iterator[Finding]:
    unregistered = Certificate.objects.filter(register_entries=None)
    for serial in unregistered.values_list("serial_number", flat=True):
        yield Finding(Trouble.NOT_IN_REGISTER, serial)
    decisions = RecognitionDecision.objects.prefetch_related("entries")
    for decision in decisions:
        if len(decision.entries.all()) != decision.learner_count:
            yield Finding(Trouble.LIST_CHANGED, decision.number_and_symbol)
