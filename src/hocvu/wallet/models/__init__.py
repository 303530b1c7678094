"""Tables of this room, one module per noun."""

from hocvu.wallet.models.portable import PortableCredential
from hocvu.wallet.models.requests import CorrectionRequest, Subject
from hocvu.wallet.models.shares import Share, SharedCertificate, ShareOpening, Way

__all__ = [
    "CorrectionRequest",
    "PortableCredential",
    "Share",
    "ShareOpening",
    "SharedCertificate",
    "Subject",
    "Way",
]
