"""A key under which the many ways of writing one unit's name meet.

`UBND phường Thuỷ Nguyên, TP Hải Phòng`, `P. Thủy Nguyên - Hải Phòng` and `PHƯỜNG THỦY NGUYÊN` name
one ward. Kinds keep their tones where the text has any: `Quan Sơn` is not
`Quận Sơn`.
"""

import enum
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from hocvu.kernel.vietnamese import fold, nfc


class UnitNameKind(enum.Enum):
    PROVINCE = "province"
    CITY = "city"
    COMMUNE = "commune"
    WARD = "ward"
    SPECIAL_ZONE = "special_zone"
    DISTRICT = "district"  # quận, huyện: until 30 June 2025
    TOWN = "town"  # thị xã: until 30 June 2025
    TOWNSHIP = "township"  # thị trấn: until 30 June 2025


@dataclass(frozen=True, slots=True)
class UnitNameKey:
    """`name` is folded and bare; `parents` are what the unit is said to lie in, nearest first."""

    kind: UnitNameKind | None
    name: str
    parents: tuple["UnitNameKey", ...] = ()


_KINDS: Final = {
    "phường": UnitNameKind.WARD,
    "xã": UnitNameKind.COMMUNE,
    "đặc khu": UnitNameKind.SPECIAL_ZONE,
    "thị trấn": UnitNameKind.TOWNSHIP,
    "thị xã": UnitNameKind.TOWN,
    "thành phố": UnitNameKind.CITY,
    "tỉnh": UnitNameKind.PROVINCE,
    "quận": UnitNameKind.DISTRICT,
    "huyện": UnitNameKind.DISTRICT,
}
_SHORT_KINDS: Final = {
    "tp": UnitNameKind.CITY,
    "t.p": UnitNameKind.CITY,
    "tx": UnitNameKind.TOWN,
    "tt": UnitNameKind.TOWNSHIP,
    "p": UnitNameKind.WARD,
    "x": UnitNameKind.COMMUNE,
    "q": UnitNameKind.DISTRICT,
    "h": UnitNameKind.DISTRICT,
    "t": UnitNameKind.PROVINCE,
    "đk": UnitNameKind.SPECIAL_ZONE,
}
_KIND_OF_FOLDED: Final = {fold(word): kind for word, kind in _KINDS.items()}
_CLEAR_WITHOUT_TONES: Final = ("phuong", "dac khu", "thi tran", "thanh pho", "thi xa")

_BODY: Final = re.compile(
    r"^(?:(?:thuong truc|van phong|co quan)\s+)?(?:"
    r"(?:uy ban nhan dan|ubnd|hoi dong nhan dan|hdnd|dang uy|dang bo|dang bo bo phan|"
    r"uy ban (?:mat tran to quoc|mttq)(?: viet nam)?|ubmttq(?: viet nam| vn)?|mttq(?: viet nam|"
    r" vn)?)"
    r"(?:\s*(?:,|-|–|&|va)\s*)?)+\s+(?:cua\s+)?"
)
_PARTY_BODIES: Final = (
    (re.compile(r"^thanh uy\s+"), UnitNameKind.CITY),
    (re.compile(r"^tinh uy\s+"), UnitNameKind.PROVINCE),
    (re.compile(r"^huyen uy\s+"), UnitNameKind.DISTRICT),
    (re.compile(r"^quan uy\s+"), UnitNameKind.DISTRICT),
    (re.compile(r"^thi uy\s+"), UnitNameKind.TOWN),
)
_ABBREVIATIONS: Final = {
    "hcm": "ho chi minh",
    "tphcm": "ho chi minh",
    "brvt": "ba ria vung tau",
    "tt hue": "thua thien hue",
}
_WORDS_OF_KINDS: Final = "|".join(sorted(_KINDS, key=len, reverse=True))
_START: Final = re.compile(
    rf"^(?:({_WORDS_OF_KINDS})\s+|(t\.p|tp|tx|tt|đk)(?:\.\s*|\s+)|([pxqht])\.\s*|"
    rf"([pq])\.?\s?(?=\d))"
)
_START_FOLDED: Final = re.compile(
    rf"^({'|'.join(sorted(_KIND_OF_FOLDED, key=len, reverse=True))})\s+"
)
_NO_KIND_NEXT: Final = rf"(?!(?:{_WORDS_OF_KINDS})\b)"
_INSIDE: Final = re.compile(  # a kind before a name; not in Thị xã, Tân Xã, Xã hội
    r"(?<=\S)(?:"
    rf"(?<!\bthị)\s+(?=xã\s+(?!hội(?:\s|$)){_NO_KIND_NEXT}\S)"
    rf"|\s+(?=(?!xã\b)(?:{_WORDS_OF_KINDS})\s+{_NO_KIND_NEXT}\S)"
    r"|\s+(?=(?:tp|tx|tt)(?:\.\s*|\s+)\S))"
)
_INSIDE_FOLDED: Final = re.compile(
    rf"(?<=\S)(?<!\bthi)\s+(?=(?:{'|'.join(_CLEAR_WITHOUT_TONES)}|tinh)\s+\S|tp(?:\.\s*|\s+)\S)"
)
_SPLIT: Final = re.compile(
    r"\s*[,;]\s*+(?!xã hội(?:\s|$))|\s+(?-i:thuộc)\s+|"
    rf"\s*[-–]\s+(?=(?:{_WORDS_OF_KINDS}|tp|tx|tt)\b)(?!xã hội(?:\s|$))",
    re.IGNORECASE,
)
_IN_BRACKETS: Final = re.compile(r"\(([^)]*)\)")


def split_unit_text(text: str) -> tuple[str, ...]:
    """`UBND phường Thủy Nguyên, TP Hải Phòng` → the unit, then what it lies in."""
    parts: list[str] = []
    for part in _SPLIT.split(_IN_BRACKETS.sub(r", \1", nfc(text))):
        clean = part.strip(" .-–,;")
        if clean:
            parts.extend(_split_inside(clean))
    return tuple(parts)


def _split_inside(part: str) -> list[str]:
    lowered = part.lower()
    if len(lowered) != len(part):
        return [part]
    inside = _INSIDE_FOLDED if lowered.isascii() else _INSIDE
    body = _length_of_body(lowered)
    cuts = [
        cut
        for cut in inside.finditer(lowered)
        if cut.start() > body and lowered[: cut.start()] not in _KINDS
    ]
    pieces, start = [], 0
    for cut in cuts:
        pieces.append(part[start : cut.start()].strip())
        start = cut.end()
    return [piece for piece in [*pieces, part[start:].strip()] if piece]


def _length_of_body(lowered: str) -> int:
    """How much of the text names a body such as the people's committee, counted in its letters."""
    folded = fold(lowered)
    match = _BODY.match(folded + " ")
    return match.end() - 1 if match and len(folded) == len(lowered) else 0


@lru_cache(maxsize=50_000)
def unit_name_key(text: str) -> UnitNameKey:
    keys = [_key(part) for part in split_unit_text(text)]
    if not keys:
        return UnitNameKey(None, "")
    first, *rest = keys
    if rest and rest[0].name in _KIND_OF_FOLDED and first.kind is None:  # "Bạch Long Vĩ (đặc khu)"
        first, rest = UnitNameKey(_KIND_OF_FOLDED[rest[0].name], first.name), rest[1:]
    return UnitNameKey(first.kind, first.name, tuple(rest))


def _key(part: str) -> UnitNameKey:
    lowered = nfc(part).lower()
    folded = fold(part)
    for body, kind in _PARTY_BODIES:
        if body.match(folded):
            return UnitNameKey(kind, _bare(body.sub("", folded)))
    if (body_match := _BODY.match(folded)) and len(folded) == len(lowered):
        lowered, folded = lowered[body_match.end() :], folded[body_match.end() :]
    if match := _START.match(lowered):
        word = next(group for group in match.groups() if group)
        kind = _KINDS.get(word) or _SHORT_KINDS[word]
        return UnitNameKey(kind, _bare(fold(lowered[match.end() :])))
    if lowered.isascii() and (match := _START_FOLDED.match(folded)):
        return UnitNameKey(_KIND_OF_FOLDED[match[1]], _bare(folded[match.end() :]))
    if folded in {"tphcm", "tp.hcm", "tp hcm"}:
        return UnitNameKey(UnitNameKind.CITY, "ho chi minh")
    return UnitNameKey(None, _bare(folded))


def _bare(folded: str) -> str:
    words = re.sub(r"[^\w']+", " ", folded).split()
    name = " ".join(str(int(word)) if word.isdecimal() else word for word in words)
    return _ABBREVIATIONS.get(name, name)
