"""Facts this room announces."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class CertificatesIssued:
    decision_id: int
    certificate_ids: tuple[int, ...]
    at: datetime


@dataclass(frozen=True)
class CertificateRevoked:
    """The holder and the holder's agency are to be told."""

    certificate_id: int
    person_id: int
    unit_id: int  # the holder's, when they were enrolled
    at: datetime


@dataclass(frozen=True)
class CertificateReinstated:
    """A revocation was taken back by a decision."""

    certificate_id: int
    person_id: int
    unit_id: int
    at: datetime


@dataclass(frozen=True)
class CertificateCorrected:
    """A new edition replaces a certificate's file."""

    certificate_id: int
    new_certificate_id: int
    person_id: int
    unit_id: int
    at: datetime


@dataclass(frozen=True)
class CertificatesQuestioned:
    """The ground of these certificates fell away; a registrar is to decide."""

    certificate_ids: tuple[int, ...]
    at: datetime
