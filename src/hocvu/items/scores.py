"""Points out of points: whether they pass, and how they are kept. Exact."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True)
class Score:
    points: Fraction
    out_of: Fraction

    @property
    def share(self) -> Fraction:
        return self.points / self.out_of if self.out_of else Fraction(0)


def is_passed(score: Score, required: Fraction) -> bool:
    """Exact: 69.99 % is not 70 %."""
    return score.points >= required * score.out_of


def as_stored(points: Fraction) -> Decimal:
    """Points as they are kept and shown, cut to thousandths: never more than was earned.

    Whether somebody passed is decided before this, on the exact fraction.
    """
    return Decimal(points.numerator * 1000 // points.denominator).scaleb(-3)
