"""Files that come back signed: checked as if nobody had promised anything, then issued.

The server takes nothing on trust from a plug-in (domain: signing is a port; the returned file is
verified again). A file is taken when our prepared bytes stand in front, one signature stands
behind them by a person named for this decision, and nothing else changed (`signing.returned`);
the organisation then signs behind it where it has a key; and the strict verifier that everybody
uses accepts the whole. Row, entry, leaf and signed head are one transaction.

The same file sent twice gives the certificate it gave at first: a lost reply does no harm.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from cryptography import x509
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from hocvu.audit.actions import record
from hocvu.credentials import policies
from hocvu.credentials.actions.evidence import Evidences
from hocvu.credentials.actions.log import append_to_log, publish_log
from hocvu.credentials.actions.moments import hold_register, moment_of_entry
from hocvu.credentials.actions.trust_files import publish_keys_of, publish_status_lists
from hocvu.credentials.events import CertificatesIssued
from hocvu.credentials.models import (
    Certificate,
    PreparedFile,
    RecognitionDecision,
    RegisterEvent,
)
from hocvu.credentials.queries.plug_in import PlugIn, others_named, plug_in_of
from hocvu.credentials.queries.signing_keys import timestamps
from hocvu.credentials.queries.trust import trusted_roots
from hocvu.credentials.queries.waiting import prepared_in_front_of
from hocvu.credentials.rules.returned import is_timely
from hocvu.kernel.errors import NotAllowed, NotPossible
from hocvu.kernel.events import publish
from hocvu.people.models import Person
from hocvu.signing import (
    Countersigner,
    Mismatch,
    NotAsSent,
    Returned,
    SigningRefused,
    Words,
    check_returned,
)
from hocvu_verifier import NotVerified, verify_pdf

LARGEST_FILE = 5 * 1024 * 1024  # bytes; a prepared file weighs 80 KB, a signature some more


class FileIsNotTaken(NotPossible):
    """A file that came back is not one that can be issued; nothing was changed."""


def _taken(
    content: bytes,
    *,
    of: RecognitionDecision,
    only: PreparedFile | None = None,
    by: Person,
    at: datetime,
) -> Certificate:
    """Issue the certificate whose signed file this is; `only` that one, where one was asked for.

    Raises `FileIsNotTaken` with what is wrong and what to do. It is not published yet.
    """
    prepared = _file_meant(content, of, only)
    if not policies.can_hand_in(by, of):
        raise NotAllowed(
            _("Only a leader or registrar of the unit that ran the class can hand in signed files.")
        )
    if (known := _issued_before(prepared, content)) is not None:
        return known
    plug_in = _named_for(of)
    returned = _checked(prepared, content, plug_in, at=at)
    whole = _countersigned(returned, prepared, plug_in, at=at)
    return _issue(prepared, content, whole, by=by, at=at)


def _publish(decision: RecognitionDecision, *, at: datetime) -> None:
    """Publish what was issued. Safe to repeat; the next minute's job does it again."""
    publish_log()
    publish_keys_of(decision.issuer)
    publish_status_lists(at=at)


def _file_meant(content: bytes, of: RecognitionDecision, only: PreparedFile | None) -> PreparedFile:
    front = prepared_in_front_of(content) if len(content) <= LARGEST_FILE else None
    if front is None:
        raise FileIsNotTaken(
            _("This is not one of the files that were prepared here, or it was written anew."),
            _("Sign the file as it was downloaded; do not print it or save it under another form."),
        )
    prepared = front.prepared
    if prepared.entry.decision_id != of.pk:
        raise FileIsNotTaken(
            _("This file belongs to another decision: %(number)s.")
            % {"number": prepared.entry.decision.number_and_symbol},
            _("Hand it in on the page of that decision."),
        )
    if only is not None and prepared.pk != only.pk:
        raise FileIsNotTaken(
            _("This is the file of another certificate: %(number)s.")
            % {"number": prepared.serial_number},
            _("Open the file that was asked for, and sign that one."),
        )
    if front.is_whole:
        raise FileIsNotTaken(
            _("Certificate %(number)s carries no signature yet.")
            % {"number": prepared.serial_number},
            _("Sign it first, then hand it in again."),
        )
    return prepared


def _issued_before(prepared: PreparedFile, content: bytes) -> Certificate | None:
    known = Certificate.objects.filter(entry=prepared.entry, edition=1).first()
    if known is None or known.file.startswith(content):
        return known
    raise FileIsNotTaken(
        _("Certificate %(number)s was issued already, with another signature.")
        % {"number": prepared.serial_number},
        _("Nothing more is to be done for it."),
    )


def _named_for(decision: RecognitionDecision) -> PlugIn:
    try:
        named = plug_in_of(decision)
    except SigningRefused as refused:
        raise FileIsNotTaken(
            _("The signed files cannot be checked now: keys or certificates are missing here."),
            _("Tell the administrator; your signature is not lost, hand the file in again later."),
        ) from refused
    if not any(named.expected.certificates.values()) or not named.expected.roots:
        raise FileIsNotTaken(
            _("Nobody is named to sign for %(name)s.") % {"name": decision.signer_name},
            _("The administrator adds their certificate; then hand the file in again."),
        )
    return named


def _checked(prepared: PreparedFile, content: bytes, plug_in: PlugIn, *, at: datetime) -> Returned:
    decision = prepared.entry.decision
    try:
        returned = check_returned(prepared.file, content, plug_in.expected, at=at)
    except NotAsSent as refused:
        raise _in_words(refused.mismatch, decision, content) from refused
    if not is_timely(returned.claimed_at, prepared_at=prepared.prepared_at, at=at):
        raise FileIsNotTaken(
            _("The signature does not say when it was made, or claims a time that cannot be."),
            _("Set the clock of the computer that signs right, and sign the file again."),
        )
    _require_in_force(returned.signer, plug_in, at=at)
    return returned


def _require_in_force(signer: x509.Certificate, plug_in: PlugIn, *, at: datetime) -> None:
    """Refuse a signer whose certificate was revoked, or where nobody can tell today."""
    lists = Evidences(plug_in.expected.roots, at=at).about([signer]).lists
    about = [each for each in lists if each.issuer == signer.issuer]
    if any(each.get_revoked_certificate_by_serial_number(signer.serial_number) for each in about):
        raise FileIsNotTaken(
            _("The signer's certificate was revoked."),
            _("Sign with a certificate that is in force."),
        )
    names_lists = any(
        isinstance(each.value, x509.CRLDistributionPoints) for each in signer.extensions
    )
    if names_lists and not about:
        raise FileIsNotTaken(
            _("Whether the signer's certificate was revoked cannot be checked now."),
            _("Hand the same file in again later."),
        )


def _in_words(mismatch: Mismatch, decision: RecognitionDecision, content: bytes) -> FileIsNotTaken:
    name = {"name": decision.signer_name}
    again = _("Download the file again and sign it as it is.")
    if mismatch is Mismatch.ANOTHER_SIGNER and _signed_by_another_named(decision, content):
        return FileIsNotTaken(
            _("Somebody else who signs for this issuer has signed; the decision names %(name)s.")
            % name,
            _("The person whom the decision names signs the file."),
        )
    said = {
        Mismatch.ANOTHER_SIGNER: (
            _("The certificate that signed is not the one named for %(name)s.") % name,
            _("Sign with that person's own certificate, or have the new certificate named here."),
        ),
        Mismatch.ANOTHER_PURPOSE: (
            _("The organisation's certificate has signed where %(name)s has to sign.") % name,
            _("Approve with the personal certificate; the organisation signs by itself."),
        ),
        Mismatch.DOES_NOT_HOLD: (
            _("The signature does not hold, or its certificate is not valid today."),
            _("Look at the certificate's validity, and sign the file again."),
        ),
        Mismatch.NOT_ONE_SIGNATURE: (
            _("The file does not carry exactly one signature more than it had."),
            again,
        ),
        Mismatch.CHANGED: (_("Something else than the signature was changed in the file."), again),
        Mismatch.NOT_THE_WHOLE_FILE: (_("Something was added behind the signature."), again),
    }
    return FileIsNotTaken(*said.get(mismatch, (_("The file cannot be read."), again)))


def _signed_by_another_named(decision: RecognitionDecision, content: bytes) -> bool:
    try:
        verified = verify_pdf(content, trusted_roots=trusted_roots())
    except NotVerified:
        return False
    return verified.certificate in others_named(decision)


def _countersigned(
    returned: Returned, prepared: PreparedFile, plug_in: PlugIn, *, at: datetime
) -> bytes:
    """With the organisation's signature, where it has a key; held to the verifier of everybody."""
    file, decision = returned.file, prepared.entry.decision
    try:
        if plug_in.organisation is not None:
            words = Words(location=decision.place, contact=settings.SITE_ADDRESS)
            pen = Countersigner(plug_in.organisation, words, timestamps())
            reason = f"{decision.number_and_symbol}, {prepared.serial_number}"
            file = pen.sign(file, reason=reason, at=at)
        verify_pdf(file, trusted_roots=trusted_roots())
    except SigningRefused as refused:
        raise FileIsNotTaken(
            _("The organisation's signature cannot be added now; nothing was issued."),
            _("Look after the organisation's key, and hand the same file in again."),
        ) from refused
    except NotVerified as refused:
        raise FileIsNotTaken(
            _("The file would not be found valid by those who check certificates."),
            _("Sign the file again with the plug-in as it was set up, and hand it in again."),
        ) from refused
    return file


@transaction.atomic(durable=True)
def _issue(
    prepared: PreparedFile, content: bytes, whole: bytes, *, by: Person, at: datetime
) -> Certificate:
    hold_register()
    if (known := _issued_before(prepared, content)) is not None:
        return known  # another process was faster with the same file
    at = moment_of_entry(at)
    decision = prepared.entry.decision
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
    record("signed_file_taken", certificate, by=by, at=at, decision_id=decision.pk)
    publish(CertificatesIssued(decision.pk, (certificate.pk,), at))
    return certificate


@dataclass(frozen=True)
class HandedIn:
    """What became of one file: a certificate, or why not."""

    name: str
    certificate: Certificate | None
    refused: FileIsNotTaken | None = None


def hand_in_file(
    content: bytes,
    *,
    of: RecognitionDecision,
    only: PreparedFile | None = None,
    by: Person,
    at: datetime,
) -> Certificate:
    """Issue and publish the certificate whose signed file this is; `only` that one, if asked for.

    Raises `FileIsNotTaken` with what is wrong and what to do.
    """
    certificate = _taken(content, of=of, only=only, by=by, at=at)
    _publish(of, at=at)
    return certificate


def hand_in_files(
    files: Sequence[tuple[str, bytes]],
    *,
    of: RecognitionDecision,
    by: Person,
    at: datetime,
) -> list[HandedIn]:
    """Take several signed files, each by itself: one that is refused holds up no other."""
    outcomes = [_handed_in(name, content, of, by=by, at=at) for name, content in files]
    if any(each.certificate for each in outcomes):
        _publish(of, at=at)
    return outcomes


def _handed_in(
    name: str, content: bytes, of: RecognitionDecision, *, by: Person, at: datetime
) -> HandedIn:
    try:
        return HandedIn(name, _taken(content, of=of, by=by, at=at))
    except FileIsNotTaken as refused:
        return HandedIn(name, None, refused)
