"""What can be verified of a certificate before the log is asked: its file and its records.

This is the costly part, and it stays true while rows and trust stay as they are; so it is kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from django.conf import settings

from hocvu.credentials.models import Certificate, RegisterEntry
from hocvu.credentials.queries.logged import leaf_as_recorded
from hocvu.kernel.vietnamese import fold
from hocvu.verification.queries.rows import certificates_with_what_they_say, entries_of
from hocvu.verification.queries.trust import State, Trust
from hocvu.verification.rules.states import Found
from hocvu.verification.rules.verdicts import PublicFacts, Step, Tampering, status_after
from hocvu_verifier import (
    CertificateNotValid,
    NotVerified,
    SignedByAnother,
    TimestampNotValid,
    VerifiedSignature,
    verify_pdf,
)


@dataclass(frozen=True)
class Examined:
    """How far a certificate came. `entries` are to be proved against the log."""

    held: tuple[Step, ...]
    failed: Step | None
    facts: PublicFacts | None
    entries: tuple[tuple[int, bytes], ...] = ()  # leaf index and hash, oldest first
    last: Step | None = None  # which of the last two steps its events make fail
    tampering: Tampering | None = None


# (certificate, state of its rows, trust) → what was found; the oldest go first.
_kept: dict[tuple[int, str, State], Examined] = {}
_MOST_KEPT = 8_192


def examined_many(asked: Sequence[tuple[int, str]], believed: Trust) -> dict[int, Examined]:
    """The same for many (certificate, state of its rows); what is new comes in two statements."""
    known = {pk: found for pk, state in asked if (found := _seen(pk, state, believed))}
    state_of = {pk: state for pk, state in asked if pk not in known}
    if not state_of:
        return known
    entries = entries_of(state_of)
    for certificate in certificates_with_what_they_say(state_of):
        pk = certificate.pk
        found = examine(certificate, certificate.file, believed, entries[pk])
        known[pk] = _keep(pk, state_of[pk], believed, found)
    gone = Examined((), Step.FOUND, None)  # taken away a moment ago
    return {pk: known.get(pk, gone) for pk, _state in asked}


def examined_file(
    found: Found, pdf: bytes, believed: Trust, *, is_stored: bool = True
) -> Examined | None:
    """These bytes, which somebody holds, as the file of the certificate found by their hash.

    Not `is_stored`: a file made anew, whose hash stands in an entry of the register alone.

    None where what the certificate rests on is gone from the register.
    """
    pk = found.certificate_id
    if pk is None:
        return None
    seen = _seen(pk, found.state, believed)
    if is_stored and seen is not None and Step.SAME_FILE in seen.held:
        return seen  # the stored file has the same hash: these bytes were examined already
    entries = entries_of([pk])[pk]
    for certificate in certificates_with_what_they_say([pk]):
        return examine(certificate, pdf, believed, entries)
    return None


def _seen(pk: int, state: str, believed: Trust) -> Examined | None:
    return _kept.get((pk, state, believed.state))


def _keep(pk: int, state: str, believed: Trust, found: Examined) -> Examined:
    while len(_kept) >= _MOST_KEPT:
        _kept.pop(next(iter(_kept)), None)
    _kept[pk, state, believed.state] = found
    return found


def examine(
    certificate: Certificate, pdf: bytes, believed: Trust, entries: Sequence[RegisterEntry]
) -> Examined:
    """Check these bytes as this certificate's file, then the records of the register."""
    for entry in entries:
        entry.certificate = certificate
    facts = _public_facts(certificate)
    held = [Step.FOUND]

    # 1. The file's signature holds, and an authority we trust stands behind it.
    try:
        verified = verify_pdf(pdf, trusted_roots=believed.roots)
    except NotVerified as refusal:
        held += steps_held_before(refusal)
        return Examined(tuple(held), step_of(refusal), facts)
    held += steps_held(verified)
    facts = replace(facts, issuer=_issuer_named_by(verified) or facts.issuer)
    facts = _with_both_signers(facts, certificate, verified)

    # 2. The file is the one that was registered, or one made anew that an entry names.
    if verified.sha256.hex() not in {certificate.file_sha256, *_files_made_anew(entries)}:
        return Examined(tuple(held), Step.SAME_FILE, facts)
    held.append(Step.SAME_FILE)

    # 3. It was entered, and each entry still says what the log committed to.
    if not entries or entries[0].event != "issue":
        return Examined(tuple(held), Step.RECORD, None)
    if any(leaf_as_recorded(entry) != bytes(entry.leaf_hash) for entry in entries):
        return Examined(tuple(held), Step.RECORD, facts)
    held.append(Step.RECORD)

    leaves = tuple((entry.leaf_index, bytes(entry.leaf_hash)) for entry in entries)
    last = status_after(entry.event for entry in entries)
    return Examined(tuple(held), None, _with_last_change(facts, entries, last), leaves, last)


def _files_made_anew(entries: Sequence[RegisterEntry]) -> set[str]:
    """Hashes that the register's entries name; step 3 holds the entries against the log."""
    return {str(each.facts.get("file")) for each in entries if each.event == "reissue"}


def step_of(refusal: NotVerified) -> Step:
    """Which step it was that did not hold."""
    if isinstance(refusal, SignedByAnother | CertificateNotValid):
        return Step.CHAIN
    return Step.TIMESTAMP if isinstance(refusal, TimestampNotValid) else Step.SIGNATURE


def steps_held_before(refusal: NotVerified) -> tuple[Step, ...]:
    """The steps of a file's signature that held before one did not."""
    return {
        Step.SIGNATURE: (),
        Step.CHAIN: (),
        Step.TIMESTAMP: (Step.SIGNATURE, Step.CHAIN),
    }[step_of(refusal)]


def steps_held(verified: VerifiedSignature) -> tuple[Step, ...]:
    if verified.time_stamp is None:
        return (Step.SIGNATURE, Step.CHAIN)
    return (Step.SIGNATURE, Step.CHAIN, Step.TIMESTAMP)


def _issuer_named_by(verified: VerifiedSignature) -> str:
    """The issuer as signed, not as the unit is called now; empty where only a person signed."""
    if verified.further:
        return verified.further[-1].signer_name  # the organisation signs last
    return verified.signer_name if verified.is_ours else ""


def _with_both_signers(
    facts: PublicFacts, certificate: Certificate, verified: VerifiedSignature
) -> PublicFacts:
    """The decision's signer of then and the file's of later, where a person signed it and they are
    two: the first as the decision says, the other as their own certificate does.
    """
    named = certificate.entry.decision.signer_name
    is_a_persons = bool(verified.further) or not verified.is_ours
    if not is_a_persons or fold(verified.signer_name) == fold(named):
        return facts
    return replace(facts, decision_signer=named, file_signer=verified.signer_name)


def _public_facts(certificate: Certificate) -> PublicFacts:
    decision = certificate.entry.decision
    return PublicFacts(
        full_name=certificate.holder.full_name,
        programme=decision.programme_name,
        issuer=certificate.issuer.name,
        domain=urlsplit(settings.SITE_ADDRESS).hostname or "",
        serial_number=certificate.serial_number,
        decision=decision.number_and_symbol,
        issued_on=decision.decided_on,
    )


def _with_last_change(
    facts: PublicFacts, entries: Sequence[RegisterEntry], last: Step | None
) -> PublicFacts:
    """With time and cause of what took the certificate out of force, if anything did."""
    if last is None:
        return facts
    wanted = "revoke" if last is Step.NOT_REVOKED else "supersede"
    change = next(each for each in reversed(entries) if each.event == wanted)
    return replace(facts, changed_at=change.at, change_reason=change.reason)
