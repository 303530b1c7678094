"""The few distributions that tests and intervals need, by closed formulas.

Normal: the standard library. Chi-square with 1 and 2 degrees of freedom: by the error function and
the exponential. Student's t: the finite sums of Abramowitz & Stegun, 26.7.3 and 26.7.4.
"""

import math
from statistics import NormalDist

NORMAL = NormalDist()
_MANY = 400  # degrees of freedom from which t is normal to four digits, with one correction


def two_sided_z(confidence: float) -> float:
    """How many standard errors to either side hold this share of a normal distribution."""
    return NORMAL.inv_cdf((1 + confidence) / 2)


def chi_square_tail(value: float, degrees: int) -> float:
    """Chance of a value at least this large."""
    if degrees == 1:
        return math.erfc(math.sqrt(max(value, 0.0) / 2))
    if degrees == 2:  # noqa: PLR2004 - two degrees of freedom
        return math.exp(-max(value, 0.0) / 2)
    raise ValueError(f"{degrees} degrees of freedom are not foreseen")


def two_sided_t(confidence: float, degrees: int) -> float:
    """The same as `two_sided_z` for Student's t with so many degrees of freedom (at least 1)."""
    if degrees < 1:
        raise ValueError("Student's t needs a degree of freedom")
    z = two_sided_z(confidence)
    if degrees > _MANY:
        return z + (z**3 + z) / (4 * degrees)
    low, high = 0.0, 1.0
    while _t_within(high, degrees) < confidence:
        high *= 2
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if _t_within(middle, degrees) < confidence else (low, middle)
    return (low + high) / 2


def _t_within(t: float, degrees: int) -> float:
    """Chance that |T| is below t."""
    angle = math.atan2(t, math.sqrt(degrees))
    sine, cosine = math.sin(angle), math.cos(angle)
    odd = degrees % 2
    term = total = cosine if odd else 1.0
    for k in range(3 if odd else 2, degrees - 1, 2):
        term *= cosine**2 * (k - 1) / k
        total += term
    if not odd:
        return sine * total
    return 2 / math.pi * (angle + (sine * total if degrees > 1 else 0.0))
