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
from hocvu.credentials.models.files import (
    ArchivedFile,
    ArchiveRun,
    ArchiveStop,
    PreparedAnew,
    PreparedFile,
    RemadeFile,
    RemakeOrder,
)
from hocvu.credentials.models.register import (
    LogCheckpoint,
    NumberFormat,
    RegisterEntry,
    RegisterEvent,
)
from hocvu.credentials.models.results import ResultLine, ResultRecord

__all__ = [
    "ArchiveRun",
    "ArchiveStop",
    "ArchivedFile",
    "Certificate",
    "CertificateKind",
    "Correction",
    "DecisionEntry",
    "IssuingRun",
    "LogCheckpoint",
    "NumberFormat",
    "Outcome",
    "PreparedAnew",
    "PreparedFile",
    "PrintedForm",
    "Proposal",
    "QuestionedCertificate",
    "RecognitionDecision",
    "RegisterCopy",
    "RegisterEntry",
    "RegisterEvent",
    "RemadeFile",
    "RemakeOrder",
    "ResultLine",
    "ResultRecord",
    "StopReason",
]
