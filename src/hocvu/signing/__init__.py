"""Signs PDF files so that anyone can later tell who signed them and that nothing has changed.

- `keys`: where private keys live: memory, PKCS#12 file, PKCS#11 token, remote signing service.
- `forms`, `compiling`, `tails`: certificates of one campaign share a prefix; each adds a tail.
- `pades`: signatures on single documents.
- `unsigned`, `returned`, `countersigning`: files that a plug-in signs elsewhere.
- `archiving`: what keeps signatures provable.
- `authority`: an authority for development and demonstrations, whose certificates say in both
  languages that they have no legal value.

*Speaks to:* nothing else in Hocvu.
*Announces:* nothing.
"""

from hocvu.signing.algorithms import Algorithm
from hocvu.signing.archiving import (
    add_archive_timestamp,
    certificates_in,
    kept_until,
    provable_until,
)
from hocvu.signing.authority import DevelopmentAuthority
from hocvu.signing.certificates import chain_to_root
from hocvu.signing.compiling import compile_form
from hocvu.signing.countersigning import Countersigner
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
from hocvu.signing.evidence import Evidence, require_not_revoked
from hocvu.signing.fetching import fetch_answer, fetch_lists
from hocvu.signing.forms import FontObjects, Form, QrPlace, SignatureField
from hocvu.signing.keys import (
    Key,
    Place,
    RemoteKey,
    Service,
    Session,
    SoftwareKey,
    TokenKey,
    require_usable,
    signatures_over,
)
from hocvu.signing.pades import Signer
from hocvu.signing.returned import Expected, Purpose, Returned, check_returned
from hocvu.signing.tails import (
    Filling,
    QrModules,
    Words,
    with_specimen,
    write_second_tails,
    write_tails,
)
from hocvu.signing.timestamp_authority import DevelopmentTimestampAuthority, serving
from hocvu.signing.timestamps import TimestampClient
from hocvu.signing.unsigned import compile_unsigned, write_unsigned

__all__ = [
    "Algorithm",
    "AlreadySigned",
    "CertificateNotValidAt",
    "ChainBroken",
    "Countersigner",
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
    "certificates_in",
    "chain_to_root",
    "check_returned",
    "compile_form",
    "compile_unsigned",
    "fetch_answer",
    "fetch_lists",
    "kept_until",
    "provable_until",
    "require_not_revoked",
    "require_usable",
    "serving",
    "signatures_over",
    "with_specimen",
    "write_second_tails",
    "write_tails",
    "write_unsigned",
]
