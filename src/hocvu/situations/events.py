"""Facts this room announces."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class RunMarked:
    """A run through a case has its final points; `person_ids` are those it is evidence of."""

    run_id: int
    person_ids: tuple[int, ...]
    at: datetime
