"""Facts this room announces."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class CertificatesIssued:
    decision_id: int
    certificate_ids: tuple[int, ...]
    at: datetime
