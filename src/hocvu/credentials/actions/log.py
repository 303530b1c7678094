"""Appending to the register's log, and publishing it.

Write order: stage the entries → commit them together with the signed head → publish. The head's
size never moves backwards, because the register lock is held until the commit.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from hocvu.credentials.actions.copying import copy_in
from hocvu.credentials.models import (
    Certificate,
    LogCheckpoint,
    RegisterEntry,
    RegisterEvent,
)
from hocvu.credentials.queries.logged import latest_checkpoint
from hocvu.credentials.queries.records import leaf_of
from hocvu.kernel.errors import NotPossible
from hocvu.people.models import Person
from hocvu.register.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from hocvu.register.entries import SALT_BYTES
from hocvu.register.errors import RegisterRefusal
from hocvu.register.merkle import Frontier, leaf_hash
from hocvu.register.publishing import PublicationWouldMoveBackwards, TreesDisagree, publish
from hocvu.register.tiles import WIDTH, TilesAreDamaged, published_checkpoint
from hocvu.trust.actions.register_key import register_signing_key
from hocvu.trust.queries.believed import register_keys


@dataclass(frozen=True)
class NewEvent:
    """Something that happens to a certificate. `facts` are the words of its ruling."""

    certificate: Certificate
    event: RegisterEvent
    reason: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


class RegisterIsNotWhole(NotPossible):
    """What is here does not continue what was signed or published: nothing is entered behind it."""


def append_to_log(
    events: Iterable[NewEvent | tuple[Certificate, RegisterEvent, str]],
    *,
    by: Person,
    at: datetime,
) -> list[RegisterEntry]:
    """Enter these events and sign the new head. The caller holds the register lock.

    Raises `RegisterIsNotWhole` where the log here is not to be continued.
    """
    new = [each if isinstance(each, NewEvent) else NewEvent(*each) for each in events]
    try:
        frontier = _signed_frontier()
    except RegisterRefusal as refusal:
        raise RegisterIsNotWhole(
            _("The register here does not continue the log that was signed and published."),
            _("Nothing was entered. Have the register checked (hocvu verify) before going on."),
        ) from refusal
    issued = _indexes_of_issue(new)
    entries = []
    for each in new:
        is_issue = each.event == RegisterEvent.ISSUE
        if is_issue:
            issued[each.certificate.pk] = frontier.size
        of = None if is_issue else issued[each.certificate.pk]
        entry = _entry(each, frontier.size, of, by=by, at=at)
        entries.append(entry)
        frontier = frontier.append(bytes(entry.leaf_hash))
    copy_in(entries)
    head = Checkpoint(settings.REGISTER_ORIGIN, frontier.size, frontier.root())
    LogCheckpoint.objects.create(
        size=frontier.size,
        note=sign_checkpoint(head, register_signing_key()),
        frontier=frontier.to_bytes(),
        at=at,
    )
    return entries


def _entry(
    new: NewEvent, leaf_index: int, of: int | None, *, by: Person, at: datetime
) -> RegisterEntry:
    salt, facts = secrets.token_bytes(SALT_BYTES), dict(new.facts)
    leaf = leaf_of(
        new.certificate,
        event=new.event,
        of=of,
        at=at,
        by_id=by.pk,
        reason=new.reason,
        facts=facts,
        salt=salt,
    ).to_bytes()
    return RegisterEntry(
        leaf_index=leaf_index,
        event=new.event,
        certificate=new.certificate,
        at=at,
        by=by,
        reason=new.reason,
        facts=facts,
        salt=salt,
        leaf=leaf,
        leaf_hash=leaf_hash(leaf),
    )


def _indexes_of_issue(events: Sequence[NewEvent]) -> dict[int, int]:
    """Where each certificate that something else happens to was issued in the log."""
    later = [each.certificate.pk for each in events if each.event != RegisterEvent.ISSUE]
    issues = RegisterEntry.objects.filter(certificate__in=later, event=RegisterEvent.ISSUE)
    return dict(issues.values_list("certificate", "leaf_index"))


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


def publish_log(*, anew: bool = False) -> None:
    """Write the committed log as static files. Safe to repeat; never moves backwards.

    `anew` holds every published file against the log and mends it, not only what is new.
    """
    last = latest_checkpoint()
    if last is None:
        return
    keys = register_keys()
    shown = published_checkpoint(settings.REGISTER_FOLDER, keys)
    start = min(shown.size, last.size) // WIDTH * WIDTH if shown and not anew else 0
    try:
        _publish_from(start, last)
    except (TilesAreDamaged, TreesDisagree):
        if not start:
            raise
        _publish_from(0, last)  # what is missing or damaged is written anew
    except PublicationWouldMoveBackwards:
        # Another process committed and published a longer log between our reading and writing.
        if published_checkpoint(settings.REGISTER_FOLDER, keys) == shown:
            raise


def _publish_from(start: int, last: LogCheckpoint) -> None:
    rows = RegisterEntry.objects.filter(leaf_index__gte=start, leaf_index__lt=last.size)
    leaves = [
        (bytes(entry), bytes(hash_))
        for entry, hash_ in rows.order_by("leaf_index").values_list("leaf", "leaf_hash")
    ]
    publish(
        settings.REGISTER_FOLDER,
        last.note,
        [hash_ for _, hash_ in leaves],
        register_keys(),
        starting_at=start,
        entries=[entry for entry, _ in leaves],
    )
