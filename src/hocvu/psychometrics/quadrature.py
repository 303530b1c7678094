"""Summing over ability: a normal population on equally spaced points (Bock & Aitkin 1981).

The points stand still relative to the population, so that a population whose mean and spread are
being estimated never walks off its own grid.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from hocvu.psychometrics.curves import NOT_PRESENTED, Answers, Floats, ItemCurves


@dataclass(frozen=True, eq=False)
class Grid:
    """Points of θ and the share of the population at each; both of shape [points]."""

    nodes: Floats
    log_weights: Floats


@dataclass(frozen=True, eq=False)
class Block:
    """Some rows of answers as numbers to multiply: 1 for right, 1 for presented; [rows, items].

    `presented` is None where every item was presented to everybody, which halves the work.
    """

    rows: slice
    right: Floats
    presented: Floats | None


def normal_grid(mean: float, sd: float, *, points: int, reach: float) -> Grid:
    """From `reach` standard deviations below the mean to as many above."""
    z = np.linspace(-reach, reach, points)
    weights = np.exp(-0.5 * z**2)
    return Grid(mean + sd * z, np.log(weights / weights.sum()))


def blocks(answers: Answers, *, complete: bool, rows: int = 4096) -> Iterator[Block]:
    """The table in pieces, so that memory does not grow with the number of people."""
    for start in range(0, len(answers), rows):
        piece = answers[start : start + rows]
        yield Block(
            slice(start, start + len(piece)),
            (piece == 1).astype(np.float64),
            None if complete else (piece != NOT_PRESENTED).astype(np.float64),
        )


def posterior(block: Block, curves: ItemCurves, grid: Grid) -> tuple[Floats, Floats]:
    """Where on the grid each person is [rows, points], and the log-likelihood of the row [rows]."""
    chance = curves.probability(grid.nodes).T  # [items, points]
    wrong = np.log1p(-chance)
    log_joint = block.right @ (np.log(chance) - wrong)
    log_joint += wrong.sum(axis=0) if block.presented is None else block.presented @ wrong
    log_joint += grid.log_weights
    highest = log_joint.max(axis=1, keepdims=True)
    shares = np.exp(log_joint - highest)
    total = shares.sum(axis=1, keepdims=True)
    shares /= total
    return shares, (highest + np.log(total))[:, 0]
