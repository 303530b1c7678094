"""PAdES baseline B-B signatures (ETSI EN 319 142-1, 6.3) with ECDSA P-256 and SHA-256.

The signature is a certification signature that permits no later change (ISO 32000-2, 12.8.2.2).
pyHanko writes the PDF structure. The CMS message inside is built by `cms`: it then costs one key
operation and has exactly one possible spelling. For the same reason the lower of the two
equivalent ECDSA `s` values is chosen: nobody can turn a valid signature into another valid one.
The time of signing stands in the signature dictionary (`/M`), as EN 319 142-1 requires.
"""

from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from io import BytesIO
from typing import Any, Final, Protocol

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import (
    PdfCMSEmbedder,
    SigIOSetup,
    SigMDPSetup,
    SigObjSetup,
)
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from hocvu.signing.cms import signed_attributes, signed_data
from hocvu.signing.errors import (
    AlreadySigned,
    CertificateNotValidAt,
    KeyDoesNotMatch,
    NotAReadablePdf,
    TimeWithoutZone,
    UnsuitableKey,
)

FIELD_NAME: Final = "Signature"
VIETNAM: Final = timezone(timedelta(hours=7))  # no summer time since 1975
ROOM_BESIDE_CERTIFICATES: Final = 1024  # bytes; attributes, names and signature take about 500
P256_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


class SigningKey(Protocol):
    """What a signer needs of a key: it may live in memory, in a token or behind a network."""

    def public_key(self) -> ec.EllipticCurvePublicKey: ...

    def sign(self, data: bytes, signature_algorithm: ec.EllipticCurveSignatureAlgorithm) -> bytes:
        """Return the DER ECDSA signature over `data`."""
        ...


@dataclass(frozen=True)
class Signer:
    """Somebody who can sign: a key, the certificate about it, and who issued that certificate."""

    key: SigningKey
    certificate: x509.Certificate
    authority: x509.Certificate

    def __post_init__(self) -> None:
        if self.key.public_key().curve.name != ec.SECP256R1.name:
            raise UnsuitableKey("The signing key is not on the curve P-256.")
        if self.certificate.public_key() != self.key.public_key():
            raise KeyDoesNotMatch("The key does not belong to the signer's certificate.")

    @property
    def name(self) -> str:
        """Return the institution as its certificate writes it."""
        return _name_of(self.certificate)

    def sign(self, pdf: bytes, *, reason: str, location: str, contact: str, at: datetime) -> bytes:
        """Return `pdf` with one signature over the whole file.

        `at` is the claimed time of signing and must name its zone; it is written in Vietnam time.
        The original bytes stay as they are at the front of the result.
        """
        self._refuse_outside_validity(at)
        claim = SignatureObject(
            timestamp=at.astimezone(VIETNAM).replace(microsecond=0),
            subfilter=SigSeedSubFilter.PADES,
            name=self.name,
            reason=reason,
            location=location,
            contact_info=contact,
            bytes_reserved=2 * self._room_for_cms(),
        )
        steps, output, digest = _prepare(pdf, claim)
        steps.send(self._cms_over(digest))
        return output.getvalue()

    def _refuse_outside_validity(self, at: datetime) -> None:
        if at.tzinfo is None:
            raise TimeWithoutZone("The time of signing does not name its time zone.")
        for certificate in (self.certificate, self.authority):
            starts = certificate.not_valid_before_utc
            if not starts <= at <= certificate.not_valid_after_utc:
                raise CertificateNotValidAt(_name_of(certificate), at)

    def _room_for_cms(self) -> int:
        return ROOM_BESIDE_CERTIFICATES + len(_der(self.certificate)) + len(_der(self.authority))

    def _cms_over(self, document_digest: bytes) -> bytes:
        certificate = _der(self.certificate)
        attributes = signed_attributes(document_digest, certificate)
        return signed_data(
            certificate=certificate,
            authority=_der(self.authority),
            issuer=self.certificate.issuer.public_bytes(),
            serial_number=self.certificate.serial_number,
            attributes=attributes,
            signature=self._signature_over(attributes),
        )

    def _signature_over(self, attributes: bytes) -> bytes:
        r, s = decode_dss_signature(self.key.sign(attributes, ec.ECDSA(hashes.SHA256())))
        return encode_dss_signature(r, min(s, P256_ORDER - s))


class _Writer(IncrementalPdfFileWriter):
    """Adds a signature and nothing else: the page's own metadata keeps the time it was typeset."""

    def _update_meta(self) -> None:
        pass


def _prepare(
    pdf: bytes, claim: SignatureObject
) -> tuple[Generator[Any, Any, None], BytesIO, bytes]:
    """Lay out the file with an empty hole for the signature; return its digest around the hole."""
    try:
        writer = _Writer(BytesIO(pdf))
        if "/AcroForm" in writer.root:
            raise AlreadySigned("The file already has a form or a signature.")
        steps = PdfCMSEmbedder(SigFieldSpec(FIELD_NAME)).write_cms(FIELD_NAME, writer)
        next(steps)
        only_this = SigMDPSetup("sha256", certify=True, docmdp_perms=MDPPerm.NO_CHANGES)
        steps.send(SigObjSetup(sig_placeholder=claim, mdp_setup=only_this))
        prepared, output = steps.send(SigIOSetup(md_algorithm="sha256"))
    except (PdfError, KeyError, ValueError) as trouble:
        raise NotAReadablePdf("The bytes to sign are not a readable PDF file.") from trouble
    return steps, output, prepared.document_digest


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def _name_of(certificate: x509.Certificate) -> str:
    for kind in (x509.NameOID.ORGANIZATION_NAME, x509.NameOID.COMMON_NAME):
        for attribute in certificate.subject.get_attributes_for_oid(kind):
            return str(attribute.value)
    return certificate.subject.rfc4514_string()
