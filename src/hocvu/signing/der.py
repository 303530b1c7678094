"""Writes DER, the one spelling of ASN.1 values (X.690, 10): what our messages are made of."""

from functools import cache
from typing import Final

SEQUENCE: Final = 0x30
SET: Final = 0x31
INTEGER: Final = 0x02
OCTET_STRING: Final = 0x04
OBJECT_IDENTIFIER: Final = 0x06
BIT_STRING: Final = 0x03
GENERALIZED_TIME: Final = 0x18
CONTEXT_0: Final = 0xA0
CONTEXT_1: Final = 0xA1
CONTEXT_2: Final = 0xA2
NULL: Final = b"\x05\x00"
TRUE: Final = b"\x01\x01\xff"
LONG_FORM: Final = 0x80  # X.690, 8.1.3.5: from this length on, the length itself has a length


def der(tag: int, *parts: bytes) -> bytes:
    """Return one DER value: its tag, its length, its contents."""
    contents = b"".join(parts)
    if len(contents) < LONG_FORM:
        return bytes((tag, len(contents))) + contents
    length = len(contents).to_bytes((len(contents).bit_length() + 7) // 8, "big")
    return bytes((tag, LONG_FORM | len(length))) + length + contents


def der_set(*members: bytes, tag: int = SET) -> bytes:
    """Return a SET OF, its members in DER's order (X.690, 11.6)."""
    return der(tag, *sorted(members))


def der_integer(number: int) -> bytes:
    """Return a non-negative INTEGER (X.690, 8.3)."""
    return der(INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big"))


@cache
def oid(dotted: str) -> bytes:
    """Return an OBJECT IDENTIFIER (X.690, 8.19)."""
    first, second, *others = (int(arc) for arc in dotted.split("."))
    contents = bytearray((40 * first + second,))
    for arc in others:
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(arc & 0x7F | LONG_FORM)
        contents += bytes(reversed(groups))
    return der(OBJECT_IDENTIFIER, bytes(contents))
