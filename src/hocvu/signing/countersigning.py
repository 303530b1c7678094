"""The organisation's signature behind a competent person's (Decree 30/2020/NĐ-CP, article 5).

For files that a person signed elsewhere, with a field of their own software: one incremental
update adds one invisible field with one PAdES signature over the whole file (ETSI EN 319 142-1,
6.3). All bytes before it stay. pyHanko writes the PDF structure, `cms` the message inside.
"""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Final

from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from hocvu.signing.certificates import name_of
from hocvu.signing.cms import MessageWriter
from hocvu.signing.errors import NotAReadablePdf
from hocvu.signing.keys.port import Key, require_usable, signatures_over
from hocvu.signing.pades import QuietWriter
from hocvu.signing.spelling import VIETNAM
from hocvu.signing.tails import Timestamps, Words

FIELD: Final = "Organisation"


@dataclass(frozen=True)
class Countersigner:
    """An organisation that signs behind somebody."""

    key: Key
    words: Words
    timestamps: Timestamps | None = None

    def sign(self, pdf: bytes, *, reason: str, at: datetime) -> bytes:
        """Return `pdf` with one signature more, over all of it. `at` names its zone."""
        require_usable(self.key, at)
        messages = MessageWriter(self.key.algorithm, self.key.chain)
        longest = self.timestamps.longest if self.timestamps else 0
        claim = SignatureObject(
            timestamp=at.astimezone(VIETNAM).replace(microsecond=0),
            subfilter=SigSeedSubFilter.PADES,
            name=name_of(self.key.chain[0]),
            reason=reason,
            location=self.words.location,
            contact_info=self.words.contact,
            bytes_reserved=2 * messages.longest(longest),
        )
        hash_name = self.key.algorithm.hash_name
        try:
            writer = QuietWriter(BytesIO(pdf))
            steps = PdfCMSEmbedder(SigFieldSpec(FIELD)).write_cms(FIELD, writer)
            next(steps)
            steps.send(SigObjSetup(sig_placeholder=claim))
            prepared, output = steps.send(SigIOSetup(md_algorithm=hash_name))
        except (PdfError, KeyError, ValueError) as trouble:
            raise NotAReadablePdf("The bytes to sign are not a readable PDF file.") from trouble
        attributes = messages.attributes(prepared.document_digest)
        with self.key.open() as session:
            (signature,) = signatures_over(session, [self.key.algorithm.digest(attributes)])
        (token,) = self.timestamps.over([signature]) if self.timestamps else (b"",)
        steps.send(messages.message(attributes, signature, timestamp=token))
        signed: bytes = output.getvalue()
        return signed
