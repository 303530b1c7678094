"""Reading a case from what was written in its file."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

from hocvu.situations.rules.cases import (
    TIMED_OUT,
    WRITTEN,
    Chart,
    Conversation,
    Criterion,
    Decision,
    Document,
    Exhibit,
    Measure,
    Message,
    Node,
    NodeKind,
    Rubric,
    Said,
    Table,
    Tone,
    WrittenCase,
)

Thing = TypeVar("Thing")
Written = Mapping[str, Any]


class CaseIsUnreadable(ValueError):
    """Something that must be written is missing or is not what it should be."""


def case_from(written: Written) -> WrittenCase:
    """Read a case. Raises `CaseIsUnreadable` naming the node and the field it stumbled on."""
    nodes = [_node(each) for each in _list(written, "nodes")]
    if len({node.id for node in nodes}) < len(nodes):
        raise CaseIsUnreadable("two nodes have the same id")
    return WrittenCase(
        code=_need(written, "code", str),
        version=_need(written, "version", int),
        dated=str(_need(written, "dated", str)),
        title=_said(written, "title"),
        role=_said(written, "role"),
        summary=_said(written, "summary"),
        minutes=_need(written, "minutes", int),
        framework=_need(written, "framework", str),
        level=_need(written, "level", str),
        pass_mark=_need(written, "pass_mark", Fraction),
        start=_need(written, "start", str),
        nodes={node.id: node for node in nodes},
        sources=tuple(_said(each, "text") for each in _list(written, "sources")),
    )


def _node(written: Written) -> Node:
    name = _need(written, "id", str)
    try:
        kind = NodeKind(written.get("kind", "decision"))
        time_out = written.get("time_out")
        return Node(
            id=name,
            kind=kind,
            title=_said(written, "title"),
            text=_said(written, "text"),
            exhibits=tuple(_exhibit(each) for each in _list(written, "exhibits")),
            decisions=_decisions(written, kind),
            weights={
                code: _number(weight) for code, weight in written.get("components", {}).items()
            },
            seconds=int(_number(written.get("seconds", 0))),
            time_out=_decision({"id": TIMED_OUT, **time_out}) if time_out else None,
            rubric=_rubric(written) if kind is NodeKind.DISPOSITION else None,
            tone=Tone(written["tone"]) if kind is NodeKind.ENDING else None,
        )
    except (KeyError, ValueError) as unread:
        raise CaseIsUnreadable(f"{name}: {unread}") from unread


def _decisions(written: Written, kind: NodeKind) -> tuple[Decision, ...]:
    if kind is NodeKind.DISPOSITION:  # handing it in is the one thing to decide
        return (_decision({"id": WRITTEN, "text": "", **written["handed_in"]}),)
    return tuple(_decision(each) for each in _list(written, "decisions"))


def _decision(written: Written) -> Decision:
    return Decision(
        id=_need(written, "id", str),
        to=_need(written, "to", str),
        text=_said(written, "text"),
        credit=_number(written["credit"]) if "credit" in written else None,
        told=_said(written, "told"),
        why=_said(written, "why"),
        rule=_said(written, "rule"),
    )


def _rubric(written: Written) -> Rubric:
    return Rubric(
        criteria=tuple(
            Criterion(_need(each, "id", str), _said(each, "text"), _number(each["points"]))
            for each in _list(written, "rubric")
        ),
        largest_difference=_number(written.get("largest_difference", "1/5")),
        model=_said(written, "model"),
    )


def _exhibit(written: Written) -> Exhibit:
    match written["kind"]:
        case "document":
            return _document(written)
        case "table":
            return _table(written)
        case "conversation":
            messages = (
                Message(_said(each, "sender"), str(each.get("sent", "")), _said(each, "text"))
                for each in _list(written, "messages")
            )
            return Conversation(_said(written, "caption"), tuple(messages))
        case "chart":
            return Chart(
                _said(written, "caption"),
                _said(written, "unit"),
                tuple(map(_measure, _list(written, "bars"))),
                tuple(map(_measure, _list(written, "limits"))),
            )
        case unknown:
            raise CaseIsUnreadable(f"exhibit {unknown}")


def _document(written: Written) -> Document:
    return Document(
        agency_above=_said(written, "agency_above"),
        agency=_said(written, "agency"),
        number=str(written.get("number", "")),
        place_and_date=_said(written, "place_and_date"),
        stamp=_said(written, "stamp"),
        name=_said(written, "name"),
        subject=_said(written, "subject"),
        addressed_to=_said(written, "addressed_to"),
        body=_said(written, "body"),
        authority=_said(written, "authority"),
        signed=_said(written, "signed"),
    )


def _table(written: Written) -> Table:
    """Rows are written once a language; both must have the same shape."""

    def paired(vi: Sequence[str], en: Sequence[str]) -> tuple[Said, ...]:
        return tuple(Said(*pair) for pair in zip(vi, en, strict=True))

    rows = zip(written["rows"], written["rows_en"], strict=True)
    return Table(
        _said(written, "caption"),
        paired(written["columns"], written["columns_en"]),
        tuple(paired(vi, en) for vi, en in rows),
    )


def _measure(written: Written) -> Measure:
    return Measure(_said(written, "label"), Decimal(str(written["value"])))


def _said(written: Written, name: str) -> Said:
    return Said(str(written.get(name, "")).strip(), str(written.get(f"{name}_en", "")).strip())


def _need(written: Written, name: str, kind: Callable[[Any], Thing]) -> Thing:
    if name not in written:
        raise CaseIsUnreadable(name)
    return kind(written[name])


def _list(written: Written, name: str) -> Sequence[Written]:
    found = written.get(name, [])
    if not isinstance(found, list):
        raise CaseIsUnreadable(name)
    return found


def _number(written: object) -> Fraction:
    try:
        return Fraction(str(written))
    except (ValueError, ZeroDivisionError) as odd:
        raise CaseIsUnreadable(f"{written} is not a number") from odd
