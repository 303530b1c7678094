"""Texts with pictures, tables and formulas, in one canonical form of HTML.

The same text always gives the same characters, so a file that is read, written and read again
gives equal questions. Everything that could act in a page is left out and said.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from html import escape, unescape
from typing import Final

from hocvu.items.content import Markup
from hocvu.question_files.opening.xml_tree import Element, local
from hocvu.question_files.wording import latex
from hocvu.question_files.wording.mathml import latex_of

Special = Callable[[Element], str | None]

KEPT: Final = frozenset(
    re.findall(
        r"\w+",
        """
        a abbr b blockquote br caption code col colgroup dd del dl dt em figcaption figure div
        h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp small strong sub
        sup table tbody td tfoot th thead tr u ul var
        """,
    )
)
BLOCKS: Final = frozenset(
    re.findall(
        r"\w+",
        """
        blockquote caption col colgroup dd dl dt div figcaption figure h1 h2 h3 h4 h5 h6 hr li
        ol p pre table tbody td tfoot th thead tr ul
        """,
    )
)
_EMPTY: Final = frozenset({"br", "hr", "img", "col"})
_SMALLER: Final = {"h1": "h3", "h2": "h4"}  # pages have their own h1 and h2
_ACTS: Final = frozenset({"script", "iframe", "embed", "applet", "form", "base", "meta", "link"})
_SILENT: Final = frozenset({"style", "template", "noscript", "head", "title", "stylesheet"})
_ATTRIBUTES: Final = {
    "img": ("src", "alt", "width", "height"),
    "a": ("href",),
    "td": ("colspan", "rowspan"),
    "th": ("colspan", "rowspan", "scope"),
    "ol": ("start", "type"),
}
_BLOCK_EDGE: Final = re.compile(rf"\s*(</?(?:{'|'.join(sorted(BLOCKS))})(?:\s[^<>]*)?>)\s*")
_BREAK: Final = re.compile(r"[ \n]*<br>[ \n]*")
_SPACE_AFTER_GAP: Final = re.compile(r"\]\] (?=[,.;:!?](?:\s|<|$))")
_NOTHING_IN_IT: Final = re.compile(r"<(p|div|strong|b|i|em|u|span)></\1>")
_ONE_BLOCK: Final = re.compile(r"<(p|div)>((?:(?!</?(?:p|div)\b).)*)</\1>", re.DOTALL)
_OUTER_DIV: Final = re.compile(r"<div>(.*)</div>", re.DOTALL)
_DIV: Final = re.compile(r"<(/?)div\b[^>]*>")
_UNSEEN: Final = dict.fromkeys((0x00AD, 0x200B, 0x2060, 0xFEFF))
_LINE, _SPACE = "\ue002", "\ue003"  # a line's end and a space inside <pre>


class Html:
    """Turns XML or HTML elements into canonical HTML. `special` answers for elements it knows."""

    def __init__(self, special: Special) -> None:
        self._special = special
        self.had_script = False
        self.lost: set[str] = set()

    def of(self, element: Element) -> str:
        """What stands inside an element."""
        return tidy(self.inside(element))

    def inside(self, element: Element) -> str:
        pieces = [_text(element.text)]
        for child in element:
            if isinstance(child.tag, str):
                pieces.append(self._one(child))
            pieces.append(_text(child.tail))
        return "".join(pieces)

    def _one(self, element: Element) -> str:
        name = local(element).lower()
        name = _SMALLER.get(name, name)
        known = self._special(element)
        if known is not None:
            return known
        if name == "math":
            written, complete = latex_of(element)
            self.lost |= set() if complete else {"math"}
            alone = element.get("display") == "block"
            return escape(latex.in_text(written, on_its_own=alone), quote=False)
        if name in _ACTS or name in _SILENT:
            self.had_script = self.had_script or name in _ACTS
            return ""
        if name not in KEPT:
            return self.inside(element)
        return self._kept(name, element)

    def _kept(self, name: str, element: Element) -> str:
        self.had_script = self.had_script or any(
            str(each).startswith("on") for each in element.attrib
        )
        wanted = ((each, element.get(each)) for each in _ATTRIBUTES.get(name, ()))
        said = "".join(
            f' {each}="{escape(_text_of_attribute(value))}"' for each, value in wanted if value
        )
        if name == "a" and not (element.get("href") or "").startswith(
            ("http:", "https:", "mailto:")
        ):
            self.had_script = self.had_script or "script:" in (element.get("href") or "").lower()
            return self.inside(element)
        if name in _EMPTY:
            return f"<{name}{said}>"
        inside = self.inside(element)
        if name == "pre":
            inside = _preformatted(element)
        return f"<{name}{said}>{inside}</{name}>"


def _text(text: object) -> str:
    return escape(re.sub(r"\s+", " ", str(text)), quote=False) if text else ""


def _text_of_attribute(value: str) -> str:
    return unicodedata.normalize("NFC", " ".join(value.split()))


def _preformatted(element: Element) -> str:
    return preformatted("".join(str(text) for text in element.itertext()))


def preformatted(text: str) -> str:
    """HTML of a text whose lines and spaces stay as they are, to stand in `pre`."""
    return escape(text, quote=False).strip("\n").replace("\n", _LINE).replace(" ", _SPACE)


def tidy(html: str) -> str:
    """Canonical form of HTML made here: composed letters, no idle spaces, no idle wrappers."""
    text = unicodedata.normalize("NFC", html.translate(_UNSEEN))
    text = re.sub(r"[ \t\r\n\xa0]+", " ", text)
    text = _BREAK.sub("<br>", _BLOCK_EDGE.sub(r"\1", text))
    text = _SPACE_AFTER_GAP.sub("]]", text)
    before = None
    while before != text:
        before = text
        text = _unwrapped(_NOTHING_IN_IT.sub("", text).strip())
        text = re.sub(r"^(?:<br>)+|(?:<br>)+$", "", text)
    return text.replace(_LINE, "\n").replace(_SPACE, " ")


def _unwrapped(html: str) -> str:
    if only := _ONE_BLOCK.fullmatch(html):
        return only[2].strip()
    if outer := _OUTER_DIV.fullmatch(html):
        depth = 0
        for tag in _DIV.finditer(outer[1]):
            depth += -1 if tag[1] else 1
            if depth < 0:
                return html
        return outer[1].strip()
    return html


def has_tags(html: str) -> bool:
    return "<" in html.replace("<br>", "")


def settled(texts: Iterable[str]) -> Markup:
    """Plain if none of the texts holds a tag: then teachers need not see HTML when they edit."""
    return Markup.HTML if any(map(has_tags, texts)) else Markup.PLAIN


def as_markup(html: str, markup: Markup) -> str:
    return unescape(html.replace("<br>", "\n")) if markup is Markup.PLAIN else html


def plain(html: str) -> str:
    """The words alone, for names and comparisons."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())
