"""Whether every key that `keys.toml` names could sign now: asked before somebody needs it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from hocvu.credentials.queries.signing_keys import (
    keys_file,
    opened,
    pem_certificates,
    timestamps,
)
from hocvu.credentials.rules.keys_file import KeyEntry, Pkcs12Entry, TokenEntry
from hocvu.signing import Key, SigningRefused, WrongPin, require_usable, signatures_over


@dataclass(frozen=True)
class KeyState:
    """One line of the check. `why_not` is empty where nothing is wrong."""

    name: str
    why_not: str = ""
    valid_until: datetime | None = None  # the first end among its certificates


def key_states(at: datetime) -> list[KeyState]:
    """Every key once, in the order of the file, then the authority for time.

    A key is opened and signs one digest that means nothing. A PIN that is refused is not tried
    again for the next line that names the same token. Raises nothing: what is wrong is a state.
    """
    try:
        named = keys_file()
    except SigningRefused as wrong:
        return [KeyState("keys.toml", str(wrong))]
    states, closed = [], set[str]()
    for entry in named.keys:
        token = f"{entry.module} {entry.token}" if isinstance(entry, TokenEntry) else ""
        if token in closed:
            states.append(KeyState(_name_of(entry), "The PIN of this token was refused already."))
            continue
        state, was_refused = _state_of(entry, at)
        states.append(state)
        if token and was_refused:
            closed.add(token)
    for issuer in named.issuers:
        files = [issuer.roots, *(signer.certificates for signer in issuer.signers)]
        states += [state for file in files if file for state in _missing(file)]
    if named.timestamps is not None:
        states.append(_state_of_time(named.timestamps.address))
    return states


def _state_of(entry: KeyEntry, at: datetime) -> tuple[KeyState, bool]:
    """Its state, and whether the PIN was refused."""
    name = _name_of(entry)
    try:
        key = opened(entry)
        require_usable(key, at)
        _try(key)
    except SigningRefused as refused:
        return KeyState(name, str(refused)), isinstance(refused, WrongPin)
    ends = min(each.not_valid_after_utc for each in key.chain)
    return KeyState(name, valid_until=ends), False


def _try(key: Key) -> None:
    """One signature over nothing anybody wrote; it is checked and thrown away."""
    with key.open() as session:
        signatures_over(session, [key.algorithm.digest(b"hocvu check-keys")])


def _state_of_time(address: str) -> KeyState:
    try:
        client = timestamps()
        proof = client.proof_of(client.algorithm.digest(b"hocvu check-keys")) if client else None
    except SigningRefused as refused:
        return KeyState(address, str(refused))
    if proof is None:
        return KeyState(address)
    return KeyState(address, valid_until=min(each.not_valid_after_utc for each in proof.chain))


def _missing(file: str) -> Iterator[KeyState]:
    try:
        pem_certificates(file)
    except SigningRefused as refused:
        yield KeyState(file, str(refused))


def _name_of(entry: KeyEntry) -> str:
    """How an administrator knows the key again; no secret is among it."""
    if isinstance(entry, Pkcs12Entry):
        return entry.file
    if isinstance(entry, TokenEntry):
        return f"{entry.token}/{entry.label}"
    return f"{entry.address} {entry.credential}"
