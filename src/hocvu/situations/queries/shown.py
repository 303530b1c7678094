"""Cases in the language of the reader, shaped for pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.safestring import SafeString
from django.utils.translation import get_language

from hocvu.items.content import Markup
from hocvu.items.text import to_html
from hocvu.situations.rules.cases import (
    Chart,
    Conversation,
    Decision,
    Document,
    Exhibit,
    Node,
    NodeKind,
    Rubric,
    Said,
    Table,
    WrittenCase,
)
from hocvu.situations.rules.drawing import DrawnChart, drawn


def said(text: Said) -> str:
    return text.in_language(_language())


def said_html(text: Said) -> SafeString:
    """Markdown as safe HTML; `to_html` lets nothing through that acts."""
    return SafeString(to_html(said(text), Markup.MARKDOWN, media={}))


def _language() -> str:
    return get_language() or "vi"


_EMPTY = SafeString()


@dataclass(frozen=True)
class MessageShown:
    sender: str
    sent: str
    html: SafeString


@dataclass(frozen=True)
class ExhibitShown:
    """One thing on the desk; which parts are filled depends on its `kind`."""

    kind: str
    caption: str = ""
    parts: Mapping[str, str] | None = None  # of a document: agency, number, subject …
    body: SafeString = _EMPTY
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    messages: tuple[MessageShown, ...] = ()
    chart: DrawnChart | None = None
    unit: str = ""


@dataclass(frozen=True)
class DecisionShown:
    id: str
    text: str
    told: SafeString
    why: SafeString
    rule: str
    credit: Fraction | None
    leads_to: str  # the title of the node it leads to
    is_enquiry: bool
    is_best: bool


@dataclass(frozen=True)
class NodeShown:
    id: str
    kind: str
    title: str
    html: SafeString
    exhibits: tuple[ExhibitShown, ...]
    decisions: tuple[DecisionShown, ...]
    time_out: DecisionShown | None
    seconds: int
    tone: str
    weights: tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True)
class CriterionShown:
    id: str
    text: str
    points: Decimal


@dataclass(frozen=True)
class RubricShown:
    criteria: tuple[CriterionShown, ...]
    out_of: Decimal
    model: SafeString


def node_shown(case: WrittenCase, node: Node) -> NodeShown:
    return NodeShown(
        id=node.id,
        kind=str(node.kind),
        title=said(node.title),
        html=said_html(node.text),
        exhibits=tuple(map(exhibit_shown, node.exhibits)),
        decisions=tuple(decision_shown(case, node, each) for each in node.decisions),
        time_out=decision_shown(case, node, node.time_out) if node.time_out else None,
        seconds=node.seconds,
        tone=str(node.tone or ""),
        weights=tuple((code, plain(weight)) for code, weight in node.weights.items()),
    )


def decision_shown(case: WrittenCase, node: Node, decision: Decision) -> DecisionShown:
    return DecisionShown(
        id=decision.id,
        text=said(decision.text),
        told=said_html(decision.told),
        why=said_html(decision.why),
        rule=said(decision.rule),
        credit=decision.credit,
        leads_to=said(case[decision.to].title),
        is_enquiry=node.is_enquiry(decision),
        is_best=decision.credit == 1 and node.kind is NodeKind.DECISION,
    )


def rubric_shown(rubric: Rubric) -> RubricShown:
    return RubricShown(
        criteria=tuple(
            CriterionShown(each.id, said(each.text), plain(each.points)) for each in rubric.criteria
        ),
        out_of=plain(rubric.out_of),
        model=said_html(rubric.model),
    )


def exhibit_shown(exhibit: Exhibit) -> ExhibitShown:
    match exhibit:
        case Document():
            return _document(exhibit)
        case Table(caption, columns, rows):
            return ExhibitShown(
                exhibit.kind,
                said(caption),
                columns=tuple(map(said, columns)),
                rows=tuple(tuple(map(said, row)) for row in rows),
            )
        case Conversation(caption, messages):
            shown = (MessageShown(said(m.sender), m.sent, said_html(m.text)) for m in messages)
            return ExhibitShown(exhibit.kind, said(caption), messages=tuple(shown))
        case Chart(caption, unit):
            picture = drawn(exhibit, _language())
            return ExhibitShown(exhibit.kind, said(caption), chart=picture, unit=said(unit))


def _document(document: Document) -> ExhibitShown:
    texts = ("agency_above", "agency", "place_and_date", "stamp", "name", "subject")
    parts = {name: said(getattr(document, name)) for name in (*texts, "authority", "signed")}
    parts |= {"addressed_to": said(document.addressed_to), "number": document.number}
    caption = " ".join(filter(None, [parts["name"], parts["subject"]]))
    return ExhibitShown(document.kind, caption, parts=parts, body=said_html(document.body))


def plain(points: Fraction) -> Decimal:
    """For showing: cut to thousandths, without idle zeros."""
    thousandths = Decimal(points.numerator * 1000 // points.denominator).scaleb(-3)
    return thousandths.normalize() if thousandths else Decimal(0)
