"""Making what this installation signs with, once."""

from datetime import datetime

from django.conf import settings

from hocvu.audit.actions import record
from hocvu.credentials.queries.trust import VERIFIER_KEY_FILE
from hocvu.register.checkpoint import SigningKey
from hocvu.signing import DevelopmentAuthority

_KEY_FILE = "register.key"


def set_up_trust(*, at: datetime) -> bool:
    """Make the development authority and the register's key where they are missing.

    Returns whether anything was made. A real installation brings its own signing certificates
    and keeps the register's key on another machine.
    """
    DevelopmentAuthority.open(settings.AUTHORITY_FOLDER)
    file = settings.AUTHORITY_FOLDER / _KEY_FILE
    public = settings.AUTHORITY_FOLDER / VERIFIER_KEY_FILE
    is_new = not file.exists()
    if is_new:
        SigningKey.generate(settings.REGISTER_ORIGIN).save(file)
    if not public.exists():
        unfinished = public.with_suffix(".tmp")
        unfinished.write_text(SigningKey.load(file).verifier.to_text() + "\n")
        unfinished.replace(public)
    if is_new:
        record("trust_set_up", "credentials.register", by=None, at=at)
    return is_new


def register_signing_key() -> SigningKey:
    """The private key of the register. Only the act of appending asks for it."""
    return SigningKey.load(settings.AUTHORITY_FOLDER / _KEY_FILE)
