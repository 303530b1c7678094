"""Deterministic CBOR: RFC 8949, section 4.2.1 (core deterministic encoding), encoding only.

Only integers, byte strings, text strings and maps, which is all a register entry needs. One value
has exactly one encoding: shortest heads, definite lengths, map keys in the bytewise order of their
encodings. Whatever has no place here (floats, booleans, null, lists) is refused, not guessed at.
"""

from collections.abc import Mapping, Sequence
from enum import IntEnum


class _MajorType(IntEnum):
    """§3.1"""

    UNSIGNED = 0
    NEGATIVE = 1
    BYTES = 2
    TEXT = 3
    MAP = 5


_IN_THE_HEAD_ITSELF = 24  # §3: arguments below this need no bytes of their own
_ARGUMENT_WIDTHS = ((24, 1), (25, 2), (26, 4), (27, 8))  # §3: additional information, bytes


def encode(value: object) -> bytes:
    """The one deterministic encoding of `value`; raises TypeError or ValueError if it has none."""
    match value:
        case bool():  # Python counts True as the integer 1; CBOR does not
            raise TypeError("A register entry holds no booleans.")
        case int() if value >= 0:
            return _head(_MajorType.UNSIGNED, value)
        case int():
            return _head(_MajorType.NEGATIVE, -1 - value)
        case bytes():
            return _head(_MajorType.BYTES, len(value)) + value
        case str():
            return text(value)
        case Mapping():
            return map_of(sorted((encode(key), encode(held)) for key, held in value.items()))
        case _:
            raise TypeError(f"A register entry holds no {type(value).__name__}.")


def map_of(pairs: Sequence[tuple[bytes, bytes]]) -> bytes:
    """A map of encodings: keys and what they hold, in the bytewise order of the keys."""
    return _head(_MajorType.MAP, len(pairs)) + b"".join([key + held for key, held in pairs])


def text(value: str) -> bytes:
    """`encode` of a text alone: a record holds nothing else."""
    utf8 = value.encode()
    length = len(utf8)
    head = _TEXT_HEADS[length] if length < len(_TEXT_HEADS) else _head(_MajorType.TEXT, length)
    return head + utf8


def _head(major: _MajorType, argument: int) -> bytes:
    if argument < _IN_THE_HEAD_ITSELF:
        return bytes([major << 5 | argument])
    for information, width in _ARGUMENT_WIDTHS:
        if argument < 1 << 8 * width:
            return bytes([major << 5 | information]) + argument.to_bytes(width, "big")
    raise ValueError("CBOR integers end at 64 bits.")


_TEXT_HEADS = tuple(_head(_MajorType.TEXT, length) for length in range(256))
