"""Checks a file that a signing plug-in uploads itself (Decree 68/2024; ISO 32000-1, 7.5.6, 12.8).

The public-service plug-in runs on the signer's own machine, gets a file and sends it back signed.
Nothing of that is trusted: the file must be the one that was sent, to the byte, with one revision
behind it that adds one signature by the expected signer for the expected purpose, and changes
nothing a reader would see outside the signature's own box.

General rules for "harmless" changes have been fooled before; `comparing` therefore lists the few
places that a signature has to touch, and lets nothing else differ.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from io import BytesIO
from typing import Any, Final

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko_certvalidator import ValidationContext

from hocvu.signing.certificates import der_of
from hocvu.signing.comparing import require_only_signed
from hocvu.signing.errors import Mismatch, NotAsSent

HOLE: Final = re.compile(rb"<[0-9A-Fa-f]+>")


class Purpose(Enum):
    """What a signature says (Decree 30/2020, article 5): the plug-in has a function for each."""

    APPROVE = "approve"  # the competent person
    ISSUE = "issue"  # the organisation, which also stands for its seal


@dataclass(frozen=True)
class Expected:
    """Whose signature is expected, and for what."""

    purpose: Purpose
    certificates: dict[Purpose, tuple[x509.Certificate, ...]]  # who may sign for what
    roots: tuple[x509.Certificate, ...]
    field: str | None = None  # the planned field that this purpose fills, if one was planned


@dataclass(frozen=True)
class Returned:
    """What was verified. There is no such object for a file that was refused."""

    file: bytes
    sha256: str
    signer: x509.Certificate
    purpose: Purpose
    claimed_at: datetime | None


def check_returned(sent: bytes, returned: bytes, expected: Expected, *, at: datetime) -> Returned:
    """Return what the file adds to the one that was sent, or raise `NotAsSent`."""
    # 1. It begins with every byte that was sent.
    if len(returned) <= len(sent) or not returned.startswith(sent):
        raise NotAsSent(Mismatch.ANOTHER_FILE, "The file is not the one that was sent.")

    # 2. It can be read, and carries exactly one signature more.
    before, after = _read(sent), _read(returned)
    signature = _one_more(before, after)

    # 3. That signature covers the whole file but its own hole, which lies in the new part.
    _require_whole(returned, len(sent), signature)

    # 4. It holds, and a trusted authority stands behind it at this time.
    _require_valid(signature, expected.roots, at)

    # 5. It is the expected signer's, for the expected purpose.
    signer = x509.load_der_x509_certificate(signature.signer_cert.dump())
    _require_expected(signer, signature, expected)

    # 6. Nothing else changed.
    require_only_signed(before, after, signature.sig_field)

    return Returned(
        file=returned,
        sha256=hashlib.sha256(returned).hexdigest(),
        signer=signer,
        purpose=expected.purpose,
        claimed_at=signature.self_reported_timestamp,
    )


def _read(pdf: bytes) -> Any:
    try:
        reader = PdfFileReader(BytesIO(pdf))
        list(reader.embedded_signatures)
    except (PdfError, ValueError, KeyError, TypeError) as trouble:
        raise NotAsSent(Mismatch.UNREADABLE, "The file cannot be read.") from trouble
    return reader


def _one_more(before: Any, after: Any) -> Any:
    count = len(before.embedded_signatures)
    signatures = after.embedded_signatures
    if len(signatures) != count + 1 or signatures[-1].sig_object_type != "/Sig":
        raise NotAsSent(Mismatch.NOT_ONE_SIGNATURE, "The file did not gain one signature.")
    return signatures[-1]


def _require_whole(returned: bytes, length: int, signature: Any) -> None:
    stated = [int(each) for each in signature.byte_range]
    good = len(stated) == 4 and stated[0] == 0 and stated[2] + stated[3] == len(returned)  # noqa: PLR2004
    if (
        not good
        or stated[1] < length
        or not HOLE.fullmatch(returned, stated[1], stated[2])
        or bytes.fromhex(returned[stated[1] + 1 : stated[2] - 1].decode("ascii"))
        != bytes(signature.pkcs7_content)
    ):
        raise NotAsSent(
            Mismatch.NOT_THE_WHOLE_FILE, "The new signature does not cover the whole file."
        )


def _require_valid(signature: Any, roots: tuple[x509.Certificate, ...], at: datetime) -> None:
    trusted = [asn1_x509.Certificate.load(der_of(each)) for each in roots]
    context = ValidationContext(trust_roots=trusted, allow_fetching=False, moment=at)
    try:
        status = validate_pdf_signature(signature, context)
    except (SignatureValidationError, PdfError, ValueError) as broken:
        raise NotAsSent(Mismatch.DOES_NOT_HOLD, "The new signature does not hold.") from broken
    if not (status.intact and status.valid and status.trusted):
        raise NotAsSent(Mismatch.DOES_NOT_HOLD, "The new signature does not hold.")


def _require_expected(signer: x509.Certificate, signature: Any, expected: Expected) -> None:
    allowed = expected.certificates.get(expected.purpose, ())
    if signer not in allowed:
        known = any(signer in others for others in expected.certificates.values())
        if known:
            raise NotAsSent(Mismatch.ANOTHER_PURPOSE, "This certificate signs for another purpose.")
        raise NotAsSent(Mismatch.ANOTHER_SIGNER, "Somebody else signed the file.")
    if expected.field is not None and signature.field_name != expected.field:
        raise NotAsSent(Mismatch.ANOTHER_PURPOSE, "The signature stands where another one belongs.")
