"""Tables of this room, one module per noun.

Results, decisions and their lists are append-only: triggers refuse UPDATE and DELETE.
"""

from hocvu.recognition.models.decisions import (
    CertificateKind,
    DecisionEntry,
    Proposal,
    RecognitionDecision,
)
from hocvu.recognition.models.results import ResultLine, ResultRecord

__all__ = [
    "CertificateKind",
    "DecisionEntry",
    "Proposal",
    "RecognitionDecision",
    "ResultLine",
    "ResultRecord",
]
