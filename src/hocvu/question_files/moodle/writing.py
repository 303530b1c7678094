"""Questions as Moodle XML, as far as Moodle's own question types can say them.

Statements and true/false sets are written as matching. What Moodle has no place for (a second
language, the words of a rubric's lines in it) is left out.
"""

import base64
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from html import escape
from math import lcm
from typing import Final
from urllib.parse import quote

from lxml import etree

from hocvu.items.content import (
    Accepted,
    Item,
    Kind,
    Markup,
    Media,
    Option,
    Part,
    PartKind,
    Scoring,
)
from hocvu.items.flaws import GAP
from hocvu.items.text import to_raw_html
from hocvu.question_files.gathering.collecting import (
    NO,
    YES,
    is_true_or_false,
    percent,
    written_credits,
)
from hocvu.question_files.opening.xml_tree import Element

_FORMATS: Final = {
    Markup.HTML: "html",
    Markup.MARKDOWN: "markdown",
    Markup.PLAIN: "plain_text",
}
_MEDIA: Final = re.compile(r"\bmedia:([\w.-]+)")
_UNFIT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TRUE_FALSE: Final = (Option(YES, "Đúng"), Option(NO, "Sai"))


def write_moodle_xml(items: Iterable[Item], media: Mapping[str, Media]) -> bytes:
    """A Moodle XML file in UTF-8; the pictures the texts point at stand in it."""
    root, category = etree.Element("quiz"), ""
    for item in items:
        if item.category != category:
            category = item.category
            root.append(_category(category))
        root.append(_Writer(item, media).question())
    written: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return written


def _category(name: str) -> Element:
    question = etree.Element("question", type="category")
    _put(question, "category", f"$course$/{name}")
    return question


def _put(parent: Element, name: str, text: str, **attributes: str) -> Element:
    """An element with a `<text>` in it."""
    holder = etree.SubElement(parent, name, attributes)
    etree.SubElement(holder, "text").text = _UNFIT_IN_XML.sub("", text)
    return holder


def _plain(parent: Element, name: str, text: str) -> None:
    etree.SubElement(parent, name).text = _UNFIT_IN_XML.sub("", text)


class _Writer:
    """Writes one question."""

    def __init__(self, item: Item, media: Mapping[str, Media]) -> None:
        self._item = item
        self._media = media
        self._question = etree.Element("question")
        self._format = _FORMATS[item.markup]

    def question(self) -> Element:
        item = self._item
        kind, write = self._kind()
        self._question.set("type", kind)
        _put(self._question, "name", item.name)
        stem = f"{item.situation}\n\n{item.stem}" if item.situation else item.stem
        if item.kind is Kind.CLOZE:
            self._cloze_stem(stem, kind)
        else:
            self._text(self._question, "questiontext", stem)
        self._text(self._question, "generalfeedback", item.feedback)
        _plain(self._question, "defaultgrade", f"{item.points.normalize() + 0:f}")
        _plain(self._question, "hidden", "0")
        _plain(self._question, "idnumber", item.foreign_id)
        write()
        if item.tags:
            tags = etree.SubElement(self._question, "tags")
            for tag in item.tags:
                _put(tags, "tag", tag)
        return self._question

    def _kind(self) -> tuple[str, Callable[[], None]]:
        item = self._item
        if is_true_or_false(item):
            return "truefalse", self._truefalse
        if item.kind is Kind.CLOZE:
            return ("gapselect", self._words) if _takes_words(item) else ("cloze", _nothing)
        return {
            Kind.NUMERIC: ("numerical", self._numerical),
            Kind.SHORT_TEXT: ("shortanswer", self._shortanswer),
            Kind.TRUE_FALSE: ("matching", self._matching),
            Kind.STATEMENTS: ("matching", self._matching),
            Kind.MATCHING: ("matching", self._matching),
            Kind.ORDERING: ("ordering", self._ordering),
            Kind.ESSAY: ("essay", self._essay),
            Kind.FILE: ("essay", self._essay),
        }.get(item.kind, ("multichoice", self._multichoice))

    def _text(self, parent: Element, name: str, text: str, **attributes: str) -> Element:
        """A text with the files it points at."""
        files = [file for file in dict.fromkeys(_MEDIA.findall(text)) if file in self._media]
        linked = _MEDIA.sub(self._link, text)
        holder = _put(parent, name, linked, format=self._format, **attributes)
        for file in files:
            content = base64.b64encode(self._media[file].content).decode("ascii")
            element = etree.SubElement(holder, "file", name=file, path="/", encoding="base64")
            element.text = content
        return holder

    def _link(self, found: re.Match[str]) -> str:
        return f"@@PLUGINFILE@@/{quote(found[1])}" if found[1] in self._media else found[0]

    # --- Types -----------------------------------------------------------------------------

    def _multichoice(self) -> None:
        item = self._item
        _plain(self._question, "single", "false" if item.kind is Kind.MULTIPLE else "true")
        self._shuffle()
        _plain(self._question, "answernumbering", "ABCD")
        for option, credit in zip(item.options, written_credits(item), strict=True):
            answer = self._text(self._question, "answer", option.text, fraction=percent(credit))
            self._text(answer, "feedback", option.why)

    def _shuffle(self) -> None:
        _plain(self._question, "shuffleanswers", "true" if self._item.shuffle else "false")

    def _truefalse(self) -> None:
        for option in self._item.options:
            fraction = percent(option.credit)
            answer = _put(self._question, "answer", option.id, fraction=fraction)
            self._text(answer, "feedback", option.why)

    def _shortanswer(self) -> None:
        _plain(self._question, "usecase", "1" if self._item.case_matters else "0")
        for accepted in self._accepted():
            self._answer(accepted)

    def _numerical(self) -> None:
        for accepted in self._accepted():
            answer = self._answer(accepted)
            _plain(answer, "tolerance", f"{accepted.tolerance.normalize() + 0:f}")

    def _accepted(self) -> list[Accepted]:
        return [each for part in self._item.parts for each in part.accepted]

    def _answer(self, accepted: Accepted) -> Element:
        attributes = {"fraction": percent(accepted.credit), "format": "plain_text"}
        answer = _put(self._question, "answer", accepted.value, **attributes)
        self._text(answer, "feedback", accepted.why)
        return answer

    def _matching(self) -> None:
        self._shuffle()
        options = self._item.options or _TRUE_FALSE
        texts = {option.id: option.text for option in options}
        used = {part.right for part in self._item.parts}
        for part in self._item.parts:
            pair = self._text(self._question, "subquestion", part.text)
            _put(pair, "answer", texts.get(part.right, ""), format=self._format)
        for option in options:
            if option.id not in used:
                pair = self._text(self._question, "subquestion", "")
                _put(pair, "answer", option.text, format=self._format)

    def _ordering(self) -> None:
        whole = self._item.scoring is Scoring.ALL_OR_NOTHING
        _plain(self._question, "layouttype", "VERTICAL")
        _plain(self._question, "selecttype", "ALL")
        _plain(self._question, "selectcount", "0")
        _plain(self._question, "gradingtype", "ALL_OR_NOTHING" if whole else "ABSOLUTE_POSITION")
        for at, option in enumerate(self._item.options, 1):
            self._text(self._question, "answer", option.text, fraction=f"{at}.0000000")

    def _essay(self) -> None:
        item = self._item
        files = item.kind is Kind.FILE
        _plain(self._question, "responseformat", "noinline" if files else "editor")
        _plain(self._question, "attachments", "1" if files else "0")
        _plain(self._question, "filetypeslist", ",".join(item.file_kinds))
        if item.least_words:
            _plain(self._question, "minwordlimit", str(item.least_words))
        if item.most_words:
            _plain(self._question, "maxwordlimit", str(item.most_words))
        lines = [_criterion(each.text, each.points, len(item.rubric)) for each in item.rubric]
        self._text(self._question, "graderinfo", "\n\n".join(lines))

    # --- Gaps ------------------------------------------------------------------------------

    def _cloze_stem(self, stem: str, kind: str) -> None:
        parts = {part.id: part for part in self._item.parts}
        if kind == "gapselect":
            places = {option.id: at for at, option in enumerate(self._item.options, 1)}
            filled = GAP.sub(lambda gap: _place(gap, parts, places), stem)
            self._text(self._question, "questiontext", filled)
            return
        scale = lcm(1, *(part.weight.denominator for part in self._item.parts))
        html = to_raw_html(stem, self._item.markup)
        filled = GAP.sub(lambda gap: self._gap(gap, parts, scale), html)
        self._format, before = _FORMATS[Markup.HTML], self._format
        self._text(self._question, "questiontext", filled)
        self._format = before

    def _gap(self, gap: re.Match[str], parts: Mapping[str, Part], scale: int) -> str:
        part = parts.get(gap[1])
        if part is None:
            return gap[0]
        weight = int(part.weight * scale)
        if part.kind is PartKind.CHOICE:
            name = "MULTICHOICE_S" if self._item.shuffle else "MULTICHOICE"
            answers = [self._choice(part, each) for each in part.options or self._item.options]
        else:
            words = "SHORTANSWER_C" if self._item.case_matters else "SHORTANSWER"
            name = "NUMERICAL" if part.kind is PartKind.NUMBER else words
            answers = [self._written(part, each) for each in part.accepted]
        return f"{{{weight}:{name}:{'~'.join(answers)}}}"

    def _choice(self, part: Part, option: Option) -> str:
        credit = Fraction(1) if option.id == part.right else option.credit
        return _embedded(self._html(option.text), credit, self._html(option.why))

    def _written(self, part: Part, accepted: Accepted) -> str:
        value = accepted.value
        if part.kind is PartKind.NUMBER and value != "*":
            value = f"{value}:{accepted.tolerance.normalize() + 0:f}"
        return _embedded(escape(value, quote=False), accepted.credit, self._html(accepted.why))

    def _html(self, text: str) -> str:
        return to_raw_html(text, self._item.markup).strip()

    def _words(self) -> None:
        self._shuffle()
        for option in self._item.options:
            word = self._text(self._question, "selectoption", option.text)
            _plain(word, "group", "1")


def _nothing() -> None:
    """All of a cloze stands in its text."""


def _takes_words(item: Item) -> bool:
    """Whether all gaps are filled from one list: Moodle has a type of its own for that."""
    places = {option.id for option in item.options}
    return all(
        part.kind is PartKind.CHOICE and not part.options and part.right in places
        for part in item.parts
    ) and bool(item.parts)


def _place(gap: re.Match[str], parts: Mapping[str, Part], places: Mapping[str, int]) -> str:
    return f"[[{places[parts[gap[1]].right]}]]" if gap[1] in parts else gap[0]


_SIGNS: Final = re.compile(r"[}~#\\\"/]")


def _embedded(text: str, credit: Fraction, why: str) -> str:
    share = "=" if credit == 1 else f"%{percent(credit)}%" if credit else ""
    said = f"#{_guarded(why)}" if why else ""
    return f"{share}{_guarded(text)}{said}"


def _guarded(html: str) -> str:
    return _SIGNS.sub(lambda sign: f"\\{sign[0]}", html)


def _criterion(text: str, points: Decimal, lines: int) -> str:
    return text if lines == 1 else f"{text} ({points:f})"
