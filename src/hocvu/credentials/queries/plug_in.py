"""Who signs an issuer's certificates by plug-in, and with which certificates.

The public-service signing plug-in (Decree 68/2024/NĐ-CP) runs on the signer's own machine and
sends the signed file back itself. `keys.toml` names the signers as decisions do; a certificate that
is not named there for the signer of a decision signs nothing of it.
"""

from dataclasses import dataclass

from cryptography import x509

from hocvu.credentials.models import PreparedFile
from hocvu.credentials.queries.signing_keys import entry_of, organisation_key_of, pem_certificates
from hocvu.credentials.rules.keys_file import IssuerEntry, Signs
from hocvu.kernel.vietnamese import fold
from hocvu.recognition.models import RecognitionDecision
from hocvu.signing import Expected, Key, Purpose
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


def plug_in_of(decision: RecognitionDecision) -> PlugIn:
    """Whose signature counts for a decision. Raises a `SigningRefused` where a file is missing.

    Nobody's does where the one who signs the decision is not named; the list is then empty.
    """
    entry = entry_of(decision.issuer)
    approving = _certificates_of(entry, decision.signer_name)
    organisation = organisation_key_of(decision.issuer)
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


def others_named(decision: RecognitionDecision) -> tuple[x509.Certificate, ...]:
    """Certificates of people who sign for this issuer, but not this decision."""
    entry = entry_of(decision.issuer)
    return tuple(
        certificate
        for signer in (entry.signers if entry else ())
        if fold(signer.name) != fold(decision.signer_name) and signer.certificates
        for certificate in pem_certificates(signer.certificates)
    )


def _certificates_of(entry: IssuerEntry | None, name: str) -> tuple[x509.Certificate, ...]:
    return tuple(
        certificate
        for signer in (entry.signers if entry else ())
        if fold(signer.name) == fold(name) and signer.certificates
        for certificate in pem_certificates(signer.certificates)
    )
