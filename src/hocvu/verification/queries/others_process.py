"""`python -m hocvu.verification.queries.others_process`: PDF in, JSON about its signatures out.

Runs alone (see `others`): no Django, no settings, no network, no files. It limits itself before
it reads the first byte, because readers of PDF can be led astray by loops, bombs and depths.
"""

import json
import logging
import resource
import sys
from io import BytesIO
from typing import Any, Final

from asn1crypto import x509 as asn1
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import SignatureCoverageLevel
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

MEMORY: Final = 768 * 1024 * 1024  # bytes, of everything
SECONDS: Final = 8  # of processor time
LARGEST: Final = 20 * 1024 * 1024
MOST_SIGNATURES: Final = 10
DEEPEST: Final = 400  # calls inside each other


def main() -> int:
    _limit()
    try:
        answer = examine(sys.stdin.buffer.read(LARGEST + 1))
    except (MemoryError, RecursionError):
        answer = {"unreadable": "too_complex"}
    except Exception:  # noqa: BLE001 — whatever such a file makes the reader raise
        answer = {"unreadable": "damaged"}
    sys.stdout.write(json.dumps(answer))
    return 0


def examine(pdf: bytes) -> dict[str, Any]:
    """What the file's signatures say of themselves."""
    if len(pdf) > LARGEST:
        return {"unreadable": "too_complex"}
    reader = PdfFileReader(BytesIO(pdf), strict=False)
    found = [each for each in reader.embedded_signatures if each.sig_object_type == "/Sig"]
    if len(found) > MOST_SIGNATURES:
        return {"unreadable": "too_complex"}
    return {"signatures": [_said_of(each) for each in found]}


def _said_of(signature: EmbeddedPdfSignature) -> dict[str, Any]:
    signer = signature.signer_cert
    claimed = signature.self_reported_timestamp
    return {
        "signer": _name_of(signer.subject),
        "issuer": _name_of(signer.issuer),
        "claimed_at": claimed.isoformat() if claimed and claimed.tzinfo else None,
        "integrity": _integrity_of(signature),
    }


def _integrity_of(signature: EmbeddedPdfSignature) -> str:
    """Whether the signature is about these bytes; nobody is trusted for that.

    No addition is called harmless: published attacks live off such a judgement.
    """
    coverage = signature.evaluate_signature_coverage()
    intact, valid = validate_sig_integrity(
        signature.signer_info,
        signature.signer_cert,
        expected_content_type="data",
        actual_digest=signature.compute_digest(),
    )
    if not (intact and valid):
        return "broken"
    if coverage is SignatureCoverageLevel.ENTIRE_FILE:
        return "intact"
    return "added_to" if coverage is SignatureCoverageLevel.ENTIRE_REVISION else "broken"


def _name_of(name: asn1.Name) -> str:
    said = name.native
    for part in ("common_name", "organization_name"):
        if value := said.get(part):
            return str(value if isinstance(value, str) else value[0])
    return str(name.human_friendly)


def _limit() -> None:
    logging.disable(logging.CRITICAL)
    sys.setrecursionlimit(DEEPEST)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(main())
