"""`python -m hocvu_verifier FILE|TEXT --trust …`: one verdict, in words and as exit status.

    python -m hocvu_verifier certificate.pdf --trust roots.pem
    python -m hocvu_verifier "https://…/v/…#8471…" --trust issuers.json --status snapshot.txt

0 valid · 1 not verified · 2 wrongly asked · 3 genuine, but revoked, corrected, expired or not yet
valid · 4 genuine, but whether it was revoked is not known. It asks nothing of any network.
"""

import argparse
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509

from hocvu_verifier.credential import VerifiedCredential, verify_credential
from hocvu_verifier.issuers import IssuerKey, Issuers
from hocvu_verifier.refusals import NotATrustList, NotVerified
from hocvu_verifier.statement import verify_statement
from hocvu_verifier.status import Answer, Snapshot, Standing
from hocvu_verifier.verification import verify_pdf
from hocvu_verifier.words import Said, about_credential, about_file, about_refusal, about_statement

PDF = b"%PDF-"
WHERE_FILES_BEGIN = 1024  # bytes; readers look for the first mark in these (ISO 32000-1, H.3)
TOKEN = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)
PEM = b"-----BEGIN CERTIFICATE-----"


def main(arguments: list[str] | None = None, *, at: datetime | None = None) -> int:
    parser = _parser()
    asked = parser.parse_args(arguments)
    try:
        said = _said(asked, at or datetime.now(UTC))
    except NotVerified as refusal:
        said = about_refusal(refusal)
    except OSError as missing:
        parser.error(f"{missing.filename}: {missing.strerror}")
    sys.stdout.write("\n".join(said.lines(asked.language)) + "\n")
    return said.verdict.value


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hocvu-verifier",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "what", help="a signed PDF, the text of a QR code, or a credential (VC-JWT or JSON)"
    )
    parser.add_argument(
        "--trust",
        type=Path,
        action="append",
        required=True,
        metavar="FILE",
        help="authorities (PEM) or issuers (JSON Web Key Set) whose word is taken; may be repeated",
    )
    parser.add_argument("--status", type=Path, metavar="FILE", help="a snapshot of revocations")
    parser.add_argument("--language", choices=["vi", "en", "both"], default="both")
    return parser


def _said(asked: argparse.Namespace, at: datetime) -> Said:
    roots, issuers = _trusted(asked.trust)
    file = Path(asked.what)
    if len(asked.what) < 256 and file.is_file():  # noqa: PLR2004 - names of files are shorter
        octets = file.read_bytes()
        if PDF in octets[:WHERE_FILES_BEGIN]:
            return about_file(verify_pdf(octets, trusted_roots=roots))
        text = octets.decode("utf-8", errors="replace")
    else:
        text = asked.what
    is_credential = TOKEN.fullmatch(text.strip()) or text.lstrip().startswith("{")
    found = (verify_credential if is_credential else verify_statement)(text, issuers=issuers)
    answer = Answer(Standing.UNKNOWN, None)
    if asked.status is not None:
        snapshot = Snapshot.read(asked.status.read_text("utf-8"), issuers=issuers)
        answer = snapshot.standing_of(found.issuer.did, found.status_index)
    if isinstance(found, VerifiedCredential):
        return about_credential(found, answer, at)
    return about_statement(found, answer, at)


def _trusted(files: list[Path]) -> tuple[list[x509.Certificate], Issuers]:
    roots: list[x509.Certificate] = []
    keys: list[IssuerKey] = []
    for file in files:
        octets = file.read_bytes()
        if PEM not in octets:
            keys += Issuers.read(octets).keys
            continue
        try:
            roots += x509.load_pem_x509_certificates(octets)
        except ValueError as broken:
            raise NotATrustList(f"{file.name} holds no certificates.") from broken
    return roots, Issuers.of(keys)


if __name__ == "__main__":
    sys.exit(main())
