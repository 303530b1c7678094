"""The texts of questions as safe HTML for pages, and as plain text for lists and exports."""

import re
from collections.abc import Mapping
from functools import lru_cache
from html import escape, unescape
from html.parser import HTMLParser

import nh3
from markdown_it import MarkdownIt

from hocvu.items.content import Markup
from hocvu.items.formulas import MATHML, clean_mathml, replace_formulas, to_mathml
from hocvu.kernel.vietnamese import nfc

MEDIA = "media:"  # how a text refers to a picture that travels with its question

_TAGS = frozenset(
    re.findall(
        r"\w+",
        """
        a abbr b blockquote br caption code col colgroup dd del details div dl dt em figcaption
        figure h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp small span strong
        sub summary sup table tbody td tfoot th thead tr u ul var
        """,
    )
)
_ATTRIBUTES = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start", "type"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "*": {"lang", "dir"},
}
_DROPPED_WHOLE = frozenset(
    re.findall(
        r"\w+",
        """
        script style iframe object embed applet template noscript title head form select textarea
        button audio video svg math
        """,
    )
)
_HEADINGS = str.maketrans({"1": "3", "2": "4"})
_HEADING = re.compile(r"(</?h)([12])\b", re.IGNORECASE)  # pages have their own h1 and h2

# A formula is taken out before the text is read as Markdown or HTML, and put back as MathML.
_FROM, _TO = "\ue010", "\ue011"
_TAKEN_OUT = re.compile(f"{_FROM}(\\d+){_TO}")
_NO_FORMULAS = {
    Markup.MARKDOWN: re.compile(
        r"(```.*?```|~~~.*?~~~|``.+?``|`[^`]+`|<[A-Za-z/!][^<>]*>)", re.DOTALL
    ),
    Markup.HTML: re.compile(
        r"(<(pre|code)\b.{0,2000}?</\2\s*>|<[A-Za-z/!][^<>]*>)", re.DOTALL | re.IGNORECASE
    ),
    Markup.PLAIN: re.compile(r"((?!))"),
}


def to_html(text: str, markup: Markup, *, media: Mapping[str, str]) -> str:
    """Safe HTML of a text. `media` gives the address of each picture; other pictures are left out.

    A formula becomes MathML; one that cannot be read stands there as it was written. The gaps of a
    cloze stay `[[p1]]`.
    """
    formulas: list[str] = []
    marked = _with_formulas_out(text, markup, formulas)
    raw = to_raw_html(marked, markup)
    clean = nh3.clean(
        _HEADING.sub(lambda tag: tag[1] + tag[2].translate(_HEADINGS), raw),
        tags=set(_TAGS),
        clean_content_tags=set(_DROPPED_WHOLE),
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "media"},
        attribute_filter=_Attributes(media, formulas),
    )
    return _TAKEN_OUT.sub(lambda place: _drawn(formulas[int(place[1])]), clean).strip()


class _Attributes:
    """What an attribute may say: pictures only from `media`, formulas as they were written."""

    def __init__(self, media: Mapping[str, str], formulas: list[str]) -> None:
        self._media, self._formulas = media, formulas

    def __call__(self, tag: str, attribute: str, value: str) -> str | None:
        value = _TAKEN_OUT.sub(lambda place: self._formulas[int(place[1])], value)
        if attribute == "src":
            named = value.startswith(MEDIA)
            return self._media.get(value.removeprefix(MEDIA)) if named else None
        if tag == "a" and attribute == "href":
            return value if value.startswith(("http://", "https://", "mailto:")) else None
        return value


def _with_formulas_out(text: str, markup: Markup, formulas: list[str]) -> str:
    """Formulas in code and inside tags are none."""

    def taken(_formula: str, written: str, _own: bool) -> str:  # noqa: FBT001
        formula = unescape(written) if markup is Markup.HTML and written[0] != "<" else written
        formulas.append(formula)
        return f"{_FROM}{len(formulas) - 1}{_TO}"

    plain = text.translate({ord(_FROM): None, ord(_TO): None})
    if markup is not Markup.PLAIN:
        plain = MATHML.sub(lambda found: taken("", found[0], True), plain)
    if "$" not in plain and "\\" not in plain:
        return plain
    pieces, at = [], 0
    for found in _NO_FORMULAS[markup].finditer(plain):
        pieces += [replace_formulas(plain[at : found.start()], taken), found[0]]
        at = found.end()
    return "".join([*pieces, replace_formulas(plain[at:], taken)])


def _drawn(written: str) -> str:
    if written.startswith("<"):
        return clean_mathml(written)
    return replace_formulas(written, _mathml_or_code)


def _mathml_or_code(formula: str, written: str, on_its_own: bool) -> str:  # noqa: FBT001
    return to_mathml(formula, on_its_own=on_its_own) or f"<code>{escape(written)}</code>"


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": True, "breaks": True})
    reader.enable(["table", "strikethrough"])
    return reader


def to_raw_html(text: str, markup: Markup) -> str:
    """HTML of a text as it was written, not yet safe: for files, never for pages."""
    if markup is Markup.MARKDOWN:
        return str(_markdown().render(text))
    if markup is Markup.HTML:
        return text
    paragraphs = re.split(r"\n\s*\n", text.strip())
    inside = [escape(each, quote=False).replace("\n", "<br>") for each in paragraphs]
    return inside[0] if len(inside) == 1 else "".join(f"<p>{each}</p>" for each in inside)


# --- Plain text --------------------------------------------------------------------------------

_BREAKS = frozenset(
    re.findall(r"\w+", "p div br li tr h1 h2 h3 h4 h5 h6 table blockquote pre td th hr dt dd")
)
_GAP = re.compile(r"\[\[[A-Za-z0-9][\w-]*\]\]", re.ASCII)
_BLANK = "____"


_DECLARATION = re.compile(r"<!(?!--)")


def _feed(reader: HTMLParser, html: str) -> None:
    """`<!` outside a comment begins nothing in HTML, and the reader trips over it."""
    reader.feed(_DECLARATION.sub("&lt;!", html))
    reader.close()


class _Words(HTMLParser):
    """The words of some HTML; a picture says its description."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in {"script", "style"}
        if tag in _BREAKS:
            self.words.append(" ")
        if tag == "img":
            self.words.append(f" {dict(attrs).get('alt') or ''} ")

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in {"script", "style"}))
        if tag in _BREAKS:
            self.words.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)


def to_plain(text: str, markup: Markup) -> str:
    """The words on one line: no markup, formulas as they were written, a gap as `____`."""
    if markup is Markup.PLAIN:
        return nfc(_GAP.sub(_BLANK, text))
    formulas: list[str] = []
    raw = to_raw_html(_with_formulas_out(text, markup, formulas), markup)
    words = _Words()
    _feed(words, raw)
    plain = _TAKEN_OUT.sub(lambda place: _as_words(formulas[int(place[1])]), "".join(words.words))
    return nfc(_GAP.sub(_BLANK, plain))


def _as_words(written: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", written)) if written.startswith("<") else written


# --- Scripts -----------------------------------------------------------------------------------

_ACTIVE_TAGS = frozenset(
    re.findall(r"\w+", "script iframe object embed applet base meta link form svg")
)
_MOST_SCRIPTS = 20  # one by one; a text with more is cleaned as a whole
_ACTIVE_ELEMENT = re.compile(
    r"<(script|iframe|object|embed|svg)\b.{0,5000}?</\1\s*>", re.DOTALL | re.IGNORECASE
)
_ACTIVE_ADDRESS = re.compile(r"[\s\x00-\x1f]*(?:javascript|vbscript|data)\s*:", re.IGNORECASE)
_MAY_ACT = re.compile(  # nearly all texts show at a glance that they hold nothing of the kind
    r"<(?:script|iframe|object|embed|applet|base|meta|link|form|svg)|\bon\w+\s*=|script\s*:|data\s*:|&",
    re.IGNORECASE,
)
_PICTURE_ADDRESS = re.compile(r"\s*data:image/(?:png|jpe?g|gif|webp)", re.IGNORECASE)


class _Scripts(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found = self.found or tag in _ACTIVE_TAGS or any(_acts(*each) for each in attrs)


def _acts(name: str, value: str | None) -> bool:
    if name.startswith("on") and len(name) > len("on"):
        return True
    return bool(_ACTIVE_ADDRESS.match(value or "") and not _PICTURE_ADDRESS.match(value or ""))


def had_script(text: str, markup: Markup) -> bool:
    """Whether the text holds something that would act in a page: none of it is ever shown."""
    if markup is Markup.PLAIN or not _MAY_ACT.search(text):
        return False
    scripts = _Scripts()
    _feed(scripts, to_raw_html(text, markup))
    return scripts.found


def without_script(text: str, markup: Markup) -> str:
    """The text with everything that would act taken out; other texts stay as they are."""
    if not had_script(text, markup):
        return text
    if markup is Markup.MARKDOWN:
        without = _ACTIVE_ELEMENT.sub("", text, count=_MOST_SCRIPTS)
        if not had_script(without, markup):
            return without.strip()
    clean = nh3.clean(
        to_raw_html(text, markup),
        tags=set(_TAGS) | {"h1", "h2"},
        clean_content_tags=set(_DROPPED_WHOLE),
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "media"},
        link_rel=None,
    )
    return clean.strip()
