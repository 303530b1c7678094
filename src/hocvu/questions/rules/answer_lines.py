"""Accepted answers as a teacher types them, one on a line.

`[50 %] 12,5 ± 0,1 # why`: only the answer itself is needed; numbers are written the Vietnamese way
(1.234,5). In a gap with a list of its own every
line is something to choose, and the right one begins with `*`.
"""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from hocvu.items.content import Accepted, Option, Part, PartKind

_LINE = re.compile(
    r"^(?:\[\s*(?P<share>-?\d+(?:[.,]\d+)?)\s*%\s*\]\s*)?(?P<value>.*?)"
    r"(?:\s+(?:±|\+/-)\s*(?P<tolerance>\d+(?:[.,]\d+)?))?(?:\s+#\s+(?P<why>.+))?$"
)
_THOUSANDS = re.compile(r"-?[1-9]\d{0,2}(?:[. ]\d{3})+", re.ASCII)
_HUNDRED = 100
_MOST_PARTS = 1_000


def accepted_from(text: str, kind: PartKind) -> tuple[Accepted, ...]:
    return tuple(_accepted(line, kind) for line in _lines(text))


def options_from(text: str) -> tuple[Option, ...]:
    """A list to choose from; each line becomes an option, `a`, `b`, `c` and so on."""
    return tuple(
        Option(
            id=f"o{at}",
            text=line.removeprefix("*").strip(),
            credit=Fraction(int(line.startswith("*"))),
        )
        for at, line in enumerate(_lines(text), start=1)
    )


def lines_of(part: Part) -> str:
    """What `accepted_from` or `options_from` reads back."""
    if part.kind is PartKind.CHOICE:
        right = {part.right} - {""}
        chosen = (f"*{o.text}" if o.id in right or o.credit >= 1 else o.text for o in part.options)
        return "\n".join(chosen)
    return "\n".join(_line(each, part.kind) for each in part.accepted)


def _accepted(line: str, kind: PartKind) -> Accepted:
    found = _LINE.match(line)
    if found is None or (kind is PartKind.TEXT and found["tolerance"]):
        return Accepted(line)
    value = found["value"].strip()
    return Accepted(
        value=_plain_number(value) if kind is PartKind.NUMBER else value,
        credit=Fraction(1) if found["share"] is None else share_from(found["share"]),
        tolerance=_decimal(found["tolerance"] or "0"),
        why=(found["why"] or "").strip(),
    )


def _line(accepted: Accepted, kind: PartKind) -> str:
    is_number = kind is PartKind.NUMBER
    pieces = [accepted.value.replace(".", ",") if is_number else accepted.value]
    if accepted.credit != 1:
        pieces.insert(0, f"[{percent_of(accepted.credit)} %]")
    if accepted.tolerance and is_number:
        pieces.append(f"± {accepted.tolerance}".replace(".", ","))
    if accepted.why:
        pieces.append(f"# {' '.join(accepted.why.split())}")
    return " ".join(pieces)


def _plain_number(typed: str) -> str:
    """`1.234,5` and `1 234,5` as keys state numbers: `1234.5`."""
    if "," in typed:
        return re.sub(r"[. ]", "", typed).replace(",", ".")
    return re.sub(r"[. ]", "", typed) if _THOUSANDS.fullmatch(typed) else typed


def percent_of(share: Fraction) -> str:
    percent = share * _HUNDRED
    return str(percent.numerator) if percent.denominator == 1 else f"{float(percent):.5f}"


def share_from(percent: str) -> Fraction:
    """33.33333 % means a third: the closest share with a small denominator."""
    share = Fraction(Decimal(percent.replace(",", "."))) / _HUNDRED
    return share.limit_denominator(_MOST_PARTS)


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        return Decimal(0)


def _lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if line.strip():
            yield line.strip()
