"""Whose word this installation takes: the signing authority and the register's key."""

from cryptography import x509
from django.conf import settings

from hocvu.register.checkpoint import VerifierKey

VERIFIER_KEY_FILE = "register.vkey"


def trusted_roots() -> list[x509.Certificate]:
    """Roots whose signatures on certificates are believed; none before set-up."""
    files = sorted(settings.AUTHORITY_FOLDER.glob("*.crt"))
    return [x509.load_pem_x509_certificate(file.read_bytes()) for file in files]


def register_keys() -> list[VerifierKey]:
    """Keys whose signature on a checkpoint of the register is believed; none before set-up."""
    file = settings.AUTHORITY_FOLDER / VERIFIER_KEY_FILE
    return [VerifierKey.from_text(file.read_text().strip())] if file.exists() else []
