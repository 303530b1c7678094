"""Reading deterministic CBOR (RFC 8949, §4.2.1), and nothing but that.

One value has exactly one encoding: shortest heads, definite lengths, map keys in the bytewise
order of their encodings, none twice. What is written otherwise is refused, so a signed statement
cannot be respelled. Only what a statement needs is known: integers, byte strings, text strings,
arrays and maps, at most eight deep.
"""

from typing import Final, TypeAlias

from hocvu_verifier.refusals import NotAStatement

Item: TypeAlias = "int | bytes | str | list[Item] | dict[Item, Item]"

DEEPEST: Final = 8
IN_THE_HEAD_ITSELF: Final = 24  # §3: arguments below this need no bytes of their own
ARGUMENT_WIDTHS: Final = {24: 1, 25: 2, 26: 4, 27: 8}  # §3: additional information, bytes
UNSIGNED, NEGATIVE, BYTES, TEXT, ARRAY, MAP = range(6)  # §3.1: major types


def decode(octets: bytes) -> Item:
    """Return the one value that `octets` holds, from the first byte to the last."""
    try:
        item, end = _item_at(octets, 0, 0)
    except (IndexError, UnicodeDecodeError) as broken:
        raise NotAStatement("The statement ends too early or holds broken text.") from broken
    if end != len(octets):
        raise NotAStatement("Something stands behind the statement.")
    return item


def _item_at(octets: bytes, at: int, depth: int) -> tuple[Item, int]:
    if depth > DEEPEST:
        raise NotAStatement("The statement is nested too deeply.")
    major, argument, at = _head_at(octets, at)
    if major == UNSIGNED:
        return argument, at
    if major == NEGATIVE:
        return -1 - argument, at
    if major in (BYTES, TEXT):
        end = at + argument
        if end > len(octets):
            raise NotAStatement("The statement ends too early.")
        string = octets[at:end]
        return (string if major == BYTES else string.decode("utf-8")), end
    if major == ARRAY:
        return _array_at(octets, at, argument, depth)
    if major == MAP:
        return _map_at(octets, at, argument, depth)
    raise NotAStatement("The statement holds a kind of value that has no place in it.")


def _array_at(octets: bytes, at: int, count: int, depth: int) -> tuple[list[Item], int]:
    items: list[Item] = []
    for _ in range(count):
        item, at = _item_at(octets, at, depth + 1)
        items.append(item)
    return items, at


def _map_at(octets: bytes, at: int, count: int, depth: int) -> tuple[dict[Item, Item], int]:
    pairs: dict[Item, Item] = {}
    before = b""
    for _ in range(count):
        key, end = _item_at(octets, at, depth + 1)
        encoded = octets[at:end]
        if encoded <= before or isinstance(key, list | dict):
            raise NotAStatement("The statement's fields are not in their order.")
        pairs[key], at = _item_at(octets, end, depth + 1)
        before = encoded
    return pairs, at


def _head_at(octets: bytes, at: int) -> tuple[int, int, int]:
    """Return major type, argument and where the head ends (§3)."""
    major, information = octets[at] >> 5, octets[at] & 0x1F
    if information < IN_THE_HEAD_ITSELF:
        return major, information, at + 1
    width = ARGUMENT_WIDTHS.get(information, 0)
    end = at + 1 + width
    argument = int.from_bytes(octets[at + 1 : end], "big")
    shortest = argument >= (IN_THE_HEAD_ITSELF if width == 1 else 1 << 4 * width)
    if not width or end > len(octets) or not shortest:
        raise NotAStatement("The statement is not spelled in its one way.")
    return major, argument, end
