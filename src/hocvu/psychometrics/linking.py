"""Two calibrations on one scale (Kolen & Brennan, *Test Equating, Scaling, and Linking*, ch. 6).

A scale is fixed by the people it was made from; another group gives another. Items both have seen
tell how they lie:  θ_old = slope · θ_new + shift,  a_old = a_new / slope,
b_old = slope · b_new + shift,  c unchanged.
Mean/sigma (Marco 1977) compares the difficulties alone; Stocking & Lord (1983) compares what the
items together lead one to expect of a person, and is steadier.
"""

from dataclasses import dataclass

import numpy as np

from hocvu.psychometrics.curves import Floats, ItemCurves
from hocvu.psychometrics.errors import NotMeasurable, ParametersAreImpossible
from hocvu.psychometrics.quadrature import Grid, normal_grid

_LEAST_ITEMS = 2
_STEPS = 100
_NUDGE = 1e-6


class CalibrationsDoNotLink(NotMeasurable):
    """Too few common items, or items that do not spread, or no line found between the scales."""


@dataclass(frozen=True, slots=True)
class Link:
    """The line from the new scale to the old one; slope > 0."""

    slope: float
    shift: float

    def curves(self, new: ItemCurves) -> ItemCurves:
        """Items of the new scale on the old one."""
        return ItemCurves(new.a / self.slope, self.slope * new.b + self.shift, new.c)

    def theta(self, new: Floats) -> Floats:
        """Abilities of the new scale on the old one; their errors are multiplied by `slope`."""
        return self.slope * new + self.shift


def mean_sigma(old: ItemCurves, new: ItemCurves) -> Link:
    """From mean and standard deviation of the difficulties of common items, in the same order."""
    _check(old, new)
    spread = float(new.b.std())
    slope = float(old.b.std()) / spread if spread > 0 else 0.0
    if slope <= 0:
        raise CalibrationsDoNotLink("the common items are all equally difficult")
    return Link(slope, float(old.b.mean() - slope * new.b.mean()))


def stocking_lord(old: ItemCurves, new: ItemCurves, *, mean: float = 0.0, sd: float = 1.0) -> Link:
    """The line for which the common items' expected scores differ least, in squares.

    mean, sd   of the people on the old scale over whom the difference is taken (normal)
    """
    _check(old, new)
    grid = normal_grid(mean, sd, points=41, reach=4.0)
    at = np.zeros(2)  # log slope, shift
    damping, gap = 1e-3, _gap(old, new, at, grid)
    for _ in range(_STEPS):
        jacobian = _jacobian(old, new, at, grid)
        normal = jacobian.T @ jacobian
        step = np.linalg.solve(
            normal + damping * np.diag(np.diag(normal) + _NUDGE), -jacobian.T @ gap
        )
        tried = at + np.clip(step, -1, 1)
        new_gap = _gap(old, new, tried, grid)
        if new_gap @ new_gap > gap @ gap:
            damping *= 10
        else:
            at, gap, damping = tried, new_gap, damping / 10
        if np.abs(step).max() < 1e-9:  # noqa: PLR2004 - nine digits
            return Link(float(np.exp(at[0])), float(at[1]))
    raise CalibrationsDoNotLink("no line brings the two scales together")


def _check(old: ItemCurves, new: ItemCurves) -> None:
    if len(old) != len(new):
        raise ParametersAreImpossible("the common items are not the same in number")
    if len(old) < _LEAST_ITEMS:
        raise CalibrationsDoNotLink("two common items are the least a line needs")


def _gap(old: ItemCurves, new: ItemCurves, at: Floats, grid: Grid) -> Floats:
    moved = Link(float(np.exp(at[0])), float(at[1])).curves(new)
    difference = moved.expected_score(grid.nodes) - old.expected_score(grid.nodes)
    return difference * np.exp(grid.log_weights / 2)


def _jacobian(old: ItemCurves, new: ItemCurves, at: Floats, grid: Grid) -> Floats:
    columns = []
    for nudge in np.eye(2) * _NUDGE:
        ahead, behind = _gap(old, new, at + nudge, grid), _gap(old, new, at - nudge, grid)
        columns.append((ahead - behind) / (2 * _NUDGE))
    return np.stack(columns, axis=1)
