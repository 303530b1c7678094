"""Tables of this room, one module per noun.

Results, decisions, certificates, the register and its log are append-only: triggers refuse UPDATE
and DELETE.
"""

from hocvu.credentials.models.certificates import (
    Certificate,
    IssuingRun,
    PrintedForm,
    StopReason,
)
from hocvu.credentials.models.changes import (
    Correction,
    Outcome,
    QuestionedCertificate,
    RegisterCopy,
)
from hocvu.credentials.models.decisions import (
    CertificateKind,
    DecisionEntry,
    Proposal,
    RecognitionDecision,
)
from hocvu.credentials.models.register import (
    LogCheckpoint,
    NumberFormat,
    RegisterEntry,
    RegisterEvent,
)
from hocvu.credentials.models.results import ResultLine, ResultRecord

__all__ = [
    "Certificate",
    "CertificateKind",
    "Correction",
    "DecisionEntry",
    "IssuingRun",
    "LogCheckpoint",
    "NumberFormat",
    "Outcome",
    "PrintedForm",
    "Proposal",
    "QuestionedCertificate",
    "RecognitionDecision",
    "RegisterCopy",
    "RegisterEntry",
    "RegisterEvent",
    "ResultLine",
    "ResultRecord",
    "StopReason",
]
