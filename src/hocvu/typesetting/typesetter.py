"""Sets pages with typst, as PDF/A-2b (ISO 19005-2), the form made for keeping."""

import json
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import typst

from hocvu.typesetting.document_face import DocumentFace
from hocvu.typesetting.errors import CannotTypeset, UnprintableText
from hocvu.typesetting.glyphs import FONT_FOLDER, OWN_FAMILY, missing_glyphs

Value = str | int | bool


class Typesetter:
    """Sets one template again and again.

    The template defines `page-of(values)` and documents the values at its top. What does not depend
    on them is computed once: typst remembers the functions of a file that stays the same, which it
    would not do if the values arrived as `sys.inputs`. What it remembers stays bounded that way:
    the process was as large after 2,000 certificates as after 200. A typesetter belongs to one
    thread. A template that is set in `face` reads its family from `values.face`; without one that
    is our own typeface, which also prints what the face lacks.
    """

    def __init__(self, template: Path, *, face: DocumentFace | None = None) -> None:
        self._template = template
        self._face = face.family if face else OWN_FAMILY
        fonts = typst.Fonts(
            include_system_fonts=False,
            include_embedded_fonts=False,
            font_paths=[FONT_FOLDER, *([face.folder] if face else [])],
        )
        self._compiler = typst.Compiler(root=template.parent, font_paths=fonts)

    def pdf(self, values: Mapping[str, Value], *, at: datetime) -> bytes:
        """Return the PDF file that shows `values`; the same values and time give the same bytes.

        `at` becomes the creation date inside the file. Text is set in its composed form (NFC).
        """
        if missing := missing_glyphs("".join(map(str, values.values()))):
            raise UnprintableText(missing)
        text = unicodedata.normalize(
            "NFC", json.dumps({"face": self._face, **values}, ensure_ascii=False)
        )
        page = f'#import "{self._template.name}": page-of\n#page-of(json(bytes({_literal(text)})))'
        try:
            pdf = self._compiler.compile(
                page.encode(), format="pdf", pdf_standards="a-2b", timestamp=int(at.timestamp())
            )
        except typst.TypstError as trouble:
            raise CannotTypeset(f"{self._template.name}: {trouble.message}") from trouble
        if not isinstance(pdf, bytes):
            raise CannotTypeset(f"{self._template.name} did not become one file.")
        return pdf


def _literal(text: str) -> str:
    """Write `text` as a typst string, in which only these two characters mean something else."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
