"""Reads and checks a timestamp token (RFC 3161, 2.3 and 2.4.2; RFC 5816; RFC 5652, 5)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from asn1crypto import cms, core, tsp
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from hocvu.signing.certificates import Chain, chain_to_root, der_of
from hocvu.signing.der import SET, der
from hocvu.signing.errors import ChainBroken, TimestampNotAcceptable, TimestampUnavailable

GRANTED: Final = frozenset({"granted", "granted_with_mods"})
_HASHES: Final[dict[str, hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
_UNREADABLE: Final = (ValueError, TypeError, KeyError, IndexError, AttributeError)
_DOES_NOT_HOLD: Final = (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError)


@dataclass(frozen=True)
class TimeProof:
    """What a checked token says."""

    token: bytes  # DER ContentInfo
    at: datetime
    hash_name: str
    digest: bytes
    nonce: int | None
    chain: Chain  # of the authority, up to the trusted root


def read_answer(answer: bytes, roots: Sequence[x509.Certificate]) -> TimeProof:
    """Return what the TimeStampResp proves, or refuse it."""
    try:
        response = core.Sequence.load(answer, strict=True)  # a rejection has no token
        status = tsp.PKIStatusInfo.load(response[0].dump(), strict=True)
        if status["status"].native not in GRANTED:
            failure = status["fail_info"].native or status["status"].native
            raise TimestampUnavailable(f"The timestamp authority refused: {failure}.")
        token = response[1].dump()
    except _UNREADABLE as other:
        raise TimestampNotAcceptable("The answer is not one of a timestamp authority.") from other
    return read_token(token, roots)


def read_token(token: bytes, roots: Sequence[x509.Certificate]) -> TimeProof:
    """Return what the token proves. Raises `TimestampNotAcceptable`."""
    try:
        return _checked(token, roots)
    except _UNREADABLE as other:
        raise TimestampNotAcceptable("The timestamp cannot be read.") from other


def _checked(token: bytes, roots: Sequence[x509.Certificate]) -> TimeProof:
    # 1. It is a signed message about a time, by one signer.
    message = cms.ContentInfo.load(token, strict=True)["content"]
    content = message["encap_content_info"]
    if content["content_type"].native != "tst_info" or len(message["signer_infos"]) != 1:
        raise TimestampNotAcceptable("The token is not a timestamp.")
    signer_info = message["signer_infos"][0]
    signed = der(SET, signer_info["signed_attrs"].contents)  # RFC 5652, 5.4: a plain SET
    inside: bytes = content["content"].contents
    said = tsp.TSTInfo.load(inside, strict=True)

    # 2. The signature covers that content.
    digest_name = signer_info["digest_algorithm"]["algorithm"].native
    attributes = {each["type"].native: each["values"] for each in signer_info["signed_attrs"]}
    if attributes["message_digest"][0].native != hashlib.new(digest_name, inside).digest():
        raise TimestampNotAcceptable("The timestamp was changed after signing.")

    # 3. It names one certificate of the message, which is for timestamps and for nothing else.
    certificates = [
        x509.load_der_x509_certificate(each.chosen.dump()) for each in message["certificates"]
    ]
    signer = _named(attributes, certificates)
    _require_for_timestamps(signer)

    # 4. The key in it made the signature.
    _require_signature(signer_info, signed, signer)

    # 5. A trusted root stands behind it, and all were valid at that time.
    at = said["gen_time"].native
    try:
        chain = chain_to_root(signer, certificates, roots)
    except ChainBroken as stranger:
        raise TimestampNotAcceptable(str(stranger)) from stranger
    if not all(each.not_valid_before_utc <= at <= each.not_valid_after_utc for each in chain):
        raise TimestampNotAcceptable("A certificate of the timestamp authority was not valid.")

    imprint = said["message_imprint"]
    return TimeProof(
        token=token,
        at=at,
        hash_name=imprint["hash_algorithm"]["algorithm"].native,
        digest=imprint["hashed_message"].native,
        nonce=said["nonce"].native,
        chain=chain,
    )


def _named(attributes: dict[str, Any], certificates: list[x509.Certificate]) -> x509.Certificate:
    """Return the certificate that the token names (RFC 5816, 2.2.1; RFC 5035, 3)."""
    identifier = attributes["signing_certificate_v2"][0]["certs"][0]
    name = identifier["hash_algorithm"]["algorithm"].native
    wanted = identifier["cert_hash"].native
    for each in certificates:
        if hashlib.new(name, der_of(each)).digest() == wanted:
            return each
    raise TimestampNotAcceptable("The timestamp names a certificate that it does not carry.")


def _require_for_timestamps(certificate: x509.Certificate) -> None:
    """Check the extended key usage: critical, and this one only (RFC 3161, 2.3)."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except (x509.ExtensionNotFound, x509.DuplicateExtension) as silent:
        raise TimestampNotAcceptable("The signer is not a timestamp authority.") from silent
    if not usage.critical or list(usage.value) != [x509.oid.ExtendedKeyUsageOID.TIME_STAMPING]:
        raise TimestampNotAcceptable("The signer is not a timestamp authority.")


def _require_signature(signer_info: Any, attributes: bytes, signer: x509.Certificate) -> None:
    signature = signer_info["signature"].native
    algorithm = signer_info["signature_algorithm"]
    key = signer.public_key()
    try:
        digest = _HASHES[
            signer_info["digest_algorithm"]["algorithm"].native
            if algorithm["algorithm"].native == "rsassa_pkcs1v15"
            else algorithm.hash_algo
        ]
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, attributes, ec.ECDSA(digest))
        elif isinstance(key, rsa.RSAPublicKey) and algorithm.signature_algo == "rsassa_pss":
            pss = padding.PSS(padding.MGF1(digest), digest.digest_size)
            key.verify(signature, attributes, pss, digest)
        elif isinstance(key, rsa.RSAPublicKey):  # authorities still sign so; ours never does
            key.verify(signature, attributes, padding.PKCS1v15(), digest)
        else:
            raise TimestampNotAcceptable("The timestamp was signed with an unknown kind of key.")
    except _DOES_NOT_HOLD as broken:
        raise TimestampNotAcceptable("The signature of the timestamp does not hold.") from broken
