"""One address, and the ways of saying who may go through it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from journeys.doors.eyes import Eyes

Post = tuple[dict[str, Any], bool]  # what is sent, and whether it may be done


@dataclass(frozen=True)
class Door:
    """One address: the things it may name, for whom it opens, what it then tells.

    `posts` are bodies to send, each with whether this person may do it; one that may not must be
    refused and must write nothing.
    """

    things: Callable[[Any], list[Any]] = lambda _world: [None]
    opens: Callable[[Eyes, Any], bool] = lambda _eyes, _thing: True
    tells: Callable[[Eyes, Any], set[str]] = lambda _eyes, _thing: set()
    args: Callable[[Any], list[Any]] = lambda thing: [] if thing is None else [thing.pk]
    posts: Callable[[Eyes, Any], list[Post]] = lambda _eyes, _thing: []
    query: str = ""  # asked for with the address
    is_public: bool = False


def acts(may, body=lambda _eyes, _thing: {}):
    """One body that may be sent by those for whom `may` holds."""
    return lambda eyes, thing: [(body(eyes, thing), may(eyes, thing))]


def unit_bodies(eyes, reached, **more):
    bodies = []
    if unit := eyes.outside(eyes.world.units, reached.__contains__):
        bodies.append(({"unit": unit.pk, **more}, False))
    if unit := eyes.inside(eyes.world.units, reached.__contains__):
        bodies.append(({"unit": unit.pk, **more}, True))
    return bodies


def list_of(things, opens, tells):
    """A list tells what its rows tell, and has a row for what opens."""

    def told(eyes, _thing):
        rows = (tells(eyes, each) for each in things(eyes.world) if opens(eyes, each))
        return set().union(*rows, set())

    return told


OF_CLASSES: dict[str, Any] = {"things": lambda world: world.classes}
