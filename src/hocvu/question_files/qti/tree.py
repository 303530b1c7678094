"""QTI 2.1, 2.2 and 3.0 as one tree.

The versions say the same things under different names (`responseIdentifier`, `response-identifier`,
`choiceInteraction`, `qti-choice-interaction`). Here every name is in small letters, without the
prefix, the hyphens and the namespace: `responseidentifier`, `choiceinteraction`.
"""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Final

from hocvu.question_files.opening.xml_tree import Element, local, parse_xml

ITEM, TEST, SECTION, STIMULUS, MANIFEST = (
    "assessmentitem",
    "assessmenttest",
    "assessmentsection",
    "assessmentstimulus",
    "manifest",
)
_PREFIX: Final = "qti-"
_NEAREST: Final = 1000  # 0.333333 was a third
_CLOSE: Final = Fraction(1, 100_000)


def parse_qti(content: bytes) -> Element:
    """The document with version-free names. Raises FileIsUnreadable."""
    root = parse_xml(content)
    for element in root.iter():
        attributes = {
            _plain(local_name(str(name))): value for name, value in element.attrib.items()
        }
        element.tag = _plain(local(element).lower().removeprefix(_PREFIX))
        element.attrib.clear()
        element.attrib.update({str(name): str(value) for name, value in attributes.items()})
    return root


def local_name(name: str) -> str:
    return name.rpartition("}")[2]


def _plain(name: str) -> str:
    return name.lower().replace("-", "").replace("_", "")


def child(element: Element, name: str) -> Element | None:
    return next((each for each in element if each.tag == name), None)


def children(element: Element, *names: str) -> Iterator[Element]:
    return (each for each in element if each.tag in names)


def words_of(element: Element | None) -> str:
    if element is None:
        return ""
    return " ".join("".join(str(text) for text in element.itertext()).split())


def number(text: str | None) -> Fraction | None:
    """A number of QTI, which writes `1`, `0.5`, `1e3`; thirds come back as thirds."""
    try:
        exact = Fraction(Decimal((text or "").strip()))
    except (InvalidOperation, OverflowError, ValueError):
        return None
    near = exact.limit_denominator(_NEAREST)
    return near if near != exact and abs(near - exact) < _CLOSE else exact


def flag(element: Element, name: str) -> bool:
    return element.get(name, "").strip().lower() in {"true", "1"}


def whole(element: Element, name: str) -> int:
    """A count; 0 when it is not stated, which in QTI means no limit."""
    text = element.get(name, "").strip()
    return int(text) if text.isdecimal() else 0
