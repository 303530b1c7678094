"""Distinguished Encoding Rules (X.690, §8 and §10): read values, and spell them again."""

from dataclasses import dataclass
from typing import Final, Self

from hocvu_verifier.refusals import NotOurForm

LONG_FORM: Final = 0x80
MOST_CHILDREN: Final = 1_000
LONGEST_LENGTH: Final = 3  # bytes; a signature message never reaches 16 MB
BOOLEAN, INTEGER, OCTET_STRING, NULL, OID = 0x01, 0x02, 0x04, 0x05, 0x06
GENERALIZED_TIME, SEQUENCE, SET = 0x18, 0x30, 0x31
CONTEXT_0, CONTEXT_1, CONTEXT_2 = 0xA0, 0xA1, 0xA2


@dataclass(frozen=True, slots=True)
class Value:
    """One DER value: its tag, its contents, and itself as it stood in the file."""

    tag: int
    contents: bytes
    whole: bytes

    @classmethod
    def first_of(cls, octets: bytes) -> Self:
        """Read the value at the front of `octets`; what follows it is left alone."""
        start, end = _bounds(octets, 0)
        return cls(octets[0], octets[start:end], octets[:end])

    @classmethod
    def only_of(cls, octets: bytes) -> Self:
        """Read the value that fills `octets`. Raises NotOurForm when something follows it."""
        value = cls.first_of(octets)
        if len(value.whole) != len(octets):
            raise NotOurForm("Something stands behind a value of the signature message.")
        return value

    def children(self) -> list[Self]:
        found: list[Self] = []
        octets, at = self.contents, 0
        make = type(self)
        while at < len(octets):
            if len(found) == MOST_CHILDREN:
                raise NotOurForm("The signature message has more parts than one has.")
            start, end = _bounds(octets, at)
            found.append(make(octets[at], octets[start:end], octets[at:end]))
            at = end
        return found

    def child(self, *places: int) -> Self:
        """Return a grandchild by its places. Raises IndexError where there is none."""
        value = self
        for place in places:
            value = value.children()[place]
        return value


def _bounds(octets: bytes, at: int) -> tuple[int, int]:
    """Return where the contents of the value at `at` start and end."""
    if len(octets) < at + 2:
        raise NotOurForm("The signature message ends too early.")
    start, length = at + 2, octets[at + 1]
    if length & LONG_FORM:
        start += length & ~LONG_FORM
        if start > at + 2 + LONGEST_LENGTH or start == at + 2:
            raise NotOurForm("The signature message states an impossible length.")
        length = int.from_bytes(octets[at + 2 : start], "big")
    if len(octets) < start + length:
        raise NotOurForm("The signature message ends too early.")
    return start, start + length


def der(tag: int, *parts: bytes) -> bytes:
    """Return one DER value: its tag, its length, its contents."""
    contents = b"".join(parts)
    size = len(contents)
    if size < LONG_FORM:
        return bytes((tag, size)) + contents
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, LONG_FORM | len(length))) + length + contents


def integer(number: int) -> bytes:
    return der(INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def oid(dotted: str) -> bytes:
    """Return an OBJECT IDENTIFIER (§8.19), so that numbers can be read in the code."""
    first, second, *others = (int(arc) for arc in dotted.split("."))
    contents = bytearray((40 * first + second,))
    for arc in others:
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(arc & 0x7F | 0x80)
        contents += bytes(reversed(groups))
    return der(OID, bytes(contents))
