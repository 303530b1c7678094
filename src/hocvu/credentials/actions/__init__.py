"""Business acts of this room, one module per noun."""

from hocvu.credentials.actions.decisions import ListHasChanged, NumberIsTaken, issue_decision
from hocvu.credentials.actions.issuing import (
    issue_certificates,
    issue_certificates_job,
    resume_issuing,
)
from hocvu.credentials.actions.keys import set_up_trust
from hocvu.credentials.actions.revocations import revoke_certificate

__all__ = [
    "ListHasChanged",
    "NumberIsTaken",
    "issue_certificates",
    "issue_certificates_job",
    "issue_decision",
    "resume_issuing",
    "revoke_certificate",
    "set_up_trust",
]
