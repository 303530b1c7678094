"""Single entries of the register and what the published log proves of them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings

from hocvu.credentials.models import LogCheckpoint, RegisterEntry, RegisterEvent
from hocvu.credentials.queries.records import leaf_hash_of_version_1, leaf_of
from hocvu.kernel.time import VIETNAM
from hocvu.register.checkpoint import Checkpoint, open_checkpoint
from hocvu.register.merkle import (
    HASH_BYTES,
    Earlier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    verify_inclusion,
)
from hocvu.register.proof import prove
from hocvu.register.publishing import cosigned_sizes
from hocvu.register.tiles import (
    Folder,
    PublishedTree,
    cosigned_path,
    published_checkpoint,
    published_note,
)
from hocvu.register.witness import AddCheckpoint
from hocvu.trust.queries.believed import register_keys

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


def proof_of(entry: RegisterEntry) -> str:
    """A `.tlog-proof` for the holder: checked offline, by anybody, with the register's key alone.

    It brings the entry along, the inclusion proof, and the last head that witnesses cosigned, or,
    where none of them covers the entry yet, the last head. Raises `NotInLog` for what is not
    published yet.
    """
    folder = Folder(settings.REGISTER_FOLDER)
    note = published_note(folder)
    if note is None:
        raise NotInLog
    head = open_checkpoint(note, register_keys())
    if entry.leaf_index >= head.size:
        raise NotInLog
    sizes = [each for each in cosigned_sizes(folder.path) if entry.leaf_index < each <= head.size]
    shown = folder.read(cosigned_path(max(sizes))) if sizes else None
    cosigned = note if shown is None else shown.decode()
    size = open_checkpoint(cosigned, register_keys()).size
    tree = Earlier(PublishedTree(folder, head.head), size)
    return prove(tree, entry.leaf_index, cosigned, bytes(entry.leaf)).to_text()


@dataclass(frozen=True)
class Growth:
    """Two signed heads and the proof that the later continues the earlier.

    `grown` is in the form in which a log asks a witness; `register.witness.verify_growth` checks
    the two together.
    """

    old_note: str
    grown: str


def growth_between(first: date, last: date) -> Growth:
    """That the register of the end of one day is continued by that of the end of another.

    Raises `NotInLog` where there was no head yet, or it is not published yet.
    """
    old, new = _last_head_of(first), _last_head_of(last)
    head = published_checkpoint(settings.REGISTER_FOLDER, register_keys())
    if head is None or not old.size <= new.size <= head.size:
        raise NotInLog
    tree = Earlier(PublishedTree(settings.REGISTER_FOLDER, head.head), new.size)
    proof = consistency_proof(tree, old.size)
    return Growth(old.note, AddCheckpoint(old.size, proof, new.note).to_text())


def _last_head_of(day: date) -> LogCheckpoint:
    end = datetime.combine(day + timedelta(days=1), time.min, VIETNAM)
    head = LogCheckpoint.objects.filter(at__lt=end).order_by("-size").first()
    if head is None:
        raise NotInLog
    return head


def entries_are_missing_after(entry: RegisterEntry, head: Checkpoint) -> bool:
    """Whether the register holds fewer entries behind this one than were published."""
    later = RegisterEntry.objects.filter(leaf_index__gt=entry.leaf_index, leaf_index__lt=head.size)
    return later.count() < head.size - entry.leaf_index - 1


def index_of_issue(entry: RegisterEntry) -> int | None:
    """Where the certificate of this entry was issued in the log; None for that entry itself."""
    if entry.event == RegisterEvent.ISSUE:
        return None
    issues = RegisterEntry.objects.filter(
        certificate=entry.certificate_id, event=RegisterEvent.ISSUE
    )
    return issues.values_list("leaf_index", flat=True).first()


def leaf_as_recorded(entry: RegisterEntry, *, of: int | None = None) -> bytes:
    """The leaf hash that this entry's rows give today; `NO_LEAF` where they make no sense.

    `of` is `index_of_issue`, where the caller knows it already.
    """
    if not entry.leaf:
        return _leaf_of_version_1(entry)
    try:
        leaf = leaf_of(
            entry.certificate,
            event=entry.event,
            of=index_of_issue(entry) if of is None else of,
            at=entry.at,
            by_id=entry.by_id,
            reason=entry.reason,
            facts=entry.facts,
            salt=bytes(entry.salt),
        )
    except (ValueError, AttributeError, KeyError, TypeError):  # facts that are no facts any more
        return NO_LEAF
    raw = leaf.to_bytes()
    return leaf_hash(raw) if raw == bytes(entry.leaf) else NO_LEAF


def _leaf_of_version_1(entry: RegisterEntry) -> bytes:
    if entry.facts:  # there were none
        return NO_LEAF
    try:
        return leaf_hash_of_version_1(
            entry.certificate,
            event=entry.event,
            at=entry.at,
            by_id=entry.by_id,
            reason=entry.reason,
            salt=bytes(entry.salt),
        )
    except ValueError:
        return NO_LEAF
