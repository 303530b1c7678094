"""Who an issuer is on the web: `did:web` (W3C CCG did:web method) and its document (W3C DID 1.0).

`did:web:hocvu.example.vn` is found at `https://hocvu.example.vn/.well-known/did.json`. Keys that
are no longer used stay listed, or what they signed could no longer be checked.
"""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote, unquote

from hocvu.portable.keys import PublicKey

CONTEXTS: Final = (
    "https://www.w3.org/ns/did/v1",
    "https://w3id.org/security/jwk/v1",
    "https://w3id.org/security/multikey/v1",
)


def did_web(host: str, *path: str) -> str:
    """Return the identifier of who speaks for `host`, which may name a port."""
    parts = [quote(part, safe="") for part in (host.lower(), *path)]
    return ":".join(("did:web", *parts))


def document_address(did: str) -> str:
    """Return where the document of a did:web is found (§3.2)."""
    host, *path = (unquote(part) for part in did.removeprefix("did:web:").split(":"))
    return f"https://{host}/{'/'.join(path) or '.well-known'}/did.json"


def did_document(did: str, keys: Sequence[PublicKey]) -> dict[str, Any]:
    """Return the document: each key as JSON Web Key (for tokens) and Multikey (for proofs)."""
    methods: list[dict[str, Any]] = []
    for key in keys:
        jwk = key.required_members() | {"kid": key.kid, "alg": "ES256"}
        methods += [
            {"id": key.address, "type": "JsonWebKey", "controller": did, "publicKeyJwk": jwk},
            {
                "id": key.multikey_address,
                "type": "Multikey",
                "controller": did,
                "publicKeyMultibase": key.multikey,
            },
        ]
    return {
        "@context": list(CONTEXTS),
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }
