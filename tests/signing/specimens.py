"""A typeface and checks for the tests of signing."""

import asyncio
import zlib
from datetime import datetime, timedelta, timezone
from io import BytesIO

from asn1crypto import parser, x509
from cryptography.hazmat.primitives import serialization
from fontTools import subset
from fontTools.ttLib import TTFont
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import ades, validate_pdf_signature
from pyhanko.sign.validation.policy_decl import (
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager

from hocvu.typesetting.glyphs import FONT_FOLDER

INSTITUTION = "Trường Chính trị mẫu thành phố Hải Phòng"
OTHER_INSTITUTION = "Học viện mẫu"
SIGNED_AT = datetime(2026, 2, 5, 14, 5, 9, tzinfo=timezone(timedelta(hours=7)))


def pyhanko_says(pdf, root):
    """What an independent validator finds about each signature of a file, first to last."""
    root = x509.Certificate.load(root.public_bytes(serialization.Encoding.DER))
    context = ValidationContext(trust_roots=[root], allow_fetching=False)
    signatures = PdfFileReader(BytesIO(pdf)).embedded_regular_signatures
    return [validate_pdf_signature(each, context) for each in signatures]


def long_term_verdict(pdf, authority):
    """What pyHanko finds by the rules for long-term signatures, with nothing from the network."""
    root = x509.Certificate.load(
        authority.root_certificate.public_bytes(serialization.Encoding.DER)
    )
    policy = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(trust_roots=[root]),
        revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO),
    )
    offline = RevocationInfoGatheringSpec(RevinfoOnlineFetchingRule.LOCAL_ONLY)
    spec = PdfSignatureValidationSpec(SignatureValidationSpec(policy, offline))
    signature = PdfFileReader(BytesIO(pdf)).embedded_regular_signatures[0]
    return asyncio.run(ades.ades_lta_validation(signature, spec))


def without_padding(hole):
    """The message that stands in front of the zeros."""
    return hole[: parser.peek(hole)]


class Typeface:
    """A typeface with the letters of our sample texts, in the form that a prefix carries."""

    def __init__(self, letters, name="V0"):
        self.name = name
        font = TTFont(FONT_FOLDER / "BeVietnamPro-SemiBold.ttf", recalcTimestamp=False)
        cutter = subset.Subsetter(subset.Options(layout_features=[], hinting=False))
        cutter.populate(text=letters)
        cutter.subset(font)
        octets = BytesIO()
        font.save(octets)
        self._file = octets.getvalue()
        self._widths = [font["hmtx"][glyph][0] for glyph in font.getGlyphOrder()]
        self._glyphs = {
            chr(code): font.getGlyphID(name) for code, name in font["cmap"].getBestCmap().items()
        }

    def objects(self, first):
        named = b"/AAAAAA+BeVietnamPro-SemiBold"
        widths = " ".join(map(str, self._widths)).encode()
        rows = "\n".join(f"<{glyph:04X}> <{ord(each):04X}>" for each, glyph in self._glyphs.items())
        unicode = (
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
            "/CMapName /Ours def\n/CMapType 2 def\n"
            "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
            f"{len(self._glyphs)} beginbfchar\n{rows}\nendbfchar\nendcmap\nend\nend"
        )
        return [
            b"<</Type /Font /Subtype /Type0 /BaseFont %b /Encoding /Identity-H "
            b"/DescendantFonts [%d 0 R] /ToUnicode %d 0 R>>" % (named, first + 1, first + 4),
            b"<</Type /Font /Subtype /CIDFontType2 /BaseFont %b /CIDSystemInfo "
            b"<</Registry (Adobe) /Ordering (Identity) /Supplement 0>> /CIDToGIDMap /Identity "
            b"/FontDescriptor %d 0 R /W [0 [%b]]>>" % (named, first + 2, widths),
            b"<</Type /FontDescriptor /FontName %b /Flags 4 /FontBBox [-100 -300 1200 1100] "
            b"/ItalicAngle 0 /Ascent 1000 /Descent -300 /CapHeight 700 /StemV 80 "
            b"/FontFile2 %d 0 R>>" % (named, first + 3),
            _stream(self._file, b"/Length1 %d" % len(self._file)),
            _stream(unicode.encode(), b""),
        ]

    def line(self, words, y):
        glyphs = "".join(f"{self._glyphs[each]:04X}" for each in words)
        return b"q BT /V0 18 Tf 1 0 0 1 60 %d Tm <%b> Tj ET Q\n" % (y, glyphs.encode())


def _stream(octets, entries):
    packed = zlib.compress(octets, 9)
    return b"<</Filter /FlateDecode /Length %d %b>>\nstream\n%b\nendstream" % (
        len(packed),
        entries,
        packed,
    )


# In a process of its own, as everything that loads the library.
PUT_CERTIFICATE = """
import sys, pkcs11
from pkcs11.util.x509 import decode_x509_certificate
library, token, pin, label = sys.argv[1:]
with pkcs11.lib(library).get_token(token_label=token).open(user_pin=pin, rw=True) as session:
    template = decode_x509_certificate(sys.stdin.buffer.read())
    label = {pkcs11.Attribute.LABEL: label, pkcs11.Attribute.TOKEN: True}
    session.create_object({**template, **label})
"""
