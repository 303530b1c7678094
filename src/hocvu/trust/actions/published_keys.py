"""Keys that anybody needs to check certificates without asking us.

`issuers.json`: every key that statements were ever signed with (RFC 7517); `did.json`: the same as
a did:web document (W3C DID 1.0, 5). Each is written beside and renamed, so a reader finds the old
one or the new one, whole. Writing them again is harmless.
"""

import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings

from hocvu.portable.did import did_document
from hocvu.portable.keys import PublicKey, key_set
from hocvu.register.durable import put_whole
from hocvu.trust.queries.believed import DID_FILE, ISSUERS_FILE
from hocvu.trust.queries.signing_keys import did, installation_key, public_key, statement_key_of
from hocvu.units.models import Unit


def publish_keys_of(issuer: Unit) -> None:
    """Add this issuer's statement key, and the installation's, to the lists that are given away."""
    own, theirs = installation_key(), statement_key_of(issuer)
    publish_keys([public_key(own, did()), public_key(theirs, issuer.name)])


def publish_keys(keys: Sequence[PublicKey]) -> None:
    """The same for keys that are at hand. Doing it again does no harm."""
    file = settings.AUTHORITY_FOLDER / ISSUERS_FILE
    known: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {"keys": []}
    kids = {each["kid"] for each in known["keys"]}
    fresh = [each for each in keys if each.kid not in kids]
    listed = {"keys": [*known["keys"], *key_set(fresh)["keys"]]}
    if fresh or not file.exists():
        put_whole(file, json.dumps(listed, ensure_ascii=False, indent=1))
    document = json.dumps(_did_document(listed), indent=1)
    at = settings.AUTHORITY_FOLDER / DID_FILE
    if not at.exists() or at.read_text() != document:
        put_whole(at, document)


def _did_document(listed: dict[str, Any]) -> dict[str, Any]:
    """Every key under both its names: tokens name the one, proofs inside credentials the other."""
    own = [each for each in listed["keys"] if each.get("iss") == did()]
    return did_document(did(), [PublicKey.from_jwk(each) for each in own])
