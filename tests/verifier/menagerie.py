"""Files as other programs make them: every kind that comes to a public page sooner or later.

Made by pyHanko, by qpdf, or by hand, for a signer whose authority a test may trust or not.
"""

import asyncio
import hashlib
import subprocess
import zipfile
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from asn1crypto import keys
from asn1crypto import x509 as asn1
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from pyhanko.pdf_utils import embed, generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter, copy_into_new_writer
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner, fields
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.stamp import TextStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from verifier import pdf_forge
from verifier.pdf_forge import der_of

PADES = {"subfilter": SigSeedSubFilter.PADES}
STAMP = TextStampStyle(stamp_text="Signed: %(signer)s")


def page(**how):
    """Two pages, as a plain program writes them."""
    writer = PdfFileWriter(**how)
    for _ in range(2):
        drawn = generic.StreamObject(stream_data=b"q 0 0 1 rg 10 10 50 50 re f Q")
        writer.insert_page(
            PageObject(contents=writer.add_object(drawn), media_box=(0, 0, 300, 200))
        )
    return bytes_of(writer)


def bytes_of(writer):
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def rewritten(pdf, *options):
    """What qpdf makes of it."""
    with TemporaryDirectory() as folder:
        before, behind = Path(folder, "before.pdf"), Path(folder, "behind.pdf")
        before.write_bytes(pdf)
        subprocess.run(["qpdf", *options, before, behind], check=True, capture_output=True)
        return behind.read_bytes()


def zipped(**files):
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as folder:
        for name, octets in files.items():
            folder.writestr(name.replace("_", "."), octets)
    return out.getvalue()


def _certificate(found):
    return asn1.Certificate.load(der_of(found))


def _key(key):
    octets = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return keys.PrivateKeyInfo.load(octets)


def _store(hand):
    store = SimpleCertificateStore()
    store.register_multiple([_certificate(each) for each in hand.chain[1:]])
    return store


@dataclass(frozen=True)
class Desk:
    """Somebody who signs with another program, under this root (key and certificate)."""

    root: tuple

    @cached_property
    def hand(self):
        return self.hand_of("Công ty Mẫu")

    @cached_property
    def rsa(self):
        return rsa.generate_private_key(65537, 2048)

    def hand_of(self, name, key=None, **wishes):
        return pdf_forge.hand(key, self.root, cn=name, **{"serial": 5} | wishes)

    def signed(self, pdf=None, *, by=None, field="S1", writer=None, **about):
        """Signed by pyHanko with these settings of its own."""
        hand = by or self.hand
        stamp, new = about.pop("stamp", None), about.pop("box", None)
        signer = SimpleSigner(
            signing_cert=_certificate(hand.chain[0]),
            signing_key=_key(hand.key),
            cert_registry=_store(hand),
            prefer_pss=about.pop("prefer_pss", False),
        )
        clock, room = about.pop("clock", None), about.pop("room", None)
        writer = writer or IncrementalPdfFileWriter(BytesIO(pdf or page()), strict=False)
        signs = PdfSigner(
            PdfSignatureMetadata(field_name=field, **about),
            signer,
            timestamper=clock,
            stamp_style=stamp,
            new_field_spec=SigFieldSpec(field, box=new) if new else None,
        )
        return asyncio.run(signs.async_sign_pdf(writer, bytes_reserved=room)).getvalue()

    @cached_property
    def clock(self):
        hand = pdf_forge.clock(root=self.root, key=self.rsa).hand
        return DummyTimeStamper(_certificate(hand.chain[0]), _key(hand.key), _store(hand))

    def proved(self, **more):
        """With all that proves it for long: PAdES B-LT, or B-LTA."""
        context = ValidationContext(
            trust_roots=[_certificate(self.root[1])],
            allow_fetching=False,
            revocation_mode="soft-fail",
        )
        about = {"embed_validation_info": True, "validation_context": context} | PADES | more
        return self.signed(clock=self.clock, **about)

    def by_hand(self, sub_filter, message, **about):
        about = {"level": None, "sub_filter": sub_filter, "message": message} | about
        return pdf_forge.signed(self.hand, **about)

    def detached(self, **about):
        return self.by_hand(b"adbe.pkcs7.detached", self.hand.foreign_message, **about)

    def of_a_digest(self, *octets):
        """The message of `adbe.pkcs7.sha1`: it holds the SHA-1 of the file."""
        builder = pkcs7.PKCS7SignatureBuilder().set_data(hashlib.sha1(b"".join(octets)).digest())
        builder = builder.add_signer(self.hand.chain[0], self.hand.key, hashes.SHA256())
        return builder.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])

    def naming_another_certificate(self, *octets):
        other = self.hand_of("Khác", serial=99)
        named = pdf_forge.cms.sha256(der_of(other.chain[0]))
        digest = pdf_forge.cms.sha256(b"".join(octets))
        attributes = pdf_forge.cms.spell_attributes(digest, named)
        return self.hand.message(
            *octets,
            attributes=attributes,
            certificate_digest=named,
            signature=self.hand.signature(attributes),
        )

    def of_indefinite_length(self, *octets):
        """BER as streaming programs write it (X.690, 8.1.3.6)."""
        message = self.hand.foreign_message(*octets)
        return b"\x30\x80" + message[4:] + b"\0\0"


def certified(level):
    return {"certify": True, "docmdp_permissions": MDPPerm(level)}


def with_attachment(pdf):
    writer = IncrementalPdfFileWriter(BytesIO(pdf), strict=False)
    held = embed.EmbeddedFileObject.from_file_data(writer, data=b"Xin chao", mime_type="text/plain")
    embed.embed_file(writer, embed.FileSpec("a.txt", embedded_data=held))
    return bytes_of(writer)


def with_another_page(pdf):
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    drawn = writer.add_object(generic.StreamObject(stream_data=b" "))
    writer.insert_page(PageObject(contents=drawn, media_box=(0, 0, 10, 10)))
    return bytes_of(writer)


def with_a_note(pdf):
    """A free text laid over the first page: the evil annotation attack."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    note = {
        "/Type": pdf_name("/Annot"),
        "/Subtype": pdf_name("/FreeText"),
        "/Contents": pdf_string("1.000.000"),
        "/Rect": generic.ArrayObject(map(generic.NumberObject, (10, 10, 90, 90))),
    }
    about = generic.DictionaryObject({pdf_name(key): value for key, value in note.items()})
    writer.register_annotation(writer.find_page_for_modification(0)[0], writer.add_object(about))
    return bytes_of(writer)


def with_an_empty_field(pdf):
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    fields.append_signature_field(writer, SigFieldSpec("S1"))
    return bytes_of(writer)


def encrypted(password):
    """For this reader; its owner has another password."""
    writer = copy_into_new_writer(PdfFileReader(BytesIO(page())))
    writer.encrypt(owner_pass="o", user_pass=password)
    return bytes_of(writer)


def encrypted_and_signed(desk, password):
    writer = IncrementalPdfFileWriter(BytesIO(encrypted(password)), strict=False)
    writer.encrypt(password)
    return desk.signed(writer=writer)


def hybrid():
    """A table beside a cross-reference stream (7.5.8.4)."""
    pdf = page(stream_xrefs=False)
    at, trailer = pdf.rindex(b"xref\n0"), pdf.rindex(b"trailer")
    stream = (
        b"90 0 obj\n<</Type/XRef/W[1 4 1]/Index[90 0]/Size 91/Length 0>>\n"
        b"stream\n\nendstream\nendobj\n"
    )
    about = pdf[trailer : pdf.rindex(b"startxref")].replace(b"<<", b"<</XRefStm %d " % at, 1)
    table = pdf[at:trailer] + about
    return pdf[:at] + stream + table + b"startxref\n%d\n%%%%EOF\n" % (at + len(stream))


def with_range(pdf, place, number):
    """With another number in its byte range."""
    start = pdf.index(b"/ByteRange")
    end = pdf.index(b"]", start) + 1
    stated = pdf[pdf.index(b"[", start) + 1 : end - 1].split()
    stated[place] = number
    written = b"/ByteRange [%b]" % b" ".join(stated)
    return pdf[:start] + written.ljust(end - start) + pdf[end:]


def elliptic(curve):
    return ec.generate_private_key(curve)
