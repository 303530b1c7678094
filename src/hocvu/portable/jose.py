"""Credentials as signed tokens: VC-JWT with ES256 (W3C Securing VCs using JOSE and COSE, §3.1).

The payload is the credential itself. RFC 7515, §3.1 and §5.1; RFC 7518, §3.4.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from hocvu.portable.keys import PublicKey, Session, base64url, fixed


def write_tokens(
    payloads: Sequence[Mapping[str, Any]],
    *,
    session: Session,
    key: PublicKey,
    kind: str = "vc+jwt",
) -> list[str]:
    """Return one compact token for each payload, after one call of the key."""
    header = _part({"alg": "ES256", "typ": kind, "kid": key.address})
    signed = [f"{header}.{_part(payload)}" for payload in payloads]
    digests = [hashlib.sha256(each.encode("ascii")).digest() for each in signed]
    return [
        f"{text}.{base64url(fixed(signature))}"
        for text, signature in zip(signed, session.sign(digests), strict=True)
    ]


def _part(members: Mapping[str, Any]) -> str:
    text = json.dumps(members, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return base64url(text.encode())
