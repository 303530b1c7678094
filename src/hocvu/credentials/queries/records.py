"""What a certificate's record says, as the register commits to it.

Issue and verification both read a record through `record_of`, so they cannot disagree about what
was committed. Never drop or rename a field: certificates already in the log would stop matching.
"""

from datetime import UTC, datetime

from hocvu.credentials.models import Certificate, RegisterEvent
from hocvu.register.entries import EntryKind, record_commitment
from hocvu.register.entries import RegisterEntry as Leaf


def record_of(
    certificate: Certificate, *, event: str, at: datetime, by_id: int, reason: str
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
    }


def leaf_of(
    certificate: Certificate, *, event: str, at: datetime, by_id: int, reason: str, salt: bytes
) -> Leaf:
    """The leaf that stands in the log for one event of this certificate."""
    fields = record_of(certificate, event=event, at=at, by_id=by_id, reason=reason)
    return Leaf(
        kind=EntryKind(RegisterEvent(event).value),
        serial_number=certificate.serial_number,
        file_hash=bytes.fromhex(certificate.file_sha256),
        record_hash=record_commitment(salt, fields),
        status_index=None,
        at=at,
    )


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
