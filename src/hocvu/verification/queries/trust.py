"""Whose word is taken, read again only when its files change."""

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

from cryptography import x509
from django.conf import settings

from hocvu.register.checkpoint import VerifierKey
from hocvu.trust.queries.believed import VERIFIER_KEY_FILE, register_keys, trusted_roots

# What a file is, as far as the file system tells: another content means another state.
State: TypeAlias = tuple[tuple[str, int, int, int], ...]


@dataclass(frozen=True)
class Trust:
    """Who is believed about signatures on certificates, and about the register."""

    state: State
    roots: tuple[x509.Certificate, ...]
    register_keys: tuple[VerifierKey, ...]

    @property
    def can_judge(self) -> bool:
        return bool(self.roots and self.register_keys)


def trust() -> Trust:
    """The trust in force now. Costs a look at a folder."""
    folder = settings.AUTHORITY_FOLDER
    return _read(folder, state_of(folder, {".crt"}) + state_of(folder / VERIFIER_KEY_FILE))


def state_of(path: Path, endings: set[str] | None = None) -> State:
    """The state of a file, or of the files with these endings in a folder; () where none is."""
    try:
        if endings is None:
            return (_state(path.name, path.stat()),)
        with os.scandir(path) as entries:
            found = [each for each in entries if Path(each.name).suffix in endings]
            return tuple(sorted(_state(each.name, each.stat()) for each in found))
    except FileNotFoundError:
        return ()


def _state(name: str, stat: os.stat_result) -> tuple[str, int, int, int]:
    return name, stat.st_mtime_ns, stat.st_size, stat.st_ino


@lru_cache(maxsize=4)
def _read(_folder: Path, state: State) -> Trust:
    return Trust(state, tuple(trusted_roots()), tuple(register_keys()))
