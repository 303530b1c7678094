"""What can be verified of a certificate before the log is asked: its file and its records.

This is the costly part, and it stays true while rows and trust stay as they are; so it is kept.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet

from hocvu.credentials.models import Certificate, RegisterEntry
from hocvu.credentials.queries.register_log import leaf_as_recorded
from hocvu.verification.queries.forms import printed_forms
from hocvu.verification.queries.trust import Trust
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
_kept: dict[tuple[int, str, Trust], Examined] = {}
_MOST_KEPT = 8_192


def examined_many(asked: Sequence[tuple[int, str]], believed: Trust) -> dict[int, Examined]:
    """The same for many (certificate, state of its rows); what is new comes in two statements."""
    known = {pk: found for pk, state in asked if (found := _kept.get((pk, state, believed)))}
    state_of = {pk: state for pk, state in asked if pk not in known}
    if not state_of:
        return known
    entries = _entries_of(state_of)
    certificates = list(with_what_it_says().filter(pk__in=state_of))
    forms = printed_forms({each.form_id for each in certificates if each.form_id})
    for certificate in certificates:
        if certificate.form_id in forms:
            certificate.form = forms[certificate.form_id]
        own = entries[certificate.pk]
        found = examine(certificate, certificate.file, believed, own)
        known[certificate.pk] = found
        _keep((certificate.pk, state_of[certificate.pk], believed), found)
    gone = Examined((), Step.FOUND, None)  # taken away a moment ago
    return {pk: known.get(pk, gone) for pk, _state in asked}


def with_what_it_says() -> QuerySet[Certificate]:
    """Certificates with all that their records are read from."""
    return Certificate.objects.select_related("issuer", "entry__decision", "correction")


def examine_file(certificate: Certificate, pdf: bytes, believed: Trust) -> Examined:
    """Check these bytes, which somebody holds, as this certificate's file."""
    return examine(certificate, pdf, believed, _entries_of([certificate.pk])[certificate.pk])


def _keep(key: tuple[int, str, Trust], found: Examined) -> None:
    while len(_kept) >= _MOST_KEPT:
        _kept.pop(next(iter(_kept)), None)
    _kept[key] = found


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
    facts = replace(facts, issuer=verified.signer_name)  # as signed, not as the unit is called now

    # 2. The file is the one that was registered.
    if verified.sha256.hex() != certificate.file_sha256:
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


def _entries_of(certificates: Collection[int]) -> defaultdict[int, list[RegisterEntry]]:
    """The register's entries about each of these, oldest first."""
    entries: defaultdict[int, list[RegisterEntry]] = defaultdict(list)
    about = RegisterEntry.objects.filter(certificate__in=certificates).order_by("leaf_index")
    for entry in about:
        entries[entry.certificate_id].append(entry)
    return entries


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
