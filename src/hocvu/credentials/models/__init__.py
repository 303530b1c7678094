"""Tables of this room, one module per noun.

Certificates, the register and its log are append-only: triggers refuse UPDATE and DELETE.
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
from hocvu.credentials.models.copies import PreparedCopy
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
    RegisterEntry,
    RegisterEvent,
)

__all__ = [
    "ArchiveRun",
    "ArchiveStop",
    "ArchivedFile",
    "Certificate",
    "Correction",
    "IssuingRun",
    "LogCheckpoint",
    "Outcome",
    "PreparedAnew",
    "PreparedCopy",
    "PreparedFile",
    "PrintedForm",
    "QuestionedCertificate",
    "RegisterCopy",
    "RegisterEntry",
    "RegisterEvent",
    "RemadeFile",
    "RemakeOrder",
    "StopReason",
]
