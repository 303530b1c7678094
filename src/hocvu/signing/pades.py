"""PAdES baseline B-B and B-T signatures (ETSI EN 319 142-1, 6.3) on files that have no form.

For letters, lists and other single documents. The signature is a certification signature that
permits no later change (ISO 32000-2, 12.8.2.2). pyHanko writes the PDF structure; the message
inside is built by `cms`: it then costs one key operation and has exactly one possible spelling.
The time of signing stands in the signature dictionary (`/M`), as EN 319 142-1 requires.
"""

from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any, Final

from cryptography import x509
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

from hocvu.signing.algorithms import order_of
from hocvu.signing.certificates import name_of
from hocvu.signing.cms import MessageWriter
from hocvu.signing.errors import AlreadySigned, NotAReadablePdf
from hocvu.signing.keys.port import Key, require_usable, signatures_over
from hocvu.signing.spelling import VIETNAM
from hocvu.signing.tails import Timestamps

FIELD_NAME: Final = "Signature"
P256_ORDER: Final = order_of("secp256r1")


@dataclass(frozen=True)
class Signer:
    """Somebody who can sign single files."""

    key: Key

    @property
    def certificate(self) -> x509.Certificate:
        return self.key.chain[0]

    @property
    def authority(self) -> x509.Certificate:
        """Return the certificate of who vouches for the signer, as far as the key brought it."""
        return self.key.chain[-1]

    @property
    def name(self) -> str:
        """Return the institution as its certificate writes it."""
        return name_of(self.certificate)

    def sign(
        self,
        pdf: bytes,
        *,
        reason: str,
        location: str,
        contact: str,
        at: datetime,
        timestamps: Timestamps | None = None,
    ) -> bytes:
        """Return `pdf` with one signature over the whole file.

        `at` is the claimed time of signing and must name its zone; it is written in Vietnam time.
        The original bytes stay as they are at the front of the result.
        """
        require_usable(self.key, at)
        messages = MessageWriter(self.key.algorithm, self.key.chain)
        claim = SignatureObject(
            timestamp=at.astimezone(VIETNAM).replace(microsecond=0),
            subfilter=SigSeedSubFilter.PADES,
            name=self.name,
            reason=reason,
            location=location,
            contact_info=contact,
            bytes_reserved=2 * messages.longest(timestamps.longest if timestamps else 0),
        )
        steps, output, digest = _prepare(pdf, claim, self.key.algorithm.hash_name)
        attributes = messages.attributes(digest)
        with self.key.open() as session:
            (signature,) = signatures_over(session, [self.key.algorithm.digest(attributes)])
        (token,) = timestamps.over([signature]) if timestamps else (b"",)
        steps.send(messages.message(attributes, signature, timestamp=token))
        return output.getvalue()


class QuietWriter(IncrementalPdfFileWriter):
    """Adds what it is told and nothing else: the page's own metadata keeps its time."""

    def _update_meta(self) -> None:
        pass


def _prepare(
    pdf: bytes, claim: SignatureObject, hash_name: str
) -> tuple[Generator[Any, Any, None], BytesIO, bytes]:
    """Lay out the file with an empty hole for the signature; return its digest around the hole."""
    try:
        writer = QuietWriter(BytesIO(pdf))
        if "/AcroForm" in writer.root:
            raise AlreadySigned("The file already has a form or a signature.")
        steps = PdfCMSEmbedder(SigFieldSpec(FIELD_NAME)).write_cms(FIELD_NAME, writer)
        next(steps)
        only_this = SigMDPSetup(hash_name, certify=True, docmdp_perms=MDPPerm.NO_CHANGES)
        steps.send(SigObjSetup(sig_placeholder=claim, mdp_setup=only_this))
        prepared, output = steps.send(SigIOSetup(md_algorithm=hash_name))
    except (PdfError, KeyError, ValueError) as trouble:
        raise NotAReadablePdf("The bytes to sign are not a readable PDF file.") from trouble
    return steps, output, prepared.document_digest
