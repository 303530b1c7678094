"""Turns typst templates and plain values into pages: the same input gives the same bytes.

The typeface is Be Vietnam Pro out of its package; what a machine has installed does not matter,
but for official documents, which are set in `document_face` where there is one. `missing_glyphs`
tells, before anything is decided, which characters would print as boxes.

A `Typesetter` sets our own templates one by one. A page of which thousands are needed is set once
as a `Sheet`, its differing texts left blank; a `Compositor` then writes only those. Templates of
issuers are set apart, by a process that can open nothing. `QrMaker` draws the codes.

*Speaks to:* nothing else in Hocvu.
*Announces:* nothing.
"""

from hocvu.typesetting.apart import Page, Picture, set_page, set_sheet
from hocvu.typesetting.composing import Compositor
from hocvu.typesetting.document_face import DocumentFace, document_face
from hocvu.typesetting.errors import (
    CannotTypeset,
    PageDoesNotFit,
    TemplateIsFaulty,
    TemplateIsTooCostly,
    TextIsMissing,
    TextIsTooLong,
    TypesettingIsBusy,
    UnprintableText,
)
from hocvu.typesetting.fonts import FontResource
from hocvu.typesetting.glyphs import missing_glyphs
from hocvu.typesetting.qr import QrCode, QrMaker
from hocvu.typesetting.slots import Box, Sheet, Slot
from hocvu.typesetting.typesetter import Typesetter

__all__ = [
    "Box",
    "CannotTypeset",
    "Compositor",
    "DocumentFace",
    "FontResource",
    "Page",
    "PageDoesNotFit",
    "Picture",
    "QrCode",
    "QrMaker",
    "Sheet",
    "Slot",
    "TemplateIsFaulty",
    "TemplateIsTooCostly",
    "TextIsMissing",
    "TextIsTooLong",
    "Typesetter",
    "TypesettingIsBusy",
    "UnprintableText",
    "document_face",
    "missing_glyphs",
    "set_page",
    "set_sheet",
]
