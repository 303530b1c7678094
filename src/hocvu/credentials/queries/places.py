"""Places in the published list of revoked certificates (W3C Bitstring Status List 1.0, §6).

The list must be long enough to hide among (at least 131,072 bits), and a place must say nothing
about its certificate: it is drawn at random.
"""

import secrets
from collections.abc import Callable, Iterable

LIST_LENGTH = 524_288  # bits: 64 KiB, 7.4 KB compressed where one in a hundred is revoked
FULL_AT = LIST_LENGTH // 2  # then the next list begins: drawing stays quick and unguessable


def draw_places(count: int, are_taken: Callable[[Iterable[int]], set[int]]) -> list[int]:
    """Draw `count` different free places; `are_taken` tells which of some are not free."""
    drawn: list[int] = []
    seen: set[int] = set()
    while len(drawn) < count:
        offered = {secrets.randbelow(LIST_LENGTH) for _ in range(count - len(drawn))} - seen
        seen |= offered
        drawn += sorted(offered - are_taken(offered), key=lambda _: secrets.randbits(32))
    return drawn
