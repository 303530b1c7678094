"""Who signs an issuer's certificates by plug-in, and with which certificates.

The public-service signing plug-in (Decree 68/2024/NĐ-CP) runs on the signer's own machine and
sends the signed file back itself. `keys.toml` names the signers as decisions and copies do; a
certificate that is not named there for the one whom a file names signs nothing of it.
"""

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509

from hocvu.credentials.models import PreparedCopy, PreparedFile
from hocvu.credentials.queries.office import is_in_office, signs_copies
from hocvu.credentials.queries.waiting import Waiting
from hocvu.kernel.vietnamese import fold
from hocvu.recognition.models import RecognitionDecision
from hocvu.signing import Expected, Key, Purpose
from hocvu.trust.queries.signing_keys import entry_of, organisation_key_of, pem_certificates
from hocvu.trust.rules import IssuerEntry, Signs
from hocvu.units.models import Unit


@dataclass(frozen=True)
class PlugIn:
    """What is expected of a file that comes back signed, and who signs behind it."""

    expected: Expected
    organisation: Key | None


def signs_by_plug_in(issuer: Unit) -> bool:
    """Whether a person signs this issuer's certificates elsewhere. Raises a `SigningRefused`."""
    entry = entry_of(issuer)
    return entry is not None and entry.signs is Signs.PLUG_IN


def waits_for_signatures(decision: RecognitionDecision) -> bool:
    """Whether this decision's certificates are signed elsewhere: so named, or begun so."""
    begun = PreparedFile.objects.filter(entry__decision=decision)
    return begun.exists() or signs_by_plug_in(decision.issuer)


def plug_in_of(prepared: Waiting, *, at: datetime) -> PlugIn:
    """Whose signature counts for a file now. Raises a `SigningRefused` where a file is missing.

    Nobody's does where the one it waits for is not named, or, of a file signed after the decision,
    holds no office at this moment; the list is then empty.
    """
    issuer = prepared.decision.issuer
    entry = entry_of(issuer)
    approving = _certificates_of(entry, prepared.who_signs) if may_sign(prepared, at=at) else ()
    organisation = organisation_key_of(issuer)
    issuing = (organisation.chain[0],) if organisation else ()
    roots = pem_certificates(entry.roots) if entry and entry.roots else ()
    return PlugIn(
        Expected(
            purpose=Purpose.APPROVE,
            certificates={Purpose.APPROVE: approving, Purpose.ISSUE: issuing},
            roots=roots,
        ),
        organisation,
    )


def may_sign(prepared: Waiting, *, at: datetime) -> bool:
    """Whether the one whom a file names may sign it at this moment, as posts and roles stand.

    A first issue belongs to its decision, and to nobody but the decision's own signer.
    """
    if isinstance(prepared, PreparedFile):
        return True
    issuer, name = prepared.decision.issuer, prepared.who_signs
    if isinstance(prepared, PreparedCopy):
        return signs_copies(issuer, name, at)
    return is_in_office(issuer, name, at)


def others_named(prepared: Waiting) -> tuple[x509.Certificate, ...]:
    """Certificates of people who sign for this issuer, but not this file."""
    entry = entry_of(prepared.decision.issuer)
    return tuple(
        certificate
        for signer in (entry.signers if entry else ())
        if fold(signer.name) != fold(prepared.who_signs) and signer.certificates
        for certificate in pem_certificates(signer.certificates)
    )


def _certificates_of(entry: IssuerEntry | None, name: str) -> tuple[x509.Certificate, ...]:
    return tuple(
        certificate
        for signer in (entry.signers if entry else ())
        if fold(signer.name) == fold(name) and signer.certificates
        for certificate in pem_certificates(signer.certificates)
    )
