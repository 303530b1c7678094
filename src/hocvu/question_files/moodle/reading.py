"""Moodle XML, read question by question: a file of any permitted size needs little memory."""

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree

from hocvu.items.content import Item
from hocvu.question_files.findings import FileProblem, Problem, Reading
from hocvu.question_files.gathering.collecting import Collector, category_path
from hocvu.question_files.gathering.gathered import LeftOut, Notes
from hocvu.question_files.moodle.cloze import GAP
from hocvu.question_files.moodle.kinds import KINDS, finished
from hocvu.question_files.moodle.question import MoodleQuestion
from hocvu.question_files.opening.archive import FileIsUnreadable
from hocvu.question_files.opening.decoding import as_utf8, decoded
from hocvu.question_files.opening.xml_tree import Element

_LARGEST: Final = 64 * 1024**2
_PIECE: Final = 256 * 1024
_DEEPEST: Final = 40
_MOST_ELEMENTS: Final = 5_000  # in one question
_BEFORE_THE_ROOT: Final = re.compile(rb"(?:\s|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_NOT_ASKED: Final = frozenset({"description"})


_NOT_IN_XML: Final = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])


def is_cloze(text: str) -> bool:
    """Whether embedded answers stand in a text, and no other braces."""
    return GAP.search(text) is not None and "{" not in GAP.sub("", text)


def read_moodle_xml(content: bytes) -> Reading:
    """Every question of a Moodle XML file; categories are kept with them.

    A DTD or an entity of the file's own is refused before anything is parsed.
    """
    try:
        return _read(content)
    except FileIsUnreadable as refusal:
        return Reading(problem=refusal.problem, detail=refusal.detail)


def read_cloze(content: bytes) -> Reading:
    """A text with embedded answers, which is one question: Moodle's format of that name."""
    try:
        file = decoded(content)
    except FileIsUnreadable as refusal:
        return Reading(problem=refusal.problem, detail=refusal.detail)
    element = etree.Element("question", type="cloze")
    written = etree.SubElement(element, "questiontext", format="moodle_auto_format")
    etree.SubElement(written, "text").text = file.text.strip().translate(_NOT_IN_XML)
    found = Collector()
    found.question(1, _Question(element, "", found).read)
    return found.reading(file.encoding)


def _read(content: bytes) -> Reading:
    if len(content) > _LARGEST:
        raise FileIsUnreadable(FileProblem.TOO_LARGE)
    written, encoding = as_utf8(content)
    start = _BEFORE_THE_ROOT.match(written)
    if start and written[start.end() : start.end() + 2] == b"<!":
        raise FileIsUnreadable(FileProblem.FORBIDDEN_XML)
    found, category = Collector(), ""
    for element in _questions(written):
        kind = element.get("type", "")
        if kind == "category":
            category = category_path("".join(_words(element.find("category"))))
        elif kind in _NOT_ASKED:
            found.passed_over(_line(element), _name(element))
        else:
            reader = _Question(element, category, found)
            found.question(_line(element), reader.read, _name(element))
    return found.reading(encoding)


def _questions(content: bytes) -> Iterator[Element]:
    """The questions in the order of the file; each is forgotten when the next one is asked for."""
    parser = etree.XMLPullParser(
        events=("start", "end"),
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
    )
    depth = elements = 0
    for event, element in _events(parser, content):
        if event == "start":
            depth, elements = depth + 1, elements + 1
            _refuse(element, depth, elements)
            continue
        depth -= 1
        if depth == 1:
            if element.tag == "question":
                yield element
            elements = 0
            element.clear()
            if (parent := element.getparent()) is not None:
                del parent[:-1]


def _events(parser: "etree.XMLPullParser", content: bytes) -> Iterator[tuple[str, Element]]:
    try:
        for at in range(0, len(content), _PIECE):
            parser.feed(content[at : at + _PIECE])
            yield from _read_so_far(parser)
        parser.close()
        yield from _read_so_far(parser)
    except etree.XMLSyntaxError as broken:
        line = broken.lineno or 0
        raise FileIsUnreadable(FileProblem.BAD_XML, str(line or "")) from broken


def _read_so_far(parser: etree.XMLPullParser) -> Iterator[tuple[str, Element]]:
    for event, element in parser.read_events():
        if isinstance(element, etree._Element):  # noqa: SLF001 - lxml has no public name for it
            yield event, element


def _refuse(element: Element, depth: int, elements: int) -> None:
    if depth == 1 and element.tag != "quiz":
        raise FileIsUnreadable(FileProblem.UNKNOWN_FORMAT, str(element.tag)[:40])
    if depth > _DEEPEST or elements > _MOST_ELEMENTS:
        raise FileIsUnreadable(FileProblem.BAD_XML, str(_line(element)))


def _line(element: Element) -> int:
    return int(getattr(element, "sourceline", None) or 0)


def _words(element: Element | None) -> Iterator[str]:
    return iter(()) if element is None else (str(text).strip() for text in element.itertext())


def _name(element: Element) -> str:
    return "".join(_words(element.find("name")))


class _Question:
    """One question, read when the collector is ready for it."""

    def __init__(self, element: Element, category: str, found: Collector) -> None:
        self._element, self._category, self._found = element, category, found

    def read(self, notes: Notes) -> Item:
        kind = self._element.get("type", "")
        if kind not in KINDS:
            raise LeftOut(Problem.UNKNOWN_KIND, kind)
        question = MoodleQuestion(self._element, self._found.pictures, notes)
        return finished(question, KINDS[kind](question), self._category)
