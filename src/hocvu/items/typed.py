"""Whether what somebody typed is what was meant: short texts and numbers, the Vietnamese way."""

import re
import unicodedata
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from hocvu.kernel.vietnamese import fold, nfc

# --- Short texts -------------------------------------------------------------------------------

_ANYTHING = "\ue000"  # stands for `*` while a pattern is brought into its form
_STAR, _ESCAPED_STAR = re.compile(r"(?<!\\)\*"), r"\*"
_FULL_STOP_AT_END = re.compile(r"(?<=\w)\.$")
_SAME_SIGNS = str.maketrans("‘’“”„–—−…", '\'\'"""---\u2026')
_MARKS = re.compile("[\u0300-\u036f]+")
# `hòa` and `hoà` are one word; the old place of the tone is turned into the new one.
_OLD_PLACE = dict(
    zip(
        "òa óa ỏa õa ọa òe óe ỏe õe ọe ùy úy ủy ũy ụy".split(),  # noqa: SIM905
        "oà oá oả oã oạ oè oé oẻ oẽ oẹ uỳ uý uỷ uỹ uỵ".split(),  # noqa: SIM905
        strict=True,
    )
)
_OLD_PLACE |= {old.upper(): new.upper() for old, new in _OLD_PLACE.items()}
_OLD_PLACES = re.compile("|".join(_OLD_PLACE))


@lru_cache(maxsize=20_000)
def text_key(text: str, *, case_matters: bool = False, tones_matter: bool = False) -> str:
    """The form in which two typed texts are compared.

    Spaces, the kind of quotation marks and dashes, the place of a tone mark and a full stop at the
    end never count. Unless they matter, neither do case and Vietnamese marks.
    """
    plain = _FULL_STOP_AT_END.sub("", nfc(text.translate(_SAME_SIGNS)))
    if not tones_matter:
        return _without_marks(plain) if case_matters else fold(plain)
    placed = _OLD_PLACES.sub(lambda sign: _OLD_PLACE[sign[0]], plain)
    return placed if case_matters else placed.lower()


def _without_marks(text: str) -> str:
    """As `fold` does it, keeping the case."""
    bare = _MARKS.sub("", unicodedata.normalize("NFD", text))
    return bare.translate(str.maketrans("đĐðÐɖƉ", "dDdDdD"))


def text_matches(
    typed: str, pattern: str, *, case_matters: bool = False, tones_matter: bool = False
) -> bool:
    r"""Whether a typed text is the accepted one; `*` stands for anything, `\*` for a star.

    The time it takes grows with the two lengths, whatever the number of stars.
    """
    given = text_key(typed, case_matters=case_matters, tones_matter=tones_matter)
    marked = _STAR.sub(_ANYTHING, pattern).replace(_ESCAPED_STAR, "*")
    wanted = text_key(marked, case_matters=case_matters, tones_matter=tones_matter)
    first, *rest = wanted.split(_ANYTHING)
    if not rest:
        return given == wanted
    *middle, last = rest
    return bool(given) and _fits(given, first, middle, last)


def _fits(given: str, first: str, middle: list[str], last: str) -> bool:
    if not (given.startswith(first) and given.endswith(last)):
        return False
    at, end = len(first), len(given) - len(last)
    for piece in middle:
        found = given.find(piece, at, max(at, end))
        if found < 0:
            return False
        at = found + len(piece)
    return at <= end


def stands_for_anything(pattern: str) -> bool:
    return _STAR.search(pattern) is not None


# --- Numbers -----------------------------------------------------------------------------------

_LONGEST_NUMBER = 40
_LARGEST_POWER = 99
_MINUS = str.maketrans("−–—", "---")
_NUMBER = re.compile(
    r"(?P<sign>[-+]?) ?(?P<digits>\d[\d., ]*|[.,]\d+)"
    r"(?: ?(?:e|[×x*·.] ?10 ?\^) ?\(?(?P<power>[-+]?\d{1,3})\)?)?"
    r" ?(?P<percent>%?)",
    re.IGNORECASE | re.ASCII,
)
_SHARE = re.compile(r"([-+]?\d{1,15}) ?/ ?(\d{1,15})", re.ASCII)
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?P<by>[., ])\d{3}(?:(?P=by)\d{3})*", re.ASCII)


@lru_cache(maxsize=20_000)
def numbers_meant(text: str) -> tuple[Fraction, ...]:
    """What a typed number may mean; nothing when it is no number.

    `1.234,5`, `1 234,5` and `1,234.5` mean one number; `1.234` may be a thousand and more or a
    little over one, so it means both. Also read: `2,5.10^3`, `2.5e3`, `3/4`, `12 %`.
    """
    plain = nfc(text).translate(_MINUS)
    if len(plain) > _LONGEST_NUMBER:
        return ()
    if share := _SHARE.fullmatch(plain):
        return (Fraction(int(share[1]), int(share[2])),) if int(share[2]) else ()
    if not (found := _NUMBER.fullmatch(plain)):
        return ()
    power = int(found["power"] or 0)
    if abs(power) > _LARGEST_POWER:
        return ()
    scale = Fraction(10) ** power * (-1 if found["sign"] == "-" else 1)
    meant = [each * scale for each in _readings(found["digits"].strip())]
    if found["percent"]:
        meant += [each / 100 for each in meant]
    return tuple(dict.fromkeys(meant))


def _readings(digits: str) -> list[Fraction]:
    """The written digits with each separator that may be the decimal one."""
    readings = []
    for decimal_sign in ",.":
        whole, sign, rest = digits.partition(decimal_sign)
        if sign and not (rest.isdecimal() or not rest):
            continue
        if whole.isdecimal() or (not whole and rest):
            readings.append(f"{whole or 0}.{rest or 0}")
        elif (by := _THOUSANDS.fullmatch(whole)) and by["by"] != decimal_sign:
            readings.append(f"{re.sub(r'[., ]', '', whole)}.{rest or 0}")
    return [Fraction(Decimal(reading)) for reading in dict.fromkeys(readings)]


def number_of(value: str) -> Fraction | None:
    """A number as a key states it: `12.5`, `-3`, `1e3`; none when it is not one."""
    try:
        exact = Decimal(value.strip())
    except ArithmeticError:
        return None
    if not exact.is_finite() or abs(exact.adjusted()) > _LARGEST_POWER:
        return None
    return Fraction(exact)
