"""What a calibration is told: prior beliefs about items, and how hard to try.

Defaults of the priors follow Mislevy (1986) as BILOG applies them: log a ~ N(0, 0.5), b ~ N(0, 2),
c ~ Beta with its mode at one in four, weighing as much as twenty answers.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from hocvu.psychometrics.curves import Floats
from hocvu.psychometrics.errors import ParametersAreImpossible

Model: TypeAlias = Literal["2pl", "3pl"]


@dataclass(frozen=True)
class Priors:
    """Normal on log a, normal on b, beta on c (densities of log a, b and c themselves).

    An infinite standard deviation, or c_alpha = c_beta = 1, is no belief at all.
    """

    log_a_mean: float = 0.0
    log_a_sd: float = 0.5
    b_mean: float = 0.0
    b_sd: float = 2.0
    c_alpha: float = 6.0
    c_beta: float = 16.0

    def __post_init__(self) -> None:
        if not (self.log_a_sd > 0 and self.b_sd > 0 and min(self.c_alpha, self.c_beta) >= 1):
            raise ParametersAreImpossible("a prior needs a positive spread, and beta at least 1")

    @property
    def likely_c(self) -> float:
        """Mean of the beta density: where the search for c starts."""
        return self.c_alpha / (self.c_alpha + self.c_beta)

    def log_density(self, log_a: Floats, b: Floats, c: Floats) -> Floats:
        """Up to a constant; [items]."""
        return (
            -0.5 * ((log_a - self.log_a_mean) / self.log_a_sd) ** 2
            - 0.5 * ((b - self.b_mean) / self.b_sd) ** 2
            + self._of_c(c)
        )

    def gradient(self, log_a: Floats, b: Floats, c: Floats) -> Floats:
        """By log a, b and logit c; [items, 3]."""
        by_c = (self.c_alpha - 1) * (1 - c) - (self.c_beta - 1) * c
        return np.stack(
            [
                (self.log_a_mean - log_a) / self.log_a_sd**2,
                (self.b_mean - b) / self.b_sd**2,
                np.where(c > 0, by_c, 0.0),
            ],
            axis=-1,
        )

    def curvature(self, c: Floats) -> Floats:
        """Minus the second derivatives by log a, b and logit c; [items, 3]."""
        flat = np.ones_like(c)
        return np.stack(
            [
                flat / self.log_a_sd**2,
                flat / self.b_sd**2,
                (self.c_alpha + self.c_beta - 2) * c * (1 - c),
            ],
            axis=-1,
        )

    def _of_c(self, c: Floats) -> Floats:
        inside = np.where(c > 0, c, 0.5)  # an item whose c is fixed at 0 has no density of c
        density = (self.c_alpha - 1) * np.log(inside) + (self.c_beta - 1) * np.log1p(-inside)
        return np.where(c > 0, density, 0.0)


@dataclass(frozen=True)
class Settings:
    """How the maximum is sought.

    points, reach      the grid of ability: so many points from -reach to +reach standard deviations
    tolerance          a step of EM that moves no parameter further than this has arrived
    most_iterations    passes over the answers before giving up
    least_answers      an item with fewer is refused
    rows               people held in memory as floating point numbers at a time
    sample             patterns of answers that find where the search of many more starts
    items_at_once      standard errors take account of each other among this many items
    """

    points: int = 61
    reach: float = 5.0
    tolerance: float = 1e-4
    most_iterations: int = 500
    least_answers: int = 100
    rows: int = 4096
    sample: int = 8_000
    items_at_once: int = 400

    def __post_init__(self) -> None:
        counts = (self.points - 10, self.most_iterations, self.least_answers, self.rows)
        if min(*counts, self.sample, self.items_at_once, self.reach, self.tolerance) <= 0:
            raise ParametersAreImpossible("a setting of the calibration is not positive")
