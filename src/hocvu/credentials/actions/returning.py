"""Files that come back signed: checked as if nobody had promised anything, then entered.

What is checked stands in `returned_files`. A file of a first issue becomes a certificate; one of a
corrected edition corrects; one made anew is entered beside the older file; a copy stands in its
book. Row, entry, leaf and signed head are one transaction.

The same file sent twice gives what it gave at first: a lost reply does no harm.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.credentials import policies
from hocvu.credentials.actions.copies import enter_signed_copy
from hocvu.credentials.actions.corrections import edition_of, enter_edition
from hocvu.credentials.actions.log import NewEvent, append_to_log, publish_log
from hocvu.credentials.actions.moments import moment_of_entry
from hocvu.credentials.actions.remaking import end_when_all_are_made, enter_new_files
from hocvu.credentials.actions.rendering import Rendered
from hocvu.credentials.actions.returned_files import (
    FileIsNotTaken,
    checked,
    countersigned,
    named_for,
)
from hocvu.credentials.actions.status_lists import publish_status_lists
from hocvu.credentials.events import CertificatesIssued
from hocvu.credentials.models import (
    Certificate,
    PreparedAnew,
    PreparedCopy,
    PreparedFile,
    RegisterCopy,
    RegisterEvent,
    RemadeFile,
    RemakeOrder,
)
from hocvu.credentials.queries.printing import Numbered
from hocvu.credentials.queries.waiting import Waiting, is_still_waiting, prepared_in_front_of
from hocvu.kernel.errors import NotAllowed
from hocvu.kernel.events import publish
from hocvu.people.models import Person
from hocvu.recognition.models import RecognitionDecision
from hocvu.signing import NotAForm
from hocvu.trust.actions.published_keys import publish_keys_of
from hocvu.trust.actions.register_lock import hold_register

LARGEST_FILE = 5 * 1024 * 1024  # bytes; a prepared file weighs 130 KB, a signature some more

__all__ = [
    "LARGEST_FILE",
    "Entered",
    "FileIsNotTaken",
    "HandedIn",
    "hand_in_file",
    "hand_in_files",
]

Entered = Certificate | RegisterCopy


@dataclass(frozen=True)
class HandedIn:
    """What became of one file: what was entered, or why it was not taken."""

    name: str
    entered: Entered | None
    refused: FileIsNotTaken | None = None


def hand_in_file(
    content: bytes,
    *,
    of: RecognitionDecision,
    only: Waiting | None = None,
    by: Person,
    at: datetime,
) -> Entered:
    """Enter and publish the certificate or copy whose signed file this is; `only` that one, if
    asked for.

    Raises `FileIsNotTaken` with what is wrong and what to do.
    """
    entered = _taken(content, of=of, only=only, by=by, at=at)
    _publish(of, at=at)
    return entered


def hand_in_files(
    files: Sequence[tuple[str, bytes]],
    *,
    of: RecognitionDecision,
    by: Person,
    at: datetime,
) -> list[HandedIn]:
    """Take several signed files, each by itself: one that is refused holds up no other."""
    outcomes = [_handed_in(name, content, of, by=by, at=at) for name, content in files]
    if any(each.entered for each in outcomes):
        _publish(of, at=at)
    return outcomes


def _handed_in(
    name: str, content: bytes, of: RecognitionDecision, *, by: Person, at: datetime
) -> HandedIn:
    try:
        return HandedIn(name, _taken(content, of=of, by=by, at=at))
    except FileIsNotTaken as refused:
        return HandedIn(name, None, refused)


def _publish(decision: RecognitionDecision, *, at: datetime) -> None:
    """Publish what was entered. Safe to repeat; the next minute's job does it again."""
    publish_log()
    publish_keys_of(decision.issuer)
    publish_status_lists(at=at)


def _taken(
    content: bytes,
    *,
    of: RecognitionDecision,
    only: Waiting | None = None,
    by: Person,
    at: datetime,
) -> Entered:
    """Enter the certificate or copy whose signed file this is; it is not published yet."""
    prepared = _file_meant(content, of, only)
    if not policies.can_hand_in(by, of):
        raise NotAllowed(
            _("Only a leader or registrar of the unit that ran the class can hand in signed files.")
        )
    if (known := _taken_before(prepared, content)) is not None:
        return known
    plug_in = named_for(prepared, at=at)
    returned = checked(prepared, content, plug_in, at=at)
    whole = countersigned(returned, prepared, plug_in, at=at)
    return _enter(prepared, content, whole, by=by, at=at)


def _file_meant(content: bytes, of: RecognitionDecision, only: Waiting | None) -> Waiting:
    front = prepared_in_front_of(content) if len(content) <= LARGEST_FILE else None
    if front is None:
        raise FileIsNotTaken(
            _("This is not one of the files that were prepared here, or it was written anew."),
            _("Sign the file as it was downloaded; do not print it or save it under another form."),
        )
    prepared = front.prepared
    if prepared.decision.pk != of.pk:
        raise FileIsNotTaken(
            _("This file belongs to another decision: %(number)s.")
            % {"number": prepared.decision.number_and_symbol},
            _("Hand it in on the page of that decision."),
        )
    if only is not None and prepared != only:
        raise FileIsNotTaken(
            _("This is another file than the one asked for: %(number)s.")
            % {"number": prepared.shown_number},
            _("Open the file that was asked for, and sign that one."),
        )
    if front.is_whole:
        raise FileIsNotTaken(
            _("File %(number)s carries no signature yet.") % {"number": prepared.shown_number},
            _("Sign it first, then hand it in again."),
        )
    return prepared


def _taken_before(prepared: Waiting, content: bytes) -> Entered | None:
    """What was entered, where this very file was taken before. Refuses what cannot be taken."""
    entered, file = _entered_for(prepared)
    if file.startswith(content) and entered is not None:
        return entered
    if entered is not None:
        raise FileIsNotTaken(
            _("%(number)s was issued already, with another signature.")
            % {"number": prepared.shown_number},
            _("Nothing more is to be done for it."),
        )
    if not isinstance(prepared, PreparedFile) and not is_still_waiting(prepared):
        raise FileIsNotTaken(
            _("File %(number)s is no longer wanted.") % {"number": prepared.shown_number},
            _("It was withdrawn, or the certificate was revoked or corrected meanwhile."),
        )
    return None


def _entered_for(prepared: Waiting) -> tuple[Entered | None, bytes]:
    """What was entered for a prepared file, and the file that came back for it."""
    if isinstance(prepared, PreparedCopy):
        copy = RegisterCopy.objects.filter(client_id=prepared.client_id).first()
        return copy, bytes(copy.file) if copy else b""
    if isinstance(prepared, PreparedAnew) and prepared.order is not None:
        made = RemadeFile.objects.filter(order=prepared.order, certificate=prepared.certificate)
        found = made.select_related("form").first()
        return (prepared.certificate, found.file) if found else (None, b"")
    code = prepared.verification_code
    issued = Certificate.objects.filter(verification_code=code).first()
    return issued, issued.file if issued else b""


@transaction.atomic(durable=True)
def _enter(prepared: Waiting, content: bytes, whole: bytes, *, by: Person, at: datetime) -> Entered:
    hold_register()
    if (known := _taken_before(prepared, content)) is not None:
        return known  # another process was faster with the same file
    at = moment_of_entry(at)
    entered: Entered
    if isinstance(prepared, PreparedFile):
        entered = _issue(prepared, whole, by=by, at=at)
    elif isinstance(prepared, PreparedCopy):
        entered = enter_signed_copy(prepared, whole, at=at)
    elif prepared.order is None:
        entered = _correct(prepared, whole, at=at)
    else:
        entered = _make_anew(prepared, prepared.order, whole, by=by, at=at)
    decision_id = prepared.decision.pk
    record("signed_file_taken", entered, by=by, at=at, decision_id=decision_id)
    return entered


def _issue(prepared: PreparedFile, whole: bytes, *, by: Person, at: datetime) -> Certificate:
    certificate = Certificate.objects.create(
        entry=prepared.entry,
        serial_number=prepared.serial_number,
        register_year=prepared.register_year,
        register_number=prepared.register_number,
        entry_number=prepared.entry_number,
        issuer=prepared.issuer,
        verification_code=prepared.verification_code,
        issued_at=at,
        stored_file=whole,
        file_sha256=sha256(whole).hexdigest(),
        status_list=prepared.status_list,
        status_index=prepared.status_index,
    )
    append_to_log([(certificate, RegisterEvent.ISSUE, "")], by=by, at=at)
    publish(CertificatesIssued(prepared.decision.pk, (certificate.pk,), at))
    return certificate


def _correct(prepared: PreparedAnew, whole: bytes, *, at: datetime) -> Certificate:
    """The register names who prepared the correction: the ruling is theirs, not the messenger's."""
    old = prepared.certificate
    place = (prepared.status_list, prepared.status_index)
    numbered = Numbered(
        prepared.serial_number,
        old.register_entry_number,
        prepared.verification_code,
        (place[0], place[1]) if place[0] is not None and place[1] is not None else None,
    )
    new = edition_of(old, numbered, at=at)
    new.stored_file, new.file_sha256 = whole, sha256(whole).hexdigest()
    corrected = NewEvent(old, RegisterEvent.SUPERSEDE, prepared.reason, prepared.facts)
    return enter_edition(old, new, prepared.holder, corrected, by=prepared.prepared_by)


def _make_anew(
    prepared: PreparedAnew, order: RemakeOrder, whole: bytes, *, by: Person, at: datetime
) -> Certificate:
    """The signature stands behind the prepared file, so the same form is in front of the whole."""
    form = prepared.form.form
    tail = form.pack(whole.removeprefix(form.prefix))
    try:
        form.unpack(tail)
    except NotAForm as large:
        raise FileIsNotTaken(
            _("The file is too large."), _("Sign it without a picture in the signature.")
        ) from large
    file = Rendered(prepared.form_id, tail, sha256(whole).hexdigest())
    enter_new_files(order, [(prepared.certificate, file)], prepared.facts, by=by, at=at)
    end_when_all_are_made(order, at=at)
    return prepared.certificate
