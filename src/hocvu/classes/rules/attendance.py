"""How much of a class somebody attended, exactly."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Attendance:
    """Sessions somebody was present at, of the sessions of the class that were held."""

    attended: int
    held: int

    @property
    def rate(self) -> Fraction:
        return attendance_rate(self.attended, self.held)


def attendance_rate(attended: int, held: int) -> Fraction:
    """The exact share; where nothing was held, nothing was attended."""
    return Fraction(attended, held) if held else Fraction(0)


def unexplained_difference(head_count: int, names: int, note: str) -> int:
    """Heads counted beyond (or short of) the names marked present, unless a note explains them."""
    return 0 if note.strip() else head_count - names
