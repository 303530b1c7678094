"""The search for the maximum: EM, hastened by squared extrapolation (Varadhan & Roland 2008).

Two EM steps tell in which direction, and how slowly, the parameters drift; the third starts from
where that drift would lead (their scheme SqS3). A leap that lowers the posterior density is taken
back, so the search keeps what EM promises.
"""

from dataclasses import dataclass

import numpy as np

from hocvu.psychometrics.calibration.problem import Problem, State
from hocvu.psychometrics.calibration.steps import Expected, expect, maximise
from hocvu.psychometrics.curves import Floats

_FURTHEST_LEAP = 30.0  # times the drift of one step
_WIDEST_LEAP = 2.0  # in any parameter


@dataclass(frozen=True, eq=False)
class Summit:
    """Where the search ended, and the counts expected there."""

    state: State
    expected: Expected
    iterations: int
    converged: bool


@dataclass(frozen=True, eq=False)
class _Stand:
    """A point, what is expected there, how high it lies, and where EM would go next."""

    at: Floats
    expected: Expected
    height: float
    ahead: Floats


def climb(problem: Problem) -> Summit:
    """From a start near the top where there are many answers: a sample of them finds it cheaply."""
    sample = problem.sample
    start = problem.start if sample is None else climb(sample).state
    stand = _stand(problem, problem.vector(start))
    passes = 1
    while passes < problem.settings.most_iterations:
        if _arrived(problem, stand):
            break
        following = _stand(problem, stand.ahead)
        passes += 1
        if _arrived(problem, following):
            stand = following
            break
        leap = _stand(problem, _extrapolated(stand, following))
        passes += 1
        if leap.height < following.height:
            leap = _stand(problem, following.ahead)
            passes += 1
        stand = leap
    converged = _arrived(problem, stand)
    return Summit(problem.state(stand.at), stand.expected, passes, converged)


def _stand(problem: Problem, at: Floats) -> _Stand:
    state = problem.state(at)
    expected = expect(problem, state)
    height = expected.log_likelihood + problem.log_prior(state)
    return _Stand(at, expected, height, problem.vector(maximise(problem, state, expected)))


def _arrived(problem: Problem, stand: _Stand) -> bool:
    moved = np.abs(stand.ahead - stand.at)
    return not moved.size or float(moved.max()) < problem.settings.tolerance


def _extrapolated(stand: _Stand, following: _Stand) -> Floats:
    """At − 2 s r + s² v from the EM steps r and r + v, where s = −|r| / |v|: at least one step."""
    r = stand.ahead - stand.at
    v = following.ahead - following.at - r
    ratio = float(np.linalg.norm(r) / max(float(np.linalg.norm(v)), 1e-12))
    s = -min(max(ratio, 1.0), _FURTHEST_LEAP)
    leap: Floats = s**2 * v - 2 * s * r
    leap /= max(float(np.abs(leap).max()) / _WIDEST_LEAP, 1.0)
    return stand.at + leap
