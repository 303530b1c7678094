"""Turns a typst template and plain values into a PDF file: the same input gives the same bytes.

The only typeface is Be Vietnam Pro out of its package; what a machine has installed does not
matter. `missing_glyphs` tells, before anything is decided, which characters would print as boxes.

*Speaks to:* nothing else in Hocvu.
*Announces:* nothing.
"""

from hocvu.typesetting.errors import CannotTypeset, UnprintableText
from hocvu.typesetting.glyphs import missing_glyphs
from hocvu.typesetting.typesetter import Typesetter

__all__ = ["CannotTypeset", "Typesetter", "UnprintableText", "missing_glyphs"]
