"""The parts of a Word file (ECMA-376) that its text needs: styles, numbering and pictures."""

import posixpath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from hocvu.question_files.findings import FileProblem
from hocvu.question_files.opening.archive import Archive, FileIsUnreadable
from hocvu.question_files.opening.xml_tree import Element, local, parse_xml
from hocvu.question_files.typed.lines import Look

_DOCUMENT: Final = "word/document.xml"
_OFF: Final = frozenset({"0", "false", "off", "none"})
_BLACK: Final = frozenset({"", "auto", "000000", "windowtext"})
_NO_FILL: Final = frozenset({"", "auto", "ffffff", "none", "white"})
_DEEPEST: Final = 12  # styles based on styles
_DARK: Final = 0x30


def attribute(element: Element | None, name: str) -> str:
    """An attribute whatever its namespace; empty when there is none."""
    if element is None:
        return ""
    found = (value for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name)
    return str(next(found, ""))


def child(element: Element | None, name: str) -> Element | None:
    if element is None:
        return None
    return next(
        (each for each in element if isinstance(each.tag, str) and local(each) == name), None
    )


def named(element: Element, name: str) -> Iterator[Element]:
    return (each for each in element.iter() if isinstance(each.tag, str) and local(each) == name)


def looking(before: Look, properties: Element | None) -> Look:
    """The look that run properties make of the one before."""
    if properties is None:
        return before
    look = before
    for each in properties:
        if isinstance(each.tag, str) and local(each) in _CHANGES:
            look = _CHANGES[local(each)](look, each)
    return look


def _on(element: Element) -> bool:
    return attribute(element, "val").lower() not in _OFF


def _color(value: str) -> str:
    plain = value.lower()
    if plain in _BLACK:
        return ""
    try:
        parts = [int(plain[at : at + 2], 16) for at in (0, 2, 4)]
    except ValueError:
        return plain
    return "" if max(parts) <= _DARK else plain


def _fill(element: Element) -> str:
    value = (attribute(element, "fill") or attribute(element, "val")).lower()
    return "" if value in _NO_FILL else value


def _place(look: Look, element: Element) -> Look:
    places = {"subscript": "sub", "superscript": "sup"}
    return replace(look, place=places.get(attribute(element, "val"), ""))


_CHANGES: Final[Mapping[str, Callable[[Look, Element], Look]]] = {
    "b": lambda look, each: replace(look, bold=_on(each)),
    "i": lambda look, each: replace(look, italic=_on(each)),
    "u": lambda look, each: replace(look, underline=_on(each)),
    "color": lambda look, each: replace(look, color=_color(attribute(each, "val"))),
    "highlight": lambda look, each: replace(look, highlight=_fill(each)),
    "shd": lambda look, each: replace(look, highlight=_fill(each) or look.highlight),
    "vertAlign": _place,
    "vanish": lambda look, each: replace(look, hidden=_on(each)),
}


class WordFile:
    """An opened .docx. Raises FileIsUnreadable if it is none."""

    def __init__(self, content: bytes) -> None:
        self._archive = Archive(content)
        if self._archive.found(_DOCUMENT) is None:
            raise FileIsUnreadable(FileProblem.UNKNOWN_FORMAT)
        self.body = child(self._part(_DOCUMENT), "body")
        self._styles = {
            attribute(each, "styleId"): each for each in self._all("word/styles.xml", "style")
        }
        self._targets = {
            attribute(each, "Id"): attribute(each, "Target")
            for each in self._all("word/_rels/document.xml.rels", "Relationship")
            if attribute(each, "TargetMode") != "External"
        }
        self.numbering = self._optional("word/numbering.xml")

    def picture(self, relation: str) -> tuple[str, bytes] | None:
        """A picture's path and what is in it, by the relation the text names."""
        target = self._targets.get(relation, "")
        if not target:
            return None
        path = posixpath.normpath(posixpath.join("/word", target)).lstrip("/")
        found = self._archive.found(path)
        return None if found is None else (path, self._archive.read(found))

    def style_chain(self, style: str) -> list[Element]:
        """A style and those it is based on, the ground first."""
        chain: list[Element] = []
        while style in self._styles and len(chain) < _DEEPEST:
            element = self._styles[style]
            chain.append(element)
            style = attribute(child(element, "basedOn"), "val")
        return chain[::-1]

    def look_of_style(self, style: str, before: Look) -> Look:
        look = before
        for each in self.style_chain(style):
            look = looking(look, child(each, "rPr"))
        return look

    def _part(self, path: str) -> Element:
        return parse_xml(self._archive.read(self._archive.found(path) or path))

    def _optional(self, path: str) -> Element | None:
        return self._part(path) if self._archive.found(path) is not None else None

    def _all(self, path: str, name: str) -> list[Element]:
        root = self._optional(path)
        return [] if root is None else list(named(root, name))
