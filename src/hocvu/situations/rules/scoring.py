"""What a path is worth, exactly, and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from hocvu.items.scores import Score, is_passed
from hocvu.situations.rules.cases import Decision, Node, NodeKind, WrittenCase
from hocvu.situations.rules.graph import Path, Taken, best_decision, expert_path, paths_of

_NOTHING = Fraction(0)


@dataclass(frozen=True)
class StepScore:
    """One step and what the key says of it.

    `credit` is none for an enquiry, which is not judged, and for a disposition still to be marked.
    """

    taken: Taken
    node: Node
    decision: Decision
    expert: Decision
    credit: Fraction | None
    is_enquiry: bool

    @property
    def points(self) -> Fraction:
        return _NOTHING if self.credit is None else self.credit * self.node.weight

    @property
    def is_expert(self) -> bool:
        return self.credit == 1


@dataclass(frozen=True)
class PathScore:
    """`waits_for` names the nodes whose dispositions have no marks yet: they count as nothing."""

    steps: tuple[StepScore, ...]
    total: Score
    by_component: Mapping[str, Score]
    passed: bool
    waits_for: tuple[str, ...]


def score_of(
    case: WrittenCase, path: Sequence[Taken], dispositions: Mapping[str, Fraction]
) -> PathScore:
    """Add up a path. `dispositions` gives the share each marked disposition earned, by node.

    Every step earns its credit times the weights of its node. What there was to earn in a
    component is the greater of two sums of weights: of the nodes met, and of the nodes the expert
    meets. So an early bad ending does not make the rest of the case disappear, and a detour adds
    what could be earned on it; nobody can earn more than there was.
    """
    steps = tuple(_step(case, taken, dispositions) for taken in path)
    judged = [step for step in steps if not step.is_enquiry]
    met = _weights(step.node for step in judged)
    expert = _weights(case[taken.node] for taken in expert_path(case))
    earned: dict[str, Fraction] = {}
    for step in judged:
        for code, weight in step.node.weights.items():
            earned[code] = earned.get(code, _NOTHING) + weight * (step.credit or _NOTHING)
    by_component = {
        code: Score(
            earned.get(code, _NOTHING), max(met.get(code, _NOTHING), expert.get(code, _NOTHING))
        )
        for code in sorted({*met, *expert})
    }
    total = Score(
        sum((each.points for each in by_component.values()), _NOTHING),
        sum((each.out_of for each in by_component.values()), _NOTHING),
    )
    waits = tuple(step.node.id for step in judged if step.credit is None)
    return PathScore(steps, total, by_component, is_passed(total, case.pass_mark), waits)


@dataclass(frozen=True)
class Range:
    """The best and the worst way through a case, dispositions counted full and empty."""

    best: Path
    best_score: Score
    worst: Path
    worst_score: Score
    ways: int


def range_of(case: WrittenCase) -> Range:
    """Every way is scored; of equals the first found is named."""
    nodes = [node.id for node in case.nodes.values() if node.kind is NodeKind.DISPOSITION]
    full, empty = dict.fromkeys(nodes, Fraction(1)), dict.fromkeys(nodes, _NOTHING)
    ways = list(paths_of(case))
    best = max(ways, key=lambda way: score_of(case, way, full).total.share)
    worst = min(ways, key=lambda way: score_of(case, way, empty).total.share)
    return Range(
        best=best,
        best_score=score_of(case, best, full).total,
        worst=worst,
        worst_score=score_of(case, worst, empty).total,
        ways=len(ways),
    )


def _step(case: WrittenCase, taken: Taken, dispositions: Mapping[str, Fraction]) -> StepScore:
    node = case[taken.node]
    decision = node.decision(taken.decision)
    if decision is None:
        raise KeyError(taken.decision)
    is_enquiry = node.is_enquiry(decision)
    if node.kind is NodeKind.DISPOSITION:
        credit = dispositions.get(node.id)
    else:
        credit = None if is_enquiry else decision.credit
    return StepScore(taken, node, decision, best_decision(node), credit, is_enquiry)


def _weights(nodes: Iterable[Node]) -> dict[str, Fraction]:
    sums: dict[str, Fraction] = {}
    for node in nodes:
        for code, weight in node.weights.items():
            sums[code] = sums.get(code, _NOTHING) + weight
    return sums
