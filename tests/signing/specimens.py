"""A typeface and checks for the tests of signing."""

import zlib
from datetime import datetime, timedelta, timezone
from io import BytesIO

from asn1crypto import parser, x509
from cryptography.hazmat.primitives import serialization
from fontTools import subset
from fontTools.ttLib import TTFont
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

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
