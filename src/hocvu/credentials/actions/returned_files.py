"""What is checked of a file that came back signed, and the words of every refusal.

The server takes nothing on trust from a plug-in (domain: signing is a port; the returned file is
verified again). A file is taken when our prepared bytes stand in front, one signature stands
behind them by the person whom the file names and who may sign it now, by the server's clock, and
nothing else changed (`signing.returned`);
the organisation then signs behind it where it has a key; and the strict verifier that everybody
uses accepts the whole.
"""

from datetime import datetime

from cryptography import x509
from django.conf import settings
from django.utils.translation import gettext as _

from hocvu.credentials.models import PreparedCopy
from hocvu.credentials.queries.plug_in import PlugIn, may_sign, others_named, plug_in_of
from hocvu.credentials.queries.waiting import Waiting
from hocvu.credentials.rules.returned import is_timely
from hocvu.kernel.errors import NotPossible
from hocvu.signing import (
    Countersigner,
    Mismatch,
    NotAsSent,
    Returned,
    SigningRefused,
    Words,
    check_returned,
)
from hocvu.trust.actions.evidence import Evidences
from hocvu.trust.queries.believed import trusted_roots
from hocvu.trust.queries.signing_keys import timestamps
from hocvu_verifier import NotVerified, verify_pdf


class FileIsNotTaken(NotPossible):
    """A file that came back is not one that can be issued; nothing was changed."""


def named_for(prepared: Waiting, *, at: datetime) -> PlugIn:
    """Whose signature is expected of a file at this moment. Raises `FileIsNotTaken`."""
    name = {"name": prepared.who_signs}
    try:
        if not may_sign(prepared, at=at):
            raise FileIsNotTaken(
                _("%(name)s may not sign for this issuer now: they hold no office there today.")
                % name,
                _("A file that waits for them is withdrawn; whoever is in office signs another."),
            )
        named = plug_in_of(prepared, at=at)
    except SigningRefused as refused:
        raise FileIsNotTaken(
            _("The signed files cannot be checked now: keys or certificates are missing here."),
            _("Tell the administrator; your signature is not lost, hand the file in again later."),
        ) from refused
    if not any(named.expected.certificates.values()) or not named.expected.roots:
        raise FileIsNotTaken(
            _("Nobody is named to sign for %(name)s.") % name,
            _("The administrator adds their certificate; then hand the file in again."),
        )
    return named


def checked(prepared: Waiting, content: bytes, plug_in: PlugIn, *, at: datetime) -> Returned:
    """What came back, held against what was sent. Raises `FileIsNotTaken`."""
    try:
        returned = check_returned(prepared.file, content, plug_in.expected, at=at)
    except NotAsSent as refused:
        raise _in_words(refused.mismatch, prepared, content) from refused
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


def _in_words(mismatch: Mismatch, prepared: Waiting, content: bytes) -> FileIsNotTaken:
    name = {"name": prepared.who_signs}
    again = _("Download the file again and sign it as it is.")
    if mismatch is Mismatch.ANOTHER_SIGNER and _signed_by_another_named(prepared, content):
        return FileIsNotTaken(
            _("Somebody else who signs for this issuer has signed; the file names %(name)s.")
            % name,
            _("The person whom the file names signs it."),
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


def _signed_by_another_named(prepared: Waiting, content: bytes) -> bool:
    try:
        verified = verify_pdf(content, trusted_roots=trusted_roots())
    except NotVerified:
        return False
    return verified.certificate in others_named(prepared)


def countersigned(returned: Returned, prepared: Waiting, plug_in: PlugIn, *, at: datetime) -> bytes:
    """With the organisation's signature, where it has a key; held to the verifier of everybody."""
    file = returned.file
    try:
        if plug_in.organisation is not None:
            words = Words(location=_place_of(prepared), contact=settings.SITE_ADDRESS)
            pen = Countersigner(plug_in.organisation, words, timestamps())
            file = pen.sign(file, reason=_reason_for(prepared), at=at)
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


def _place_of(prepared: Waiting) -> str:
    return prepared.place if isinstance(prepared, PreparedCopy) else prepared.decision.place


def _reason_for(prepared: Waiting) -> str:
    """What a reader shows beside the organisation's signature; in Vietnamese, as on the page."""
    if isinstance(prepared, PreparedCopy):
        return f"Bản sao từ sổ gốc {prepared.copy_number}, {prepared.certificate.serial_number}"
    return f"{prepared.decision.number_and_symbol}, {prepared.serial_number}"
