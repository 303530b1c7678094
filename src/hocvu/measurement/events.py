"""Facts this room announces."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class RunsEnded:
    """These adaptive runs have ended, with their level and what is known of it."""

    run_ids: tuple[int, ...]
    at: datetime
