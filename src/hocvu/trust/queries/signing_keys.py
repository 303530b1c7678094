"""Which keys sign for an issuer, and where proof of time comes from.

`keys.toml` in the authority's folder says it for a real installation (`rules.keys_file`). An issuer
that is not named there signs with the development authority, whose certificates say that they have
no legal value. An issuer that is named never does: what is missing or wrong then is a refusal.
"""

import os
import ssl
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from hocvu.kernel.vietnamese import fold
from hocvu.portable.keys import PublicKey
from hocvu.signing import (
    Algorithm,
    DevelopmentAuthority,
    Key,
    KeyMissing,
    Place,
    RemoteKey,
    Service,
    SigningRefused,
    SoftwareKey,
    TimestampClient,
    TokenKey,
    require_usable,
)
from hocvu.trust.rules import (
    IssuerEntry,
    KeyEntry,
    KeysFile,
    KeysFileIsWrong,
    Pkcs12Entry,
    Profile,
    TokenEntry,
    read_keys,
)
from hocvu.units.models import Unit

KEYS_FILE = "keys.toml"
_NAMES = (
    x509.NameOID.COMMON_NAME,
    x509.NameOID.ORGANIZATION_NAME,
    x509.NameOID.ORGANIZATIONAL_UNIT_NAME,
)


class KeysFileUnusable(SigningRefused):
    """`keys.toml`, or a file that it names, is not there or does not say what it should."""


class KeyOfSomebodyElse(SigningRefused):
    """The certificate of a key names another than the one it is said to sign for."""


@dataclass(frozen=True)
class Keys:
    """What an issuer's certificates are signed with, in the order in which they sign."""

    signing: tuple[Key, ...]  # the competent person's and the organisation's, or the latter alone
    statement: Key  # P-256
    profile: Profile
    is_development: bool

    def require_usable(self, at: datetime) -> None:
        """Refuse when one of them may not sign at that moment, or somebody above it is over."""
        for key in (*self.signing, self.statement):
            require_usable(key, at)


def keys_of(issuer: Unit, signer_name: str) -> Keys:
    """Everything that signs a decision's certificates. Raises a `SigningRefused` that says why not.

    `signer_name` is who signs the decision: theirs is the first of two signatures.
    """
    entry = entry_of(issuer)
    if entry is None:
        key = _development().key_for(issuer.name)
        return Keys((key,), key, _profile(None), is_development=True)
    organisation = key_of(issuer)
    signers = (_signer_key(entry, signer_name),) if entry.signers else ()
    return Keys(
        (*signers, organisation),
        _statement_key(entry, organisation),
        _profile(entry),
        is_development=False,
    )


def key_of(issuer: Unit) -> Key:
    """The organisation's key. Raises a `SigningRefused` that says why there is none."""
    entry = entry_of(issuer)
    if entry is None:
        return _development().key_for(issuer.name)
    if entry.organisation is None:
        raise KeyMissing(f"{entry.code} signs by plug-in and has no key of its own here.")
    return require_own(opened(entry.organisation), issuer.name, entry.subject)


def organisation_key_of(issuer: Unit) -> Key | None:
    """The key that the organisation's signature behind a person's is made with, if it has one."""
    entry = entry_of(issuer)
    return key_of(issuer) if entry and entry.organisation else None


def require_own(key: Key, name: str, subject: str) -> Key:
    """The key, if its certificate names this organisation or person. Marks and case may differ.

    `subject` is what `keys.toml` says the certificate calls them; "" where it uses their name.
    """
    said = (str(each.value) for each in key.chain[0].subject if each.oid in _NAMES)
    named = list(dict.fromkeys(said))
    if fold(subject or name) not in map(fold, named):
        raise KeyOfSomebodyElse(
            f"The certificate names {', '.join(named)}, not {subject or name}."
            " Where both are the same, say so under `subject`."
        )
    return key


def statement_key_of(issuer: Unit) -> Key:
    """The key of this issuer's statements and credentials: always P-256 (ES256)."""
    entry = entry_of(issuer)
    if entry is None:
        return _development().key_for(issuer.name)
    return _statement_key(entry, None)


def installation_key() -> Key:
    """What signs for the whole installation: lists of revoked certificates. Always P-256."""
    entry = keys_file().installation
    if entry is None:
        return _development().key_for(_host())
    return _for_statements(opened(entry), "[installation]")


def timestamps() -> TimestampClient | None:
    """Where signatures get proof of time; None where no authority is named."""
    entry = keys_file().timestamps
    return TimestampClient.at(entry.address, pem_certificates(entry.roots)) if entry else None


def is_development_key(issuer: Unit) -> bool:
    """Whether what this issuer signs has no legal value."""
    return entry_of(issuer) is None


def entry_of(issuer: Unit) -> IssuerEntry | None:
    """What `keys.toml` says of this issuer. Raises `KeysFileUnusable`."""
    return keys_file().issuer(issuer.code)


def keys_file() -> KeysFile:
    """`keys.toml` as it is now; an empty one where there is none. Raises `KeysFileUnusable`."""
    file = _folder() / KEYS_FILE
    try:
        seen = file.stat()
    except FileNotFoundError:
        return KeysFile()
    except OSError as closed:
        raise KeysFileUnusable(f"{KEYS_FILE} cannot be read: {closed.strerror}.") from closed
    return _read(file, seen.st_mtime_ns, seen.st_size, seen.st_ino)


def opened(entry: KeyEntry) -> Key:
    """The key at the place that an entry names. Raises a `SigningRefused`."""
    if isinstance(entry, Pkcs12Entry):
        return SoftwareKey.from_pkcs12(_folder() / entry.file, _secret(entry.password_from))
    if isinstance(entry, TokenEntry):
        place = Place(Path(entry.module), entry.token, entry.label)
        authorities = pem_certificates(entry.authorities)
        return TokenKey.in_token(place, _secret(entry.pin_from), authorities=authorities)
    trusted = _trusted(entry.trusted) if entry.trusted else None
    service = Service(entry.address, _secret(entry.bearer_from), trusted)
    return RemoteKey.of(service, entry.credential, _secret(entry.pin_from))


def pem_certificates(name: str) -> tuple[x509.Certificate, ...]:
    """The certificates in a file beside `keys.toml`. Raises `KeysFileUnusable`."""
    try:
        return tuple(x509.load_pem_x509_certificates((_folder() / name).read_bytes()))
    except OSError as closed:
        raise KeysFileUnusable(f"{name} cannot be read: {closed.strerror}.") from closed
    except ValueError as odd:
        raise KeysFileUnusable(f"{name} does not hold certificates in PEM.") from odd


def did() -> str:
    """The one identifier of this installation (did:web, 3.1: a port is written with %3A)."""
    return f"did:web:{_host().replace(':', '%3A')}"


def public_key(key: Key, name: str) -> PublicKey:
    """What a verifier has to know of a statement key."""
    certificate = key.chain[0]
    found = certificate.public_key()
    if not isinstance(found, ec.EllipticCurvePublicKey):
        raise KeyMissing("Statements are signed with a P-256 key.")
    return PublicKey.of(
        found, name=name, did=did(), starts_at=certificate.not_valid_before_utc, ends_at=None
    )


def _statement_key(entry: IssuerEntry, organisation: Key | None) -> Key:
    """The key named for statements, else the organisation's, which then has to be P-256."""
    named = entry.statement or entry.organisation
    if named is None:
        raise KeyMissing(f"{entry.code} signs by plug-in: name a key under [issuer.statement].")
    is_own = entry.statement is None and organisation is not None
    found = organisation if is_own and organisation else opened(named)
    return _for_statements(found, f"{entry.code}, [issuer.statement]")


def _for_statements(key: Key, where: str) -> Key:
    if key.algorithm is not Algorithm.ECDSA_P256_SHA256:
        raise KeyMissing(f"{where}: statements and lists are signed with a P-256 key.")
    return key


def _signer_key(entry: IssuerEntry, name: str) -> Key:
    """The key of who signs the decision: nobody else's signature stands for theirs."""
    found = [each for each in entry.signers if fold(each.name) == fold(name)]
    if not found or found[0].key is None:
        raise KeyMissing(f"{entry.code}: no key is named for the signer of this decision.")
    return require_own(opened(found[0].key), found[0].name, found[0].subject)


def _profile(entry: IssuerEntry | None) -> Profile:
    """The level that files get; more than there are timestamps for is refused."""
    has_time = keys_file().timestamps is not None
    wanted = entry.profile if entry else None
    if wanted in (Profile.B_T, Profile.B_LT) and not has_time:
        raise KeysFileUnusable(f"{wanted.value} needs a timestamp authority under [timestamps].")
    return wanted or (Profile.B_T if has_time else Profile.B_B)


@lru_cache(maxsize=4)
def _read(file: Path, _changed_at: int, _size: int, _inode: int) -> KeysFile:
    """The file as it was when it was changed last. The same content is not read twice."""
    try:
        return read_keys(file.read_text(encoding="utf-8"))
    except KeysFileIsWrong as wrong:
        raise KeysFileUnusable(f"{KEYS_FILE}, {wrong}") from wrong
    except OSError as closed:
        raise KeysFileUnusable(f"{KEYS_FILE} cannot be read: {closed.strerror}.") from closed
    except UnicodeDecodeError as odd:
        raise KeysFileUnusable(f"{KEYS_FILE} cannot be read: it is not written in UTF-8.") from odd


def _development() -> DevelopmentAuthority:
    return DevelopmentAuthority.open(settings.AUTHORITY_FOLDER)


def _trusted(name: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=str(_folder() / name))
    except (OSError, ssl.SSLError) as odd:
        raise KeysFileUnusable(f"{name} does not hold the service's authorities.") from odd


def _secret(name: str) -> str:
    if name not in os.environ:
        raise KeyMissing(f"The environment does not hold {name}.")
    return os.environ[name]


def _host() -> str:
    return urlsplit(settings.SITE_ADDRESS).netloc


def _folder() -> Path:
    return Path(settings.AUTHORITY_FOLDER)
