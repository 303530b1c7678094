"""Which ways a blank can go. The database holds the same (a_blank_goes_from_state_to_state)."""

from typing import Final

_WAYS: Final = {
    "left": {"used", "spoiled", "lost"},
    "used": {"spoiled", "lost", "left"},
    "spoiled": {"destroyed", "left"},
    "lost": {"left"},
    "destroyed": set[str](),
}


def may_go(before: str, after: str) -> bool:
    """Going back to `left` is the correction of a wrong entry."""
    return after in _WAYS[before]
