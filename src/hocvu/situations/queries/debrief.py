"""A finished run looked back at: the way taken, and what an expert would have done and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from hocvu.competency.models import Component
from hocvu.items.scores import Score
from hocvu.situations.models import Run, Step
from hocvu.situations.queries.running import path_of, scores_of, texts_of, total_of
from hocvu.situations.queries.shown import (
    DecisionShown,
    NodeShown,
    RubricShown,
    decision_shown,
    node_shown,
    plain,
    rubric_shown,
    said,
)
from hocvu.situations.rules.cases import NodeKind, WrittenCase
from hocvu.situations.rules.drawing import Picture, numbers_of, picture_of
from hocvu.situations.rules.scoring import PathScore, StepScore
from hocvu.ui.languages import in_language


@dataclass(frozen=True)
class MarkShown:
    """One mark; markers are numbered, not named."""

    number: int
    total: Decimal
    remark: str


@dataclass(frozen=True)
class DispositionShown:
    text: str
    rubric: RubricShown
    marks: tuple[MarkShown, ...]  # empty while it is being marked


@dataclass(frozen=True)
class StepShown:
    """One step: what was decided, what came of it, what the key says, what an expert would do."""

    number: str
    title: str
    decided_at: datetime
    timed_out: bool
    decision: DecisionShown
    expert: DecisionShown
    credit: Fraction | None
    points: Decimal
    out_of: Decimal
    is_expert: bool
    disposition: DispositionShown | None


@dataclass(frozen=True)
class ComponentBar:
    code: str
    name: str
    points: Decimal
    out_of: Decimal
    share: Fraction


@dataclass(frozen=True)
class DebriefPage:
    run: Run
    title: str
    picture: Picture
    names: tuple[tuple[str, str], ...]  # the numbers of the picture and what they stand for
    steps: tuple[StepShown, ...]
    ending: NodeShown | None  # none where the run was broken off
    components: tuple[ComponentBar, ...]
    total: Score
    passed: bool
    is_marked: bool
    required: Fraction
    sources: tuple[str, ...]

    @property
    def points(self) -> Decimal:
        return plain(self.total.points)

    @property
    def out_of(self) -> Decimal:
        return plain(self.total.out_of)


def debrief_page(run: Run, *, shows_texts: bool) -> DebriefPage:
    """Nine queries. An officer who may yet mark a text does not see here whose it is."""
    case = run.exercise.case.written
    steps = list(run.steps.order_by("sequence"))
    score = scores_of([run])[run.pk]
    written = _dispositions(run, case, shows_texts=shows_texts)
    numbers = numbers_of(case)
    last = case[run.node]
    return DebriefPage(
        run=run,
        title=said(case.title),
        picture=picture_of(case, path_of(steps)),
        names=tuple(
            (number, said(case[name].title))
            for name, number in sorted(numbers.items(), key=lambda pair: _in_order(pair[1]))
        ),
        steps=tuple(
            _step(case, numbers, step, scored, written.get(step.node))
            for step, scored in zip(steps, score.steps, strict=True)
        ),
        ending=node_shown(case, last) if last.kind is NodeKind.ENDING else None,
        components=_bars(run, score),
        total=score.total,
        passed=score.passed,
        is_marked=run.marked_at is not None,
        required=case.pass_mark,
        sources=tuple(map(said, case.sources)),
    )


def _in_order(number: str) -> tuple[bool, int, str]:
    """Numbers first, then the letters of endings."""
    return (not number.isdecimal(), int(number) if number.isdecimal() else 0, number)


def _step(
    case: WrittenCase,
    numbers: Mapping[str, str],
    step: Step,
    scored: StepScore,
    disposition: DispositionShown | None,
) -> StepShown:
    return StepShown(
        number=numbers[step.node],
        title=said(scored.node.title),
        decided_at=step.decided_at,
        timed_out=step.timed_out,
        decision=decision_shown(case, scored.node, scored.decision),
        expert=decision_shown(case, scored.node, scored.expert),
        credit=scored.credit,
        points=plain(scored.points),
        out_of=plain(scored.node.weight),
        is_expert=scored.is_expert,
        disposition=disposition if scored.node.kind is NodeKind.DISPOSITION else None,
    )


def _dispositions(run: Run, case: WrittenCase, *, shows_texts: bool) -> dict[str, DispositionShown]:
    texts = texts_of([run])
    rows = {each.node: each for each in run.dispositions.prefetch_related("marks")}
    shown = {}
    for node in case.nodes.values():
        if node.rubric is None:
            continue
        row = rows.get(node.id)
        settled = row is not None and row.settled_at is not None
        marks = list(row.marks.all()) if row is not None and settled else []
        shown[node.id] = DispositionShown(
            text=texts.get((run.pk, node.id), "") if shows_texts or settled else "",
            rubric=rubric_shown(node.rubric),
            marks=tuple(
                MarkShown(at, plain(total_of(mark)), mark.remark)
                for at, mark in enumerate(sorted(marks, key=lambda mark: mark.pk), start=1)
            ),
        )
    return shown


def _bars(run: Run, score: PathScore) -> tuple[ComponentBar, ...]:
    framework = run.exercise.case.framework_id
    names = {
        component.code: in_language(component.name, component.name_en)
        for component in Component.objects.filter(framework=framework, code__in=score.by_component)
    }
    return tuple(
        ComponentBar(
            code, names.get(code, code), plain(part.points), plain(part.out_of), part.share
        )
        for code, part in score.by_component.items()
    )
