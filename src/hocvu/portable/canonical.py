"""JSON in one spelling: the JSON Canonicalization Scheme (RFC 8785).

No blanks; members sorted by the UTF-16 code units of their names (§3.2.3); strings with the fewest
escapes (§3.2.2.2); numbers as ECMAScript writes them (§3.2.2.3).
"""

import json
from collections.abc import Mapping
from typing import Final

LARGEST_INTEGER: Final = 2**53 - 1  # RFC 7493, §2.2: beyond, readers lose digits
PLAIN_FROM, PLAIN_BELOW = -7, 21  # powers of ten between which ECMAScript writes no exponent


class NotCanonical(Exception):
    """A value that JSON does not carry from one reader to another unharmed."""


def canonical(value: object) -> bytes:
    """Return the one spelling of `value` in UTF-8. Raises NotCanonical when it has none."""
    try:
        return _text(value).encode("utf-8")
    except UnicodeEncodeError as broken:
        raise NotCanonical("A text holds half of a character.") from broken


def _text(value: object) -> str:
    match value:
        case None | bool() | str():
            return json.dumps(value, ensure_ascii=False)
        case int() | float():
            return _number(value)
        case list() | tuple():
            return f"[{','.join(map(_text, value))}]"
        case Mapping():
            names = sorted(value, key=_utf_16)
            return f"{{{','.join(f'{_text(name)}:{_text(value[name])}' for name in names)}}}"
        case _:
            raise NotCanonical(f"JSON holds no {type(value).__name__}.")


def _utf_16(name: object) -> bytes:
    if not isinstance(name, str):
        raise NotCanonical("The names of members are texts.")
    return name.encode("utf-16-be", "surrogatepass")


def _number(value: float) -> str:
    """Return a number as ECMAScript does (ECMA-262, Number::toString)."""
    if isinstance(value, int):
        if abs(value) > LARGEST_INTEGER:
            raise NotCanonical("An integer is too large for JSON.")
        return str(value)
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 - not a number
        raise NotCanonical("JSON holds only finite numbers.")
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    mantissa, exponent = f"{abs(value)!r}e0".split("e")[:2]
    whole, _, part = mantissa.partition(".")
    point = len(whole) + int(exponent)
    digits = (whole + part).lstrip("0")
    point -= len(whole + part) - len(digits)
    digits = digits.rstrip("0")
    return sign + _placed(digits, point)


def _placed(digits: str, point: int) -> str:
    """Return the number 0.`digits` x 10 ** `point`."""
    count = len(digits)
    if count <= point <= PLAIN_BELOW:
        return digits + "0" * (point - count)
    if 0 < point <= PLAIN_BELOW:
        return f"{digits[:point]}.{digits[point:]}"
    if PLAIN_FROM + 1 < point <= 0:
        return f"0.{'0' * -point}{digits}"
    part = f".{digits[1:]}" if count > 1 else ""
    return f"{digits[0]}{part}e{'+' if point > 0 else '-'}{abs(point - 1)}"
