"""`python -m hocvu.verification.queries.others_process`: PDF in, JSON about its signatures out.

Runs alone (see `others`): no Django, no settings, no network, no files. It limits itself before
it reads the first byte, because readers of PDF can be led astray by loops, bombs and depths.
"""

import json
import logging
import resource
import sys
from contextlib import suppress
from io import BytesIO
from math import ceil
from operator import itemgetter
from typing import Any, Final

from asn1crypto import x509 as asn1
from pyhanko.pdf_utils.crypt import AuthStatus
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import SignatureCoverageLevel
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

MEMORY: Final = 768 * 1024 * 1024  # bytes, of everything
SECONDS: Final = 2  # of processor time, besides what it takes to get ready
LARGEST: Final = 20 * 1024 * 1024
MOST_SIGNATURES: Final = 40  # minutes of a meeting are signed by everybody who was there
_FORMS: Final = {"/adbe.pkcs7.detached", "/ETSI.CAdES.detached"}
_BROKEN_HASHES: Final = {"md2", "md4", "md5", "sha1"}
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
    if reader.encrypted and not _opens_for_everybody(reader):
        return {"unreadable": "encrypted"}
    fields = [each for each in enumerate_sig_fields(reader, filled_status=True) if _signs(each[1])]
    if len(fields) > MOST_SIGNATURES:
        return {"unreadable": "too_complex"}
    if not fields:
        return {"unreadable": "another_form"}
    found = [_said_of(reader, name, field) for name, _value, field in fields]
    return {"signatures": [said for _revision, said in sorted(found, key=itemgetter(0))]}


def _signs(value: Any) -> bool:
    """Whether a field holds a signature of a form that is still used, not only a time stamp."""
    held = value.get_object()
    is_signature = held.get("/Type", "/Sig") == "/Sig"
    return is_signature and held.get("/SubFilter") in {
        "/adbe.pkcs7.detached",
        "/ETSI.CAdES.detached",
    }


def _opens_for_everybody(reader: PdfFileReader) -> bool:
    """Many files are encrypted with no more than an empty password: every program opens them."""
    try:
        return reader.decrypt(b"").status is not AuthStatus.FAILED
    except (PdfError, NotImplementedError):  # for the holders of some keys only
        return False


def _said_of(reader: PdfFileReader, name: str, field: Any) -> tuple[int, dict[str, Any]]:
    """One signature, and in which revision; where it makes no sense, that is said of it alone."""
    said = {"signer": "", "issuer": "", "claimed_at": None, "integrity": "unreadable"}
    revision = 0
    try:
        signature = EmbeddedPdfSignature(reader, field, name)
        revision = signature.signed_revision
        signer, claimed = signature.signer_cert, signature.self_reported_timestamp
        said["signer"], said["issuer"] = _name_of(signer.subject), _name_of(signer.issuer)
        said["claimed_at"] = claimed.isoformat() if claimed and claimed.tzinfo else None
        said["integrity"] = _integrity_of(signature)
    except SignatureValidationError:  # such as a reference to another certificate
        said["integrity"] = "broken"
    except (PdfError, ValueError, TypeError, LookupError, AttributeError, NotImplementedError):
        pass  # stays unreadable
    return revision, said


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
    if _is_weak(signature):
        return "weak"
    if coverage is SignatureCoverageLevel.ENTIRE_FILE:
        return "intact"
    return "added_to" if coverage is SignatureCoverageLevel.ENTIRE_REVISION else "broken"


def _is_weak(signature: EmbeddedPdfSignature) -> bool:
    """Whether others can forge it: what NIST SP 800-131A Rev. 2, §3 and §9, no longer approves."""
    info, key = signature.signer_info, signature.signer_cert.public_key
    hashes = {info["digest_algorithm"]["algorithm"].native}
    with suppress(ValueError):  # the signature names no hash of its own
        hashes.add(info["signature_algorithm"].hash_algo)
    least = {"rsa": 2_048, "rsassa_pss": 2_048, "ec": 224}.get(key.algorithm)
    if least is None:  # Edwards curves are strong; DSA is no longer approved
        return bool(key.algorithm == "dsa" or hashes & _BROKEN_HASHES)
    return bool(key.bit_size < least or hashes & _BROKEN_HASHES)


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
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = ceil(used.ru_utime + used.ru_stime) + SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(main())
