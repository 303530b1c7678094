"""Where runs stand, what was written in them, and what they are worth."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from fractions import Fraction

from hocvu.situations.models import (
    Disposition,
    DispositionMark,
    DispositionVersion,
    Run,
    Step,
)
from hocvu.situations.rules.cases import NodeKind, WrittenCase
from hocvu.situations.rules.graph import Taken
from hocvu.situations.rules.marking import settled_share
from hocvu.situations.rules.scoring import PathScore, score_of
from hocvu.situations.rules.timing import must_decide_by


def end_of_node(run: Run) -> datetime | None:
    """When the time of the node a run stands at is over; none where nothing presses."""
    node = run.exercise.case.written[run.node]
    return must_decide_by(run.node_opened_at, node.seconds, run.exercise.closes_at)


def text_at(run: Run, node_id: str) -> str:
    """The newest text saved at a node."""
    newest = (
        DispositionVersion.objects.filter(disposition__run=run, disposition__node=node_id)
        .order_by("-number")
        .first()
    )
    return newest.text if newest else ""


def has_text(run: Run, node_id: str) -> bool:
    return bool(text_at(run, node_id).strip())


def texts_of(runs: Iterable[Run]) -> dict[tuple[int, str], str]:
    """The newest text of every disposition of these runs, by run and node. One query."""
    newest = (
        DispositionVersion.objects.filter(disposition__run__in=list(runs))
        .order_by("disposition_id", "-number")
        .distinct("disposition_id")
        .values_list("disposition__run", "disposition__node", "text")
    )
    return {(run_id, node): text for run_id, node, text in newest}


def path_of(steps: Iterable[Step]) -> tuple[Taken, ...]:
    return tuple(Taken(step.node, step.decision) for step in steps)


def scores_of(runs: Sequence[Run]) -> dict[int, PathScore]:
    """What runs are worth so far, by run. Four queries."""
    paths: dict[int, list[Step]] = {run.pk: [] for run in runs}
    for step in Step.objects.filter(run__in=runs).order_by("run_id", "sequence"):
        paths[step.run_id].append(step)
    texts, totals = texts_of(runs), _totals_of(runs)
    settled = {
        (each.run_id, each.node)
        for each in Disposition.objects.filter(run__in=runs, settled_at__isnull=False)
    }
    return {
        run.pk: score_of(
            run.exercise.case.written,
            path_of(paths[run.pk]),
            {
                node: share
                for node in _written_nodes(run.exercise.case.written)
                if (share := _share(run, node, texts, totals, settled)) is not None
            },
        )
        for run in runs
    }


def _written_nodes(case: WrittenCase) -> list[str]:
    return [node.id for node in case.nodes.values() if node.kind is NodeKind.DISPOSITION]


def _totals_of(runs: Iterable[Run]) -> dict[tuple[int, str], list[Fraction]]:
    totals: dict[tuple[int, str], list[Fraction]] = {}
    marks = DispositionMark.objects.filter(disposition__run__in=list(runs)).order_by("pk")
    for mark in marks.select_related("disposition"):
        key = mark.disposition.run_id, mark.disposition.node
        totals.setdefault(key, []).append(total_of(mark))
    return totals


def total_of(mark: DispositionMark) -> Fraction:
    return sum((Fraction(given) for given in mark.points.values()), Fraction(0))


def _share(
    run: Run,
    node: str,
    texts: dict[tuple[int, str], str],
    totals: dict[tuple[int, str], list[Fraction]],
    settled: set[tuple[int, str]],
) -> Fraction | None:
    """What a disposition earned: nothing where nothing was written, none while it waits."""
    key = run.pk, node
    rubric = run.exercise.case.written[node].rubric
    if not texts.get(key, "").strip() or rubric is None:
        return Fraction(0)
    return settled_share(rubric, totals.get(key, [])) if key in settled else None
