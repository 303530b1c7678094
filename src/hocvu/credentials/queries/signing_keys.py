"""Which key signs for an issuer, and where proof of time comes from.

`keys.toml` in the authority's folder says it for a real installation:

    [[issuer]]
    code = "HCMA"
    module = "/usr/lib/softhsm/libsofthsm2.so"   # the maker's PKCS#11 library
    token = "hocvu"
    label = "certificates"
    pin_from = "HOCVU_PIN_HCMA"                  # the environment, never a file
    authorities = "hcma-authorities.pem"

    [[issuer]]
    code = "TCT-31"
    pkcs12 = "tct-31.p12"
    password_from = "HOCVU_PASSWORD_TCT_31"

    [timestamps]
    address = "http://tsa.example.vn"
    roots = "timestamp-roots.pem"

An issuer that is not named signs with the development authority, whose certificates say that they
have no legal value.
"""

import os
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from hocvu.portable.keys import PublicKey
from hocvu.signing import (
    Algorithm,
    DevelopmentAuthority,
    Key,
    KeyMissing,
    Place,
    SoftwareKey,
    TimestampClient,
    TokenKey,
)
from hocvu.units.models import Unit

_FILE = "keys.toml"


def is_development_key(issuer: Unit) -> bool:
    """Whether what this issuer signs has no legal value."""
    return _named(issuer) is None


def key_of(issuer: Unit) -> Key:
    """The key that signs this issuer's files. Raises a `SigningRefused` that says why not."""
    named = _named(issuer)
    if named is None:
        return DevelopmentAuthority.open(settings.AUTHORITY_FOLDER).key_for(issuer.name)
    if "pkcs12" in named:
        return SoftwareKey.from_pkcs12(_folder() / named["pkcs12"], _secret(named["password_from"]))
    place = Place(Path(named["module"]), named["token"], named["label"])
    authorities = _certificates(named["authorities"])
    return TokenKey.in_token(place, _secret(named["pin_from"]), authorities=authorities)


def statement_key_of(issuer: Unit) -> Key:
    """The key of this issuer's statements and credentials: always P-256 (ES256)."""
    key = key_of(issuer)
    if key.algorithm is Algorithm.ECDSA_P256_SHA256:
        return key
    return DevelopmentAuthority.open(settings.AUTHORITY_FOLDER).key_for(issuer.name)


def installation_key() -> SoftwareKey:
    """What signs for the whole installation: lists of revoked certificates."""
    return DevelopmentAuthority.open(settings.AUTHORITY_FOLDER).key_for(_host())


def timestamps() -> TimestampClient | None:
    """Where signatures get proof of time; None where no authority is named."""
    named = _settings().get("timestamps")
    return TimestampClient.at(named["address"], _certificates(named["roots"])) if named else None


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


def _host() -> str:
    return urlsplit(settings.SITE_ADDRESS).netloc


def _folder() -> Path:
    return Path(settings.AUTHORITY_FOLDER)


def _settings() -> dict[str, Any]:
    file = _folder() / _FILE
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def _named(issuer: Unit) -> dict[str, Any] | None:
    issuers: list[dict[str, Any]] = _settings().get("issuer", [])
    return next((each for each in issuers if each["code"] == issuer.code), None)


def _secret(name: str) -> str:
    if name not in os.environ:
        raise KeyMissing(f"The environment does not hold {name}.")
    return os.environ[name]


def _certificates(name: str) -> tuple[x509.Certificate, ...]:
    return tuple(x509.load_pem_x509_certificates((_folder() / name).read_bytes()))
