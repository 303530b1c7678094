"""The completion rule: what a learner still lacks, as reasons."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction


class Reason(Enum):
    LOW_ATTENDANCE = "low_attendance"
    NO_ROLL = "no_roll"
    NOT_ASSESSED = "not_assessed"
    NOT_PASSED = "not_passed"


@dataclass(frozen=True)
class Requirements:
    """What a programme asks for; `attendance` is an exact share, `paper` whether a test is set."""

    attendance: Fraction
    paper: bool


@dataclass(frozen=True)
class Evidence:
    """What is known of a learner: half days attended of those held, and the test.

    `passed` is None where no attempt was marked.
    """

    attended: int
    held: int
    passed: bool | None

    @property
    def attendance(self) -> Fraction | None:
        return Fraction(self.attended, self.held) if self.held else None


def reasons_to_withhold(evidence: Evidence, required: Requirements) -> Iterator[Reason]:
    """Every reason why recognition cannot be given; none at all means it is earned."""
    if required.attendance > 0:
        if evidence.attendance is None:
            yield Reason.NO_ROLL
        elif evidence.attendance < required.attendance:
            yield Reason.LOW_ATTENDANCE
    if required.paper:
        if evidence.passed is None:
            yield Reason.NOT_ASSESSED
        elif not evidence.passed:
            yield Reason.NOT_PASSED
