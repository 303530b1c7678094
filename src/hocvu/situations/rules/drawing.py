"""Where things stand in the pictures we draw: the graph of a case, and bars with limits."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from hocvu.situations.rules.cases import Chart, NodeKind, WrittenCase
from hocvu.situations.rules.graph import Taken, expert_path, ranks_of, ways_on

_STEP_DOWN, _STEP_ACROSS, _EDGE = 84, 84, 40


@dataclass(frozen=True)
class Spot:
    """A node of the picture; `label` is its number in the list beside it."""

    node: str
    label: str
    x: int
    y: int
    kind: NodeKind
    tone: str
    was_met: bool


@dataclass(frozen=True)
class Arrow:
    x1: int
    y1: int
    x2: int
    y2: int
    bend: int  # where its middle lies, across: beside the nodes it passes
    was_taken: bool
    is_expert: bool


@dataclass(frozen=True)
class Picture:
    width: int
    height: int
    spots: tuple[Spot, ...]
    arrows: tuple[Arrow, ...]


def numbers_of(case: WrittenCase) -> dict[str, str]:
    """Nodes are numbered from the start downwards; endings carry letters."""
    ranks = ranks_of(case)
    order = sorted(case.nodes, key=lambda name: (ranks.get(name, 0), list(case.nodes).index(name)))
    steps = [name for name in order if case[name].kind is not NodeKind.ENDING]
    endings = [name for name in order if case[name].kind is NodeKind.ENDING]
    numbers = {name: str(at) for at, name in enumerate(steps, start=1)}
    return numbers | {name: chr(ord("A") + at) for at, name in enumerate(endings)}


def picture_of(case: WrittenCase, path: Iterable[Taken] = ()) -> Picture:
    """The graph from top to bottom, with the way that was taken and the expert's way."""
    taken = tuple(path)
    spots = _spots(case, taken)
    ways = {(name, d.to) for name, node in case.nodes.items() for d in ways_on(node)}
    took, expert = _edges(case, taken), _edges(case, expert_path(case))
    arrows = tuple(
        Arrow(
            *(spots[start].x, spots[start].y, spots[end].x, spots[end].y),
            bend=_bend(spots[start], spots[end]),
            was_taken=(start, end) in took,
            is_expert=(start, end) in expert,
        )
        for start, end in sorted(ways)
    )
    return Picture(
        width=max([spot.x for spot in spots.values()] + [arrow.bend for arrow in arrows]) + _EDGE,
        height=max(spot.y for spot in spots.values()) + _EDGE,
        spots=tuple(spots.values()),
        arrows=arrows,
    )


def _bend(start: Spot, end: Spot) -> int:
    """Half way to the next row; an arrow that passes rows swings out beside them."""
    if end.y - start.y <= _STEP_DOWN:
        return (start.x + end.x) // 2
    return max(start.x, end.x) + _STEP_ACROSS * 3 // 4


def _spots(case: WrittenCase, taken: tuple[Taken, ...]) -> dict[str, Spot]:
    ranks, numbers = ranks_of(case), numbers_of(case)
    layers: dict[int, list[str]] = {}
    for name in case.nodes:
        layers.setdefault(ranks[name], []).append(name)
    widest = max(map(len, layers.values()))
    met = {case.start, *(end for edge in _edges(case, taken) for end in edge)} if taken else set()
    return {
        name: Spot(
            node=name,
            label=numbers[name],
            x=_EDGE + (widest - len(layer)) * _STEP_ACROSS // 2 + at * _STEP_ACROSS,
            y=_EDGE + rank * _STEP_DOWN,
            kind=case[name].kind,
            tone=str(case[name].tone or ""),
            was_met=name in met,
        )
        for rank, layer in layers.items()
        for at, name in enumerate(layer)
    }


def _edges(case: WrittenCase, path: Iterable[Taken]) -> set[tuple[str, str]]:
    decided = ((step.node, case[step.node].decision(step.decision)) for step in path)
    return {(node, decision.to) for node, decision in decided if decision is not None}


# --- Bars --------------------------------------------------------------------------------------

_CHART_WIDTH, _CHART_HEIGHT, _BASE = 320, 200, 168
_TOP, _LEFT = 24, 8


@dataclass(frozen=True)
class Bar:
    x: int
    y: int
    width: int
    height: int
    middle: int
    label: str
    value: Decimal


@dataclass(frozen=True)
class Limit:
    y: int
    label: str
    value: Decimal


@dataclass(frozen=True)
class DrawnChart:
    width: int
    height: int
    base: int
    bars: tuple[Bar, ...]
    limits: tuple[Limit, ...]


def drawn(chart: Chart, language: str) -> DrawnChart:
    """Bars from zero, so that their lengths can be compared."""
    values = [each.value for each in (*chart.bars, *chart.limits)]
    most = max(values, default=Decimal(0)) or Decimal(1)
    step = (_CHART_WIDTH - 2 * _LEFT) // max(1, len(chart.bars))

    def height(value: Decimal) -> int:
        return int(value * (_BASE - _TOP) / most)

    return DrawnChart(
        width=_CHART_WIDTH,
        height=_CHART_HEIGHT,
        base=_BASE,
        bars=tuple(
            Bar(
                x=_LEFT + at * step + step // 6,
                y=_BASE - height(each.value),
                width=step * 2 // 3,
                height=height(each.value),
                middle=_LEFT + at * step + step // 2,
                label=each.label.in_language(language),
                value=each.value,
            )
            for at, each in enumerate(chart.bars)
        ),
        limits=tuple(
            Limit(_BASE - height(each.value), each.label.in_language(language), each.value)
            for each in chart.limits
        ),
    )
