"""One question of ours as a QTI 3.0 assessment item."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree

from hocvu.items.content import MARKED_BY_PEOPLE, Item, Kind, usual_scoring
from hocvu.question_files.opening.xml_tree import Element
from hocvu.question_files.qti.elements import MATHML, QTI, XML, Texts, element
from hocvu.question_files.qti.interactions import WRITERS
from hocvu.question_files.qti.responses import RESPONSE, Writing, decimal, set_outcome, variable

_PURL: Final = "https://purl.imsglobal.org/spec/qti/v3p0"
_SCHEMA: Final = f"{QTI} {_PURL}/schema/xsd/imsqti_asiv3p0p1_v1p0.xsd"
_TEMPLATES: Final = f"{_PURL}/rptemplates"
_INSTANCE: Final = "http://www.w3.org/2001/XMLSchema-instance"
_NAMESPACES: Final[dict[Any, str]] = {None: QTI, "m": MATHML, "xsi": _INSTANCE}


@dataclass(frozen=True)
class Stimulus:
    identifier: str
    address: str  # seen from the item


def written_item(
    item: Item, identifier: str, addresses: Mapping[str, str], stimulus: Stimulus | None
) -> bytes:
    """The XML of an item; `addresses` says where its pictures stand, seen from it."""
    texts = Texts(item.markup, addresses)
    body = element("item_body", data_hocvu_kind=item.kind.value)
    if item.scoring is not None or item.kind is Kind.ORDERING:
        body.set("data-hocvu-scoring", (item.scoring or usual_scoring(item.kind)).value)
    if item.tones_matter:
        body.set("data-hocvu-tones", "true")
    writing = Writing(item, texts, body)
    WRITERS[item.kind](writing)
    root = _root(item, identifier)
    root.extend(writing.declarations)
    root.extend(_outcomes(item))
    if stimulus is not None:
        named = {"identifier": stimulus.identifier, "href": stimulus.address}
        root.append(element("assessment_stimulus_ref", **named))
    root.append(body)
    if (processing := _processing(writing)) is not None:
        root.append(processing)
    root.extend(_modal_feedback(item, texts))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _root(item: Item, identifier: str) -> Element:
    return etree.Element(
        f"{{{QTI}}}qti-assessment-item",
        {
            "identifier": identifier,
            "title": " ".join(item.name.split()) or identifier,
            "adaptive": "false",
            "time-dependent": "false",
            f"{{{XML}}}lang": "vi",
            f"{{{_INSTANCE}}}schemaLocation": _SCHEMA,
        },
        nsmap=_NAMESPACES,
    )


# --- Points ------------------------------------------------------------------------------------


def _outcomes(item: Item) -> Iterable[Element]:
    most = decimal(item.points)
    score = {"identifier": "SCORE", "cardinality": "single", "base_type": "float"}
    if item.kind in MARKED_BY_PEOPLE:
        score["external_scored"] = "human"
    yield element("outcome_declaration", **score, normal_maximum=most)
    yield _outcome("MAXSCORE", "float", most)
    if item.feedback:
        yield _outcome("SOLUTION", "identifier", "shown")
    if any(option.why for option in item.options):
        several = "multiple" if item.kind is Kind.MULTIPLE else "single"
        yield element(
            "outcome_declaration",
            identifier="FEEDBACK",
            cardinality=several,
            base_type="identifier",
        )


def _outcome(identifier: str, base_type: str, value: str) -> Element:
    default = element("default_value", element("value", text=value))
    kind = {"cardinality": "single", "base_type": base_type}
    return element("outcome_declaration", default, identifier=identifier, **kind)


def _modal_feedback(item: Item, texts: Texts) -> Iterable[Element]:
    for option in item.options:
        if option.why:
            yield _modal(texts, option.why, outcome="FEEDBACK", identifier=option.id)
    if item.feedback:
        yield _modal(texts, item.feedback, outcome="SOLUTION", identifier="shown")


def _modal(texts: Texts, text: str, *, outcome: str, identifier: str) -> Element:
    body = texts.blocks(element("content_body"), text)
    shown = {"outcome_identifier": outcome, "identifier": identifier, "show_hide": "show"}
    return element("modal_feedback", body, **shown)


# --- Processing --------------------------------------------------------------------------------


def _processing(writing: Writing) -> Element | None:
    whys = any(option.why for option in writing.item.options)
    if writing.item.kind in MARKED_BY_PEOPLE:
        return None
    if writing.template and not whys:
        return element("response_processing", template=f"{_TEMPLATES}/{writing.template}.xml")
    rules = list(writing.rules)
    if whys:
        rules.append(set_outcome("FEEDBACK", variable(RESPONSE)))
    return element("response_processing", *rules)
