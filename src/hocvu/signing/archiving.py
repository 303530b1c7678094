"""Keeps signatures provable for decades: PAdES B-LT and B-LTA (ETSI EN 319 142-1, 5.4 and 6.3).

Certificates expire and authorities vanish. So one incremental update adds what a later verifier
needs, the certificates and revocation lists in a document security store (5.4.2), and a document
timestamp over the whole file (5.4.3) that proves all of it was there in time. Before that timestamp
grows old, another is put around it: renewing is the same act again.

Nothing else in the file changes; all bytes before stay. pyHanko writes the PDF structure.
"""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, Final

from asn1crypto import cms, crl, ocsp, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore

from hocvu.signing.certificates import chain_to_root, der_of
from hocvu.signing.errors import EvidenceMissing, NotAReadablePdf, TimestampNotAcceptable
from hocvu.signing.evidence import Evidence, answer_der, list_der, require_not_revoked
from hocvu.signing.pades import QuietWriter
from hocvu.signing.timestamps import TimestampClient
from hocvu.signing.tokens_of_time import TimeProof, read_token

STRONG_RSA: Final = 3072  # bits
WEAK_RSA_ENDS: Final = datetime(2031, 1, 1, tzinfo=UTC)  # NIST SP 800-57 part 1 rev. 5, table 4


def add_archive_timestamp(
    pdf: bytes, *, evidence: Evidence, timestamps: TimestampClient, at: datetime
) -> bytes:
    """Return the file with evidence and a document timestamp behind all its bytes: B-LTA.

    Calling it again, later, with fresh lists renews the archive timestamp. Refuses when a list is
    missing or stale, when a signer was revoked before its signature is proved to have existed, and
    when the newest timestamp in the file does not hold any more.
    """
    signatures = _signatures_in(pdf)
    if not any(each.sig_object_type == "/Sig" for each in signatures):
        raise EvidenceMissing("The file carries no signature to keep.")
    _newest_archive_timestamp(signatures, evidence.roots)  # refuses one that does not hold
    certificates = _certificates_in(signatures)
    proved_at = max((_time_in(each) for each in _signature_timestamps(signatures)), default=at)
    for certificate in certificates:
        chain = chain_to_root(certificate, certificates, evidence.roots)
        require_not_revoked(chain, evidence, at=at, proved_at=proved_at)
    return asyncio.run(_extended(pdf, certificates, evidence, timestamps))


def kept_until(pdf: bytes, roots: Sequence[x509.Certificate]) -> datetime | None:
    """Return when the newest archive timestamp grows too old: renew it well before.

    `None` when the file has none yet.
    """
    proof = _newest_archive_timestamp(_signatures_in(pdf), roots)
    return min(each.not_valid_after_utc for each in proof.chain) if proof else None


def certificates_in(pdf: bytes) -> list[x509.Certificate]:
    """Return every certificate that the file's signatures and timestamps bring, each once."""
    return _certificates_in(_signatures_in(pdf))


def provable_until(pdf: bytes, roots: Sequence[x509.Certificate]) -> datetime:
    """Return until when a verifier can check the file with what is at hand on that day.

    With an archive timestamp: while its authority's certificates are valid. Without: while every
    certificate in the file is, for an authority need not tell of revocations any longer (RFC 5280,
    3.3). Never after the day on which the algorithm of one of these keys ends.
    """
    signatures = _signatures_in(pdf)
    proof = _newest_archive_timestamp(signatures, roots)
    needed = list(proof.chain) if proof else _certificates_in(signatures)
    if not needed:
        raise EvidenceMissing("The file carries no signature to keep.")
    return min(_usable_until(each) for each in needed)


def _usable_until(certificate: x509.Certificate) -> datetime:
    key = certificate.public_key()
    is_weak = isinstance(key, rsa.RSAPublicKey) and key.key_size < STRONG_RSA
    end = certificate.not_valid_after_utc
    return min(end, WEAK_RSA_ENDS) if is_weak else end


def _signatures_in(pdf: bytes) -> list[Any]:
    try:
        return list(PdfFileReader(BytesIO(pdf)).embedded_signatures)
    except (PdfError, ValueError) as trouble:
        raise NotAReadablePdf("The file is not a readable PDF file.") from trouble


def _newest_archive_timestamp(
    signatures: Sequence[Any], roots: Sequence[x509.Certificate]
) -> TimeProof | None:
    documents = [each for each in signatures if each.sig_object_type == "/DocTimeStamp"]
    if not documents:
        return None
    proof = read_token(_token_of(documents[-1]), roots)
    if documents[-1].compute_digest(proof.hash_name) != proof.digest:
        raise TimestampNotAcceptable("The file was changed behind its archive timestamp.")
    return proof


def _token_of(signature: Any) -> bytes:
    """Return the message in the hole, without the zeros behind it."""
    message: bytes = cms.ContentInfo.load(bytes(signature.pkcs7_content)).dump()
    return message


def _certificates_in(signatures: Sequence[Any]) -> list[x509.Certificate]:
    """Return every certificate of the signatures and of the timestamps, each once."""
    messages = [each.signed_data for each in signatures] + _signature_timestamps(signatures)
    octets = [each.chosen.dump() for message in messages for each in message["certificates"]]
    return [x509.load_der_x509_certificate(each) for each in dict.fromkeys(octets)]


def _signature_timestamps(signatures: Iterable[Any]) -> list[Any]:
    """Return the messages in the timestamps on signatures (EN 319 122-1, 5.3)."""
    return [
        attribute["values"][0]["content"]
        for signature in signatures
        for attribute in signature.signer_info["unsigned_attrs"] or ()
        if attribute["type"].native == "signature_time_stamp_token"
    ]


def _time_in(message: Any) -> datetime:
    said = tsp.TSTInfo.load(message["encap_content_info"]["content"].contents)
    at: datetime = said["gen_time"].native
    return at


async def _extended(
    pdf: bytes,
    certificates: Iterable[x509.Certificate],
    evidence: Evidence,
    timestamps: TimestampClient,
) -> bytes:
    writer = QuietWriter(BytesIO(pdf))
    every = {der_of(each): each for each in (*certificates, *evidence.roots)}
    DocumentSecurityStore.supply_dss_in_writer(
        writer,
        None,
        certs=[asn1_x509.Certificate.load(octets) for octets in every],
        crls=[crl.CertificateList.load(list_der(each)) for each in evidence.lists],
        ocsps=[ocsp.OCSPResponse.load(answer_der(each)) for each in evidence.answers],
    )
    stamper = PdfTimeStamper(_Stamper(timestamps))
    output = await stamper.async_timestamp_pdf(
        writer,
        timestamps.algorithm.hash_name,
        bytes_reserved=2 * timestamps.longest,
        output=BytesIO(),
    )
    octets: bytes = output.getvalue()
    return octets


class _Stamper(TimeStamper):
    """Lets pyHanko use our client, which checks what it gets."""

    def __init__(self, timestamps: TimestampClient) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._timestamps = timestamps

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        if md_algorithm != self._timestamps.algorithm.hash_name:
            raise TimestampNotAcceptable("The timestamp would be over another hash.")
        return cms.ContentInfo.load(self._timestamps.proof_of(message_digest).token)
