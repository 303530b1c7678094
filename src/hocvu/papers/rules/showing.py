"""When a paper shows its key."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class ShowsKey(StrEnum):
    """What a paper, or the document it follows, says about its key."""

    AT_ONCE = "at_once"
    WHEN_CLOSED = "when_closed"


def shows_key_in(written: Mapping[str, Any]) -> ShowsKey | None:
    """`shows_key = "at once"` of a data file; unsaid: when closed; none where it says neither."""
    said = str(written.get("shows_key", "when closed"))
    known = {each.value.replace("_", " "): each for each in ShowsKey}
    return known.get(said)
