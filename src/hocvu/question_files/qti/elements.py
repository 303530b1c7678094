"""Texts of questions as QTI 3 content: XHTML that its schema allows, and MathML."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from lxml import etree, html

from hocvu.items.content import Markup
from hocvu.items.flaws import GAP
from hocvu.items.text import MEDIA, to_html
from hocvu.question_files.opening.xml_tree import Element
from hocvu.question_files.wording.rich_text import BLOCKS

QTI: Final = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
MATHML: Final = "http://www.w3.org/1998/Math/MathML"
XML: Final = "http://www.w3.org/XML/1998/namespace"
_UNKNOWN_TO_QTI: Final = frozenset({"s", "del", "ins", "mark", "center", "font"})
_UNFIT: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def element(name: str, *inside: Element, text: str = "", **attributes: str) -> Element:
    """A QTI element: `simple_choice` becomes `qti-simple-choice`, `match_max` `match-max`."""
    made = etree.Element(
        _qti_name(name), {each.replace("_", "-"): fit(value) for each, value in attributes.items()}
    )
    made.text = fit(text) or None
    made.extend(inside)
    return made


def _qti_name(name: str) -> str:
    return f"{{{QTI}}}qti-{name.replace('_', '-')}"


def fit(text: str) -> str:
    """Without the characters XML cannot hold."""
    return _UNFIT.sub("", text)


class Texts:
    """Writes the texts of one item. `folder` is where its pictures stand, seen from the item."""

    def __init__(self, markup: Markup, addresses: Mapping[str, str]) -> None:
        self._markup = markup
        self._addresses = addresses

    def inside(self, parent: Element, text: str) -> Element:
        """The parent with the text in it, blocks or words as they come."""
        if text.strip():
            source = self._parsed(text)
            parent.text = (parent.text or "") + fit(source.text or "") or None
            for each in source:
                _copy(each, parent)
        return parent

    def blocks(self, parent: Element, text: str) -> Element:
        """The parent with the text in blocks of its own, as an item's body wants it."""
        if not text.strip():
            return parent
        source = self._parsed(text)
        loose = bool((source.text or "").strip()) or any(
            _name(each) not in BLOCKS or (each.tail or "").strip() for each in source
        )
        if not loose:
            source.text = None
            for each in source:
                _copy(each, parent)
                parent[-1].tail = None
            return parent
        mixed = any(_name(each) in BLOCKS for each in source.iterdescendants())
        wrapper = etree.SubElement(parent, f"{{{QTI}}}{'div' if mixed else 'p'}")
        self.inside(wrapper, text)
        return parent

    def _parsed(self, text: str) -> Element:
        written = to_html(text, self._markup, media=self._addresses)
        parsed: Element = html.fragment_fromstring(written, create_parent="div")
        return parsed


def media_addresses(names: Mapping[str, str]) -> dict[str, str]:
    """How texts name pictures, and where they stand."""
    return {name.removeprefix(MEDIA): address for name, address in names.items()}


def _name(source: Element) -> str:
    return source.tag.lower() if isinstance(source.tag, str) else ""


def _copy(source: Element, parent: Element) -> None:
    name = _name(source)
    if not name:
        return
    namespace = MATHML if name == "math" or parent.tag.startswith(f"{{{MATHML}}}") else QTI
    attributes = {str(key): fit(str(value)) for key, value in source.attrib.items()}
    attributes.pop("xmlns", None)
    if name == "u":
        name, attributes = "span", {"class": "qti-underline"}
    elif name in _UNKNOWN_TO_QTI:
        name, attributes = "span", {}
    if name == "img":
        attributes.setdefault("alt", "")
    made = etree.SubElement(parent, f"{{{namespace}}}{name}", attributes)
    made.text = fit(source.text or "") or None
    for each in source:
        _copy(each, made)
    made.tail = fit(source.tail or "") or None


def fill_gaps(body: Element, made: Callable[[str], Element | None]) -> None:
    """Puts an element where a text says `[[p1]]`; unknown gaps stay as they are written."""
    for each in list(body.iter()):
        if each.text and "[[" in each.text:
            kept, gaps = _split(each.text, made)
            each.text = kept or None
            for at, gap in enumerate(gaps):
                each.insert(at, gap)
        if each.tail and "[[" in each.tail and (parent := each.getparent()) is not None:
            kept, gaps = _split(each.tail, made)
            each.tail = kept or None
            start = parent.index(each) + 1
            for at, gap in enumerate(gaps):
                parent.insert(start + at, gap)


def _split(text: str, made: Callable[[str], Element | None]) -> tuple[str, list[Element]]:
    """The words before the first gap, and each gap with the words after it as its tail."""
    before, gaps, end = "", list[Element](), 0
    for found in GAP.finditer(text):
        gap = made(found[1])
        if gap is None:
            continue
        between = text[end : found.start()]
        if gaps:
            gaps[-1].tail = between
        else:
            before = between
        gaps.append(gap)
        end = found.end()
    if not gaps:
        return text, []
    gaps[-1].tail = text[end:]
    return before, gaps
