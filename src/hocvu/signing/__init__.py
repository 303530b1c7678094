"""Signs PDF files so that anyone can later tell who signed them and that nothing has changed.

Two things live here: the signature itself (`pades`: PAdES baseline B-B, ECDSA P-256) and an
authority for development and demonstrations (`authority`), whose certificates say in both
languages that they have no legal value. A real deployment builds a `Signer` from the certificate
that the public-service authority issued and a key that stays in its device.

*Speaks to:* nothing else in Hocvu.
*Announces:* nothing.
"""

from hocvu.signing.authority import DevelopmentAuthority
from hocvu.signing.errors import (
    AlreadySigned,
    CertificateNotValidAt,
    KeyDoesNotMatch,
    NotAReadablePdf,
    SigningRefused,
    TimeWithoutZone,
    UnsuitableKey,
    UnusableName,
)
from hocvu.signing.pades import Signer, SigningKey

__all__ = [
    "AlreadySigned",
    "CertificateNotValidAt",
    "DevelopmentAuthority",
    "KeyDoesNotMatch",
    "NotAReadablePdf",
    "Signer",
    "SigningKey",
    "SigningRefused",
    "TimeWithoutZone",
    "UnsuitableKey",
    "UnusableName",
]
