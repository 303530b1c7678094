"""Facts this room announces."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class AssessmentsRecorded:
    """These people's results against a framework were recorded."""

    framework_id: int
    person_ids: tuple[int, ...]
    at: datetime


@dataclass(frozen=True)
class ResultsWithdrawn:
    """Results of these people against a framework count no more."""

    framework_id: int
    person_ids: tuple[int, ...]
    at: datetime
