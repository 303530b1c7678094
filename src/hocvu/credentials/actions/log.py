"""Appending to the register's log, and publishing it.

Write order: stage the entries → commit them together with the signed head → publish. The head's
size never moves backwards, because the register lock is held until the commit.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from hocvu.credentials.actions.keys import register_signing_key
from hocvu.credentials.models import (
    Certificate,
    LogCheckpoint,
    RegisterEntry,
    RegisterEvent,
)
from hocvu.credentials.queries.records import leaf_of
from hocvu.credentials.queries.register_log import latest_checkpoint
from hocvu.credentials.queries.trust import register_keys
from hocvu.people.models import Person
from hocvu.register.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from hocvu.register.entries import SALT_BYTES
from hocvu.register.merkle import Frontier
from hocvu.register.tiles import (
    PublicationWouldMoveBackwards,
    TreesDisagree,
    publish,
    published_checkpoint,
)


def append_to_log(
    events: Sequence[tuple[Certificate, RegisterEvent, str]], *, by: Person, at: datetime
) -> None:
    """Enter these events and sign the new head. The caller holds the register lock."""
    frontier = _signed_frontier()
    entries = []
    for certificate, event, reason in events:
        salt = secrets.token_bytes(SALT_BYTES)
        leaf = leaf_of(
            certificate, event=event, at=at, by_id=by.pk, reason=reason, salt=salt
        ).leaf_hash()
        entries.append(
            RegisterEntry(
                leaf_index=frontier.size,
                event=event,
                certificate=certificate,
                at=at,
                by=by,
                reason=reason,
                salt=salt,
                leaf_hash=leaf,
            )
        )
        frontier = frontier.append(leaf)
    RegisterEntry.objects.bulk_create(entries)
    head = Checkpoint(settings.REGISTER_ORIGIN, frontier.size, frontier.root())
    LogCheckpoint.objects.create(
        size=frontier.size,
        note=sign_checkpoint(head, register_signing_key()),
        frontier=frontier.to_bytes(),
        at=at,
    )


def _signed_frontier() -> Frontier:
    """The right edge to append to: the one that was signed last, and no shorter than published.

    Where a tail was cut off here, a new head would be a second history: it is never signed.
    """
    keys, last = register_keys(), latest_checkpoint()
    frontier = Frontier.from_bytes(bytes(last.frontier)) if last else Frontier()
    if last is not None and open_checkpoint(last.note, keys).head != frontier.head():
        raise TreesDisagree("The stored edge of the log is not the one that was signed.")
    shown = published_checkpoint(settings.REGISTER_FOLDER, keys)
    if shown is not None and shown.size > frontier.size:
        raise PublicationWouldMoveBackwards(
            f"{shown.size} entries are published; here are only {frontier.size}."
        )
    return frontier


def publish_log() -> None:
    """Write the committed log as static files. Safe to repeat; never moves backwards."""
    last = latest_checkpoint()
    if last is None:
        return
    keys = register_keys()
    shown = published_checkpoint(settings.REGISTER_FOLDER, keys)
    start = min(shown.size, last.size) if shown else 0
    leaves = RegisterEntry.objects.filter(leaf_index__gte=start, leaf_index__lt=last.size)
    hashes = [
        bytes(leaf) for leaf in leaves.order_by("leaf_index").values_list("leaf_hash", flat=True)
    ]
    try:
        publish(settings.REGISTER_FOLDER, last.note, hashes, keys, starting_at=start)
    except PublicationWouldMoveBackwards:
        # Another process committed and published a longer log between our reading and writing.
        if published_checkpoint(settings.REGISTER_FOLDER, keys) == shown:
            raise
