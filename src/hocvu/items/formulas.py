r"""Formulas in the texts of questions: `$x^2$`, `\(x^2\)` in a line, `$$…$$`, `\[…\]` on their own.

A formula becomes MathML, which browsers draw and screen readers read. One that cannot be read stays
as it was written. MathML that was already there is kept as far as it is nothing else.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from html import escape, unescape
from xml.etree.ElementTree import Element

from latex2mathml.converter import convert_to_element
from lxml import etree

_LONGEST = 2_000  # characters
_DEEPEST = 40  # braces within braces
_FORMULA = re.compile(
    r"""
      \$\$(?P<own>(?:[^$\\]|\\.){1,2000})\$\$
    | \\\[(?P<own_too>.{1,2000}?)\\\]
    | \\\((?P<inline>.{1,2000}?)\\\)
    | (?<![\\$])\$(?P<inline_too>(?=[^\s$])(?:[^$\\]|\\.){0,2000}?(?<=[^\s\\]))\$(?!\d)
    """,
    re.VERBOSE | re.DOTALL,
)
_NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"
_NAMED = re.compile(r"&(?!(?:lt|gt|amp|quot|apos);)[A-Za-z]\w*;", re.ASCII)
_WORDS = frozenset({"mi", "mn", "mo", "mtext", "ms"})
MATHML = re.compile(r"<math\b.{0,20000}?</math\s*>", re.DOTALL)
_TAGS = frozenset(
    re.findall(
        r"\w+",
        """
        math mfenced menclose mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot
        mrow ms mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover none
        """,
    )
)
_ATTRIBUTES = frozenset(
    re.findall(
        r"\w+",
        """
        accent accentunder close columnalign columnlines columnspan depth display displaystyle fence
        form height largeop linethickness lspace mathvariant maxsize minsize movablelimits notation
        open rowlines rowspacing rspace scriptlevel separator separators stretchy symmetric voffset
        width xmlns
        """,
    )
)


def replace_formulas(text: str, draw: Callable[[str, str, bool], str]) -> str:
    """Each formula becomes what `draw(formula, as it was written, stands on its own)` says."""

    def drawn(found: re.Match[str]) -> str:
        own = found["own"] or found["own_too"] or ""
        return draw(own or found["inline"] or found["inline_too"], found[0], bool(own))

    return _FORMULA.sub(drawn, text)


@lru_cache(maxsize=2_000)
def to_mathml(formula: str, *, on_its_own: bool = False) -> str | None:
    """MathML for LaTeX; none when it cannot be read."""
    if len(formula) > _LONGEST or _depth(formula) > _DEEPEST:
        return None
    try:
        return _markup(convert_to_element(formula, display="block" if on_its_own else "inline"))
    except Exception:  # noqa: BLE001 - the reader of formulas meets odd ones with errors of any kind
        return None


def clean_mathml(source: str) -> str:
    """The same MathML with nothing else in it; empty when it cannot be read."""
    reader = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    try:
        return _markup(etree.fromstring(_NAMED.sub(lambda sign: unescape(sign[0]), source), reader))
    except (etree.XMLSyntaxError, ValueError, RecursionError):
        return ""


def _depth(formula: str) -> int:
    depth = deepest = 0
    for sign in formula:
        depth += (sign == "{") - (sign == "}")
        deepest = max(deepest, depth)
    return deepest + formula.count(r"\left") + formula.count(r"\begin")


def _markup(element: Element | etree._Element) -> str:
    """The element as text, if it is made of nothing but MathML; further attributes are left out."""
    tag = str(element.tag).removeprefix(_NAMESPACE)
    if tag == "semantics" and len(element):
        return _markup(element[0])
    text = unescape(element.text or "")
    if tag not in _TAGS or (text.startswith("\\") and len(text) > 1):  # a command unknown to us
        raise ValueError(tag)
    kept = {str(n): str(v) for n, v in element.attrib.items() if n in _ATTRIBUTES}
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in kept.items())
    inside = escape(text if tag in _WORDS else text.strip()) + "".join(map(_markup, element))
    return f"<{tag}{attributes}>{inside}</{tag}>"
