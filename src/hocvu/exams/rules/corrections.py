"""The written decision on which the key of a question is corrected."""

from dataclasses import dataclass
from datetime import date

MOST_REASON, MOST_NUMBER = 500, 60  # characters


@dataclass(frozen=True)
class Decision:
    number: str
    decided_on: date
    reason: str

    @property
    def is_complete(self) -> bool:
        return bool(self.number.strip() and self.reason.strip())
