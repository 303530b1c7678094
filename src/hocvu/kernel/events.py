"""Tell up: a lower context announces a fact, contexts above answer in the same transaction.

Events are frozen dataclasses named in the past tense. Reactions run at once, in the order in
which they were registered; if one fails, the whole transaction fails: all happen or none.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

Event = TypeVar("Event")

_reactions: defaultdict[type[Any], list[Callable[[Any], None]]] = defaultdict(list)


def reacts_to(
    event_type: type[Event],
) -> Callable[[Callable[[Event], None]], Callable[[Event], None]]:
    """Register the decorated function as an answer to events of this type."""

    def register(reaction: Callable[[Event], None]) -> Callable[[Event], None]:
        if reaction not in _reactions[event_type]:
            _reactions[event_type].append(reaction)
        return reaction

    return register


def publish(event: object) -> None:
    """Run every reaction to this event, now."""
    for reaction in _reactions[type(event)]:
        reaction(event)
