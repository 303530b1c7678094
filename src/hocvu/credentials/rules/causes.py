"""Why certificates are revoked or corrected, and how a ruling reads in the register.

Circular 21/2019/TT-BGDĐT, articles 23 to 25: by a decision that gives its reason, published and
sent to the holder and the holder's agency.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

from hocvu.kernel.dated import in_force, rules_in
from hocvu.kernel.vietnamese import vn_date

_CAUSES = Path(__file__).with_suffix(".toml")
LONGEST_EXPLANATION = 250  # characters


class Change(StrEnum):
    REVOCATION = "revocation"
    CORRECTION = "correction"


@dataclass(frozen=True)
class Cause:
    """A cause as the rules letter it: `đ) Để cho người khác sử dụng`."""

    code: str
    letter: str
    name: str
    name_en: str


@dataclass(frozen=True)
class Causes:
    effective_from: date
    basis: str
    revocation: tuple[Cause, ...]
    correction: tuple[Cause, ...]

    def of(self, change: Change) -> tuple[Cause, ...]:
        return self.revocation if change is Change.REVOCATION else self.correction


@cache
def all_causes() -> tuple[Causes, ...]:
    """The packaged lists, the earliest first."""
    return tuple(
        Causes(
            each["effective_from"],
            each["basis"],
            tuple(Cause(**cause) for cause in each["revocation"]),
            tuple(Cause(**cause) for cause in each["correction"]),
        )
        for each in rules_in(_CAUSES, "causes")
    )


def causes_in_force(change: Change, on: date) -> dict[str, Cause]:
    """The causes that a ruling of this day may name, by their code."""
    return {cause.code: cause for cause in in_force(all_causes(), on).of(change)}


@dataclass(frozen=True)
class Ruling:
    """The decision behind a revocation or correction. Texts are composed and stripped."""

    decision_number: str  # số, ký hiệu
    decided_on: date
    cause: str  # a code
    explanation: str = ""

    def sentence(self, change: Change) -> str:
        """How the register writes it; in Vietnamese, the language of the register."""
        cause = causes_in_force(change, self.decided_on)[self.cause]
        words = f"Quyết định số {self.decision_number} ngày {vn_date(self.decided_on)}; "
        words += f"{cause.letter}) {cause.name}"
        return f"{words}; {self.explanation}" if self.explanation else words

    def facts(self) -> dict[str, str]:
        """The same as single facts, for the register's entry."""
        return {
            "decision": self.decision_number,
            "decided_on": self.decided_on.isoformat(),
            "cause": self.cause,
            "explanation": self.explanation,
        }
