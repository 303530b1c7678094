"""What anybody may fetch to check for themselves: the log, status lists, keys, identifiers.

Nothing here is about a person, and no other file of the folders is reachable.
"""

from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings

from hocvu.register.tiles import resource
from hocvu.trust.queries.believed import PROVED_FOLDER, VERIFIER_KEY_FILE
from hocvu.verification.queries.trust import trust

PURPOSES = ("revocation", "refresh")  # Bitstring Status List v1.0, §2.1
SIGNED_LIST, PROVED_LIST = "application/vc+jwt", "application/vc"
_DESCRIPTION = Path(__file__).parents[1] / "static/verification/openapi.json"
_TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class Published:
    """One public file; `keep` is how many seconds caches may keep it, None: for ever."""

    content: bytes
    content_type: str
    keep: int | None = 300


def log_file(path: str) -> Published | None:
    """A file of the published log (C2SP tlog-tiles)."""
    found = resource(settings.REGISTER_FOLDER, path)
    if found is None:
        return None
    return Published(found.content, found.content_type, None if found.is_immutable else 5)


def status_list(purpose: str, number: int, *, proved: bool = False) -> Published | None:
    """A status list as its issuer signed it: a VC-JWT, or a document with its proof inside."""
    if proved:
        folder = Path(settings.REGISTER_FOLDER) / PROVED_FOLDER
        document = _file(folder / purpose / str(number), PROVED_LIST)
        if document is not None:
            return document
    return _file(_status_folder() / purpose / str(number), SIGNED_LIST)


def snapshot() -> Published | None:
    """All status lists, one a line: what a checker without a network carries."""
    files = [
        file
        for purpose in PURPOSES
        for file in sorted((_status_folder() / purpose).glob("[0-9]*"))
        if file.name.isdigit()
    ]
    lines = [file.read_bytes().strip() for file in files]
    return Published(b"\n".join(lines) + b"\n", _TEXT) if lines else None


def issuers() -> Published | None:
    """Every key that statements and credentials were ever signed with (RFC 7517)."""
    return _file(settings.AUTHORITY_FOLDER / "issuers.json", "application/jwk-set+json")


def did_document() -> Published | None:
    """The document of this site's did:web identifier."""
    return _file(settings.AUTHORITY_FOLDER / "did.json", "application/did+json")


def roots() -> Published | None:
    """The authorities behind signatures on certificates, as PEM."""
    found = trust().roots
    pem = b"".join(each.public_bytes(Encoding.PEM) for each in found)
    return Published(pem, "application/x-pem-file") if pem else None


def register_key() -> Published | None:
    """The keys of the log's checkpoints, as signed notes name them."""
    return _file(settings.AUTHORITY_FOLDER / VERIFIER_KEY_FILE, _TEXT)


def description() -> Published | None:
    """What programs may ask here (OpenAPI 3.1)."""
    return _file(_DESCRIPTION, "application/vnd.oai.openapi+json;version=3.1")


def _status_folder() -> Path:
    return Path(settings.REGISTER_FOLDER) / "status"


def _file(path: Path, content_type: str) -> Published | None:
    try:
        return Published(path.read_bytes(), content_type)
    except FileNotFoundError:
        return None
