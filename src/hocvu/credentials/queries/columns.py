"""Columns that joined a certificate's record later.

A record that was entered before a column existed says nothing about it, and its leaf must stay
what it is: such a column is part of a record only where it is filled. Filling or emptying it later
therefore shows like any other change. Never drop or rename one.
"""

from datetime import UTC

from hocvu.credentials.models import Certificate
from hocvu.recognition.models import CertificateKind

_FIRST_EDITION = 1


def later_columns(certificate: Certificate) -> dict[str, str]:
    """The filled ones of the later columns of a certificate, its line and its decision, as text."""
    entry, decision = certificate.entry, certificate.entry.decision
    kind = decision.kind if decision.kind != CertificateKind.COMPLETION else ""
    edition = certificate.edition if certificate.edition != _FIRST_EDITION else ""
    columns = {
        "entry_number": certificate.entry_number,
        "edition": edition,
        "status_list": certificate.status_list,
        "status_index": certificate.status_index,
        "kind": kind,
        "class_code": decision.class_code,
        "class_name": decision.class_name,
        "opening_decision": decision.opening_decision,
        "result_record": decision.result_record_id,
        "proposal": decision.proposal_id,
        "evidence": decision.evidence_hash,
        "sex": entry.sex,
        "birth_place": entry.birth_place,
        "ethnic_group": entry.ethnic_group,
        "nationality": entry.nationality,
        "grade": entry.grade,
        "result_line": entry.result_line_id,
        "correction": certificate.correction_id,  # also where its row was taken away
        **_corrected(certificate),
    }
    return {name: str(value) for name, value in columns.items() if value not in (None, "")}


def _corrected(certificate: Certificate) -> dict[str, object]:
    """What a new edition says instead of the list's line."""
    said = certificate.correction
    if said is None:
        return {}
    return {
        "correction_of": said.certificate_id,
        "correction_by": said.entered_by_id,
        "correction_at": said.entered_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "corrected_full_name": said.full_name,
        "corrected_birth": said.birth_text,
        "corrected_sex": said.sex,
        "corrected_birth_place": said.birth_place,
        "corrected_ethnic_group": said.ethnic_group,
        "corrected_nationality": said.nationality,
        "corrected_post_title": said.post_title,
        "corrected_unit_name": said.unit_name,
    }
