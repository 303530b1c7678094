"""Signs PDF files so that anyone can later tell who signed them and that nothing has changed.

- `keys`: where private keys live: memory, PKCS#12 file, PKCS#11 token, remote signing service.
- `forms`, `compiling`, `tails`: certificates of one campaign share a prefix; each adds a tail.
- `pades`: signatures on single documents.
- `authority`: an authority for development and demonstrations, whose certificates say in both
  languages that they have no legal value.

*Speaks to:* nothing else in Hocvu.
*Announces:* nothing.
"""

from hocvu.signing.algorithms import Algorithm
from hocvu.signing.archiving import Evidence, add_archive_timestamp, kept_until
from hocvu.signing.authority import DevelopmentAuthority
from hocvu.signing.compiling import compile_form
from hocvu.signing.errors import (
    AlreadySigned,
    CertificateNotValidAt,
    ChainBroken,
    EvidenceMissing,
    KeyDoesNotMatch,
    KeyMissing,
    Mismatch,
    NotAForm,
    NotAReadablePdf,
    NotAsSent,
    NotForSigning,
    ServiceRefused,
    ServiceUnreachable,
    SignerWasRevoked,
    SigningRefused,
    TimestampNotAcceptable,
    TimestampUnavailable,
    TimeWithoutZone,
    TokenGone,
    UnsuitableKey,
    UnusableName,
    WrongPin,
)
from hocvu.signing.fetching import fetch_lists
from hocvu.signing.forms import FontObjects, Form, QrPlace, SignatureField
from hocvu.signing.keys import (
    Key,
    Place,
    RemoteKey,
    Service,
    Session,
    SoftwareKey,
    TokenKey,
    signatures_over,
)
from hocvu.signing.pades import Signer
from hocvu.signing.returned import Expected, Purpose, Returned, check_returned
from hocvu.signing.tails import Filling, QrModules, Words, write_second_tails, write_tails
from hocvu.signing.timestamp_authority import DevelopmentTimestampAuthority, serving
from hocvu.signing.timestamps import TimestampClient

__all__ = [
    "Algorithm",
    "AlreadySigned",
    "CertificateNotValidAt",
    "ChainBroken",
    "DevelopmentAuthority",
    "DevelopmentTimestampAuthority",
    "Evidence",
    "EvidenceMissing",
    "Expected",
    "Filling",
    "FontObjects",
    "Form",
    "Key",
    "KeyDoesNotMatch",
    "KeyMissing",
    "Mismatch",
    "NotAForm",
    "NotAReadablePdf",
    "NotAsSent",
    "NotForSigning",
    "Place",
    "Purpose",
    "QrModules",
    "QrPlace",
    "RemoteKey",
    "Returned",
    "Service",
    "ServiceRefused",
    "ServiceUnreachable",
    "Session",
    "SignatureField",
    "Signer",
    "SignerWasRevoked",
    "SigningRefused",
    "SoftwareKey",
    "TimeWithoutZone",
    "TimestampClient",
    "TimestampNotAcceptable",
    "TimestampUnavailable",
    "TokenGone",
    "TokenKey",
    "UnsuitableKey",
    "UnusableName",
    "Words",
    "WrongPin",
    "add_archive_timestamp",
    "check_returned",
    "compile_form",
    "fetch_lists",
    "kept_until",
    "serving",
    "signatures_over",
    "write_second_tails",
    "write_tails",
]
