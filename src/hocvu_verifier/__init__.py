"""Checks what Hocvu issues, without Hocvu, without a network, without a database.

    python -m hocvu_verifier certificate.pdf --trust roots.pem
    python -m hocvu_verifier "https://…/v/…#8471…" --trust issuers.json --status snapshot.txt

It needs Python and `cryptography`. It knows nothing of the program that wrote the certificate:
what it accepts is written down here a second time, so that one mistake cannot fool both.

- `verify_pdf`: who signed a file, and that nothing was changed or added since; also for files that
  others signed;
- `verify_statement`: what the QR code on a paper certificate says, to be compared with the paper;
- `verify_credential`: a portable credential (Open Badges 3.0, VC-JWT or with its proof inside);
- `Snapshot`: what was revoked, as far as the lists know that one carries.

Each returns what it verified or raises the `NotVerified` that tells why not. `web/` holds the same
for a browser without a network: statements and snapshots.
"""

from hocvu_verifier.credential import VerifiedCredential, verify_credential
from hocvu_verifier.issuers import Issuers
from hocvu_verifier.refusals import (
    AddedAfterSigning,
    CertificateNotValid,
    ChangedAfterSigning,
    CoversOnlyAPart,
    MoreThanOneSignature,
    NotACredential,
    NotAPdf,
    NotAStatement,
    NotAStatusList,
    NotATrustList,
    NotOurForm,
    NotSigned,
    NotVerified,
    SignatureRemoved,
    SignedByAnother,
    TimestampNotValid,
)
from hocvu_verifier.statement import Statement, verify_statement
from hocvu_verifier.status import Answer, Snapshot, Standing
from hocvu_verifier.verification import VerifiedSignature, verify_pdf

__all__ = [
    "AddedAfterSigning",
    "Answer",
    "CertificateNotValid",
    "ChangedAfterSigning",
    "CoversOnlyAPart",
    "Issuers",
    "MoreThanOneSignature",
    "NotACredential",
    "NotAPdf",
    "NotAStatement",
    "NotAStatusList",
    "NotATrustList",
    "NotOurForm",
    "NotSigned",
    "NotVerified",
    "SignatureRemoved",
    "SignedByAnother",
    "Snapshot",
    "Standing",
    "Statement",
    "TimestampNotValid",
    "VerifiedCredential",
    "VerifiedSignature",
    "verify_credential",
    "verify_pdf",
    "verify_statement",
]
