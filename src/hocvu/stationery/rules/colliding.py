"""Whether two ways of writing numbers could write the same one, for two different certificates.

An issuer that changes its format keeps the numbers it gave, so an old and a new number must never
read the same (Circular 21/2019/TT-BGDĐT, article 12: a number is unique). The answer errs on the
safe side: where it is not sure that two never meet, it says that they could.

Both are read as signs and runs of digits. Numbers of different signs differ. Where the signs are
the same, each run stands for a year, a number, an edition or digits that always stand there.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

_PIECE = re.compile(r"\{(year|number)(?::(\d{1,2}))?\}|(\d+)|(\D)")
_YEAR_DIGITS = 4
_EDITION_DIGITS = 2  # a certificate is corrected fewer than a hundred times


class _Kind(Enum):
    YEAR = "year"
    NUMBER = "number"
    EDITION = "edition"
    FIXED = "fixed"


@dataclass(frozen=True)
class _Part:
    """A piece of a run of digits: as many digits as `fewest` at least; `digits` where fixed."""

    kind: _Kind
    fewest: int = 1
    digits: str = ""


_EDITION = _Part(_Kind.EDITION)
_Run = tuple[_Part, ...]
_Read = tuple[str | _Run, ...]


def could_give_same(one: str, its_issuer: str, other: str, other_issuer: str) -> bool:
    """Whether these formats of issuers with these codes could give one number to two."""
    return any(
        _could_meet(first, second)
        for first in _readings(one, its_issuer)
        for second in _readings(other, other_issuer)
    )


def _readings(form: str, issuer_code: str) -> tuple[_Read, _Read]:
    """A number of the first edition, and one that ends with its edition: `…-2`."""
    parts: list[str | list[_Part]] = []
    for piece in _PIECE.finditer(form.replace("{issuer}", issuer_code)):
        part = _part(piece)
        if part is None:
            parts.append(piece[4])
        elif parts and isinstance(parts[-1], list):
            parts[-1].append(part)
        else:
            parts.append([part])
    plain: _Read = tuple(each if isinstance(each, str) else tuple(each) for each in parts)
    return plain, (*plain, "-", (_EDITION,))


def _part(piece: re.Match[str]) -> _Part | None:
    if piece[1] == "year":
        return _Part(_Kind.YEAR, _YEAR_DIGITS)
    if piece[1] == "number":
        return _Part(_Kind.NUMBER, int(piece[2] or 1))
    return _Part(_Kind.FIXED, len(piece[3]), piece[3]) if piece[3] else None


def _could_meet(one: _Read, other: _Read) -> bool:
    if len(one) != len(other):
        return False
    verdicts = list(_run_by_run(one, other))
    return all(verdict is not False for verdict in verdicts) and any(verdicts)


def _run_by_run(one: _Read, other: _Read) -> Iterator[bool | None]:
    """Piece by piece: False where they differ for sure, None where both mean the same, or True."""
    for first, second in zip(one, other, strict=True):
        if isinstance(first, str) or isinstance(second, str):
            yield None if first == second else False
        elif [_meaning(each) for each in first] == [_meaning(each) for each in second]:
            yield None
        elif len(first) > 1 or len(second) > 1:
            yield True
        else:
            yield _could_read(first[0], second[0])


def _meaning(part: _Part) -> tuple[_Kind, str]:
    return part.kind, part.digits


def _could_read(one: _Part, other: _Part) -> bool:
    """Whether two single parts of different meaning could be the same digits."""
    kinds = {one.kind, other.kind}
    if kinds == {_Kind.FIXED}:
        return False  # other digits
    if kinds == {_Kind.YEAR, _Kind.EDITION}:
        return False
    if _Kind.FIXED in kinds:
        fixed, free = (one, other) if one.kind is _Kind.FIXED else (other, one)
        return _fits(fixed.digits, free)
    number = one if one.kind is _Kind.NUMBER else other
    longest = _YEAR_DIGITS if _Kind.YEAR in kinds else _EDITION_DIGITS
    return number.fewest <= longest


def _fits(digits: str, free: _Part) -> bool:
    if free.kind is _Kind.YEAR:
        return len(digits) == _YEAR_DIGITS
    padded = len(digits) > free.fewest and digits.startswith("0")
    longest = _EDITION_DIGITS if free.kind is _Kind.EDITION else len(digits)
    return free.fewest <= len(digits) <= longest and not padded
