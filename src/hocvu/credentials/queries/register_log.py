"""The register held against its Merkle log: what no administrator can change unseen."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256

from django.conf import settings

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
from hocvu.register.merkle import Frontier, TreeHead, inclusion_proof, verify_inclusion
from hocvu.register.tiles import PublishedTree, published_checkpoint


class Trouble(Enum):
    """What an audit of the register can find."""

    RECORD_CHANGED = "record_changed"  # a row no longer says what the log committed to
    FILE_CHANGED = "file_changed"  # the stored file is not the one that was registered
    LEAF_CHANGED = "leaf_changed"  # the stored leaf hash is not that of its entry
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


def leaf_as_recorded(entry: RegisterEntry) -> bytes:
    """The leaf hash that this entry's rows give today."""
    leaf = leaf_of(
        entry.certificate,
        event=entry.event,
        at=entry.at,
        by_id=entry.by_id,
        reason=entry.reason,
        salt=bytes(entry.salt),
    )
    return leaf.leaf_hash()


def audit_register() -> list[Finding]:
    """Hold every row of the register against the log, and the log against what was published."""
    return list(_audit())


def _audit() -> Iterator[Finding]:
    checkpoints = dict(LogCheckpoint.objects.values_list("size", "note"))
    heads: dict[int, TreeHead] = {}
    for size, note in checkpoints.items():
        try:
            head = open_checkpoint(note, register_keys()).head
        except RegisterRefusal:
            yield Finding(Trouble.CHECKPOINT_FORGED, str(size))
            continue
        if head.size != size:
            yield Finding(Trouble.CHECKPOINT_FORGED, str(size))
        heads[size] = head

    frontier = Frontier()
    entries = RegisterEntry.objects.select_related(
        "certificate__issuer", "certificate__entry__decision"
    ).order_by("leaf_index")
    expected = 0
    for entry in entries.iterator(chunk_size=200):
        while expected < entry.leaf_index:
            yield Finding(Trouble.ENTRY_MISSING, str(expected))
            expected += 1
        expected += 1
        serial = entry.certificate.serial_number
        recorded = leaf_as_recorded(entry)
        if recorded != bytes(entry.leaf_hash):
            yield Finding(Trouble.RECORD_CHANGED, serial)
        if sha256(entry.certificate.file).hexdigest() != entry.certificate.file_sha256:
            yield Finding(Trouble.FILE_CHANGED, serial)
        frontier = frontier.append(recorded)
        if frontier.size in heads and frontier.head() != heads[frontier.size]:
            yield Finding(Trouble.HISTORY_REWRITTEN, str(frontier.size))

    yield from _audit_the_end(frontier, max(heads, default=0))
    yield from _audit_the_lists()


def _audit_the_end(frontier: Frontier, signed_size: int) -> Iterator[Finding]:
    if frontier.size != signed_size:
        yield Finding(Trouble.ENTRY_MISSING, f"{frontier.size} / {signed_size}")
    try:
        published = published_checkpoint(settings.REGISTER_FOLDER, register_keys())
    except RegisterRefusal:
        yield Finding(Trouble.CHECKPOINT_FORGED, "checkpoint")
        return
    if published is None:
        return
    if published.size > frontier.size:
        yield Finding(Trouble.MOVED_BACKWARDS, f"{frontier.size} / {published.size}")
    elif published.size == frontier.size and published.head != frontier.head():
        yield Finding(Trouble.HISTORY_REWRITTEN, str(published.size))


def _audit_the_lists() -> Iterator[Finding]:
    unregistered = Certificate.objects.filter(register_entries=None)
    for serial in unregistered.values_list("serial_number", flat=True):
        yield Finding(Trouble.NOT_IN_REGISTER, serial)
    decisions = RecognitionDecision.objects.prefetch_related("entries")
    for decision in decisions:
        if len(decision.entries.all()) != decision.learner_count:
            yield Finding(Trouble.LIST_CHANGED, decision.number_and_symbol)
