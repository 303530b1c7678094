"""Making what this installation signs with, once."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from hocvu.audit.actions import record
from hocvu.people.models import Person
from hocvu.register.durable import alone, put
from hocvu.register.note import SigningKey, VerifierKey
from hocvu.signing import DevelopmentAuthority
from hocvu.trust.actions.register_lock import hold_register
from hocvu.trust.queries.believed import VERIFIER_KEY_FILE, register_keys

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
        _write_verifier_keys([SigningKey.load(file).verifier])
    if is_new:
        record("trust_set_up", "credentials.register", by=None, at=at)
    return is_new


def rotate_register_key(*, by: Person | None, at: datetime) -> VerifierKey:
    """Sign with a new key from now on; what earlier keys have signed stays believed.

    The old private key is kept beside it under its fingerprint: whoever holds it could still sign
    heads, and only witnesses would notice, so it belongs in a safe. Everybody who pinned the
    public key has to be given the new one as well, before it signs: see the guide.
    """
    file = settings.AUTHORITY_FOLDER / _KEY_FILE
    with transaction.atomic(), alone(settings.AUTHORITY_FOLDER):
        hold_register()
        retired = SigningKey.load(file)
        new = SigningKey.generate(settings.REGISTER_ORIGIN)
        # Believed first, used second: a crash in between leaves a key too many, never one too few.
        _write_verifier_keys([new.verifier, *register_keys()])
        kept = file.with_name(f"{_KEY_FILE}.{retired.verifier.key_id.hex()}")
        if not kept.exists():
            retired.save(kept)
        unfinished = file.with_suffix(".new")
        unfinished.unlink(missing_ok=True)
        new.save(unfinished)
        unfinished.replace(file)
        record(
            "register_key_rotated",
            "credentials.register",
            by=by,
            at=at,
            key=new.verifier.key_id.hex(),
        )
    return new.verifier


def register_signing_key() -> SigningKey:
    """The private key of the register. Only the act of appending asks for it."""
    return SigningKey.load(settings.AUTHORITY_FOLDER / _KEY_FILE)


def _write_verifier_keys(keys: Sequence[VerifierKey]) -> None:
    put(
        settings.AUTHORITY_FOLDER,
        {Path(VERIFIER_KEY_FILE): "".join(f"{key.to_text()}\n" for key in keys).encode()},
    )
