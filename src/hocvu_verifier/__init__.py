"""Checks a certificate that Hocvu signed, without Hocvu, without a network, without a database.

    python -m hocvu_verifier certificate.pdf --trust root.crt

It needs Python and `cryptography`. It knows nothing of the program that wrote the certificate:
what it accepts is written down here a second time, so that one mistake cannot fool both. It says
who signed and that no byte changed since; whether the certificate was revoked later, only the
register of the institution can say.
"""

from hocvu_verifier.refusals import (
    CertificateNotValid,
    ChangedAfterSigning,
    MoreThanOneSignature,
    NotAPdf,
    NotOurForm,
    NotSigned,
    NotVerified,
    SignedByAnother,
)
from hocvu_verifier.verification import VerifiedSignature, verify_pdf

__all__ = [
    "CertificateNotValid",
    "ChangedAfterSigning",
    "MoreThanOneSignature",
    "NotAPdf",
    "NotOurForm",
    "NotSigned",
    "NotVerified",
    "SignedByAnother",
    "VerifiedSignature",
    "verify_pdf",
]
