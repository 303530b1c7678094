"""Which characters our typeface can print."""

import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

import fontpkg_be_vietnam_pro
from fontTools.ttLib import TTFont

FONT_FOLDER: Final = Path(fontpkg_be_vietnam_pro.ROOT) / "files"
OWN_FAMILY: Final = "Be Vietnam Pro"
FACES_IN_USE: Final = ("Regular", "Italic", "Medium", "SemiBold", "Bold")
LINE_ENDS: Final = frozenset("\n")


def missing_glyphs(text: str) -> set[str]:
    """Return the characters of `text` that would print as boxes, in their composed form (NFC).

    A letter the typeface lacks is set as its base and its marks when it has those: Ŭ, Ĕ and Ŏ of
    the Central Highlands' languages print that way.
    """
    printable = _printable_characters()
    return {
        each
        for each in unicodedata.normalize("NFC", text)
        if each not in printable and not printable.issuperset(unicodedata.normalize("NFD", each))
    }


@cache
def _printable_characters() -> frozenset[str]:
    """Return what every face in use can print: a name may appear in any of them."""
    faces = (FONT_FOLDER / f"BeVietnamPro-{face}.ttf" for face in FACES_IN_USE)
    return frozenset.intersection(*(characters_in(face) for face in faces)) | LINE_ENDS


def characters_in(face: Path) -> frozenset[str]:
    """What one font file can print."""
    with TTFont(face, lazy=True) as font:
        return frozenset(chr(code) for code in font.getBestCmap())
