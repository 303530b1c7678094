"""A proof inside a document: W3C Data Integrity, suite `ecdsa-jcs-2019` (vc-di-ecdsa, §3.3.2).

Document and proof options are each written in one spelling (RFC 8785) and hashed; the key signs the
two hashes together. What a credential of ours never holds is refused rather than guessed at:
fractions, two members of one name, options beside those of the suite.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ALPHABET: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
P256_PUBLIC: Final = b"\x80\x24"  # multicodec 0x1200 (W3C Controlled Identifiers, §2.2.2)
SIGNATURE_BYTES, POINT_BYTES = 64, 33
LARGEST: Final = 1 << 20  # characters
LARGEST_INTEGER: Final = 2**53 - 1  # RFC 7493, §2.2
OPTIONS: Final = {
    *("type", "cryptosuite", "created", "verificationMethod", "proofPurpose", "@context"),
}


class NotAProvedDocument(Exception):
    """Not a document with a proof that can be checked here, or its proof does not hold."""


@dataclass(frozen=True)
class ProvedDocument:
    """A document as it was read. Nothing in it is verified yet."""

    members: dict[str, Any]  # without the proof
    signed: bytes
    signature: bytes
    controller: str  # whose key the proof names, and which one it is
    point: bytes

    def verify(self, key: ec.EllipticCurvePublicKey) -> dict[str, Any]:
        """Return the members if `key`, which the proof names, made the proof."""
        if key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint) != self.point:
            raise NotAProvedDocument("The proof names another key.")
        r, s = self.signature[:32], self.signature[32:]
        signature = encode_dss_signature(int.from_bytes(r, "big"), int.from_bytes(s, "big"))
        try:
            key.verify(signature, self.signed, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature as broken:
            raise NotAProvedDocument("The document is not the one that was signed.") from broken
        return self.members


def read(text: str) -> ProvedDocument:
    """Take a document apart. Raises NotAProvedDocument when its proof is of another kind."""
    # 1. It is one JSON object that everybody reads alike, with one proof.
    if len(text) > LARGEST:
        raise NotAProvedDocument("The document is too large.")
    try:
        members = json.loads(
            text,
            object_pairs_hook=_once,
            parse_float=_no_fraction,
            parse_constant=_no_fraction,
        )
    except (ValueError, RecursionError) as broken:
        raise NotAProvedDocument("The document cannot be read.") from broken
    proof = members.pop("proof", None) if isinstance(members, dict) else None
    if not isinstance(proof, dict):
        raise NotAProvedDocument("The document carries no proof.")

    # 2. The proof is of the suite known here, is made to assert, and is about these contexts.
    value = proof.pop("proofValue", None)
    known = (
        proof.keys() == OPTIONS
        and proof["type"] == "DataIntegrityProof"
        and proof["cryptosuite"] == "ecdsa-jcs-2019"
        and proof["proofPurpose"] == "assertionMethod"
        and proof["@context"] == members.get("@context")
        and isinstance(proof["verificationMethod"], str)
    )
    if not known:
        raise NotAProvedDocument("The proof is made in a way that is not known here.")

    # 3. It names its key as Multikey; signature and key have the length they have.
    controller, _hash, multikey = proof["verificationMethod"].partition("#")
    point = _base58(multikey, len(P256_PUBLIC) + POINT_BYTES)
    if not point.startswith(P256_PUBLIC):
        raise NotAProvedDocument("The proof names a key of another kind.")
    return ProvedDocument(
        members,
        signed=_hash_of(proof) + _hash_of(members),
        signature=_base58(value, SIGNATURE_BYTES),
        controller=controller,
        point=point[len(P256_PUBLIC) :],
    )


def _hash_of(value: object) -> bytes:
    try:
        return hashlib.sha256(_canonical(value).encode()).digest()
    except (UnicodeEncodeError, RecursionError) as broken:
        raise NotAProvedDocument("The document holds half of a character.") from broken


def _canonical(value: object) -> str:
    """RFC 8785: members by the UTF-16 code units of their names, the fewest escapes, no blanks."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
        return "{" + ",".join(f"{_text(each)}:{_canonical(value[each])}" for each in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(_canonical(each) for each in value) + "]"
    if isinstance(value, int) and abs(value) > LARGEST_INTEGER:
        raise NotAProvedDocument("The document holds a number that readers lose digits of.")
    return _text(value)


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("Two members have one name.")
    return members


def _no_fraction(text: str) -> float:
    raise ValueError(f"{text} may be written in several ways.")


def _base58(text: object, length: int) -> bytes:
    """Return what stands in multibase base58btc, which must be `length` bytes."""
    longest = 1 + length * 138 // 100 + 1  # a letter holds 5.86 bits
    if not isinstance(text, str) or not text.startswith("z") or len(text) > longest:
        raise NotAProvedDocument("A value of the proof is not multibase base58btc.")
    number = 0
    for letter in text[1:]:
        if letter not in ALPHABET:
            raise NotAProvedDocument("A value of the proof is not multibase base58btc.")
        number = number * len(ALPHABET) + ALPHABET.index(letter)
    zeros = len(text[1:]) - len(text[1:].lstrip(ALPHABET[0]))
    octets = bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")
    if len(octets) != length:
        raise NotAProvedDocument("A value of the proof has another length.")
    return octets
