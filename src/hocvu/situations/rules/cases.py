"""A case as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

TIMED_OUT = "timed_out"  # what stands for a decision when time ran out
WRITTEN = "written"  # what stands for a decision when a disposition was handed in


@dataclass(frozen=True)
class Said:
    """A text in both languages."""

    vi: str = ""
    en: str = ""

    def __bool__(self) -> bool:
        return bool(self.vi or self.en)

    def in_language(self, language: str) -> str:
        return self.en if language.startswith("en") and self.en else self.vi


# --- What a node shows -------------------------------------------------------------------------


@dataclass(frozen=True)
class Document:
    """An official document as it lies on the desk, laid out as Decree 30/2020/NĐ-CP, Annex I."""

    agency_above: Said
    agency: Said
    number: str
    place_and_date: Said
    stamp: Said  # how urgent it is, if it is
    name: Said  # its kind, such as BÁO CÁO; empty for an official letter
    subject: Said
    addressed_to: Said
    body: Said
    authority: Said
    signed: Said
    kind: str = "document"


@dataclass(frozen=True)
class Table:
    caption: Said
    columns: tuple[Said, ...]
    rows: tuple[tuple[Said, ...], ...]
    kind: str = "table"


@dataclass(frozen=True)
class Message:
    sender: Said
    sent: str  # as the screen shows it, such as 21:40
    text: Said


@dataclass(frozen=True)
class Conversation:
    """Messages or posts as they stand on a screen."""

    caption: Said
    messages: tuple[Message, ...]
    kind: str = "conversation"


@dataclass(frozen=True)
class Measure:
    label: Said
    value: Decimal


@dataclass(frozen=True)
class Chart:
    """Bars with named limits drawn across them; the page shows a table beside it."""

    caption: Said
    unit: Said
    bars: tuple[Measure, ...]
    limits: tuple[Measure, ...]
    kind: str = "chart"


Exhibit = Document | Table | Conversation | Chart


# --- The graph ---------------------------------------------------------------------------------


class NodeKind(StrEnum):
    DECISION = "decision"
    DISPOSITION = "disposition"  # something is written, then the case goes on
    ENDING = "ending"


class Tone(StrEnum):
    """How an ending turned out, for the people the case is about."""

    GOOD = "good"
    MIXED = "mixed"
    BAD = "bad"


@dataclass(frozen=True)
class Decision:
    """Something one can do at a node, and what the expert key says of it.

    A decision that leads back to its own node is an *enquiry*: it tells something more, earns and
    costs nothing but time, and can be made once.
    """

    id: str
    to: str
    text: Said
    credit: Fraction | None  # share of the node's weight, 0 to 1; none for an enquiry
    told: Said  # what came of it
    why: Said
    rule: Said  # the provision or principle it rests on, if one is named


@dataclass(frozen=True)
class Criterion:
    """One line of a rubric."""

    id: str
    text: Said
    points: Fraction


@dataclass(frozen=True)
class Rubric:
    """How a disposition is marked, and what an expert would have written.

    Two markers who differ by more than `largest_difference` of all points call for a third.
    """

    criteria: tuple[Criterion, ...]
    largest_difference: Fraction
    model: Said

    @property
    def out_of(self) -> Fraction:
        return sum((criterion.points for criterion in self.criteria), Fraction(0))


@dataclass(frozen=True)
class Node:
    id: str
    kind: NodeKind
    title: Said
    text: Said
    exhibits: tuple[Exhibit, ...] = ()
    decisions: tuple[Decision, ...] = ()
    weights: Mapping[str, Fraction] = field(default_factory=dict)  # by component code
    seconds: int = 0  # 0: no time pressure
    time_out: Decision | None = None
    rubric: Rubric | None = None
    tone: Tone | None = None

    @property
    def weight(self) -> Fraction:
        return sum(self.weights.values(), Fraction(0))

    def decision(self, decision_id: str) -> Decision | None:
        """The decision of this name; `timed_out` is what happens when time runs out."""
        if decision_id == TIMED_OUT:
            return self.time_out
        return next((each for each in self.decisions if each.id == decision_id), None)

    def is_enquiry(self, decision: Decision) -> bool:
        return decision.to == self.id


@dataclass(frozen=True)
class WrittenCase:
    """Everything a case file says. `nodes` stand in written order; `start` is the first one met."""

    code: str
    version: int
    dated: str
    title: Said
    role: Said
    summary: Said
    minutes: int
    framework: str
    level: str
    pass_mark: Fraction
    start: str
    nodes: Mapping[str, Node]
    sources: tuple[Said, ...]

    def __getitem__(self, node_id: str) -> Node:
        return self.nodes[node_id]
