"""What an administrator can do who has the database's own password, and perhaps more."""

from contextlib import contextmanager
from hashlib import sha256

from django.db import connection, transaction

from credentials.recognition_scene import tamper
from hocvu.credentials.models import Certificate, LogCheckpoint, RegisterEntry
from hocvu.credentials.queries.records import leaf_of
from hocvu.recognition.models import DecisionEntry
from hocvu.register.checkpoint import Checkpoint, sign_checkpoint
from hocvu.register.merkle import Frontier, leaf_hash
from hocvu.trust.actions.register_key import register_signing_key


@contextmanager
def undone():
    """What happens in here is taken back: tampered tables would not pass the checks of a test."""
    before = transaction.savepoint()
    yield
    transaction.savepoint_rollback(before)


@contextmanager
def triggers_disabled():
    """Nothing that the tables refuse is refused in here."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = origin")


def without_checks(model):
    """What the database would refuse, its superuser has it accept."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        found = connection.introspection.get_constraints(cursor, model._meta.db_table)
        for name, constraint in found.items():
            if constraint["check"]:
                cursor.execute(f'ALTER TABLE {model._meta.db_table} DROP CONSTRAINT "{name}"')


def forged_copy(certificate, *, leaf_index, number, at=None):
    """A certificate for somebody else, with all that a forger without the register's key can make.

    It stands in the list of the same decision, and claims the moment of the genuine one.
    """
    original, entry = certificate.register_entries.get(event="issue"), certificate.entry
    at, salt = at or original.at, b"\0" * 32
    file = bytes(certificate.file) + b"\n"
    with triggers_disabled():
        line = DecisionEntry.objects.create(
            decision=entry.decision,
            position=number,
            enrolment_id=entry.enrolment_id + 10_000,
            person=entry.person,
            full_name="Kẻ Gian",
            unit_name=entry.unit_name,
        )
        forged = Certificate.objects.create(
            entry=line,
            serial_number=f"TCT-31-2026-{number:06d}",
            register_year=2026,
            register_number=number,
            issuer=certificate.issuer,
            verification_code=f"F{number:015}",
            issued_at=at,
            file=file,
            file_sha256=sha256(file).hexdigest(),
        )
        leaf = leaf_of(
            forged, event="issue", of=None, at=at, by_id=original.by_id, reason="", salt=salt
        ).to_bytes()
        RegisterEntry.objects.create(
            leaf_index=leaf_index,
            event="issue",
            certificate=forged,
            at=at,
            by_id=original.by_id,
            salt=salt,
            leaf=leaf,
            leaf_hash=leaf_hash(leaf),
        )
    return forged


def make_leaves_agree(entries=None):
    """Give every row the leaf its record makes now."""
    issued = dict(
        RegisterEntry.objects.filter(event="issue").values_list("certificate", "leaf_index")
    )
    rows = RegisterEntry.objects.all() if entries is None else entries
    for entry in rows.select_related("certificate__entry__decision", "certificate__issuer"):
        leaf = leaf_of(
            entry.certificate,
            event=entry.event,
            of=None if entry.event == "issue" else issued[entry.certificate_id],
            at=entry.at,
            by_id=entry.by_id,
            reason=entry.reason,
            facts=entry.facts,
            salt=bytes(entry.salt),
        ).to_bytes()
        tamper(
            "UPDATE credentials_registerentry SET leaf = %s, leaf_hash = %s WHERE leaf_index = %s",
            [leaf, leaf_hash(leaf), entry.leaf_index],
        )


def head_signed_by(key, size):
    """The frontier and the signed note of the tree that the rows make now."""
    hashes = RegisterEntry.objects.order_by("leaf_index").values_list("leaf_hash", flat=True)[:size]
    frontier = Frontier().extend(bytes(each) for each in hashes)
    return frontier, sign_checkpoint(Checkpoint(key.name, frontier.size, frontier.root()), key)


def sign_every_head_anew():
    """With the register's own key in hand."""
    for size in LogCheckpoint.objects.values_list("size", flat=True):
        frontier, note = head_signed_by(register_signing_key(), size)
        tamper(
            "UPDATE credentials_logcheckpoint SET note = %s, frontier = %s WHERE size = %s",
            [note, frontier.to_bytes(), size],
        )
