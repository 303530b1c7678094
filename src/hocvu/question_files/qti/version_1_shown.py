"""What an item of QTI 1.2 shows and says of itself: its texts, labels, pictures, metadata."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from html import escape
from typing import Final

from lxml import etree

from hocvu.items.content import Markup
from hocvu.kernel.vietnamese import nfc
from hocvu.question_files.findings import Problem
from hocvu.question_files.gathering.collecting import part_id
from hocvu.question_files.gathering.gathered import Notes
from hocvu.question_files.gathering.picture_links import with_pictures
from hocvu.question_files.gathering.pictures import Pictures
from hocvu.question_files.gathering.texts import Auto, Texts, Way
from hocvu.question_files.opening.xml_tree import Element
from hocvu.question_files.qti.tree import child, children, number, words_of
from hocvu.question_files.qti.version_1_keys import Compared, rules_of, values_for

RESPONSES: Final = ("responselid", "responsestr", "responsenum", "responsegrp", "responsexy")
_OF_PERCENT: Final = 100
_TEXTS: Final = frozenset({"mattext", "matemtext", "matformattedtext"})
_IN_HTML: Final = frozenset({"text/html", "text/xhtml", "html", "smart_text"})
_POINTS: Final = ("points_possible", "qmd_weighting", "qmd_absolutescore_max")
_ASKED, _RIGHT_SIDES = "QUESTION_BLOCK", "RIGHT_MATCH_BLOCK"
_OLD_FIELDS: Final = {
    "qmditemtype": "qmd_itemtype",
    "bbmdquestiontype": "bbmd_questiontype",
    "qmdweighting": "qmd_weighting",
    "qmdabsolutescoremax": "qmd_absolutescore_max",
}

Find = Callable[[str], bytes | None]


@dataclass(frozen=True)
class Label:
    """Something to choose; `ident` is what conditions call it."""

    ident: str
    text: str


class Shown:
    """One item. Every text goes through `texts`."""

    def __init__(self, element: Element, find: Find, pictures: Pictures) -> None:
        self.element = element
        self._find, self._pictures = find, pictures
        self.said = _metadata(element)
        self.kind = (
            self.said.get("question_type")
            or self.said.get("bbmd_questiontype")
            or self.said.get("qmd_itemtype", "")
        ).lower()
        shown = child(element, "presentation")
        self._shown = element if shown is None else shown
        self.responses = list(self._shown.iter(*RESPONSES))
        self.rules = rules_of(element)

    @property
    def title(self) -> str:
        return nfc(self.element.get("title", ""))

    def start(self, notes: Notes) -> None:
        """Before anything of it is put anywhere."""
        self.notes, self.texts = notes, Texts(notes)

    def values(self, response: Element) -> Iterable[tuple[Compared, Fraction]]:
        return values_for(response.get("ident", ""), self.rules)

    def labels(self, response: Element) -> list[Label]:
        labels = list(response.iter("responselabel"))
        texts = [self.within(each) for each in labels]
        if not any(texts):
            texts = (self._right_sides() + texts)[: len(labels)]
        return [
            Label(each.get("ident", ""), text) for each, text in zip(labels, texts, strict=True)
        ]

    def left_side(self, response: Element) -> str:
        """What is to be matched: in the response, or beside it where Blackboard puts it."""
        beside = response.getparent()
        return self.within(response) or ("" if beside is None else self.within(beside))

    def _right_sides(self) -> list[str]:
        """Blackboard names the right sides by their place in a block of their own."""
        blocks = [each for each in self._shown.iter("flow") if each.get("class") == _RIGHT_SIDES]
        return [self.within(each) for block in blocks for each in children(block, "flow")]

    def shuffles(self, response: Element) -> bool:
        return any(
            each.get("shuffle", "").lower() == "yes" for each in response.iter("renderchoice")
        )

    def points(self) -> Decimal:
        said = (number(self.said.get(name)) for name in _POINTS)
        stated = next((each for each in said if each), None)
        if stated is None:
            most = next((each.get("maxvalue") for each in self.element.iter("decvar")), None)
            found = number(most)
            stated = found if found != _OF_PERCENT else None
        if not stated or stated <= 0:
            return Decimal(1)
        return Decimal(stated.numerator) / Decimal(stated.denominator)

    def category(self) -> str:
        """The titles of the test and its sections around the item."""
        above = [each.get("title", "") for each in self.element.iterancestors()]
        return "/".join(nfc(title) for title in reversed(above) if title.strip())

    def stem(self, *, gaps: bool = False) -> str:
        """What is asked, without the two sides of Blackboard's matching questions."""
        if any(each.get("class") == _RIGHT_SIDES for each in self._shown.iter("flow")):
            asked = [each for each in self._shown.iter("flow") if each.get("class") == _ASKED]
            return "".join(map(self.within, asked))
        return self.within(self._shown, gaps=gaps)

    def within(self, element: Element, *, gaps: bool = False) -> str:
        """The texts of the material in an element as HTML; not of responses within it."""
        written = []
        for each in element:
            if each.tag in RESPONSES:
                if gaps:
                    written.append(f" [[{part_id(self.responses.index(each))}]] ")
                elif element.tag not in RESPONSES:
                    continue
            elif each.tag in _TEXTS:
                written.append(self._text(each))
            elif each.tag == "matimage" and each.get("uri"):
                written.append(f'<img src="{each.get("uri")}" alt="{each.get("label", "")}">')
            elif each.tag in {"mataudio", "matvideo", "matapplet"}:
                self.notes.warn(Problem.MEDIA_UNFIT, each.get("uri", str(each.tag)))
            elif each.tag not in {"renderchoice", "renderfib", "responselabel"}:
                written.append(self.within(each, gaps=gaps))
        return "".join(written)

    def _text(self, mattext: Element) -> str:
        inside = (etree.tostring(each, encoding="unicode") for each in mattext)
        text = (mattext.text or "") + "".join(inside)
        kind = mattext.get("texttype") or mattext.get("type") or "text/plain"
        html = kind.lower() in _IN_HTML
        if html or len(mattext):
            return text
        return f"<p>{escape(text, quote=False)}</p>" if text.strip() else ""

    def put(self, html: str) -> str:
        way: Way = Markup.HTML if html else Auto.AUTO
        return self.texts.put(with_pictures(html, self._find, self._pictures, self.notes), way)


def _metadata(item: Element) -> Mapping[str, str]:
    """Labels and entries of the metadata, and the old elements that say the same."""
    said = {
        words_of(child(each, "fieldlabel")): words_of(child(each, "fieldentry"))
        for each in item.iter("qtimetadatafield")
    }
    for holder in children(item, "itemmetadata"):
        for each in holder:
            if str(each.tag) in _OLD_FIELDS:
                said.setdefault(_OLD_FIELDS[str(each.tag)], words_of(each))
    return said
