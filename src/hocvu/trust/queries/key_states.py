"""Whether every key that `keys.toml` names could sign now: asked before somebody needs it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from hocvu.signing import Key, SigningRefused, require_usable, signatures_over
from hocvu.trust.models import KeyTrouble
from hocvu.trust.queries.signing_keys import (
    keys_file,
    opened,
    pem_certificates,
    require_own,
    timestamps,
)
from hocvu.trust.queries.troubles import trouble_of
from hocvu.trust.rules import (
    IssuerEntry,
    KeyEntry,
    KeysFile,
    Pkcs12Entry,
    TokenEntry,
)
from hocvu.units.models import Unit


@dataclass(frozen=True)
class KeyState:
    """One line of the check. `why_not` is empty where nothing is wrong; `trouble` is its kind."""

    name: str
    why_not: str = ""
    valid_until: datetime | None = None  # the first end among its certificates
    trouble: KeyTrouble | None = None


@dataclass(frozen=True)
class _Tried:
    state: KeyState
    key: Key | None = None


def key_states(at: datetime) -> list[KeyState]:
    """Every key once, in the order of the file, then whose keys they are, and who proves time.

    A key is opened and signs one digest that means nothing. A PIN that is refused is not tried
    again for the next line that names the same token. Raises nothing: what is wrong is a state.
    """
    try:
        named = keys_file()
    except SigningRefused as wrong:
        return [_refused("keys.toml", wrong)]
    tried = _tried(named, at)
    states = [each.state for each in tried.values()]
    knows_units = Unit._meta.db_table in connection.introspection.table_names()  # noqa: SLF001
    for issuer in named.issuers:
        files = [issuer.roots, *(signer.certificates for signer in issuer.signers)]
        states += [state for file in files if file for state in _missing(file)]
        if knows_units:  # before the first start there are none, and keys may be tried already
            states += _of_somebody_else(issuer, tried)
    if named.timestamps is not None:
        states.append(_state_of_time(named.timestamps.address))
    return states


def _tried(named: KeysFile, at: datetime) -> dict[KeyEntry, _Tried]:
    tried: dict[KeyEntry, _Tried] = {}
    closed = set[str]()
    for entry in named.keys:
        token = f"{entry.module} {entry.token}" if isinstance(entry, TokenEntry) else ""
        if token in closed:
            why = "The PIN of this token was refused already."
            state = KeyState(_name_of(entry), why, trouble=KeyTrouble.WRONG_PIN)
            tried[entry] = _Tried(state)
            continue
        tried[entry] = _try_entry(entry, at)
        if token and tried[entry].state.trouble is KeyTrouble.WRONG_PIN:
            closed.add(token)
    return tried


def _try_entry(entry: KeyEntry, at: datetime) -> _Tried:
    name = _name_of(entry)
    try:
        key = opened(entry)
        require_usable(key, at)
        _try(key)
    except SigningRefused as refused:
        return _Tried(_refused(name, refused))
    ends = min(each.not_valid_after_utc for each in key.chain)
    return _Tried(KeyState(name, valid_until=ends), key)


def _try(key: Key) -> None:
    """One signature over nothing anybody wrote; it is checked and thrown away."""
    with key.open() as session:
        signatures_over(session, [key.algorithm.digest(b"hocvu check-keys")])


def _of_somebody_else(issuer: IssuerEntry, tried: dict[KeyEntry, _Tried]) -> Iterator[KeyState]:
    """What would sign under another name, and an issuer that is none: both would go unnoticed."""
    unit = Unit.objects.filter(code=issuer.code).first()
    if unit is None:
        why = "No unit has this code: nobody signs with the keys named for it."
        yield KeyState(issuer.code, why, trouble=KeyTrouble.KEYS_FILE)
        return
    of = [(issuer.organisation, unit.name, issuer.subject)]
    of += [(each.key, each.name, each.subject) for each in issuer.signers]
    for entry, name, subject in of:
        key = tried[entry].key if entry else None
        if entry is None or key is None:
            continue
        try:
            require_own(key, name, subject)
        except SigningRefused as refused:
            yield _refused(f"{issuer.code}, {_name_of(entry)}", refused)


def _state_of_time(address: str) -> KeyState:
    try:
        client = timestamps()
        proof = client.proof_of(client.algorithm.digest(b"hocvu check-keys")) if client else None
    except SigningRefused as refused:
        return _refused(address, refused)
    if proof is None:
        return KeyState(address)
    return KeyState(address, valid_until=min(each.not_valid_after_utc for each in proof.chain))


def _missing(file: str) -> Iterator[KeyState]:
    try:
        pem_certificates(file)
    except SigningRefused as refused:
        yield _refused(file, refused)


def _refused(name: str, refused: SigningRefused) -> KeyState:
    return KeyState(name, str(refused), trouble=trouble_of(refused))


def _name_of(entry: KeyEntry) -> str:
    """How an administrator knows the key again; no secret is among it."""
    if isinstance(entry, Pkcs12Entry):
        return entry.file
    if isinstance(entry, TokenEntry):
        return f"{entry.token}/{entry.label}"
    return f"{entry.address} {entry.credential}"
