"""The texts of one question, each maybe written another way, brought into one markup."""

import re
from collections.abc import Callable
from dataclasses import fields, replace
from enum import Enum
from html import unescape
from typing import Any, Final

from hocvu.items.content import Accepted, Criterion, Item, Markup, Option, Part
from hocvu.items.text import had_script, to_raw_html, without_script
from hocvu.question_files.findings import Problem
from hocvu.question_files.gathering.gathered import Notes
from hocvu.question_files.opening.decoding import clean

_PLACE: Final = re.compile("\ue020(\\d+)\ue021")
_TAG: Final = re.compile(
    r"</?(?:a|abbr|audio|b|big|blockquote|br|center|code|del|div|dl|dt|dd|em|embed|figure|font|form|"
    r"h[1-6]|hr|i|iframe|img|input|ins|kbd|li|link|mark|math|meta|object|ol|p|pre|q|s|samp|script|"
    r"small|span|strike|strong|style|sub|sup|svg|table|tbody|td|tfoot|th|thead|tr|tt|u|ul|var|"
    r"video)(?=[\s/>])[^<>]*>",
    re.IGNORECASE,
)
_ENTITY: Final = re.compile(r"&(?:[A-Za-z]\w{1,30}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_ONE_PARAGRAPH: Final = re.compile(
    r"\s*<p\b[^<>]*>((?:(?!</?(?:p|div|ul|ol|table|h[1-6]|pre|blockquote)\b).)*)</p>\s*",
    re.DOTALL | re.IGNORECASE,
)
_BREAKS_AROUND: Final = re.compile(
    r"^(?:\s|&nbsp;|<br\s*/?>)+|(?:\s|&nbsp;|<br\s*/?>)+$", re.IGNORECASE
)
_SHOWS: Final = re.compile(  # a word outside tags, or something that is seen without words
    r"<(?:img|hr|math|table|input|audio|video)\b|(?:^|>)(?:[^<]|<(?![A-Za-z/!]))*?(?:[^\s<&]|&(?!nbsp;))",
    re.IGNORECASE,
)
_SAME_IN_MARKDOWN: Final = re.compile(r"[\w \t,.?:;'()/%-]*")
_BLOCK_END: Final = re.compile(r"(</?(?:p|div|ul|ol|li|table|tr|td|th|h[1-6]|pre|br)\b[^<>]*>)\n")


class Auto(Enum):
    """Moodle's own way: HTML where there are tags, else plain; a line's end is a line's end."""

    AUTO = "auto"


Way = Markup | Auto


class Texts:
    """Collects the texts of a question.

    `put` gives a mark that stands for the text while the question is put together; `settled` puts
    the texts in its place, all of them in one markup: plain if nothing needs more.
    """

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._texts: list[tuple[str, Markup]] = []

    def put(self, text: str, way: Way) -> str:
        said, markup = _known_markup(_PLACE.sub("", clean(text)).strip(), way)
        if had_script(said, markup):
            said = without_script(said, markup)
            self._notes.warn(Problem.SCRIPT_REMOVED)
        if markup is Markup.HTML:
            said = _unwrapped(said)
        if not said:
            return ""
        self._texts.append((said, markup))
        return f"\ue020{len(self._texts) - 1}\ue021"

    def settled(self, item: Item) -> Item:
        markup = self._markup()
        final = [_in_markup(text, each, markup) for text, each in self._texts]

        def said(text: str) -> str:
            return _PLACE.sub(lambda place: final[int(place[1])], text)

        settled: Item = _with_texts(item, said)
        return replace(settled, markup=markup)

    def _markup(self) -> Markup:
        markups = {markup for _, markup in self._texts}
        if Markup.MARKDOWN in markups:
            others = [text for text, markup in self._texts if markup is not Markup.MARKDOWN]
            same = all(_SAME_IN_MARKDOWN.fullmatch(text) for text in others)
            return Markup.MARKDOWN if same else Markup.HTML
        tagged = any(markup is Markup.HTML and _TAG.search(text) for text, markup in self._texts)
        return Markup.HTML if tagged else Markup.PLAIN


def looks_like_html(text: str) -> bool:
    return _TAG.search(text) is not None


def _known_markup(text: str, way: Way) -> tuple[str, Markup]:
    if isinstance(way, Markup):
        return text, way
    if looks_like_html(text):
        return _BLOCK_END.sub(r"\1", text).replace("\n", "<br>"), Markup.HTML
    return _ENTITY.sub(lambda sign: unescape(sign[0]), text), Markup.PLAIN


def _unwrapped(html: str) -> str:
    """Without a paragraph around the whole and idle breaks at its ends."""
    text = html
    if only := _ONE_PARAGRAPH.fullmatch(text):
        text = only[1]
    if not _SHOWS.search(text):
        return ""
    return _BREAKS_AROUND.sub("", text)


def _in_markup(text: str, markup: Markup, wanted: Markup) -> str:
    if markup is wanted:
        return text
    if wanted is Markup.PLAIN:  # from HTML without tags
        return " ".join(unescape(text).split())
    return _unwrapped(to_raw_html(text, markup)) if wanted is Markup.HTML else text


def _with_texts(thing: Any, change: Callable[[str], str]) -> Any:
    """The same question, option or part with every text in it changed."""
    if isinstance(thing, tuple):
        return tuple(_with_texts(each, change) for each in thing) if thing else thing
    if isinstance(thing, str):
        return change(thing) if "\ue020" in thing else thing
    if isinstance(thing, _HOLDERS):
        held = {name: getattr(thing, name) for name in _HELD[type(thing)]}
        changed = {name: _with_texts(value, change) for name, value in held.items() if value}
        return replace(thing, **changed)
    return thing


_HOLDERS: Final = (Item, Option, Part, Accepted, Criterion)
_HELD: Final = {
    kind: tuple(
        each.name
        for each in fields(kind)
        if each.type is str or str(each.type).startswith(("tuple", "str"))
    )
    for kind in _HOLDERS
}
