"""Credentials with a proof inside: W3C Data Integrity, suite `ecdsa-jcs-2019` (vc-di-ecdsa, §3.3).

Document and proof options are each brought into one spelling (RFC 8785) and hashed; the key signs
the two hashes together. The proof carries the signature as multibase base58btc.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from hocvu.portable.canonical import canonical
from hocvu.portable.keys import PublicKey, Session, fixed
from hocvu.portable.moments import xml_moment
from hocvu.portable.multibase import base58

SUITE: Final = "ecdsa-jcs-2019"


def prove(
    credentials: Sequence[Mapping[str, Any]], *, session: Session, key: PublicKey, at: datetime
) -> list[dict[str, Any]]:
    """Return the credentials with their proofs, after one call of the key."""
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "created": xml_moment(at),
        "verificationMethod": key.multikey_address,
        "proofPurpose": "assertionMethod",
    }
    proofs = [_with_context(options, each) for each in credentials]
    data = [hash_data(each, proof) for each, proof in zip(credentials, proofs, strict=True)]
    signatures = session.sign([hashlib.sha256(each).digest() for each in data])
    return [
        {**each, "proof": {**proof, "proofValue": base58(fixed(signature))}}
        for each, proof, signature in zip(credentials, proofs, signatures, strict=True)
    ]


def hash_data(document: Mapping[str, Any], options: Mapping[str, Any]) -> bytes:
    """Return what is signed (§3.3.4): the hash of the options, then that of the document."""
    return b"".join(hashlib.sha256(canonical(each)).digest() for each in (options, document))


def _with_context(options: Mapping[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    """§3.3.1, 2: the proof takes over the document's contexts."""
    if "@context" not in document:
        return dict(options)
    return {"@context": document["@context"], **options}
