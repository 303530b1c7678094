"""QR codes by the thousand (ISO/IEC 18004:2015).

Once mode, lengths, version, level and mask stand, every module is an affine function of the
message bits over GF(2): error correction is linear, masking adds a constant. So a code is the code
of some fixed message of the same shape, drawn by `segno`, XOR one precomputed picture for each
group of four message bits that differ. The first code of a shape takes a fifth of a second, each
further one about a tenth of a millisecond. The same text always gives the same code: the mask is
the best one for the fixed message.

The address up to its last character that is no digit stands in byte mode (7.4.5), the digits after
it in numeric mode (7.4.3): a statement of 123 octets as digits still fits version 11.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, reduce
from itertools import cycle, islice
from operator import xor
from typing import Any, Final

import segno
from segno import consts

_SHAPES_KEPT: Final = 8
_LEAST_DIGITS: Final = 12  # below that a second segment costs more than it saves
_PADDING: Final = ("11101100", "00010001")
_OCTETS: Final = tuple(f"{octet:08b}" for octet in range(256))
# Three digits in ten bits; two that are left over in seven, one in four (7.4.3).
_THREES: Final = {
    f"{number:0{length}d}": f"{number:0{bits}b}"
    for length, bits in ((3, 10), (2, 7), (1, 4))
    for number in range(10**length)
}
_TIMING: Final = 6
_FINDER: Final = 9  # with its white line and the format information
_GENERATED_BY: Final = 0x11D  # x^8 + x^4 + x^3 + x^2 + 1


@dataclass(frozen=True)
class QrCode:
    """The modules without a quiet zone: `rows` from the top, one bit each, 1 is dark.

    Each row fills whole octets, the most significant bit first.
    """

    size: int
    rows: bytes


@dataclass(frozen=True)
class _Shape:
    letters: int
    digits: int
    level: str


class QrMaker:
    """Draws codes of one level of error correction: "l", "m", "q" or "h"."""

    def __init__(self, level: str = "m") -> None:
        self._level = level

    def code(self, text: str) -> QrCode:
        """The code of an ASCII text, in the smallest version that holds it."""
        letters, digits = _split(text)
        return _plan(_Shape(len(letters), len(digits), self._level)).code(letters, digits)


class _Plan:
    """The code of one fixed message of a shape, and what each bit of a message changes in it."""

    def __init__(self, shape: _Shape) -> None:
        letters = "".join(islice(cycle("https://a.vn/v/7KQ2M9XD4TRA2P6Z#"), shape.letters))
        digits = "".join(islice(cycle("314159265358979323846264338327950288"), shape.digits))
        parts = ((letters, consts.MODE_BYTE), (digits, consts.MODE_NUMERIC))
        segments: Any = [part for part in parts if part[0]]  # segno takes more than it declares
        drawn: Any = segno.make_qr(segments, error=shape.level, boost_error=False)
        self._version: int = drawn.version
        tables: Any = consts.ECC
        blocks = tables[self._version][consts.ERROR_MAPPING[shape.level.upper()]]
        self._capacity = sum(each.num_blocks * each.num_data for each in blocks)
        self._padding = "".join(islice(cycle(_PADDING), self._capacity))
        self._heads = self._heads_of(shape)
        self._size = len(drawn.matrix)
        self._row = (self._size + 7) // 8
        self._fixed_message = self._message(letters, digits)
        self._fixed_code = int.from_bytes(
            b"".join(self._packed(row) for row in drawn.matrix), "big"
        )
        self._changes = self._changes_by_group(blocks)

    def code(self, letters: str, digits: str) -> QrCode:
        differs = f"{self._message(letters, digits) ^ self._fixed_message:x}"
        code = self._fixed_code
        for changes, group in zip(self._changes, reversed(differs), strict=False):
            if group != "0":
                code ^= changes[group]
        return QrCode(self._size, code.to_bytes(self._size * self._row, "big"))

    def _heads_of(self, shape: _Shape) -> tuple[str, str]:
        """Mode and count in front of each segment; their widths grow with the version (table 3)."""
        wide = self._version >= 10  # noqa: PLR2004
        letters = f"0100{shape.letters:0{16 if wide else 8}b}" if shape.letters else ""
        digits = 14 if self._version >= 27 else 12 if wide else 10  # noqa: PLR2004
        return letters, f"0001{shape.digits:0{digits}b}"

    def _message(self, letters: str, digits: str) -> int:
        """All data codewords as one number (7.4): segments, terminator, padding."""
        bits = self._heads[0] + "".join(map(_OCTETS.__getitem__, letters.encode("ascii")))
        if digits:
            threes = [digits[at : at + 3] for at in range(0, len(digits), 3)]
            bits += self._heads[1] + "".join(map(_THREES.__getitem__, threes))
        room = self._capacity * 8
        bits += "0" * min(4, room - len(bits))
        bits += "0" * (-len(bits) % 8)
        return int(bits + self._padding[: room - len(bits)], 2)

    def _packed(self, row: bytearray) -> bytes:
        bits = "".join("01"[module & 1] for module in row).ljust(self._row * 8, "0")
        return int(bits, 2).to_bytes(self._row, "big")

    def _changes_by_group(self, blocks: Any) -> list[dict[str, int]]:
        """For each four bits of the message, last ones first: what each hexadecimal digit adds."""
        single = list(self._changes_by_bit(blocks))[::-1]
        grouped = [single[at : at + 4] for at in range(0, len(single), 4)]
        return [
            {
                f"{value:x}": reduce(
                    xor, (change for bit, change in enumerate(group) if value >> bit & 1), 0
                )
                for value in range(16)
            }
            for group in grouped
        ]

    def _changes_by_bit(self, blocks: Any) -> Iterator[int]:
        """For each bit of the message, first one first: the modules it turns over (7.5 to 7.7)."""
        modules = [1 << self._bit_of(*place) for place in _places(self._version, self._size)]
        lengths = [each.num_data for each in blocks for _ in range(each.num_blocks)]
        corrections = blocks[0].num_total - blocks[0].num_data  # the same in every block
        for block, length in enumerate(lengths):
            remainders = _remainders(length, corrections)
            others = [self._capacity + row * len(lengths) + block for row in range(corrections)]
            for at in range(length):
                own = _interleaved(block, at, lengths)
                for bit in range(8):
                    change = modules[own * 8 + bit]
                    for codeword, coefficient in zip(others, remainders[at], strict=True):
                        product = _times(coefficient, 0x80 >> bit)
                        for which in range(8):
                            if product & 0x80 >> which:
                                change ^= modules[codeword * 8 + which]
                    yield change

    def _bit_of(self, row: int, column: int) -> int:
        """How far a module stands from the last bit of all rows."""
        return self._size * self._row * 8 - 1 - (row * self._row * 8 + column)


@lru_cache(maxsize=_SHAPES_KEPT)
def _plan(shape: _Shape) -> _Plan:
    return _Plan(shape)


def _split(text: str) -> tuple[str, str]:
    digits = re.search(r"[0-9]*\Z", text)
    if digits is None or len(digits[0]) < _LEAST_DIGITS:
        return text, ""
    return text[: digits.start()], digits[0]


# --- Error correction (7.5) ----------------------------------------------------------------------


def _times(one: int, other: int) -> int:
    """The product of two octets in GF(2^8)."""
    product = 0
    while other:
        if other & 1:
            product ^= one
        one = one << 1 ^ (_GENERATED_BY if one & 0x80 else 0)
        other >>= 1
    return product


def _generator(degree: int) -> list[int]:
    """The coefficients of (x - a^0) … (x - a^(degree-1)) below the leading one."""
    polynomial = [1]
    root = 1
    for _ in range(degree):
        shifted = [*polynomial, 0]
        for at, coefficient in enumerate(polynomial):
            shifted[at + 1] ^= _times(coefficient, root)
        polynomial, root = shifted, _times(root, 2)
    return polynomial[1:]


def _remainders(length: int, corrections: int) -> list[list[int]]:
    """For each codeword of a block: the correction codewords that a 1 there alone would have."""
    generator = _generator(corrections)
    remainder = generator
    found = [remainder]
    for _ in range(length - 1):
        leading = remainder[0]
        shifted = [*remainder[1:], 0]
        remainder = [a ^ _times(leading, b) for a, b in zip(shifted, generator, strict=True)]
        found.append(remainder)
    return found[::-1]


def _interleaved(block: int, at: int, lengths: list[int]) -> int:
    """Where a data codeword of a block stands in the final sequence (7.6)."""
    before = sum(min(at, length) for length in lengths)
    return before + sum(1 for length in lengths[:block] if length > at)


# --- Placement (7.7.3) ---------------------------------------------------------------------------


def _places(version: int, size: int) -> Iterator[tuple[int, int]]:
    """Rows and columns of the modules for codewords, in their order: pairs of columns, in turns."""
    upwards = True
    for right in [*range(size - 1, 6, -2), 5, 3, 1]:
        for step in range(size):
            row = size - 1 - step if upwards else step
            for column in (right, right - 1):
                if not _is_fixed(version, size, row, column):
                    yield row, column
        upwards = not upwards


def _is_fixed(version: int, size: int, row: int, column: int) -> bool:
    """Finders with format information, timing, alignment and version information (6.3)."""
    low, high = sorted((row, column))
    in_a_finder = high < _FINDER or (low < _FINDER and high >= size - _FINDER + 1)
    in_version_information = version >= 7 and low < _TIMING and high >= size - 11  # noqa: PLR2004
    return (
        _TIMING in (row, column)
        or in_a_finder
        or in_version_information
        or _is_alignment(version, size, row, column)
    )


def _is_alignment(version: int, size: int, row: int, column: int) -> bool:
    centres = consts.ALIGNMENT_POS[version - 2] if version > 1 else ()
    last = size - 7
    under_finders = {(_TIMING, _TIMING), (_TIMING, last), (last, _TIMING)}
    return any(
        max(abs(row - y), abs(column - x)) <= 2 and (y, x) not in under_finders  # noqa: PLR2004
        for y in centres
        for x in centres
    )
