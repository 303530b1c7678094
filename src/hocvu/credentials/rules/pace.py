"""How fast a run goes, and how long it has still to go."""

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

SECONDS_IN_A_MINUTE = 60


@dataclass(frozen=True)
class Pace:
    """`issued` certificates since the stretch began `took` ago, `missing` to go."""

    issued: int
    took: timedelta
    missing: int

    @property
    def per_minute(self) -> int | None:
        """Certificates a minute, cut to whole ones; None before anything can be said."""
        seconds = Fraction(self.took / timedelta(microseconds=1)) / 1_000_000
        if not self.issued or seconds <= 0:
            return None
        return int(self.issued * SECONDS_IN_A_MINUTE / seconds)

    @property
    def left(self) -> timedelta | None:
        """How long the rest takes at this pace, in whole minutes, rounded up."""
        if not self.issued or self.took <= timedelta(0):
            return None
        wait = self.took * self.missing / self.issued
        return timedelta(minutes=-(-wait // timedelta(minutes=1)))
