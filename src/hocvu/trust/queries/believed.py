"""Whose word this installation takes: the signing authority and the register's key."""

from pathlib import Path

from cryptography import x509
from django.conf import settings

from hocvu.register.note import VerifierKey
from hocvu.register.witness_client import KnownWitness

VERIFIER_KEY_FILE = "register.vkey"
WITNESS_FILE = "witnesses"
ISSUERS_FILE, DID_FILE, STATUS_FOLDER = "issuers.json", "did.json", "status"
PROVED_FOLDER = "status-proved"  # the same lists as documents with their proof inside


def trusted_roots() -> list[x509.Certificate]:
    """Roots whose signatures on certificates are believed; none before set-up."""
    files = sorted(settings.AUTHORITY_FOLDER.glob("*.crt"))
    return [x509.load_pem_x509_certificate(file.read_bytes()) for file in files]


def register_keys() -> list[VerifierKey]:
    """Keys whose signature on a checkpoint of the register is believed; none before set-up.

    The first is the one that signs now; those behind it signed before it and stay believed.
    """
    file = settings.AUTHORITY_FOLDER / VERIFIER_KEY_FILE
    return [VerifierKey.from_text(line) for line in _lines_of(file)]


def known_witnesses() -> list[KnownWitness]:
    """Other institutions that were asked to watch the register: a key and an address a line."""
    return [
        KnownWitness.from_line(line) for line in _lines_of(settings.AUTHORITY_FOLDER / WITNESS_FILE)
    ]


def _lines_of(file: Path) -> list[str]:
    return [line for line in file.read_text().splitlines() if line] if file.exists() else []
