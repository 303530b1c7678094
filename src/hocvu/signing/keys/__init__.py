"""Keys that can sign: in memory, in a file, in a token, behind a network."""

from hocvu.signing.keys.port import Key, Session, require_usable, signatures_over
from hocvu.signing.keys.remote import RemoteKey, Service
from hocvu.signing.keys.software import SoftwareKey
from hocvu.signing.keys.token import Place, TokenKey

__all__ = [
    "Key",
    "Place",
    "RemoteKey",
    "Service",
    "Session",
    "SoftwareKey",
    "TokenKey",
    "require_usable",
    "signatures_over",
]
