"""Questions as a QTI 3.0 content package: items, shared stimuli, pictures, a test, a manifest."""

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from lxml import etree

from hocvu.items.content import Item, Markup, Media
from hocvu.items.text import MEDIA
from hocvu.question_files.opening.xml_tree import Element
from hocvu.question_files.qti.elements import XML, Texts, element
from hocvu.question_files.qti.written import Stimulus, written_item

_PACKAGE: Final = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"
_NAMESPACES: Final[dict[Any, str]] = {None: _PACKAGE}
_KEYWORDS: Final = "http://ltsc.ieee.org/xsd/LOM"
_ITEM_TYPE, _TEST_TYPE = "imsqti_item_xmlv3p0", "imsqti_test_xmlv3p0"
_STIMULUS_TYPE, _PICTURE_TYPE = "imsqti_stimulus_xmlv3p0", "webcontent"
_IDENTIFIER: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")
_NAMED: Final = re.compile(re.escape(MEDIA) + r"([A-Za-z0-9._-]+)")
_DATE: Final = (1980, 1, 1, 0, 0, 0)  # the same questions give the same bytes


def write_qti3(items: Sequence[Item], media: Mapping[str, Media]) -> bytes:
    """A zip package. Only the pictures that the questions name go with them."""
    return _Package(media).written(items)


class _Package:
    def __init__(self, media: Mapping[str, Media]) -> None:
        self._media = media
        self._addresses = {name: f"../pictures/{name}" for name in media}
        self._file = io.BytesIO()
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED)
        self._resources: list[Element] = []
        self._stimuli: dict[tuple[str, Markup], Stimulus] = {}
        self._identifiers: set[str] = set()

    def written(self, items: Sequence[Item]) -> bytes:
        listed = [(item, self._item(item, number)) for number, item in enumerate(items, start=1)]
        used = {name for item in items for text in texts_of(item) for name in _NAMED.findall(text)}
        for name in sorted(used & self._media.keys()):
            self._put(f"pictures/{name}", self._media[name].content)
            self._resources.append(_resource(name, _PICTURE_TYPE, f"pictures/{name}"))
        self._put("test.xml", _xml(_test(listed)))
        refers = [_dependency(identifier) for _, identifier in listed]
        self._resources.insert(0, _resource("test", _TEST_TYPE, "test.xml", refers))
        self._put("imsmanifest.xml", _xml(_manifest(self._resources)))
        self._zip.close()
        return self._file.getvalue()

    def _item(self, item: Item, number: int) -> str:
        identifier = self._free(item.foreign_id, f"item-{number:04d}")
        path = f"items/{identifier}.xml"
        stimulus = self._stimulus(item) if item.situation.strip() else None
        self._put(path, written_item(item, identifier, self._addresses, stimulus))
        names = sorted({name for text in texts_of(item) for name in _NAMED.findall(text)})
        refers = [_dependency(name) for name in names if name in self._media]
        if stimulus is not None:
            refers.append(_dependency(stimulus.identifier))
        resource = _resource(identifier, _ITEM_TYPE, path, refers)
        if item.tags:
            resource.insert(0, _keywords(item.tags))
        self._resources.append(resource)
        return identifier

    def _free(self, wished: str, otherwise: str) -> str:
        """The identifier an item had, if it is one and nobody else has it."""
        fits = _IDENTIFIER.fullmatch(wished) and wished.lower() not in self._identifiers | {"test"}
        identifier = wished if fits else otherwise
        while identifier.lower() in self._identifiers:
            identifier += "x"
        self._identifiers.add(identifier.lower())
        return identifier

    def _stimulus(self, item: Item) -> Stimulus:
        """Questions about one situation share it."""
        key = (item.situation, item.markup)
        if key not in self._stimuli:
            identifier = self._free("", f"stimulus-{len(self._stimuli) + 1:04d}")
            texts = Texts(item.markup, self._addresses)
            body = texts.blocks(element("stimulus_body"), item.situation)
            root = element("assessment_stimulus", body, identifier=identifier, title=identifier)
            root.set(f"{{{XML}}}lang", "vi")
            path = f"stimuli/{identifier}.xml"
            self._put(path, _xml(root))
            self._resources.append(_resource(identifier, _STIMULUS_TYPE, path))
            self._stimuli[key] = Stimulus(identifier, f"../{path}")
        return self._stimuli[key]

    def _put(self, path: str, content: bytes) -> None:
        member = zipfile.ZipInfo(path, _DATE)
        member.compress_type = zipfile.ZIP_DEFLATED
        self._zip.writestr(member, content)


def texts_of(item: Item) -> Iterable[str]:
    """Every text of a question that may name a picture."""
    yield from (item.stem, item.situation, item.feedback)
    for option in (*item.options, *(each for part in item.parts for each in part.options)):
        yield from (option.text, option.why)
    yield from (part.text for part in item.parts)
    yield from (line.text for line in item.rubric)


def _xml(root: Element) -> bytes:
    etree.cleanup_namespaces(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _test(listed: Sequence[tuple[Item, str]]) -> Element:
    """Sections say the categories; what has none stands in a section without a title."""
    part = element(
        "test_part", identifier="part", navigation_mode="nonlinear", submission_mode="simultaneous"
    )
    section, category = None, None
    for item, identifier in listed:
        if section is None or item.category != category:
            category = item.category
            name = f"section-{len(part) + 1:04d}"
            section = element("assessment_section", identifier=name, title=category, visible="true")
            part.append(section)
        href = f"items/{identifier}.xml"
        section.append(element("assessment_item_ref", identifier=identifier, href=href))
    if section is None:
        part.append(element("assessment_section", identifier="section", title="", visible="true"))
    return element("assessment_test", part, identifier="test", title="Hocvu")


def _manifest(resources: Iterable[Element]) -> Element:
    root = etree.Element(_of_package("manifest"), {"identifier": "MANIFEST"}, nsmap=_NAMESPACES)
    metadata = etree.SubElement(root, _of_package("metadata"))
    etree.SubElement(metadata, _of_package("schema")).text = "QTI Package"
    etree.SubElement(metadata, _of_package("schemaversion")).text = "3.0.0"
    etree.SubElement(root, _of_package("organizations"))
    etree.SubElement(root, _of_package("resources")).extend(resources)
    return root


def _of_package(name: str) -> str:
    return f"{{{_PACKAGE}}}{name}"


def _resource(identifier: str, kind: str, path: str, refers: Iterable[Element] = ()) -> Element:
    named = {"identifier": f"RES-{identifier}", "type": kind, "href": path}
    made = etree.Element(_of_package("resource"), named)
    etree.SubElement(made, _of_package("file"), {"href": path})
    made.extend(refers)
    return made


def _dependency(identifier: str) -> Element:
    return etree.Element(_of_package("dependency"), {"identifierref": f"RES-{identifier}"})


def _keywords(tags: Iterable[str]) -> Element:
    """Tags as LOM keywords."""
    metadata = etree.Element(_of_package("metadata"))
    lom = etree.SubElement(metadata, f"{{{_KEYWORDS}}}lom", nsmap={"lom": _KEYWORDS})
    general = etree.SubElement(lom, f"{{{_KEYWORDS}}}general")
    for tag in tags:
        keyword = etree.SubElement(general, f"{{{_KEYWORDS}}}keyword")
        etree.SubElement(keyword, f"{{{_KEYWORDS}}}string", {"language": "vi"}).text = tag
    return metadata
