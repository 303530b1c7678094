"""`python -m hocvu_verifier FILE --trust ROOT`: a verdict; exit status 0 only if it is valid."""

import argparse
import sys
from pathlib import Path

from cryptography import x509

from hocvu_verifier.refusals import NotVerified
from hocvu_verifier.verification import verify_pdf


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="hocvu-verifier", description=__doc__)
    parser.add_argument("file", type=Path, help="a signed certificate (PDF)")
    parser.add_argument("--trust", type=Path, required=True, help="trusted authorities (PEM)")
    asked = parser.parse_args(arguments)
    trusted = x509.load_pem_x509_certificates(asked.trust.read_bytes())
    try:
        verified = verify_pdf(asked.file.read_bytes(), trusted_roots=trusted)
    except NotVerified as refusal:
        sys.stdout.write(f"✕ KHÔNG XÁC NHẬN ĐƯỢC / NOT VERIFIED: {refusal}\n")
        return 1
    sys.stdout.write(
        f"✓ HỢP LỆ / VALID\n"
        f"  Bên ký / signer:        {verified.signer_name}\n"
        f"  Chứng thực / issuer:    {verified.issuer_name}\n"
        f"  Thời gian ký / signed:  {verified.signed_at.isoformat(sep=' ')}\n"
        f"  SHA-256:                {verified.sha256.hex()}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
