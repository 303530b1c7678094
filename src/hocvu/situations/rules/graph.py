"""Whether a case can be run: every node is met, every way ends, every decision is judged."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from fractions import Fraction

from hocvu.situations.rules.cases import (
    TIMED_OUT,
    Decision,
    Node,
    NodeKind,
    Said,
    WrittenCase,
)


class Fault(StrEnum):
    NO_START = "no_start"
    NO_NODES = "no_nodes"
    LEADS_NOWHERE = "leads_nowhere"
    NEVER_MET = "never_met"
    GOES_ROUND = "goes_round"
    NO_WAY_ON = "no_way_on"
    TOO_FEW_DECISIONS = "too_few_decisions"
    REPEATED_DECISION = "repeated_decision"
    ENDING_GOES_ON = "ending_goes_on"
    NO_CREDIT = "no_credit"
    CREDIT_OUT_OF_RANGE = "credit_out_of_range"
    NO_FULL_CREDIT = "no_full_credit"
    NO_REASON = "no_reason"
    NO_WEIGHT = "no_weight"
    NO_TIME_OUT = "no_time_out"
    NO_RUBRIC = "no_rubric"
    NO_DISPOSITION = "no_disposition"
    ONE_LANGUAGE = "one_language"
    ODD_REQUIREMENT = "odd_requirement"


@dataclass(frozen=True)
class Flaw:
    """What is wrong, and at which node (empty: with the case as a whole)."""

    fault: Fault
    node: str = ""

    def __str__(self) -> str:
        return f"{self.fault} ({self.node})" if self.node else str(self.fault)


@dataclass(frozen=True)
class Taken:
    """One step of a path: what was decided where."""

    node: str
    decision: str


Path = tuple[Taken, ...]


def flaws_of(case: WrittenCase) -> list[Flaw]:
    """Everything that keeps the case from being used; paths exist only where this is empty."""
    flaws = list(_flaws_of_the_whole(case))
    for node in case.nodes.values():
        flaws += [Flaw(fault, node.id) for fault in _faults_at(case, node)]
    if not flaws:
        flaws += [Flaw(Fault.GOES_ROUND, name) for name in _going_round(case)]
    return flaws


def ways_on(node: Node) -> tuple[Decision, ...]:
    """Decisions that leave a node, and what happens when its time runs out."""
    leaving = tuple(each for each in node.decisions if not node.is_enquiry(each))
    return (*leaving, node.time_out) if node.time_out else leaving


def paths_of(case: WrittenCase) -> Iterator[Path]:
    """Every way through a case without flaws, from its start to an ending, enquiries left out."""

    def from_node(name: str, before: Path) -> Iterator[Path]:
        node = case[name]
        if node.kind is NodeKind.ENDING:
            yield before
        for decision in ways_on(node):
            yield from from_node(decision.to, (*before, Taken(name, decision.id)))

    return from_node(case.start, ())


def expert_path(case: WrittenCase) -> Path:
    """The way an expert takes: at each node the first decision that earns everything."""
    taken, node = [], case[case.start]
    while node.kind is not NodeKind.ENDING:
        decision = best_decision(node)
        taken.append(Taken(node.id, decision.id))
        node = case[decision.to]
    return tuple(taken)


def best_decision(node: Node) -> Decision:
    """What the key holds to be right here. A disposition is handed in."""
    if node.kind is NodeKind.DISPOSITION:
        return node.decisions[0]
    return next(each for each in node.decisions if each.credit == 1 and not node.is_enquiry(each))


def ranks_of(case: WrittenCase) -> dict[str, int]:
    """How far each node lies from the start, by the longest way there."""
    ranks: dict[str, int] = {}

    def visit(name: str, rank: int) -> None:
        if ranks.get(name, -1) >= rank:
            return
        ranks[name] = rank
        for decision in ways_on(case[name]):
            visit(decision.to, rank + 1)

    visit(case.start, 0)
    return ranks


# --- The faults --------------------------------------------------------------------------------


def _flaws_of_the_whole(case: WrittenCase) -> Iterator[Flaw]:
    if case.start not in case.nodes:
        yield Flaw(Fault.NO_START)
        return
    if not any(node.kind is NodeKind.DISPOSITION for node in case.nodes.values()):
        yield Flaw(Fault.NO_DISPOSITION)
    if not 0 < case.pass_mark <= 1:
        yield Flaw(Fault.ODD_REQUIREMENT)
    if any(_lacks_a_language(each) for each in (case.title, case.role, case.summary)) or any(
        map(_lacks_a_language, case.sources)
    ):
        yield Flaw(Fault.ONE_LANGUAGE)
    met = _met_from(case)
    yield from (Flaw(Fault.NEVER_MET, name) for name in case.nodes if name not in met)


def _met_from(case: WrittenCase) -> set[str]:
    met, ahead = set(), [case.start]
    while ahead:
        name = ahead.pop()
        if name in case.nodes and name not in met:
            met.add(name)
            ahead += [decision.to for decision in ways_on(case[name])]
    return met


def _faults_at(case: WrittenCase, node: Node) -> Iterator[Fault]:
    offered = [*node.decisions, *filter(None, [node.time_out])]
    if any(decision.to not in case.nodes for decision in offered):
        yield Fault.LEADS_NOWHERE
    if node.time_out is not None and node.is_enquiry(node.time_out):
        yield Fault.GOES_ROUND
    if len({decision.id for decision in offered}) < len(offered):
        yield Fault.REPEATED_DECISION
    if _has_text_in_one_language(node):
        yield Fault.ONE_LANGUAGE
    if node.kind is NodeKind.ENDING:
        if offered or node.weights or node.seconds:
            yield Fault.ENDING_GOES_ON
        return
    yield from _faults_of_the_way_on(node)
    yield from _faults_of_the_key(node)


def _faults_of_the_way_on(node: Node) -> Iterator[Fault]:
    leaving = [each for each in node.decisions if not node.is_enquiry(each)]
    if not leaving:
        yield Fault.NO_WAY_ON
    elif node.kind is NodeKind.DECISION and len(leaving) == 1:
        yield Fault.TOO_FEW_DECISIONS
    if node.seconds < 0 or bool(node.seconds) != bool(node.time_out):
        yield Fault.NO_TIME_OUT
    if any(each.id == TIMED_OUT for each in node.decisions):
        yield Fault.REPEATED_DECISION


def _faults_of_the_key(node: Node) -> Iterator[Fault]:
    if not node.weights or any(weight <= 0 for weight in node.weights.values()):
        yield Fault.NO_WEIGHT
    if node.kind is NodeKind.DISPOSITION:
        rubric = node.rubric
        if rubric is None or not rubric.criteria or not rubric.model or not _is_sound(node):
            yield Fault.NO_RUBRIC
        return
    judged = list(ways_on(node))
    if any(decision.credit is None for decision in judged):
        yield Fault.NO_CREDIT
    elif any(not 0 <= (decision.credit or Fraction(0)) <= 1 for decision in judged):
        yield Fault.CREDIT_OUT_OF_RANGE
    if not any(d.credit == 1 for d in node.decisions if not node.is_enquiry(d)):
        yield Fault.NO_FULL_CREDIT
    if any(not decision.why or not decision.told for decision in judged):
        yield Fault.NO_REASON


def _is_sound(node: Node) -> bool:
    rubric = node.rubric
    return (
        rubric is not None
        and all(criterion.points > 0 for criterion in rubric.criteria)
        and len({criterion.id for criterion in rubric.criteria}) == len(rubric.criteria)
        and 0 < rubric.largest_difference <= 1
    )


def _going_round(case: WrittenCase) -> Iterator[str]:
    """Nodes from which a way leads back to them."""
    done: set[str] = set()
    under_way: list[str] = []
    found: set[str] = set()

    def visit(name: str) -> None:
        if name in under_way:
            found.add(name)
        if name in done or name in under_way:
            return
        under_way.append(name)
        for decision in ways_on(case[name]):
            visit(decision.to)
        under_way.pop()
        done.add(name)

    visit(case.start)
    yield from sorted(found)


def _lacks_a_language(said: Said) -> bool:
    return bool(said.vi) != bool(said.en)


def _has_text_in_one_language(thing: object) -> bool:
    """Whether any text of a node, however deep, is written in one language only."""
    if isinstance(thing, Said):
        return _lacks_a_language(thing)
    if isinstance(thing, tuple):
        return any(map(_has_text_in_one_language, thing))
    if is_dataclass(thing):
        return any(_has_text_in_one_language(getattr(thing, each.name)) for each in fields(thing))
    return False
