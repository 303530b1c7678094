"""What is written as QTI 3.0 keeps the rules of its schema, element by element.

The schema itself (imsqti_asiv3p0p1_v1p0.xsd, 1EdTech) may not be passed on without a licence, and
no package of PyPI, npm or Debian carries it. So the content models of the elements that are written
stand here, by hand after the information model of QTI 3.0 (ASI, section 3 to 5): which children, in
which order, how often, which attributes, what is typed. An element without a line here fails.
"""

import re
from dataclasses import dataclass

import pytest
from lxml import etree
from test_qti_packages import ITEMS, PICTURE, QTI, members, plain

from hocvu.question_files.qti.writing import write_qti3

IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*")
ANY = re.compile(r"[\s\S]*")
NAME = re.compile(r"\S[\s\S]*")
BOOLEAN, COUNT = re.compile("true|false"), re.compile(r"\d+")
NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
BASE = re.compile(
    "boolean|directedPair|duration|file|float|identifier|integer|pair|point|string|uri"
)
CARDINALITY = re.compile("multiple|ordered|record|single")
SHOW = re.compile("show|hide")
TEMPLATES = re.compile(
    r"https://purl\.imsglobal\.org/spec/qti/v3p0/rptemplates/"
    r"(match_correct|map_response|map_response_point)(\.xml)?"
)

INLINE = "math|img|sup|sub|strong|em|b|i|u|s|a|br|code|span|small|kbd|var|q"
INLINE_ASKED = "qti-text-entry-interaction|qti-inline-choice-interaction|qti-gap|qti-hottext"
STATIC = "p|ul|ol|dl|table|pre|blockquote|div|h1|h2|h3|h4|h5|h6|hr|math"
BLOCK_ASKED = (
    "qti-choice-interaction|qti-order-interaction|qti-match-interaction|qti-gap-match-interaction"
    "|qti-extended-text-interaction|qti-upload-interaction"
)
FLOW = f"(({INLINE}|{STATIC}) )*"
EXPRESSION = "(qti-base-value|qti-correct|qti-map-response|qti-sum|qti-variable)"
RULE = "(qti-response-condition|qti-set-outcome-value)"


@dataclass(frozen=True)
class Model:
    """`children` over the names of the children, each followed by a space."""

    children: str = ""
    needed: dict = None
    allowed: dict = None
    is_mixed: bool = False


def model(children="", *, mixed=False, needed=None, allowed=None):
    return Model(children, needed or {}, allowed or {}, mixed)


ASKED = {"response-identifier": IDENTIFIER}
NAMED = {"identifier": IDENTIFIER}
SHUFFLED = {"shuffle": BOOLEAN}
PROMPT = "(qti-prompt )?"
TEXTUAL = model(f"(({INLINE}|{INLINE_ASKED}) )*", mixed=True)
MODELS = {
    "qti-assessment-item": model(
        "(qti-response-declaration )*(qti-outcome-declaration )*(qti-assessment-stimulus-ref )*"
        "(qti-item-body )?(qti-response-processing )?(qti-modal-feedback )*",
        needed={**NAMED, "title": ANY, "time-dependent": BOOLEAN},
        allowed={"adaptive": BOOLEAN, "lang": NAME, "schemaLocation": NAME},
    ),
    "qti-response-declaration": model(
        "(qti-correct-response )?(qti-mapping )?",
        needed={**NAMED, "cardinality": CARDINALITY, "base-type": BASE},
    ),
    "qti-outcome-declaration": model(
        "(qti-default-value )?",
        needed={**NAMED, "cardinality": CARDINALITY, "base-type": BASE},
        allowed={"normal-maximum": NUMBER, "external-scored": re.compile("human|externalMachine")},
    ),
    "qti-correct-response": model("(qti-value )+"),
    "qti-default-value": model("(qti-value )+"),
    "qti-value": model(mixed=True),
    "qti-mapping": model(
        "(qti-map-entry )+",
        allowed={"default-value": NUMBER, "lower-bound": NUMBER, "upper-bound": NUMBER},
    ),
    "qti-map-entry": model(
        needed={"map-key": ANY, "mapped-value": NUMBER}, allowed={"case-sensitive": BOOLEAN}
    ),
    "qti-assessment-stimulus-ref": model(needed={**NAMED, "href": NAME}),
    # Neither text, nor a picture, nor a gap stands in the body itself.
    "qti-item-body": model(f"(({STATIC}|{BLOCK_ASKED}|qti-rubric-block) )*"),
    "qti-stimulus-body": model(f"(({STATIC}) )*"),
    "qti-content-body": model(f"(({STATIC}) )*"),
    "qti-rubric-block": model(
        "qti-content-body ",
        needed={
            "use": re.compile("instructions|scoring|navigation"),
            "view": re.compile(r"(author|candidate|proctor|scorer|testConstructor|tutor)( \w+)*"),
        },
    ),
    "qti-choice-interaction": model(
        PROMPT + "(qti-simple-choice )+", needed=ASKED, allowed={**SHUFFLED, "max-choices": COUNT}
    ),
    "qti-order-interaction": model(
        PROMPT + "(qti-simple-choice )+", needed=ASKED, allowed=SHUFFLED
    ),
    "qti-simple-choice": model(FLOW, mixed=True, needed=NAMED),
    "qti-match-interaction": model(
        PROMPT + "qti-simple-match-set qti-simple-match-set ",
        needed=ASKED,
        allowed={**SHUFFLED, "max-associations": COUNT, "class": NAME},
    ),
    "qti-simple-match-set": model("(qti-simple-associable-choice )*"),
    "qti-simple-associable-choice": model(FLOW, mixed=True, needed={**NAMED, "match-max": COUNT}),
    "qti-gap-match-interaction": model(
        PROMPT + f"(qti-gap-text )+(({STATIC}) )+",
        needed=ASKED,
        allowed={**SHUFFLED, "max-associations": COUNT},
    ),
    "qti-gap-text": model(f"(({INLINE}) )*", mixed=True, needed={**NAMED, "match-max": COUNT}),
    "qti-gap": model(needed=NAMED),
    "qti-inline-choice-interaction": model("(qti-inline-choice )+", needed=ASKED, allowed=SHUFFLED),
    "qti-inline-choice": model(f"(({INLINE}) )*", mixed=True, needed=NAMED),
    "qti-text-entry-interaction": model(needed=ASKED),
    "qti-extended-text-interaction": model(PROMPT, needed=ASKED),
    "qti-upload-interaction": model(PROMPT, needed=ASKED, allowed={"type": NAME}),
    "qti-modal-feedback": model(
        "qti-content-body ", needed={**NAMED, "outcome-identifier": IDENTIFIER, "show-hide": SHOW}
    ),
    "qti-response-processing": model(f"({RULE} )*", allowed={"template": TEMPLATES}),
    "qti-response-condition": model("qti-response-if (qti-response-else-if )*"),
    "qti-response-if": model(f"(qti-equal|qti-match) ({RULE} )*"),
    "qti-response-else-if": model(f"(qti-equal|qti-match) ({RULE} )*"),
    "qti-equal": model(
        f"{EXPRESSION} {EXPRESSION} ",
        needed={"tolerance-mode": re.compile("exact|absolute|relative")},
        allowed={"tolerance": re.compile(r"\S+( \S+)?")},
    ),
    "qti-match": model(f"{EXPRESSION} {EXPRESSION} "),
    "qti-sum": model(f"({EXPRESSION} )+"),
    "qti-set-outcome-value": model(f"{EXPRESSION} ", needed=NAMED),
    "qti-base-value": model(mixed=True, needed={"base-type": BASE}),
    "qti-correct": model(needed=NAMED),
    "qti-map-response": model(needed=NAMED),
    "qti-variable": model(needed=NAMED),
    "qti-assessment-stimulus": model(
        "qti-stimulus-body ", needed={**NAMED, "title": ANY}, allowed={"lang": NAME}
    ),
    "qti-assessment-test": model("(qti-test-part )+", needed={**NAMED, "title": ANY}),
    "qti-test-part": model(
        "(qti-assessment-section )+",
        needed={
            **NAMED,
            "navigation-mode": re.compile("linear|nonlinear"),
            "submission-mode": re.compile("individual|simultaneous"),
        },
    ),
    "qti-assessment-section": model(
        "(qti-assessment-item-ref )*", needed={**NAMED, "title": ANY, "visible": BOOLEAN}
    ),
    "qti-assessment-item-ref": model(needed={**NAMED, "href": NAME}),
    "img": model(needed={"src": NAME, "alt": ANY}),
    "p": TEXTUAL,
    "sup": TEXTUAL,
    "td": model(f"(({INLINE}|{STATIC}|{INLINE_ASKED}) )*", mixed=True),
    "tr": model("((td|th) )+"),
    "tbody": model("(tr )+"),
    "table": model("(caption )?(thead )?(tbody )+"),
    "ul": model("(li )+"),
    "li": model(FLOW, mixed=True),
}
OF_HTML = {"class", "id", "lang", "dir", "role"}
MATHML = "{http://www.w3.org/1998/Math/MathML}"


def faults_in(root):
    """Everything in which the tree departs from the models above, in words."""
    for each in root.iter():
        if each.tag.startswith(MATHML):
            continue
        name = each.tag.removeprefix(f"{{{QTI}}}")
        if name not in MODELS or not each.tag.startswith(f"{{{QTI}}}"):
            yield f"no element {each.tag}"
            continue
        yield from (f"{name}: {fault}" for fault in _faults_of(each, MODELS[name]))


def _faults_of(each, rule):
    inside = "".join(f"{etree.QName(child).localname} " for child in each)
    if not re.fullmatch(rule.children or "", inside):
        yield f"children {inside}"
    texts = [each.text, *(child.tail for child in each)]
    if not rule.is_mixed and any((text or "").strip() for text in texts):
        yield "text where none belongs"
    attributes = {etree.QName(key).localname: value for key, value in each.items()}
    yield from (f"lacks {name}" for name in rule.needed.keys() - attributes.keys())
    typed = {**rule.needed, **rule.allowed}
    for key, value in attributes.items():
        if key in typed and not typed[key].fullmatch(value):
            yield f"{key}={value!r}"
        if key not in typed and key not in OF_HTML and not key.startswith("data-"):
            yield f"unknown {key}"


def written(item, name):
    files = members(write_qti3([plain(item, name)], {"ban-do.png": PICTURE}))
    return {path: etree.fromstring(content) for path, content in files.items()
            if path.endswith(".xml") and path != "imsmanifest.xml"}  # fmt: skip


@pytest.mark.parametrize("name", ITEMS)
def test_every_file_keeps_the_content_models(name):
    files = written(ITEMS[name], name)

    assert [fault for root in files.values() for fault in faults_in(root)] == []


@pytest.mark.parametrize("name", ITEMS)
def test_identifiers_stand_once_and_every_reference_leads_to_one(name):
    for path, root in written(ITEMS[name], name).items():
        if not path.startswith("items/"):
            continue
        declared = [
            each.get("identifier") for each in root if etree.QName(each).localname in DECLARATIONS
        ]
        choices = [
            each.get("identifier") for each in root.iter()
            if etree.QName(each).localname in CHOICES
        ]  # fmt: skip
        used = {
            each.get("identifier") for each in root.iter()
            if etree.QName(each).localname in USES
        } | {
            each.get("outcome-identifier") for each in root.iter(f"{{{QTI}}}qti-modal-feedback")
        }  # fmt: skip

        assert len(set(declared)) == len(declared)
        assert used <= set(declared)
        for interaction in root.iter():
            named = [each.get("identifier") for each in interaction.iter()
                     if etree.QName(each).localname in CHOICES]  # fmt: skip
            if interaction.get("response-identifier"):
                assert len(set(named)) == len(named)
        keys = _keys(root)
        assert keys <= set(choices) | {""}


DECLARATIONS = {"qti-response-declaration", "qti-outcome-declaration"}
USES = {"qti-correct", "qti-map-response", "qti-variable", "qti-set-outcome-value"}
CHOICES = {
    "qti-simple-choice", "qti-simple-associable-choice", "qti-gap-text", "qti-gap",
    "qti-inline-choice",
}  # fmt: skip


def _keys(root):
    """Identifiers of choices that keys name, alone or in pairs."""
    found = set()
    for declaration in root.iter(f"{{{QTI}}}qti-response-declaration"):
        if declaration.get("base-type") not in {"identifier", "directedPair", "pair"}:
            continue
        for value in declaration.iter(f"{{{QTI}}}qti-value"):
            found |= set((value.text or "").split())
        for entry in declaration.iter(f"{{{QTI}}}qti-map-entry"):
            found |= set(entry.get("map-key").split())
    return found


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        (lambda item: item.remove(item.find(f"{{{QTI}}}qti-item-body")), None),
        (lambda item: item.insert(0, item.find(f"{{{QTI}}}qti-item-body")), "children"),
        (lambda item: item.attrib.pop("time-dependent"), "lacks time-dependent"),
        (lambda item: item.set("identifier", "1 câu"), "identifier="),
        (lambda item: item.set("colour", "red"), "unknown colour"),
        (lambda item: setattr(item, "text", "lời lạc"), "text where none belongs"),
    ],
)
def test_the_check_itself_sees_what_breaks_a_model(spoil, fault):
    root = written(ITEMS["single"], "single")["items/q-single.xml"]

    spoil(root)

    told = list(faults_in(root))
    assert told == [] if fault is None else any(fault in each for each in told)
