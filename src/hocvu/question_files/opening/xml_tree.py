"""XML from outside: no DTD, no entities of its own, no network, bounded in size and depth."""

import re
from typing import Final

from lxml import etree

from hocvu.question_files.findings import FileProblem
from hocvu.question_files.opening.archive import FileIsUnreadable

Element = etree._Element  # noqa: SLF001 — lxml has no public name for it
_LARGEST: Final = 20 * 1024**2
_PROLOG: Final = rb"\A(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?(?:\s|<\?.*?\?>|<!--.*?-->)*"
_DOCTYPE: Final = re.compile(_PROLOG + rb"<!DOCTYPE", re.DOTALL | re.IGNORECASE)


def parse_xml(content: bytes) -> Element:
    """The root of a document without comments. Raises FileIsUnreadable."""
    if len(content) > _LARGEST:
        raise FileIsUnreadable(FileProblem.TOO_LARGE)
    if _DOCTYPE.match(content.replace(b"\x00", b"")):
        raise FileIsUnreadable(FileProblem.FORBIDDEN_XML)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as broken:
        line = getattr(broken, "lineno", 0) or 0
        raise FileIsUnreadable(FileProblem.BAD_XML, str(line or "")) from broken
    if getattr(root.getroottree().docinfo, "doctype", "") or any(
        True for _ in root.iter(etree.Entity)
    ):
        raise FileIsUnreadable(FileProblem.FORBIDDEN_XML)
    return root


def local(element: Element) -> str:
    """The name without its namespace."""
    return str(element.tag).rpartition("}")[2]
