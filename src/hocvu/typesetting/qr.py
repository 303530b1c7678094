"""QR codes by the thousand (ISO/IEC 18004:2015).

Once version, level and mask stand, every module is an affine function of the message bits over
GF(2): error correction is linear, masking adds a constant. So a code is the code of some fixed
message of the same version, drawn by `segno`, XOR one precomputed picture for each group of four
message bits that differ. The first code of a version takes a twentieth of a second, each further
one about a tenth of a millisecond, whatever the length of its text. The same text always gives the
same code: the mask is the best one for the fixed message.

The address up to its last character that is no digit stands in byte mode (7.4.5), the digits after
it in numeric mode (7.4.3): a statement of 123 octets as digits still fits version 11.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, cycle, islice, repeat
from typing import Any, Final

import segno
from segno import consts

_PLANS_KEPT: Final = 8
_HIGHEST: Final = 40
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
_ORDER: Final = 255  # of the powers of x


@dataclass(frozen=True)
class QrCode:
    """The modules without a quiet zone: `rows` from the top, one bit each, 1 is dark.

    Each row fills whole octets, the most significant bit first.
    """

    size: int
    rows: bytes


class TextTooLong(ValueError):
    """No code of this level holds so long a text."""


class QrMaker:
    """Draws codes of one level of error correction: "l", "m", "q" or "h"."""

    def __init__(self, level: str = "m") -> None:
        self._level = level

    def code(self, text: str) -> QrCode:
        """The code of an ASCII text, in the smallest version that holds it."""
        letters, digits = _split(text)
        version = _smallest_version(len(letters), len(digits), self._level)
        return _plan(version, self._level).code(letters, digits)


class _Plan:
    """The code of one fixed message of a version, and what each bit of a message changes in it."""

    def __init__(self, version: int, level: str) -> None:
        blocks = _blocks(version, level)
        self._version = version
        self._capacity = _data_codewords(version, level)
        self._padding = "".join(islice(cycle(_PADDING), self._capacity))
        room = self._capacity - _bits_for(version, 1, 0) // 8
        letters = "".join(islice(cycle("https://a.vn/v/7KQ2M9XD4TRA2P6Z#"), room))
        drawn: Any = segno.make_qr(
            letters, error=level, version=version, mode="byte", boost_error=False
        )
        self._size = len(drawn.matrix)
        self._row = (self._size + 7) // 8
        self._fixed_message = self._message(letters, "")
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

    def _message(self, letters: str, digits: str) -> int:
        """All data codewords as one number (7.4): segments, terminator, padding."""
        for_letters, for_digits = _widths(self._version)
        bits = ""
        if letters:
            bits = f"0100{len(letters):0{for_letters}b}"
            bits += "".join(map(_OCTETS.__getitem__, letters.encode("ascii")))
        if digits:
            threes = [digits[at : at + 3] for at in range(0, len(digits), 3)]
            bits += f"0001{len(digits):0{for_digits}b}"
            bits += "".join(map(_THREES.__getitem__, threes))
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
        grouped = []
        for at in range(0, len(single), 4):
            added = _all_sums(single[at : at + 4])
            grouped.append({f"{value:x}": change for value, change in enumerate(added)})
        return grouped

    def _changes_by_bit(self, blocks: Any) -> Iterator[int]:
        """For each bit of the message, first one first: the modules it turns over (7.5 to 7.7)."""
        modules = [1 << self._bit_of(*place) for place in _places(self._version, self._size)]
        # What each value of a codeword turns over, by its place in the final sequence.
        turned = [_all_sums(modules[at * 8 : at * 8 + 8][::-1]) for at in range(len(modules) // 8)]
        lengths = [each.num_data for each in blocks for _ in range(each.num_blocks)]
        corrections = blocks[0].num_total - blocks[0].num_data  # the same in every block
        remainders = _remainders(max(lengths), corrections)
        for block, length in enumerate(lengths):
            others = [
                turned[self._capacity + row * len(lengths) + block] for row in range(corrections)
            ]
            for at in range(length):
                own, added = _interleaved(block, at, lengths), remainders[at - length]
                for bit in range(8):
                    change = modules[own * 8 + bit]
                    for turns, coefficient in zip(others, added, strict=True):
                        change ^= turns[_times(coefficient, 0x80 >> bit)]
                    yield change

    def _bit_of(self, row: int, column: int) -> int:
        """How far a module stands from the last bit of all rows."""
        return self._size * self._row * 8 - 1 - (row * self._row * 8 + column)


def _all_sums(changes: Sequence[int]) -> list[int]:
    """The XOR of each set of changes; a set is a number, the first change its lowest bit."""
    sums = [0]
    for change in changes:
        sums += [each ^ change for each in sums]
    return sums


@lru_cache(maxsize=_PLANS_KEPT)
def _plan(version: int, level: str) -> _Plan:
    return _Plan(version, level)


@lru_cache(maxsize=1024)
def _smallest_version(letters: int, digits: int, level: str) -> int:
    for version in range(1, _HIGHEST + 1):
        if _bits_for(version, letters, digits) <= _data_codewords(version, level) * 8:
            return version
    raise TextTooLong


def _bits_for(version: int, letters: int, digits: int) -> int:
    """How many bits the segments take (7.4)."""
    for_letters, for_digits = _widths(version)
    bits = 4 + for_letters + 8 * letters if letters else 0
    if digits:
        bits += 4 + for_digits + digits // 3 * 10 + (0, 4, 7)[digits % 3]
    return bits


def _widths(version: int) -> tuple[int, int]:
    """Bits of the counts of letters and of digits (table 3)."""
    wide = version >= 10  # noqa: PLR2004
    return 16 if wide else 8, 14 if version >= 27 else 12 if wide else 10  # noqa: PLR2004


def _blocks(version: int, level: str) -> Any:
    tables: Any = consts.ECC
    return tables[version][consts.ERROR_MAPPING[level.upper()]]


def _data_codewords(version: int, level: str) -> int:
    return sum(each.num_blocks * each.num_data for each in _blocks(version, level))


def _split(text: str) -> tuple[str, str]:
    digits = re.search(r"[0-9]*\Z", text)
    if digits is None or len(digits[0]) < _LEAST_DIGITS:
        return text, ""
    return text[: digits.start()], digits[0]


# --- Error correction (7.5) ----------------------------------------------------------------------


def _powers() -> list[int]:
    def next_power(octet: int, _: None) -> int:
        return octet << 1 ^ (_GENERATED_BY if octet & 0x80 else 0)

    return list(accumulate(repeat(None, 2 * _ORDER - 1), next_power, initial=1))


_POWERS: Final = tuple(_powers())  # of x in GF(2^8), twice around
_LOGARITHMS: Final = {octet: power for power, octet in enumerate(_POWERS[:_ORDER])}


def _times(one: int, other: int) -> int:
    """The product of two octets in GF(2^8)."""
    if not one or not other:
        return 0
    return _POWERS[_LOGARITHMS[one] + _LOGARITHMS[other]]


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
    aligned = _alignment(version, size)
    upwards = True
    for right in [*range(size - 1, 6, -2), 5, 3, 1]:
        for step in range(size):
            row = size - 1 - step if upwards else step
            for column in (right, right - 1):
                if (row, column) not in aligned and not _is_fixed(version, size, row, column):
                    yield row, column
        upwards = not upwards


def _is_fixed(version: int, size: int, row: int, column: int) -> bool:
    """Finders with format information, timing, and version information (6.3)."""
    low, high = (row, column) if row < column else (column, row)
    in_a_finder = high < _FINDER or (low < _FINDER and high >= size - _FINDER + 1)
    in_version_information = version >= 7 and low < _TIMING and high >= size - 11  # noqa: PLR2004
    return _TIMING in (row, column) or in_a_finder or in_version_information


def _alignment(version: int, size: int) -> frozenset[tuple[int, int]]:
    """The modules of all alignment patterns (annex E)."""
    centres = consts.ALIGNMENT_POS[version - 2] if version > 1 else ()
    last = size - 7
    under_finders = {(_TIMING, _TIMING), (_TIMING, last), (last, _TIMING)}
    return frozenset(
        (y + down, x + right)
        for y in centres
        for x in centres
        if (y, x) not in under_finders
        for down in range(-2, 3)
        for right in range(-2, 3)
    )
