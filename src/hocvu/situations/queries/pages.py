"""What the page of a run shows: one node at a time."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString

from hocvu.situations.models import Run, Step
from hocvu.situations.queries.running import end_of_node, text_at
from hocvu.situations.queries.shown import NodeShown, node_shown, said, said_html
from hocvu.situations.rules.cases import NodeKind
from hocvu.situations.rules.timing import milliseconds_left


@dataclass(frozen=True)
class ToldShown:
    """What came of a decision: what was decided, and what then happened."""

    decided: str
    told: SafeString
    timed_out: bool


@dataclass(frozen=True)
class RunPage:
    """One node of a run. Two queries.

    `told` is what came of the step that led here; `learnt` what enquiries at this node told.
    `made` are the enquiries made already. A node under time pressure `waits` until it is opened.
    """

    run: Run
    title: str
    role: str
    node: NodeShown
    number: int
    told: ToldShown | None
    learnt: tuple[ToldShown, ...]
    made: frozenset[str]
    waits: bool
    milliseconds: int | None
    ends_at: datetime | None
    text: str

    @property
    def is_written(self) -> bool:
        return self.node.kind == NodeKind.DISPOSITION


def run_page(run: Run, at: datetime) -> RunPage:
    case = run.exercise.case.written
    node = case[run.node]
    steps = list(run.steps.order_by("sequence"))
    here = [step for step in steps if step.node == node.id]
    before = [step for step in steps if step.node != node.id]
    end = end_of_node(run)
    return RunPage(
        run=run,
        title=said(case.title),
        role=said(case.role),
        node=node_shown(case, node),
        number=len({step.node for step in before}) + 1,
        told=_told(run, before[-1]) if before else None,
        learnt=tuple(_told(run, step) for step in here),
        made=frozenset(step.decision for step in here),
        waits=bool(node.seconds) and run.node_opened_at is None,
        milliseconds=milliseconds_left(end, at) if end else None,
        ends_at=end,
        text=text_at(run, node.id) if node.kind is NodeKind.DISPOSITION else "",
    )


def _told(run: Run, step: Step) -> ToldShown:
    decision = run.exercise.case.written[step.node].decision(step.decision)
    if decision is None:
        raise LookupError(step.decision)
    return ToldShown(said(decision.text), said_html(decision.told), step.timed_out)
