"""What a certificate's record says, as the register commits to it.

Issue and verification both read a record through `record_of`, so they cannot disagree about what
was committed. Never drop or rename a field: certificates already in the log would stop matching.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from hocvu.credentials.models import Certificate, RegisterEvent
from hocvu.credentials.queries.columns import later_columns
from hocvu.register.entries import EntryKind, leaf_of_version_1, record_commitment
from hocvu.register.entries import RegisterEntry as Leaf

PLACES_IN_A_LIST = 524_288  # as every Bitstring status list of this installation is long


def record_of(
    certificate: Certificate,
    *,
    event: str,
    at: datetime,
    by_id: int,
    reason: str,
    facts: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, str]:
    """Every column of the register that somebody might want to alter, as text."""
    entry, decision = certificate.entry, certificate.entry.decision
    return {
        "event": event,
        "at": _moment(at),
        "by": str(by_id),
        "reason": reason,
        "serial_number": certificate.serial_number,
        "register_year": str(certificate.register_year),
        "register_number": str(certificate.register_number),
        "issuer": certificate.issuer.code,
        "verification_code": certificate.verification_code,
        "issued_at": _moment(certificate.issued_at),
        "entry": str(entry.pk),
        "position": str(entry.position),
        "enrolment": str(entry.enrolment_id),
        "person": str(entry.person_id),
        "full_name": entry.full_name,
        "birth": entry.birth_text,
        "post_title": entry.post_title,
        "unit_name": entry.unit_name,
        "decision": decision.number_and_symbol,
        "decision_year": str(decision.year),
        "decided_on": decision.decided_on.isoformat(),
        "decision_issuer": str(decision.issuer_id),
        "decision_issued_at": _moment(decision.issued_at),
        "decision_issued_by": str(decision.issued_by_id),
        "training_class": str(decision.training_class_id),
        "programme": decision.programme_name,
        "starts_on": decision.starts_on.isoformat(),
        "ends_on": decision.ends_on.isoformat(),
        "mode": decision.mode,
        "place": decision.place,
        "capacity": decision.capacity,
        "signer_title": decision.signer_title,
        "signer_name": decision.signer_name,
        "learner_count": str(decision.learner_count),
        **later_columns(certificate),
        **{f"fact {name}": str(value) for name, value in facts.items()},
    }


def leaf_of(
    certificate: Certificate,
    *,
    event: str,
    of: int | None,
    at: datetime,
    by_id: int,
    reason: str,
    facts: Mapping[str, str] = MappingProxyType({}),
    salt: bytes,
) -> Leaf:
    """The leaf that stands in the log for one event of this certificate.

    `of` is the leaf index of its issue; None for the issue itself. Raises ValueError where the
    row makes no sense.
    """
    fields = record_of(certificate, event=event, at=at, by_id=by_id, reason=reason, facts=facts)
    return Leaf(
        kind=EntryKind(RegisterEvent(event).value),
        of=of,
        file_hash=bytes.fromhex(_file_meant(certificate, event, facts)),
        record_hash=record_commitment(salt, fields),
        status_index=_status_place(certificate),
        at=at,
    )


def _file_meant(certificate: Certificate, event: str, facts: Mapping[str, str]) -> str:
    """The hash of the file that an entry is about: its own, of a file made anew and of a copy."""
    has_its_own = event in (RegisterEvent.REISSUE, RegisterEvent.DUPLICATE)
    return facts["file"] if has_its_own else certificate.file_sha256


def leaf_hash_of_version_1(
    certificate: Certificate, *, event: str, at: datetime, by_id: int, reason: str, salt: bytes
) -> bytes:
    """The same for an entry made before entries were published."""
    fields = record_of(certificate, event=event, at=at, by_id=by_id, reason=reason)
    return leaf_of_version_1(
        EntryKind(RegisterEvent(event).value),
        certificate.serial_number,
        bytes.fromhex(certificate.file_sha256),
        record_commitment(salt, fields),
        at,
    )


def _status_place(certificate: Certificate) -> int | None:
    """Its place in all lists of revocations taken together."""
    if certificate.status_list is None or certificate.status_index is None:
        return None
    return certificate.status_list * PLACES_IN_A_LIST + certificate.status_index


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
