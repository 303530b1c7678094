"""The typeface of official documents: as wide as Times New Roman, letter by letter.

Decree 30/2020/NĐ-CP, annex I, asks for Times New Roman, which may not be given away with a program.
Tinos and Liberation Serif 2 have its widths and every Vietnamese letter; Debian packs them as
fonts-croscore and fonts-liberation2. An agency with a licence puts Times New Roman itself there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import typst

from hocvu.typesetting.glyphs import characters_in

FAMILIES: Final = ("Times New Roman", "Tinos", "Liberation Serif")
_LOOKS: Final = frozenset(
    (weight, style) for weight in (400, 700) for style in ("normal", "italic")
)
_VIETNAMESE: Final = frozenset(
    "ăâđêôơưĂÂĐÊÔƠƯ" + "".join(chr(code) for code in range(0x1EA0, 0x1EFA)) + "“”–…"
)


@dataclass(frozen=True)
class DocumentFace:
    """A family and the folder that holds its four faces."""

    family: str
    folder: Path


@cache
def document_face(folders: tuple[Path, ...]) -> DocumentFace | None:
    """The first family with all four faces and every Vietnamese letter; None where there is none.

    An older Liberation Serif lacks the letters with two marks: words would be set in two faces.
    """
    whole = [each for folder in folders if folder.is_dir() for each in _families_in(folder)]
    return min(whole, key=lambda each: FAMILIES.index(each.family), default=None)


def _families_in(folder: Path) -> Iterable[DocumentFace]:
    """Which of the families stand whole in this folder."""
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]
    )
    faces = [each for each in fonts.fonts() if each.family in FAMILIES]
    for family in {each.family for each in faces}:
        looks = {(each.weight, each.style) for each in faces if each.family == family}
        files = [Path(each.path) for each in faces if each.family == family and each.path]
        if looks >= _LOOKS and all(characters_in(file) >= _VIETNAMESE for file in files):
            yield DocumentFace(family, folder)
