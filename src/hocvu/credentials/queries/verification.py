"""Is this certificate genuine? One function with numbered steps for a code, one for a file.

Nothing is VALID unless every step held. What cannot be checked is UNKNOWN, never VALID.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from hashlib import sha256

from hocvu.credentials.models import Certificate, RegisterEntry, RegisterEvent
from hocvu.credentials.queries.register_log import (
    NotInLog,
    entries_are_missing_after,
    leaf_as_recorded,
    prove_in_published_log,
)
from hocvu.credentials.queries.trust import register_keys, trusted_roots
from hocvu.kernel.ids import as_typed
from hocvu.register.errors import RegisterRefusal
from hocvu_verifier import NotVerified, verify_pdf

_CODE = re.compile(r"[0-9A-Z]{16}")
_SERIAL_NUMBER = re.compile(rb"[A-Z0-9-]{2,35}-\d{4}-\d{6}")


class Verdict(Enum):
    VALID = "valid"
    REVOKED = "revoked"
    ALTERED = "altered"
    UNKNOWN = "unknown"


class Step(Enum):
    """What was checked, in order."""

    FOUND = "found"  # the number is in the root register
    SIGNATURE = "signature"  # the file's signature holds under the authority
    SAME_FILE = "same_file"  # the file is the registered one
    RECORD = "record"  # the record is what the log committed to
    IN_LOG = "in_log"  # the entry is in the signed log
    NOTHING_MISSING = "nothing_missing"  # no later entry, which might revoke it, was taken away
    NOT_REVOKED = "not_revoked"


@dataclass(frozen=True)
class PublicFacts:
    """The least a stranger needs to compare a certificate with its holder (Law 91/2025)."""

    full_name: str
    programme: str
    issuer: str
    serial_number: str
    decision: str
    issued_on: date
    revoked_at: datetime | None
    revocation_reason: str


@dataclass(frozen=True)
class Verification:
    verdict: Verdict
    held: tuple[Step, ...]
    failed: Step | None
    facts: PublicFacts | None


_NEVER_HEARD_OF = Verification(Verdict.UNKNOWN, (), Step.FOUND, None)


def check_code(code: str) -> Verification:
    """Check the certificate with this verification code against its file, record and log."""
    meant = as_typed(code)
    if not _CODE.fullmatch(meant):
        return _NEVER_HEARD_OF
    certificate = (
        Certificate.objects.select_related("issuer", "entry__decision")
        .filter(verification_code=meant)
        .first()
    )
    if certificate is None:
        return _NEVER_HEARD_OF
    return _check(certificate, bytes(certificate.file))


def check_file(pdf: bytes) -> Verification:
    """Check a file somebody holds: its signature first, then the register."""
    certificate = (
        Certificate.objects.select_related("issuer", "entry__decision")
        .filter(file_sha256=sha256(pdf).hexdigest())
        .first()
    )
    if certificate is not None:
        return _check(certificate, pdf)
    try:
        verify_pdf(pdf, trusted_roots=trusted_roots())
    except NotVerified:
        verdict = Verdict.ALTERED if _says_it_is_ours(pdf) else Verdict.UNKNOWN
        return Verification(verdict, (), Step.SIGNATURE, None)
    return Verification(Verdict.UNKNOWN, (Step.SIGNATURE,), Step.FOUND, None)


def _says_it_is_ours(pdf: bytes) -> bool:
    """Whether the file names one of our serial numbers where our signatures do.

    A file that does and is not the registered one was altered; any other is simply not ours to
    judge, however well or badly it is signed.
    """
    named = {found.decode() for found in _SERIAL_NUMBER.findall(pdf)}
    return bool(named) and Certificate.objects.filter(serial_number__in=named).exists()


def _check(certificate: Certificate, pdf: bytes) -> Verification:  # noqa: PLR0911 — one a step
    events = {
        entry.event: entry
        for entry in RegisterEntry.objects.filter(certificate=certificate).order_by("leaf_index")
    }
    for entry in events.values():
        entry.certificate = certificate
    revoked = events.get(RegisterEvent.REVOKE)
    facts = _public_facts(certificate, revoked)
    held = [Step.FOUND]

    # 1. The file's signature holds under an authority we trust.
    try:
        verified = verify_pdf(pdf, trusted_roots=trusted_roots())
    except NotVerified:
        return _stopped(held, Step.SIGNATURE, facts)
    held.append(Step.SIGNATURE)
    facts = replace(facts, issuer=verified.signer_name)  # as signed, not as the unit is called now

    # 2. The file is the one that was registered.
    if verified.sha256.hex() != certificate.file_sha256:
        return _stopped(held, Step.SAME_FILE, facts)
    held.append(Step.SAME_FILE)

    # 3. It was entered, and each entry still says what the log committed to.
    if RegisterEvent.ISSUE not in events:
        return Verification(Verdict.UNKNOWN, tuple(held), Step.RECORD, None)
    if any(leaf_as_recorded(entry) != bytes(entry.leaf_hash) for entry in events.values()):
        return _stopped(held, Step.RECORD, facts)
    held.append(Step.RECORD)

    # 4. Each entry is in the log that the register's key signed.
    try:
        heads = [prove_in_published_log(entry) for entry in events.values()]
    except NotInLog:
        return Verification(Verdict.UNKNOWN, tuple(held), Step.IN_LOG, facts)
    except RegisterRefusal:
        return _stopped(held, Step.IN_LOG, facts)
    held.append(Step.IN_LOG)

    # 5. No later entry was taken away: it might have been a revocation.
    if entries_are_missing_after(events[RegisterEvent.ISSUE], heads[-1]):
        return Verification(Verdict.UNKNOWN, tuple(held), Step.NOTHING_MISSING, facts)
    held.append(Step.NOTHING_MISSING)

    # 6. It was not revoked.
    if revoked is not None:
        return Verification(Verdict.REVOKED, tuple(held), Step.NOT_REVOKED, facts)
    return Verification(Verdict.VALID, (*held, Step.NOT_REVOKED), None, facts)


def _stopped(held: list[Step], failed: Step, facts: PublicFacts) -> Verification:
    """Something was altered, or, where we hold no key to judge by, nothing can be said."""
    can_judge = bool(trusted_roots() and register_keys())
    verdict = Verdict.ALTERED if can_judge else Verdict.UNKNOWN
    return Verification(verdict, tuple(held), failed, facts)


def _public_facts(certificate: Certificate, revoked: RegisterEntry | None) -> PublicFacts:
    decision = certificate.entry.decision
    return PublicFacts(
        full_name=certificate.entry.full_name,
        programme=decision.programme_name,
        issuer=certificate.issuer.name,
        serial_number=certificate.serial_number,
        decision=decision.number_and_symbol,
        issued_on=decision.decided_on,
        revoked_at=revoked.at if revoked else None,
        revocation_reason=revoked.reason if revoked else "",
    )
