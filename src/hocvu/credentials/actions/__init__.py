"""Business acts of this room, one module per noun."""

from hocvu.credentials.actions.archiving import ask_for_renewal
from hocvu.credentials.actions.copies import issue_copy
from hocvu.credentials.actions.corrections import correct_certificate
from hocvu.credentials.actions.issuing import (
    IssuingHasStopped,
    issue_certificates,
    issue_certificates_job,
    resume_issuing,
)
from hocvu.credentials.actions.questions import question_certificates, settle_question
from hocvu.credentials.actions.remaking import approve_new_files, ask_for_new_files
from hocvu.credentials.actions.returning import hand_in_file, hand_in_files
from hocvu.credentials.actions.revocations import reinstate_certificate, revoke_certificate

__all__ = [
    "IssuingHasStopped",
    "approve_new_files",
    "ask_for_new_files",
    "ask_for_renewal",
    "correct_certificate",
    "hand_in_file",
    "hand_in_files",
    "issue_certificates",
    "issue_certificates_job",
    "issue_copy",
    "question_certificates",
    "reinstate_certificate",
    "resume_issuing",
    "revoke_certificate",
    "settle_question",
]
