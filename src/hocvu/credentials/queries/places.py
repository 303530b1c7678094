"""Places in the published list of revoked certificates (W3C Bitstring Status List 1.0, §6).

The list must be long enough to hide among (at least 131,072 bits), and a place must say nothing
about its certificate: it is drawn at random.
"""

import secrets
from array import array
from collections.abc import Callable, Iterable

LIST_LENGTH = 524_288  # bits: 64 KiB, 7.4 KB compressed where one in a hundred is revoked
FULL_AT = LIST_LENGTH // 2  # then the next list begins: drawing stays quick and unguessable


def draw_places(count: int, are_taken: Callable[[Iterable[int]], set[int]]) -> list[int]:
    """Draw `count` different free places; `are_taken` tells which of some are not free."""
    drawn: dict[int, None] = {}  # in the order in which chance gave them
    while len(drawn) < count:
        offered = dict.fromkeys(_anywhere(count - len(drawn)))
        taken = are_taken(offered)
        drawn |= {each: None for each in offered if each not in taken}
    return list(drawn)


def _anywhere(count: int) -> list[int]:
    """As many places, each with the same chance: the length of the list is a power of two."""
    numbers = array("L", secrets.token_bytes(count * array("L").itemsize))
    return [each % LIST_LENGTH for each in numbers]
