"""Facts this room announces."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class PeopleChangedPosts:
    """These people gained, changed or lost a post."""

    person_ids: tuple[int, ...]
    at: datetime
