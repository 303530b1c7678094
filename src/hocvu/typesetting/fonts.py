"""A face cut down to what names and numbers need, as objects of a PDF file.

ISO 32000-1, 9.7 (composite fonts: CIDFontType2, Identity-H) and ISO 19005-2, 6.2.11 (everything
embedded, widths as in the font program, a ToUnicode map). The same face gives the same bytes.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from io import BytesIO
from typing import Any, Final

from fontTools import subset
from fontTools.ttLib import TTFont

from hocvu.typesetting.faces import Face, face

# Latin letters with every mark the face has, Vietnamese ones among them, and what numbers,
# addresses and titles are written with.
REPERTOIRE: Final = (
    range(0x20, 0x7F), range(0xA0, 0x250), range(0x300, 0x370), range(0x1E00, 0x1F00),
    range(0x2010, 0x2028), range(0x2030, 0x203B), (0x20AB, 0x20AC, 0x2116, 0x2122),
)  # fmt: skip
_SYMBOLIC: Final = 4
_ITALIC: Final = 64
_STEMS: Final = {"Regular": 80, "Medium": 96, "SemiBold": 116, "Bold": 138}


@dataclass(frozen=True)
class FontResource:
    """A font under the name by which content streams call it."""

    name: str
    base_name: str
    program: bytes  # the subset as a TrueType file
    widths: Mapping[int, int]  # glyph -> thousandths
    unicode: Mapping[int, str]
    metrics: Mapping[str, Any]

    def objects(self, first: int) -> tuple[bytes, ...]:
        """Bodies of consecutive indirect objects; the first, numbered `first`, is the font."""
        descendant, descriptor, program, to_unicode = range(first + 1, first + 5)
        return (
            f"<</Type /Font /Subtype /Type0 /BaseFont /{self.base_name} /Encoding /Identity-H"
            f" /DescendantFonts [{descendant} 0 R] /ToUnicode {to_unicode} 0 R>>".encode(),
            f"<</Type /Font /Subtype /CIDFontType2 /BaseFont /{self.base_name}"
            " /CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) /Supplement 0>>"
            f" /FontDescriptor {descriptor} 0 R /CIDToGIDMap /Identity /DW 0"
            f" /W [{self._widths()}]>>".encode(),
            self._descriptor(program),
            _stream(self.program, f" /Length1 {len(self.program)}"),
            _stream(self._to_unicode()),
        )

    def _widths(self) -> str:
        """`first [width width …]` for every unbroken run of glyphs."""
        runs: list[tuple[int, list[int]]] = []
        for glyph in sorted(self.widths):
            if runs and runs[-1][0] + len(runs[-1][1]) == glyph:
                runs[-1][1].append(self.widths[glyph])
            else:
                runs.append((glyph, [self.widths[glyph]]))
        return " ".join(f"{start} [{' '.join(map(str, row))}]" for start, row in runs)

    def _descriptor(self, program: int) -> bytes:
        box = " ".join(map(str, self.metrics["box"]))
        return (
            f"<</Type /FontDescriptor /FontName /{self.base_name} /Flags {self.metrics['flags']}"
            f" /FontBBox [{box}] /ItalicAngle {self.metrics['angle']}"
            f" /Ascent {self.metrics['ascent']} /Descent {self.metrics['descent']}"
            f" /CapHeight {self.metrics['cap_height']} /StemV {self.metrics['stem']}"
            f" /FontFile2 {program} 0 R>>"
        ).encode()

    def _to_unicode(self) -> bytes:
        pairs = [
            f"<{glyph:04X}> <{self.unicode[glyph].encode('utf-16-be').hex().upper()}>"
            for glyph in sorted(self.unicode)
        ]
        blocks = [pairs[at : at + 100] for at in range(0, len(pairs), 100)]
        written = "\n".join(
            f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks
        )
        return (
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
            "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
            "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
            "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
            f"{written}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
        ).encode()


@cache
def font_resource(name: str, face_name: str) -> FontResource:
    """The face called `face_name` (see `faces.FACES`), called `name` in content streams."""
    whole = face(face_name)
    wanted = {chr(code) for codes in REPERTOIRE for code in codes} & whole.cmap.keys()
    unicode: dict[int, str] = {}
    for character in sorted(wanted):
        unicode.setdefault(whole.cmap[character], character)
    program, metrics = _cut_down(whole, wanted)
    return FontResource(
        name=name,
        base_name=f"{_tag_of(program)}+BeVietnamPro-{face_name}",
        program=program,
        widths={glyph: whole.advances[glyph] for glyph in unicode},
        unicode=unicode,
        metrics=metrics,
    )


def _cut_down(whole: Face, wanted: set[str]) -> tuple[bytes, Mapping[str, Any]]:
    """The TrueType file with only these characters, glyphs keeping their numbers; its measures."""
    options = subset.Options(
        retain_gids=True, hinting=False, layout_features=[], notdef_outline=True, name_IDs=[]
    )
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "OS/2", "post", "name", "gasp", "DSIG"]
    with TTFont(whole.file, recalcTimestamp=False) as font:
        metrics = _metrics(whole, font)
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=[ord(each) for each in wanted])
        cutter.subset(font)
        written = BytesIO()
        font.save(written, reorderTables=True)
    return written.getvalue(), metrics


def _metrics(whole: Face, font: Any) -> dict[str, Any]:
    head, across = font["head"], font["hhea"]
    is_italic = whole.name.endswith("Italic")
    return {
        "box": (head.xMin, head.yMin, head.xMax, head.yMax),
        "ascent": across.ascent,
        "descent": across.descent,
        "cap_height": whole.cap_height,
        "angle": round(font["post"].italicAngle),
        "flags": _SYMBOLIC | (_ITALIC if is_italic else 0),
        "stem": _STEMS[whole.name.removesuffix("Italic") or "Regular"],
    }


def _tag_of(program: bytes) -> str:
    """Six capital letters that name the subset (ISO 32000-1, 9.6.4), the same for the same one."""
    number = int.from_bytes(sha256(program).digest()[:4], "big")
    return "".join(chr(ord("A") + number // 26**at % 26) for at in range(6))


def _stream(content: bytes, more: str = "") -> bytes:
    packed = zlib.compress(content, 9)
    head = f"<</Length {len(packed)}{more} /Filter /FlateDecode>>\nstream\n"
    return head.encode() + packed + b"\nendstream"
